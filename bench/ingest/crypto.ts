import {
  constants,
  createCipheriv,
  generateKeyPairSync,
  publicEncrypt,
  randomFillSync,
  sign,
} from 'node:crypto'
import { keys } from './setting.ts'

const text = Buffer.alloc(512, ' ')
const signer = generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** By node:crypto, twice over: a key wrapped by RSA, 512 bytes sealed, a signature. */
export function crypto(): void {
  for (let group = 0; group < 2; group++) {
    const fresh = randomFillSync(Buffer.allocUnsafe(44))
    const key = fresh.subarray(0, 32)
    const cipher = createCipheriv('aes-256-gcm', key, fresh.subarray(32))
    cipher.update(text)
    cipher.final()
    const padding = constants.RSA_PKCS1_OAEP_PADDING
    publicEncrypt({ key: keys.custody.publicKey, padding, oaepHash: 'sha256' }, key)
    sign('sha256', text, { key: signer.privateKey, dsaEncoding: 'ieee-p1363' })
  }
}
