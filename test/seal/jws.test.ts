import assert from 'node:assert/strict'
import { createHmac, createPublicKey, sign } from 'node:crypto'
import { test } from 'node:test'
import { compactVerify } from 'jose'
import { GatewayError } from '../../lib/model/errors.ts'
import {
  derToRaw,
  type JwsType,
  signDetached,
  signJws,
  verifyDetached,
  verifyJws,
} from '../../lib/seal/jws.ts'
import { pinOf, signingKey } from '../../lib/seal/keys.ts'
import { gatewayKey, testKey } from './fixtures.ts'

const ed = signingKey(testKey('nextDispatch'))
const keys = [pinOf(gatewayKey), pinOf(ed)]
const expected = { typ: ['lasthop-seal'] as const, keys }
const invalid = new GatewayError('SIGNATURE_INVALID')

/** A JWS with any header, validly signed by the gateway's key. */
function forge(
  header: unknown,
  payload = 'text',
  dsaEncoding: 'der' | 'ieee-p1363' = 'ieee-p1363',
) {
  const text = typeof header === 'string' ? header : JSON.stringify(header)
  const input = [text, payload].map(part => Buffer.from(part).toString('base64url')).join('.')
  const signature = sign('sha256', Buffer.from(input), { key: gatewayKey.key, dsaEncoding })
  return `${input}.${signature.toString('base64url')}`
}

const header = { alg: 'ES256', kid: gatewayKey.kid, typ: 'lasthop-seal' }

test('what is signed by ES256 and EdDSA verifies, here and by jose', async () => {
  for (const key of [gatewayKey, ed]) {
    const jws = signJws('lasthop-seal', 'text', key)
    assert.equal(verifyJws(jws, expected).payload.toString(), 'text')
    const byJose = await compactVerify(jws, createPublicKey(key.key))
    assert.equal(Buffer.from(byJose.payload).toString(), 'text')
    assert.deepEqual(byJose.protectedHeader, {
      alg: key.alg,
      kid: key.kid,
      typ: 'lasthop-seal',
    })
  }
})

test('a detached signature holds for its payload only', () => {
  const jws = signDetached('lasthop-seal', 'text', gatewayKey)
  assert.equal(jws.split('.')[1], '')
  assert.equal(verifyDetached(jws, 'text', expected).kid, gatewayKey.kid)
  assert.throws(() => verifyDetached(jws, 'other', expected), invalid)
  assert.throws(() => verifyJws(jws, expected), invalid)
  assert.throws(() => verifyDetached(forge(header), 'text', expected), invalid)
})

test('attack 20: one kind of signature does not stand for another', () => {
  const types: JwsType[] = [
    'lasthop-certificate',
    'lasthop-assignment',
    'lasthop-statement',
    'lasthop-control',
    'lasthop-receipt',
    'lasthop-keys',
  ]
  assert.equal(verifyJws(signJws('lasthop-seal', 'text', gatewayKey), expected).typ, 'lasthop-seal')
  for (const typ of types) {
    assert.throws(() => verifyJws(signJws(typ, 'text', gatewayKey), expected), invalid)
  }
  for (const typ of ['JWT', 'lasthop-SEAL', undefined, 1]) {
    assert.throws(() => verifyJws(forge({ ...header, typ }), expected), invalid)
  }
})

test('attack 21: alg none, HS256 with the public key as secret, DER-coded ECDSA', () => {
  assert.equal(verifyJws(forge(header), expected).kid, gatewayKey.kid)
  assert.throws(() => verifyJws(forge({ ...header, alg: 'none' }), expected), invalid)
  const [none] = forge({ ...header, alg: 'none' }).split('.', 1)
  assert.throws(() => verifyJws(`${none}.dGV4dA.`, expected), invalid)
  const input = forge({ ...header, alg: 'HS256' })
    .split('.')
    .slice(0, 2)
    .join('.')
  const pem = createPublicKey(gatewayKey.key).export({ type: 'spki', format: 'pem' })
  const mac = createHmac('sha256', pem).update(input).digest('base64url')
  assert.throws(() => verifyJws(`${input}.${mac}`, expected), invalid)
  assert.throws(() => verifyJws(forge(header, 'text', 'der'), expected), invalid)
  assert.throws(() => verifyJws(forge({ ...header, alg: 'EdDSA' }), expected), invalid)
})

test('a header member that is not known is refused', () => {
  const strange: Record<string, unknown>[] = [
    { b64: 'false' },
    { crit: 'b64' },
    { b64: false, crit: ['b64'] },
    { jku: 'https://example.com' },
    { x5u: 'https://example.com' },
    { x5t: 'AAAA' },
    { cty: 'json' },
    { jwk: { kty: 'EC' } },
  ]
  for (const more of strange) {
    assert.throws(() => verifyJws(forge({ ...header, ...more }), expected), invalid)
  }
  const twice = `{"alg":"none",${JSON.stringify(header).slice(1)}`
  assert.throws(() => verifyJws(forge(twice), expected), invalid)
})

test('another key, form or text is refused', () => {
  const jws = signJws('lasthop-seal', 'text', gatewayKey)
  const [head = '', payload = '', signature = ''] = jws.split('.')
  const wrong = [
    forge({ ...header, kid: ed.kid }),
    forge({ ...header, kid: 'unknown' }),
    `${head}.${payload}.${signature}.`,
    `${head}.${payload}`,
    `${head}.${payload}.${signature}=`,
    `${head}.dGV4dB.${signature}`,
    ` ${jws}`,
    'x'.repeat(20_000),
    '',
    undefined,
    {},
  ]
  for (const one of wrong) assert.throws(() => verifyJws(one, expected), invalid)
  assert.throws(() => verifyJws(jws, { ...expected, keys: [] }), invalid)
})

test('a signature of KMS, DER, becomes r and s; malformed DER is refused', () => {
  for (let i = 0; i < 200; i++) {
    const text = Buffer.from(`text ${i}`)
    const raw = derToRaw(sign('sha256', text, gatewayKey.key))
    assert.equal(raw.length, 64)
    const input = forge(header).split('.').slice(0, 2).join('.')
    const der = sign('sha256', Buffer.from(input), gatewayKey.key)
    const jws = `${input}.${derToRaw(der).toString('base64url')}`
    assert.equal(verifyJws(jws, expected).kid, gatewayKey.kid)
  }
  const der = sign('sha256', Buffer.from('x'), gatewayKey.key)
  const wrong = [
    der.subarray(1),
    der.subarray(0, -1),
    Buffer.concat([der, Buffer.alloc(1)]),
    Buffer.alloc(0),
    Buffer.from('3006020180020101', 'hex'),
    Buffer.from('3003020101', 'hex'),
  ]
  for (const one of wrong) assert.throws(() => derToRaw(one), invalid)
})
