import { constants, createCipheriv, publicEncrypt, randomFillSync } from 'node:crypto'
import { GatewayError } from '../model/errors.ts'
import { checkPersonal, type Personal } from '../model/validate.ts'
import { toBase64url } from './base64url.ts'
import { type Binding, type Jwe, PADDED_LENGTHS, protectedHeader } from './envelope.ts'
import type { Recipient } from './keys.ts'

const SPACE = 0x20

/**
 * Seals one group's personal data to a courier's custody key, with a fresh content key and IV. Only
 * the public key is needed, and no call to anybody. The result still wants a signature.
 *
 * @throws {GatewayError} `VALUE_INVALID` where it is no personal.json document, `VALUE_TOO_LONG` when
 *   it takes more than 2048 bytes as UTF-8 JSON, `SEAL_INVALID` for a binding that no seal can hold.
 * @see design section 5
 */
export function sealPersonal(personal: Personal, recipient: Recipient, binding: Binding): Jwe {
  const text = padded(JSON.stringify(checkPersonal(personal)))
  const fresh = randomFillSync(Buffer.allocUnsafeSlow(44))
  const contentKey = fresh.subarray(0, 32)
  const iv = fresh.subarray(32)
  const header = Buffer.from(protectedHeader(binding), 'latin1').toString('base64url')
  const cipher = createCipheriv('aes-256-gcm', contentKey, iv)
  cipher.setAAD(Buffer.from(header, 'latin1'))
  const ciphertext = cipher.update(text)
  cipher.final()
  const jwe: Jwe = {
    protected: header,
    header: { alg: 'RSA-OAEP-256', kid: recipient.kid },
    encrypted_key: toBase64url(wrap(contentKey, recipient)),
    iv: toBase64url(iv),
    ciphertext: toBase64url(ciphertext),
    tag: toBase64url(cipher.getAuthTag()),
  }
  contentKey.fill(0)
  text.fill(0)
  return jwe
}

/** Spaces behind the text up to the next allowed length: still plain JSON to any reader. */
function padded(text: string): Buffer {
  const length = Buffer.byteLength(text, 'utf8')
  const size = PADDED_LENGTHS.find(one => one >= length)
  if (size === undefined) throw new GatewayError('VALUE_TOO_LONG')
  const bytes = Buffer.allocUnsafeSlow(size)
  bytes.write(text, 'utf8')
  return bytes.fill(SPACE, length)
}

function wrap(contentKey: Uint8Array, recipient: Recipient): Buffer {
  return publicEncrypt(
    { key: recipient.key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
    contentKey,
  )
}
