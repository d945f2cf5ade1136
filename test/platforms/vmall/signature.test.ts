import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hmacSha256Hex } from '../../../lib/access/digest.ts'
import { vmall } from '../../../lib/platforms/vmall/index.ts'
import {
  adapterOf,
  arrived,
  credential,
  fixture,
  now,
  requestOf,
  signer,
  timestamp,
} from './request.ts'

const EMPTY = '{"requestId":"VM-REQ-0001","orders":[]}'
const SIGNATURE = 'qlxCSuAskxzVo2noCET5TTuk5QP8+pKwfp3fmBEYuUY='
const form = (signature: string) => `sign_type="HMAC-SHA256", signature="${signature}"`

const headers = (signature: string, changes: Readonly<Record<string, string>> = {}) => ({
  'x-vmall-app-id': credential.appKey,
  'x-vmall-timestamp': timestamp,
  'body-sign': form(signature),
  ...changes,
})

const vectors = {
  'no orders': [EMPTY, SIGNATURE],
  order: [
    JSON.stringify(fixture('request-orders.wire')),
    'rJe40vUoadHae1yOK4fmlbjmVNYQ3Ue7O4mDBnTvYKs=',
  ],
  cancel: [
    JSON.stringify(fixture('request-cancel.wire')),
    'IIdoBeDpRz0JpBVFv3lBPgbcHp2BRc4AdfJBeLj+TC8=',
  ],
} as const

for (const [name, [body, signature]] of Object.entries(vectors)) {
  test(`vector: ${name}`, () => {
    const request = requestOf(body, headers(signature))
    assert.equal(vmall.authenticate(request, [credential], now), credential)
  })
}

test('vector: a reply is signed over its body', () => {
  const body = '{"resultCode":"0","resultMsg":"success"}'
  const answer = { status: 200, contentType: 'application/json', body }
  assert.deepEqual(vmall.sign?.(answer, credential, now), {
    ...answer,
    headers: {
      'X-VMALL-Timestamp': timestamp,
      'Body-Sign': form('7zHvYDG337otBRYjlRj3TwMupHx0chAzlWIZ7v1jxMQ='),
    },
  })
})

const taken: Readonly<Record<string, string>> = {
  'parameters in the other order': `signature="${SIGNATURE}", sign_type="HMAC-SHA256"`,
  'no blank after the comma': `sign_type="HMAC-SHA256",signature="${SIGNATURE}"`,
  'blanks round the comma': `sign_type="HMAC-SHA256" \t,  signature="${SIGNATURE}"`,
}

for (const [name, value] of Object.entries(taken)) {
  test(`taken: ${name}`, () => {
    const request = requestOf(EMPTY, headers(SIGNATURE, { 'body-sign': value }))
    assert.equal(vmall.authenticate(request, [credential], now), credential)
  })
}

const refused: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no signature': { 'body-sign': '' },
  'no sign_type': { 'body-sign': `signature="${SIGNATURE}"` },
  'sign_type alone': { 'body-sign': 'sign_type="HMAC-SHA256"' },
  'another algorithm': { 'body-sign': `sign_type="HMAC-SHA1", signature="${SIGNATURE}"` },
  'an algorithm in small letters': {
    'body-sign': `sign_type="hmac-sha256", signature="${SIGNATURE}"`,
  },
  'a parameter twice': { 'body-sign': `${form(SIGNATURE)}, signature="${SIGNATURE}"` },
  'both parameters the same': { 'body-sign': `signature="${SIGNATURE}", signature="${SIGNATURE}"` },
  'the header line twice': { 'body-sign': `${form(SIGNATURE)}, ${form(SIGNATURE)}` },
  'an unknown parameter': { 'body-sign': `${form(SIGNATURE)}, version="1"` },
  'a value without quotes': { 'body-sign': `sign_type=HMAC-SHA256, signature=${SIGNATURE}` },
  'a comma at the end': { 'body-sign': `${form(SIGNATURE)},` },
  'Base64 without padding': { 'body-sign': form(SIGNATURE.slice(0, -1)) },
  'Base64 for URLs': { 'body-sign': form(SIGNATURE.replace('+', '-')) },
  'Base64 with loose bits': { 'body-sign': form(SIGNATURE.replace('Y=', 'Z=')) },
  'Base64 with a blank': { 'body-sign': form(` ${SIGNATURE}`) },
  'another key': { 'x-vmall-app-id': 'vmall-other-app' },
  'no key': { 'x-vmall-app-id': '' },
  'the key header twice': { 'x-vmall-app-id': `${credential.appKey}, ${credential.appKey}` },
  'another time': { 'x-vmall-timestamp': '1767225600001' },
  seconds: { 'x-vmall-timestamp': '1767225600' },
  'no time': { 'x-vmall-timestamp': '' },
  'a time with a sign': { 'x-vmall-timestamp': '+767225600000' },
}

for (const [name, changes] of Object.entries(refused)) {
  test(`refused: ${name}`, () => {
    const request = requestOf(EMPTY, headers(SIGNATURE, changes))
    assert.throws(() => vmall.authenticate(request, [credential], now), {
      code: 'UNAUTHENTICATED',
      at: '',
    })
  })
}

test('refused: a body that was encoded again', () => {
  const request = requestOf(EMPTY.replace(':', ': '), headers(SIGNATURE))
  assert.throws(() => vmall.authenticate(request, [credential], now), { code: 'UNAUTHENTICATED' })
})

test('the time may be five minutes off, both ways, and no more', () => {
  const request = requestOf(EMPTY, headers(SIGNATURE))
  const at = (ms: number) => () =>
    vmall.authenticate(request, [credential], new Date(now.getTime() + ms))
  for (const ms of [-300_000, 300_000]) assert.equal(at(ms)(), credential)
  for (const ms of [-300_001, 300_001]) assert.throws(at(ms), { code: 'UNAUTHENTICATED' })
})

test('the next secret is taken beside the present one', () => {
  const both = { ...credential, secrets: ['another-secret', ...credential.secrets] }
  assert.equal(vmall.authenticate(requestOf(EMPTY, headers(SIGNATURE)), [both], now), both)
})

test('a contract decides headers, unit of time, text, encoding and window', () => {
  const other = adapterOf({
    '/sign/header': 'X-Sign',
    '/sign/keyIdHeader': 'X-Key',
    '/sign/timestampHeader': 'X-Time',
    '/sign/timestampUnit': 's',
    '/sign/encoding': 'hex',
    '/sign/string': '{body}|{timestamp}',
    '/sign/windowSeconds': 60,
  })
  const signature = hmacSha256Hex(signer.secret, `${EMPTY}|1767225600`)
  const request = requestOf(EMPTY, {
    'x-key': credential.appKey,
    'x-time': '1767225600',
    'x-sign': form(signature),
  })
  assert.equal(other.authenticate(request, [credential], now), credential)
  const upper = requestOf(EMPTY, {
    'x-key': credential.appKey,
    'x-time': '1767225600',
    'x-sign': form(signature.toUpperCase()),
  })
  const late = new Date(now.getTime() + 61_000)
  for (const [sent, at] of [
    [upper, now],
    [request, late],
    [requestOf(EMPTY, headers(SIGNATURE)), now],
  ] as const) {
    assert.throws(() => other.authenticate(sent, [credential], at), { code: 'UNAUTHENTICATED' })
  }
  const sent = arrived(other.sandbox.sign(EMPTY, signer, now))
  assert.equal(sent.headers.get('x-sign'), form(signature))
})

test('a contract decides whether answers are signed', () => {
  assert.equal(adapterOf({ '/sign/signReplies': false }).sign, undefined)
})
