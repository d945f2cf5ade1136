import { constants, privateDecrypt } from 'node:crypto'
import { testKey } from './fixtures.ts'

/** The content key, by the private custody key, which in life never leaves KMS. */
export function unwrap(
  wrappedKey: string | undefined,
  name: 'custody' | 'platformCustody' = 'custody',
): Buffer {
  return privateDecrypt(
    { key: testKey(name), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
    Buffer.from(wrappedKey ?? '', 'base64url'),
  )
}
