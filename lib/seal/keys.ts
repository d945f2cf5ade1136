import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { GatewayError } from '../model/errors.ts'
import { sha256 } from './base64url.ts'

/** The signature algorithms that a pinned key can fix. RS256 is for tokens of identity providers only. */
export type SignatureAlgorithm = 'ES256' | 'EdDSA' | 'RS256'

/** A public key that somebody was told to trust, under the id that names it. Its type fixes `alg`. */
export interface PinnedKey {
  readonly kid: string
  readonly alg: SignatureAlgorithm
  readonly key: KeyObject
}

/** A private key that signs, with the id of its public half. */
export interface SigningKey {
  readonly kid: string
  readonly alg: 'ES256' | 'EdDSA'
  readonly key: KeyObject
}

/** A courier's custody key: what seals are made for. RSA with 3072 bits. */
export interface Recipient {
  /** RFC 7638 thumbprint. */
  readonly kid: string
  readonly key: KeyObject
}

/** Bytes of a key wrapped by RSA with 3072 bits. */
export const WRAPPED_KEY_LENGTH = 384

const THUMBPRINT_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
  RSA: ['e', 'kty', 'n'],
}

/**
 * RFC 7638 thumbprint of a key, base64url: `47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU`.
 *
 * @throws {GatewayError} `VALUE_INVALID` for a key that is neither EC, OKP nor RSA.
 */
export function thumbprint(key: KeyObject): string {
  const jwk: Readonly<Record<string, unknown>> = { ...publicHalf(key).export({ format: 'jwk' }) }
  const members = THUMBPRINT_MEMBERS[String(jwk.kty)]
  if (members === undefined) throw new GatewayError('VALUE_INVALID', '/kty')
  return sha256(JSON.stringify(Object.fromEntries(members.map(name => [name, jwk[name]]))))
}

/**
 * A public key from configuration, with the one algorithm that it may be used with: P-256 → ES256,
 * Ed25519 → EdDSA, RSA from 2048 bits → RS256. Its id is the thumbprint unless the owner gave one.
 *
 * @throws {GatewayError} `VALUE_INVALID` for any other key.
 */
export function pinKey(jwk: JsonWebKey, kid?: string): PinnedKey {
  const key = importKey(jwk)
  return { kid: kid ?? thumbprint(key), alg: algorithmOf(key), key }
}

/**
 * A private key to sign with: P-256 or Ed25519.
 *
 * @throws {GatewayError} `VALUE_INVALID` for any other key.
 */
export function signingKey(key: KeyObject): SigningKey {
  const alg = algorithmOf(key)
  if (alg === 'RS256' || key.type !== 'private') throw new GatewayError('VALUE_INVALID', '/kty')
  return { kid: thumbprint(key), alg, key }
}

/** The public half of a signing key, to be pinned by others. */
export function pinOf(key: SigningKey): PinnedKey {
  return { kid: key.kid, alg: key.alg, key: createPublicKey(key.key) }
}

/**
 * A custody key to seal to, which must have the thumbprint that was pinned: a key that comes from
 * anywhere else, however published, is refused.
 *
 * @throws {GatewayError} `VALUE_INVALID` for another thumbprint, or a key that is not RSA 3072 / 65537.
 * @see design section 5
 */
export function pinRecipient(jwk: JsonWebKey, kid: string): Recipient {
  const key = importKey(jwk)
  const { modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType !== 'rsa' || modulusLength !== WRAPPED_KEY_LENGTH * 8) {
    throw new GatewayError('VALUE_INVALID', '/kty')
  }
  if (publicExponent !== 65537n) throw new GatewayError('VALUE_INVALID', '/e')
  if (thumbprint(key) !== kid) throw new GatewayError('VALUE_INVALID', '/kid')
  return { kid, key }
}

function importKey(jwk: JsonWebKey): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' })
  } catch (cause) {
    throw new GatewayError('VALUE_INVALID', '/kty', { cause })
  }
}

function algorithmOf(key: KeyObject): SignatureAlgorithm {
  const details = key.asymmetricKeyDetails
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA'
  if (key.asymmetricKeyType === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256'
  if (key.asymmetricKeyType === 'rsa' && (details?.modulusLength ?? 0) >= 2048) return 'RS256'
  throw new GatewayError('VALUE_INVALID', '/kty')
}

function publicHalf(key: KeyObject): KeyObject {
  return key.type === 'private' ? createPublicKey(key) : key
}
