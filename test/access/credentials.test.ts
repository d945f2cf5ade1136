import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { isPushToken, readGenerations, signatureKeys } from '../../lib/access/credentials.ts'
import { sha256Hex } from '../../lib/access/digest.ts'
import { signHttpRequest, verifyHttpSignature } from '../../lib/access/http-signature.ts'
import { readRequest } from '../../lib/access/request.ts'

const pair = generateKeyPairSync('ed25519')
const x = String(pair.publicKey.export({ format: 'jwk' }).x)
const mac = randomBytes(32).toString('base64url')

const courier = {
  current: {
    signatureKeys: [
      { keyid: 'sf-1', alg: 'ed25519', key: x },
      { keyid: 'sf-2', alg: 'hmac-sha256', key: mac },
    ],
    pushTokens: [sha256Hex('push-1'), sha256Hex('push-2')],
  },
}

test('a platform: what it proves itself with, and its own settings untouched', () => {
  const { current, next } = readGenerations({
    current: {
      appKey: '6800000000000000001',
      secret: 's3cret',
      shop: '1000001',
      md5: true,
      settings: { payer: { sf: 'sender' }, ignoreServices: ['SVC-X'] },
    },
    next: { appKey: '6800000000000000001', secret: 'n3xt' },
  })
  assert.deepEqual(current, {
    appKey: '6800000000000000001',
    secret: 's3cret',
    shop: '1000001',
    md5: true,
    signatureKeys: [],
    pushTokens: [],
    settings: { payer: { sf: 'sender' }, ignoreServices: ['SVC-X'] },
  })
  assert.equal(next?.secret, 'n3xt')
  assert.equal(next?.md5, false)
  assert.equal(next?.shop, undefined)
})

test('a courier: its keys check what it signs, and only by their names', async () => {
  const { current } = readGenerations(courier)
  const keys = signatureKeys(current)
  const now = new Date('2026-01-05T10:00:00Z')
  const url = 'https://gateway.example/v1/couriers/sf/waybills'
  const key = { keyid: 'sf-1', alg: 'ed25519', key: pair.privateKey } as const
  const headers = await signHttpRequest({ method: 'GET', url }, key, now)
  const raw = await readRequest(new Request(url, { headers }))
  const options = { origin: 'https://gateway.example', keys, now }
  assert.deepEqual(await verifyHttpSignature(raw, options), { keyid: 'sf-1' })
  assert.ok(
    keys('sf-1')?.key.equals(
      createPublicKey(pair.publicKey.export({ format: 'pem', type: 'spki' })),
    ),
  )
  for (const name of ['sf-3', '', '__proto__', 'length', '0']) assert.equal(keys(name), undefined)
})

test('a push token is known by its hash alone, two at a time', () => {
  const { current } = readGenerations(courier)
  assert.equal(isPushToken('push-1', current), true)
  assert.equal(isPushToken('push-2', current), true)
  for (const token of ['push-3', '', sha256Hex('push-1')])
    assert.equal(isPushToken(token, current), false)
  assert.equal(isPushToken('', readGenerations({ current: {} }).current), false)
})

const key = { keyid: 'k', alg: 'ed25519', key: x }
for (const [about, document, at] of [
  ['nothing', undefined, ''],
  ['a text', 'secret', ''],
  ['a list', [], ''],
  ['no current', {}, '/current'],
  ['an unknown member', { current: {}, previous: {} }, ''],
  ['a misspelt member', { current: { Md5: true } }, '/current'],
  ['an empty secret', { current: { secret: '' } }, '/current/secret'],
  ['a number for a key', { current: { appKey: 6800 } }, '/current/appKey'],
  ['a text for a flag', { current: { md5: 'true' } }, '/current/md5'],
  ['null for a flag', { current: { md5: null } }, '/current/md5'],
  ['settings that are none', { current: { settings: [] } }, '/current/settings'],
  ['a bad next', { current: {}, next: null }, '/next'],
  ['keys that are no list', { current: { signatureKeys: key } }, '/current/signatureKeys'],
  [
    'an unknown algorithm',
    { current: { signatureKeys: [{ ...key, alg: 'rsa-v1_5-sha256' }] } },
    '/current/signatureKeys/0/alg',
  ],
  [
    'a name with quotes',
    { current: { signatureKeys: [key, { ...key, keyid: 'a"b' }] } },
    '/current/signatureKeys/1/keyid',
  ],
  [
    'a short shared key',
    { current: { signatureKeys: [{ keyid: 'k', alg: 'hmac-sha256', key: 'c2hvcnQ' }] } },
    '/current/signatureKeys/0/key',
  ],
  [
    'a public key of another size',
    { current: { signatureKeys: [{ ...key, key: x + x }] } },
    '/current/signatureKeys/0/key',
  ],
  [
    'a key beside the key',
    { current: { signatureKeys: [{ ...key, d: x }] } },
    '/current/signatureKeys/0',
  ],
  ['a token in the clear', { current: { pushTokens: ['push-1'] } }, '/current/pushTokens/0'],
  [
    'three tokens',
    { current: { pushTokens: ['a', 'b', 'c'].map(sha256Hex) } },
    '/current/pushTokens',
  ],
] as const) {
  test(`refuses ${about}, naming the place alone`, () => {
    assert.throws(() => readGenerations(document), { code: 'VALUE_INVALID', at })
  })
}
