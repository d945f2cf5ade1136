import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  privateDecrypt,
} from 'node:crypto'
import { GatewayError } from '../model/errors.ts'
import { checkPersonal } from '../model/validate.ts'
import { isGroup, isOrderId, isRev, isSlug, parseSeal } from '../seal/envelope.ts'
import { platformSigner, signingKey } from '../seal/index.ts'
import { pinRecipient, thumbprint } from '../seal/keys.ts'
import { openSealed } from '../seal/open.ts'
import { sealPersonal } from '../seal/seal.ts'
import { readDocument } from './files.ts'
import { UsageError } from './partners.ts'

/** What a seal is for, and by whom. */
export interface SealOptions {
  readonly to: string
  readonly kid?: string
  readonly order: string
  readonly courier: string
  readonly group: string
  readonly rev: string
  readonly platform?: string
  readonly key?: string
}

/** Platform that a seal names which nobody is to believe. */
const NOBODY = 'nobody'

/**
 * Seals a personal.json to a custody key, as a platform does that seals by itself. Without a signing
 * key a throwaway one signs: good to try with, and taken by no gateway.
 */
export function seal(options: SealOptions, file = '-'): number {
  const { order, courier, group, platform = NOBODY } = options
  const rev = Number(options.rev)
  if (!isOrderId(order)) throw new UsageError('--order wants an order id, o_ and 26 characters')
  if (!isSlug(courier)) throw new UsageError('--courier wants a slug, such as sf')
  if (!isGroup(group)) throw new UsageError('--group is sender or receiver')
  if (!isRev(rev)) throw new UsageError('--rev wants a whole number from 1')
  if ((options.key === undefined) !== (options.platform === undefined) || !isSlug(platform)) {
    throw new UsageError('--key and --platform, a slug, go together')
  }
  const recipient = recipientIn(options.to, options.kid)
  const signer = platformSigner(signingKey(signerIn(options.key)))
  const personal = checkPersonal(readDocument(file))
  const jwe = sealPersonal(personal, recipient, { order, courier, group, rev })
  console.log(JSON.stringify(signer.sign(jwe, platform, new Date()), null, 2))
  if (options.key === undefined) {
    console.error('lasthop: signed by a throwaway key; a gateway wants --platform and --key')
  }
  return 0
}

function recipientIn(file: string, kid?: string) {
  const jwk = jwkIn(file)
  if ('d' in jwk) throw new UsageError(`${file} is a private key; seal to its public half`)
  try {
    return pinRecipient(jwk, kid ?? thumbprint(createPublicKey({ key: jwk, format: 'jwk' })))
  } catch {
    throw new UsageError(`${file} is no RSA key of 3072 bits, or not the one that --kid names`)
  }
}

function signerIn(file: string | undefined): KeyObject {
  if (file === undefined) return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const key = privateKeyIn(file)
  if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key
  throw new UsageError(`${file} is no P-256 key`)
}

/**
 * Opens a seal with a private custody key that lies in a file, without any service. Custody keys in KMS
 * never leave it: this is for platforms that test what they seal, and for development.
 *
 * @throws {GatewayError} `SEAL_INVALID`, `SEAL_TAMPERED`
 */
export function openOffline({ key }: { readonly key: string }, file = '-'): number {
  const privateKey = privateKeyIn(key)
  if (privateKey.asymmetricKeyType !== 'rsa') throw new UsageError(`${key} is no RSA key`)
  const { sealed, kid, order, courier, group, rev } = parseSeal(readDocument(file))
  if (kid !== thumbprint(privateKey)) throw new GatewayError('SEAL_INVALID', '/header/kid')
  const contentKey = unwrap(privateKey, sealed.encrypted_key)
  const personal = openSealed(sealed, contentKey, { order, courier, group, rev })
  contentKey.fill(0)
  console.log(JSON.stringify(personal, null, 2))
  return 0
}

function unwrap(key: KeyObject, wrapped: string | undefined): Buffer {
  if (wrapped === undefined) throw new GatewayError('SEAL_INVALID', '/encrypted_key')
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
  try {
    return privateDecrypt({ key, ...padding }, Buffer.from(wrapped, 'base64url'))
  } catch {
    throw new GatewayError('SEAL_TAMPERED', '/encrypted_key')
  }
}

function isJwk(value: unknown): value is JsonWebKey {
  return typeof value === 'object' && value !== null && 'kty' in value
}

/** A JWK in a file. */
export function jwkIn(file: string): JsonWebKey {
  const jwk = readDocument(file)
  if (isJwk(jwk)) return jwk
  throw new UsageError(`${file} is no JWK`)
}

function privateKeyIn(file: string): KeyObject {
  try {
    return createPrivateKey({ key: jwkIn(file), format: 'jwk' })
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${file} is no private key`)
  }
}
