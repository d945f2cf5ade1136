import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { test } from 'node:test'
import { FlattenedEncrypt, FlattenedSign, flattenedDecrypt, flattenedVerify } from 'jose'
import type { Jwe } from '../../lib/seal/envelope.ts'
import { parseJwe } from '../../lib/seal/envelope.ts'
import { pinOf, signingKey } from '../../lib/seal/keys.ts'
import { openSealed } from '../../lib/seal/open.ts'
import { sealPayload, verifySeal } from '../../lib/seal/signature.ts'
import { platformSigner } from '../../lib/seal/signer.ts'
import * as f from './fixtures.ts'
import { unwrap } from './unwrap.ts'

const { order, courier, group, rev } = f.binding
const header = {
  enc: 'A256GCM',
  typ: 'lasthop-personal+json',
  ...{ order, courier, group, rev },
  v: 1,
}
const text = Buffer.from(JSON.stringify(f.personal))
const padded = Buffer.concat([text, Buffer.alloc(512 - text.length, ' ')])
const key = { alg: 'RSA-OAEP-256', kid: f.platformCustody.kid } as const

/** A seal of jose as the flattened JWE that is signed. */
function asJwe(made: {
  protected?: string
  encrypted_key?: string
  iv?: string
  tag?: string
  ciphertext: string
}): Jwe {
  const { protected: head = '', encrypted_key = '', iv = '', tag = '', ciphertext } = made
  return { protected: head, encrypted_key, iv, tag, ciphertext }
}

test('jose opens our seal with the private key', async () => {
  const sealed = await f.sealAtIntake()
  const opened = await flattenedDecrypt(
    { ...sealed, header: { ...sealed.header } },
    f.testKey('custody'),
  )
  assert.deepEqual(JSON.parse(Buffer.from(opened.plaintext).toString()), f.personal)
  assert.equal(opened.plaintext.length, 512)
})

test('jose opens our seal with the unwrapped key, once alg is dir', async () => {
  const { encrypted_key: wrapped, ...sealed } = await f.sealAtIntake()
  const direct = { ...sealed, header: { alg: 'dir' } }
  const opened = await flattenedDecrypt(direct, unwrap(wrapped))
  assert.deepEqual(JSON.parse(Buffer.from(opened.plaintext).toString()), f.personal)
})

test('a seal of jose is accepted from a platform and opened', async () => {
  const made = await new FlattenedEncrypt(padded)
    .setProtectedHeader(header)
    .setUnprotectedHeader(key)
    .encrypt(createPublicKey(f.testKey('platformCustody')))
  assert.deepEqual(made.header, key)
  const sealed = platformSigner(f.platformKey).sign({ ...asJwe(made), header: key }, 'acme', f.now)
  assert.equal(verifySeal(sealed, f.pins).platform, 'acme')
  const contentKey = unwrap(sealed.encrypted_key, 'platformCustody')
  assert.deepEqual(openSealed(sealed, contentKey, f.binding), f.personal)
})

test('a seal with alg and kid protected, as Nimbus makes it, is accepted and opened', async () => {
  const made = await new FlattenedEncrypt(padded)
    .setProtectedHeader({ ...header, ...key })
    .encrypt(createPublicKey(f.testKey('platformCustody')))
  const sealed = platformSigner(f.platformKey).sign(asJwe(made), 'acme', f.now)
  assert.equal(verifySeal(sealed, f.pins).kid, f.platformCustody.kid)
  const contentKey = unwrap(sealed.encrypted_key, 'platformCustody')
  assert.deepEqual(openSealed(sealed, contentKey, f.binding), f.personal)
})

test('jose verifies the signature of our seal and its certificate', async () => {
  const sealed = await f.sealAtIntake()
  const payload = Buffer.from(sealPayload(verifySeal(sealed, f.pins))).toString('base64url')
  const [head = '', certified = '', proof = ''] = sealed.certificate?.split('.') ?? []
  const certificate = await flattenedVerify(
    { protected: head, payload: certified, signature: proof },
    pinOf(f.gatewayKey).key,
  )
  const { x, y } = JSON.parse(Buffer.from(certificate.payload).toString())
  const signer = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
  const [protectedHeader = '', signature = ''] = sealed.signature.split('..')
  await flattenedVerify({ protected: protectedHeader, payload, signature }, signer)
})

test('a signature of jose over our payload is accepted', async () => {
  const own = f.sealAtPlatform()
  const facts = { ...parseJwe(own), platform: 'acme', sealedAt: own.sealedAt }
  const signed = await new FlattenedSign(Buffer.from(sealPayload(facts)))
    .setProtectedHeader({ alg: 'ES256', kid: f.platformKey.kid, typ: 'lasthop-seal' })
    .sign(signingKey(f.testKey('platform')).key)
  const sealed = { ...own, signature: `${signed.protected}..${signed.signature}` }
  assert.equal(verifySeal(sealed, f.pins).signer, f.platformKey.kid)
})
