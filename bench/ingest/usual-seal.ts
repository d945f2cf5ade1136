import { createHash, generateKeyPairSync } from 'node:crypto'
import { FlattenedEncrypt, FlattenedSign, importJWK } from 'jose'
import { certifyKey } from '../../lib/seal/certificate.ts'
import { thumbprint } from '../../lib/seal/keys.ts'
import { certify, keys, kid } from './setting.ts'

const own = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const signer = {
  kid: thumbprint(own.publicKey),
  key: await importJWK(own.privateKey.export({ format: 'jwk' }), 'ES256'),
  certificate: (await certifyKey(own.publicKey, new Date(), certify)).jws,
}
const recipient = await importJWK(keys.custody.publicKey.export({ format: 'jwk' }), 'RSA-OAEP-256')

/** What a seal is for. */
export interface Binding {
  readonly order: string
  readonly courier: string
  readonly group: 'sender' | 'receiver'
  readonly rev: number
}

const hash = (...parts: string[]): string => {
  const digest = createHash('sha256')
  for (const [n, part] of parts.entries()) {
    if (n > 0) digest.update('.')
    digest.update(Buffer.from(part, 'base64url'))
  }
  return digest.digest('base64url')
}

function padded(personal: object): Buffer {
  const json = Buffer.from(JSON.stringify(personal))
  return Buffer.concat([json, Buffer.alloc(512 - json.length, ' ')])
}

/** A seal by jose: encrypted to the courier, its ten lines signed; the wrapped key apart. */
export async function seal(personal: object, binding: Binding, platform: string, now: Date) {
  const header = { alg: 'RSA-OAEP-256' as const, kid }
  const made = await new FlattenedEncrypt(padded(personal))
    .setProtectedHeader({ enc: 'A256GCM', typ: 'lasthop-personal+json', ...binding, v: 1 })
    .setUnprotectedHeader(header)
    .encrypt(recipient)
  const { protected: front = '', iv = '', tag = '', encrypted_key = '', ciphertext } = made
  const sealedAt = `${now.toISOString().slice(0, 19)}Z`
  const keyHash = hash(encrypted_key)
  const bodyHash = hash(front, iv, ciphertext, tag)
  const { order, courier, group, rev } = binding
  const facts = [platform, order, courier, group, rev, kid, keyHash, bodyHash, sealedAt]
  const lines = ['lasthop-seal-1', ...facts, ''].join('\n')
  const signed = await new FlattenedSign(Buffer.from(lines))
    .setProtectedHeader({ alg: 'ES256', kid: signer.kid, typ: 'lasthop-seal' })
    .sign(signer.key)
  const signature = `${signed.protected}..${signed.signature}`
  const { certificate } = signer
  const common = { platform, sealedAt, signature }
  return {
    open: { protected: front, header, iv, ciphertext, tag, ...common, certificate, keyHash },
    wrapped: Buffer.from(encrypted_key, 'base64url'),
    proof: JSON.stringify({ ...binding, ...common, kid, bodyHash }),
    certificate,
  }
}
