import { GatewayError } from '../model/errors.ts'
import type { Group, Sealed } from '../model/validate.ts'
import { fromBase64url, sha256, toBase64url } from './base64url.ts'
import { isDigest, isGroup, isOrderId, isRev, isSlug, parseSeal } from './envelope.ts'
import { WRAPPED_KEY_LENGTH } from './keys.ts'
import type { SealFacts } from './signature.ts'

/**
 * What custody keeps of a seal: the wrapped key, and all that the signature over the seal needs to
 * be verified again without the encrypted data.
 */
export interface HeldKey extends Omit<SealFacts, 'keyHash'> {
  /** 384 bytes as base64url. */
  readonly wrappedKey: string
  readonly signature: string
  readonly certificate?: string
}

/**
 * The wrapped key of a seal with what proves where it belongs, for table `Keys`.
 *
 * @throws {GatewayError} `SEAL_INVALID` for a malformed seal or one without its wrapped key.
 */
export function wrappedKeyOf(sealed: Sealed): HeldKey {
  const { order, courier, group, rev, kid, bodyHash } = parseSeal(sealed)
  const { encrypted_key: wrappedKey, platform, sealedAt, signature, certificate } = sealed
  if (wrappedKey === undefined) throw new GatewayError('SEAL_INVALID', '/encrypted_key')
  return {
    ...{ wrappedKey, platform, order, courier, group, rev, kid, bodyHash, sealedAt, signature },
    ...(certificate === undefined ? {} : { certificate }),
  }
}

/**
 * The seal as everybody but custody sees it: its wrapped key replaced by the key's hash.
 *
 * @throws {GatewayError} `SEAL_INVALID` for a wrapped key that is not base64url.
 */
export function withoutKey(sealed: Sealed): Sealed {
  const { encrypted_key: wrappedKey, ...open } = sealed
  return wrappedKey === undefined ? open : { ...open, keyHash: hashOfKey(wrappedKey) }
}

/**
 * Joins a seal and its wrapped key again, as any JOSE library wants it.
 *
 * @throws {GatewayError} `SEAL_INVALID` when the key is not this seal's.
 */
export function withKey(sealed: Sealed, wrappedKey: string): Sealed {
  const { keyHash, ...open } = sealed
  if (keyHash !== hashOfKey(wrappedKey)) throw new GatewayError('SEAL_INVALID', '/encrypted_key')
  return { ...open, encrypted_key: wrappedKey }
}

/** A held key as it is stored: the key as bytes, the proof as one opaque text. */
export interface PackedKey {
  readonly wrapped: Uint8Array
  readonly signed: string
  /** Kept apart: many seals share one. */
  readonly certificate?: string
}

/** A held key in the form that table `Keys` stores. */
export function packKey(held: HeldKey): PackedKey {
  const { wrappedKey, certificate, ...proof } = held
  const wrapped = fromBase64url(wrappedKey, { code: 'SEAL_INVALID', at: '/wrappedKey' })
  const signed = JSON.stringify(proof)
  return certificate === undefined ? { wrapped, signed } : { wrapped, signed, certificate }
}

/**
 * A held key from its stored form.
 *
 * @throws {GatewayError} `SEAL_INVALID` for what `packKey` did not write.
 */
export function unpackKey({ wrapped, signed, certificate }: PackedKey): HeldKey {
  const proof: unknown = parse(signed)
  return checkHeldKey({
    ...(typeof proof === 'object' ? proof : {}),
    wrappedKey: toBase64url(wrapped),
    ...(certificate === undefined ? {} : { certificate }),
  })
}

/** SHA-256 of a wrapped key's bytes, base64url. */
export function hashOfKey(wrappedKey: string): string {
  return sha256(
    fromBase64url(wrappedKey, { code: 'SEAL_INVALID', at: '/encrypted_key' }, WRAPPED_KEY_LENGTH),
  )
}

/**
 * A held key that comes from somebody who is not trusted, such as the gateway in the router's eyes.
 *
 * @throws {GatewayError} `SEAL_INVALID` with the pointer of the first fault.
 */
export function checkHeldKey(value: unknown): HeldKey {
  const held: Readonly<Record<string, unknown>> =
    typeof value === 'object' && value !== null ? { ...value } : {}
  const { wrappedKey, signature, certificate } = held
  hashOfKey(text(wrappedKey, '/wrappedKey'))
  return {
    wrappedKey: text(wrappedKey, '/wrappedKey'),
    ...checkFacts(held),
    signature: text(signature, '/signature'),
    ...(certificate === undefined ? {} : { certificate: text(certificate, '/certificate') }),
  }
}

function checkFacts(held: Readonly<Record<string, unknown>>): Omit<SealFacts, 'keyHash'> {
  const { platform, order, courier, group, rev, kid, bodyHash, sealedAt } = held
  return {
    platform: are(isSlug, platform, '/platform'),
    order: are(isOrderId, order, '/order'),
    courier: are(isSlug, courier, '/courier'),
    group: are<Group>(isGroup, group, '/group'),
    rev: are(isRev, rev, '/rev'),
    kid: are(isDigest, kid, '/kid'),
    bodyHash: are(isDigest, bodyHash, '/bodyHash'),
    sealedAt: text(sealedAt, '/sealedAt'),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new GatewayError('SEAL_INVALID', '', { cause })
  }
}

function are<T>(is: (value: unknown) => value is T, value: unknown, at: string): T {
  if (!is(value)) throw new GatewayError('SEAL_INVALID', at)
  return value
}

function text(value: unknown, at: string): string {
  return are((one): one is string => typeof one === 'string', value, at)
}
