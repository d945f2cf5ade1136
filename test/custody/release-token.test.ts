import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { SignJWT } from 'jose'
import { TAGS_CLAIM, verifyReleaseToken } from '../../lib/custody/release-token.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import { pinKey } from '../../lib/seal/keys.ts'
import { now, testKey } from '../seal/fixtures.ts'
import { hop, seconds, today } from './fixtures.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const issuer = {
  issuer: 'https://id.swift.example',
  keys: [
    pinKey(createPublicKey(testKey('issuer')).export({ format: 'jwk' }), 'k1'),
    pinKey(rsa.publicKey.export({ format: 'jwk' }), 'k2'),
  ],
}
const expected = { courier: 'swift', hop, now }
const iat = seconds(now)
const claims = {
  ...{ iss: issuer.issuer, aud: 'lasthop-gateway', sub: 'handheld-7', hop, day: today },
  ...{ iat, exp: iat + 900 },
}

/** A token as the courier's identity provider makes it, with changes. */
function token(
  changes: object = {},
  header: object = {},
  key = testKey('issuer'),
): Promise<string> {
  return new SignJWT({ ...claims, ...changes })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'JWT', ...header })
    .sign(key)
}

test('a release token lets its hop in, on its day', async () => {
  assert.deepEqual(verifyReleaseToken(await token(), issuer, expected), { hop, day: today })
  const byRsa = await token({}, { alg: 'RS256', kid: 'k2', typ: undefined }, rsa.privateKey)
  assert.deepEqual(verifyReleaseToken(byRsa, issuer, expected), { hop, day: today })
  const withCourier = await token({ courier: 'swift' })
  assert.deepEqual(verifyReleaseToken(withCourier, issuer, expected), { hop, day: today })
})

test('attack 2: a key token as bearer at the gateway', async () => {
  const tags = { principal_tags: { hop: [hop], day: [today] } }
  const keyTokens = [
    { aud: 'lasthop-sts', hop: undefined, day: undefined, [TAGS_CLAIM]: tags },
    { aud: 'lasthop-sts' },
    { aud: ['lasthop-sts', 'lasthop-gateway'] },
    { aud: ['lasthop-gateway'] },
    { [TAGS_CLAIM]: tags },
  ]
  for (const changes of keyTokens) {
    const one = await token(changes)
    assert.throws(
      () => verifyReleaseToken(one, issuer, expected),
      new GatewayError('UNAUTHENTICATED'),
    )
  }
  assert.equal(verifyReleaseToken(await token(), issuer, expected).hop, hop)
})

test('whatever is wrong with a token, the answer is one', async () => {
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const wrong = [
    token({ iss: 'https://id.other.example' }),
    token({ hop: 'XM-0592-018' }),
    token({ hop: [hop] }),
    token({ day: '5 January' }),
    token({ day: undefined }),
    token({ courier: 'slow' }),
    token({ exp: iat }),
    token({ exp: iat + 901 }),
    token({ exp: undefined }),
    token({ iat: iat + 61, exp: iat + 120 }),
    token({ nbf: iat + 61 }),
    token({}, { kid: 'k2' }),
    token({}, { kid: 'k3' }),
    token({}, { typ: 'lasthop-assignment' }),
    token({}, { jku: 'https://example.com' }),
    token({}, {}, other),
    Promise.resolve('text'),
    Promise.resolve(undefined),
  ]
  for (const one of wrong) {
    const text = await one
    assert.throws(
      () => verifyReleaseToken(text, issuer, expected),
      new GatewayError('UNAUTHENTICATED'),
    )
  }
})
