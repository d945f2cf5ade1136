import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  hmacSha256Base64,
  hmacSha256Hex,
  md5Base64,
  md5Hex,
  sameText,
  sha256Base64,
  sha256Hex,
  within,
} from '../../lib/access/digest.ts'

test('digests of known texts', () => {
  assert.equal(md5Hex('a'), '0cc175b9c0f1b6a831c399e269772661')
  assert.equal(md5Base64('a'), 'DMF1ucDxtqgxw5niaXcmYQ==')
  assert.equal(sha256Hex(''), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  assert.equal(sha256Base64(''), '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=')
  // RFC 4231, test case 2.
  const mac = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
  assert.equal(hmacSha256Hex('Jefe', 'what do ya want for nothing?'), mac)
  assert.equal(
    hmacSha256Base64('Jefe', 'what do ya want for nothing?'),
    Buffer.from(mac, 'hex').toString('base64'),
  )
})

test('text is hashed as its UTF-8 bytes', () => {
  assert.equal(md5Hex('张三'), md5Hex(new TextEncoder().encode('张三')))
})

test('the Douyin vector: form A, HMAC', () => {
  const secret = '00000000-1111-2222-3333-444444444444'
  const text =
    'app_key6800000000000000001methodorder.searchListparam_json{"page":0,"size":1}timestamp1700000000v2'
  assert.equal(
    hmacSha256Hex(secret, secret + text + secret),
    '27fd545a197e82601f8c294f077ab68fb9213fc1ba0227478251b304672d7ce5',
  )
})

for (const [a, b, same] of [
  ['', '', true],
  ['abc', 'abc', true],
  ['张三', '张三', true],
  ['abc', 'abd', false],
  ['abc', 'ab', false],
  ['abc', 'abcd', false],
  ['abc', 'ABC', false],
  ['', 'a', false],
  ['\ud800', '\ufffd', false],
  ['\ud800', '\ud801', false],
] as const) {
  test(`${JSON.stringify(a)} ${same ? 'is' : 'is not'} ${JSON.stringify(b)}`, () => {
    assert.equal(sameText(a, b), same)
  })
}

test('within a window, ends included, both ways', () => {
  const now = new Date('2026-01-05T10:00:00Z')
  const after = (ms: number) => new Date(now.getTime() + ms)
  for (const ms of [0, 1, 300_000, -300_000]) assert.equal(within(now, after(ms), 300), true)
  for (const ms of [300_001, -300_001, 1e12]) assert.equal(within(now, after(ms), 300), false)
  assert.equal(within(now, new Date(Number.NaN), 300), false)
  assert.equal(within(new Date('never'), now, 300), false)
})
