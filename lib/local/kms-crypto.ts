import * as crypto from 'node:crypto'
import { promisify } from 'node:util'
import { AwsError } from './aws-error.ts'

const encrypting = { usage: 'ENCRYPT_DECRYPT', list: 'EncryptionAlgorithms', actions: /crypt/ }
const rsa = { ...encrypting, algorithms: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] }
const signing = { usage: 'SIGN_VERIFY', list: 'SigningAlgorithms', actions: /^(Sign|Verify)$/ }
const authenticating = { usage: 'GENERATE_VERIFY_MAC', list: 'MacAlgorithms', actions: /Mac$/ }

/** The key specs served: usage, what answers call the list of algorithms, the actions, and the list. */
export const keySpecs = new Map([
  ['SYMMETRIC_DEFAULT', { ...encrypting, algorithms: ['SYMMETRIC_DEFAULT'] }],
  ['RSA_2048', rsa],
  ['RSA_3072', rsa],
  ['RSA_4096', rsa],
  ['ECC_NIST_P256', { ...signing, algorithms: ['ECDSA_SHA_256'] }],
  ['HMAC_256', { ...authenticating, algorithms: ['HMAC_SHA_256'] }],
])

/** A KMS key as it is kept: times in milliseconds, `material` base64, raw or PKCS#8. */
export interface KmsKey {
  id: string
  arn: string
  spec: string
  description: string
  created: number
  state: 'Enabled' | 'Disabled' | 'PendingDeletion'
  policy: string
  rotates: boolean
  materials: string[]
}

/** Pairs that a ciphertext is bound to: `{order: 'o_…', hop: 'H1'}`. */
export type EncryptionContext = Record<string, string>

/** New material of a spec: raw bytes, or a private key as PKCS#8; base64. */
export async function makeMaterial(spec: string): Promise<string> {
  if (!/^(RSA|ECC)_/.test(spec)) return crypto.randomBytes(32).toString('base64')
  const pair = promisify(crypto.generateKeyPair)
  const { privateKey } = spec.startsWith('RSA_')
    ? await pair('rsa', { modulusLength: Number(spec.slice(4)) })
    : await pair('ec', { namedCurve: 'P-256' })
  return privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')
}

/** The raw material, of a rotated key the newest or that of a number. */
export const rawMaterial = (key: KmsKey, at = key.materials.length - 1): Buffer =>
  Buffer.from(key.materials[at] ?? '', 'base64')

/** The private half of an asymmetric key. */
export const privateHalf = (key: KmsKey): crypto.KeyObject =>
  crypto.createPrivateKey({ key: rawMaterial(key), type: 'pkcs8', format: 'der' })

/** The public half. */
export const publicHalf = (key: KmsKey): crypto.KeyObject =>
  crypto.createPublicKey(privateHalf(key))

// A symmetric ciphertext names its key, as KMS's do: form (1), key id (16), number of the material (1), IV (12),
// body, tag (16). The first 18 bytes and the context, in the order of its names, are authenticated with it.
function bound(head: Buffer, context: EncryptionContext): Buffer {
  const sorted = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))
  return Buffer.concat([head, Buffer.from(JSON.stringify(sorted))])
}

const padded = (key: crypto.KeyObject, algorithm: string) => ({
  key,
  padding: crypto.constants.RSA_PKCS1_OAEP_PADDING,
  oaepHash: algorithm === 'RSAES_OAEP_SHA_1' ? 'sha1' : 'sha256', // node takes it for MGF1 too
})

/** The id of the key that a symmetric ciphertext names, none where it is no such thing. */
export function keyIdOf(ciphertext: Buffer): string | undefined {
  if (ciphertext[0] !== 1 || ciphertext.length < 47) return undefined
  return ciphertext.toString('hex', 1, 17).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/**
 * Encrypts 1 to 4096 bytes, with an RSA key as many as the padding leaves.
 *
 * @throws {AwsError} `ValidationException` for more.
 */
export function encrypt(
  key: KmsKey,
  algorithm: string,
  plain: Buffer,
  context: EncryptionContext,
): Buffer {
  if (algorithm === 'SYMMETRIC_DEFAULT') {
    const id = key.id.replaceAll('-', '')
    const head = Buffer.from(
      `01${id}${(key.materials.length - 1).toString(16).padStart(2, '0')}`,
      'hex',
    )
    const iv = crypto.randomBytes(12)
    const cipher = crypto
      .createCipheriv('aes-256-gcm', rawMaterial(key), iv)
      .setAAD(bound(head, context))
    return Buffer.concat([head, iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  }
  try {
    return crypto.publicEncrypt(padded(publicHalf(key), algorithm), plain)
  } catch {
    throw new AwsError('ValidationException', 'Plaintext is too long for this key and algorithm')
  }
}

/**
 * Decrypts.
 *
 * @throws {AwsError} `IncorrectKeyException` where the ciphertext names another key, else `InvalidCiphertextException`,
 *   for every reason alike: context, algorithm, any byte.
 */
export function decrypt(
  key: KmsKey,
  algorithm: string,
  blob: Buffer,
  context: EncryptionContext,
): Buffer {
  const isSymmetric = algorithm === 'SYMMETRIC_DEFAULT'
  if (isSymmetric && (keyIdOf(blob) ?? key.id) !== key.id)
    throw new AwsError('IncorrectKeyException', 'The ciphertext was made with another key')
  try {
    if (!isSymmetric) return crypto.privateDecrypt(padded(privateHalf(key), algorithm), blob)
    const [head, iv, body] = [blob.subarray(0, 18), blob.subarray(18, 30), blob.subarray(30, -16)]
    const decipher = crypto.createDecipheriv('aes-256-gcm', rawMaterial(key, head[17]), iv)
    decipher.setAAD(bound(head, context)).setAuthTag(blob.subarray(-16))
    return Buffer.concat([decipher.update(body), decipher.final()])
  } catch {
    throw new AwsError('InvalidCiphertextException', 'The ciphertext does not open')
  }
}
