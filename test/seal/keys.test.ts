import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { calculateJwkThumbprint } from 'jose'
import { GatewayError } from '../../lib/model/errors.ts'
import { pinKey, pinOf, pinRecipient, signingKey, thumbprint } from '../../lib/seal/keys.ts'
import { custody, testKey } from './fixtures.ts'

const publicJwk = (name: string) => createPublicKey(testKey(name)).export({ format: 'jwk' })

test('the thumbprint is that of RFC 7638', async () => {
  for (const name of ['custody', 'gateway', 'nextDispatch']) {
    const expected = await calculateJwkThumbprint(testKey(name))
    assert.equal(thumbprint(testKey(name)), expected)
    assert.equal(thumbprint(createPublicKey(testKey(name))), expected)
  }
})

test('a pinned key fixes its algorithm', () => {
  assert.equal(pinKey(publicJwk('gateway')).alg, 'ES256')
  assert.equal(pinKey(publicJwk('nextDispatch')).alg, 'EdDSA')
  assert.equal(pinKey(publicJwk('custody')).alg, 'RS256')
  assert.equal(pinKey(publicJwk('gateway'), 'k1').kid, 'k1')
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey
  for (const jwk of [p384.export({ format: 'jwk' }), { kty: 'oct', k: 'AAAA' }, {}]) {
    assert.throws(() => pinKey(jwk), { code: 'VALUE_INVALID' })
  }
})

test('a private key signs, a public or an RSA key does not', () => {
  const key = signingKey(testKey('gateway'))
  assert.equal(pinOf(key).key.type, 'public')
  assert.equal(pinOf(key).kid, key.kid)
  for (const wrong of [createPublicKey(testKey('gateway')), testKey('custody')]) {
    assert.throws(() => signingKey(wrong), { code: 'VALUE_INVALID' })
  }
})

test('attack 42: a custody key under a thumbprint that is not pinned is not sealed to', () => {
  const { kid } = custody
  assert.equal(pinRecipient(publicJwk('custody'), kid).kid, kid)
  assert.throws(
    () => pinRecipient(publicJwk('platformCustody'), kid),
    new GatewayError('VALUE_INVALID', '/kid'),
  )
  const short = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
  assert.throws(() => pinRecipient(short.export({ format: 'jwk' }), thumbprint(short)), {
    code: 'VALUE_INVALID',
  })
})
