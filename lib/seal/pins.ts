import type { JsonWebKey } from 'node:crypto'
import { GatewayError } from '../model/errors.ts'
import { isDigest, isSlug } from './envelope.ts'
import { isInstant } from './instant.ts'
import { type PinnedKey, pinKey } from './keys.ts'

/** What is trusted about one custody key. */
export interface CustodyKeyPin {
  /** RFC 7638 thumbprint of the custody key. */
  readonly kid: string
  /** Set for the key of a platform that seals by itself: nobody but that platform may sign for it. */
  readonly platform?: { readonly name: string; readonly keys: readonly PinnedKey[] }
  /** From here on no seal may be made for this key: `2026-01-01T00:00:00Z`. */
  readonly retiredAt?: string
}

/** What a verifier of seals was told to trust, out of band. */
export interface SealPins {
  readonly custodyKeys: readonly CustodyKeyPin[]
  /** The gateway's signing keys, two at a time while they rotate. */
  readonly gatewayKeys: readonly PinnedKey[]
  /** Ids of certificates that are no longer believed. */
  readonly revoked: readonly string[]
}

/** The pins as they stand in a configuration file. */
export interface SealPinsFile {
  readonly custodyKeys: readonly {
    readonly kid: string
    readonly platform?: string
    readonly platformKeys?: readonly JsonWebKey[]
    readonly retiredAt?: string
    /** Generation of the key, from 1, which is the default. */
    readonly version?: number
  }[]
  /** Keys of a lower version are not pinned any more: nothing sealed to them is opened. Default 1. */
  readonly minVersion?: number
  readonly gatewayKeys: readonly JsonWebKey[]
  readonly revoked?: readonly string[]
}

/**
 * Pins from a configuration file.
 *
 * @throws {GatewayError} `VALUE_INVALID` with the pointer of what cannot be pinned.
 */
export function readSealPins(file: SealPinsFile): SealPins {
  const least = generation(file.minVersion, '/minVersion')
  const all = file.custodyKeys.map((key, i) => ({
    pin: custodyKeyPin(key, `/custodyKeys/${i}`),
    version: generation(key.version, `/custodyKeys/${i}/version`),
  }))
  return {
    custodyKeys: all.filter(({ version }) => version >= least).map(({ pin }) => pin),
    gatewayKeys: file.gatewayKeys.map(jwk => pinKey(jwk)),
    revoked: file.revoked ?? [],
  }
}

function generation(value: number | undefined, at: string): number {
  const version = value ?? 1
  if (!Number.isSafeInteger(version) || version < 1) throw new GatewayError('VALUE_INVALID', at)
  return version
}

function custodyKeyPin(key: SealPinsFile['custodyKeys'][number], at: string): CustodyKeyPin {
  const { kid, platform, platformKeys = [], retiredAt } = key
  if (!isDigest(kid)) throw new GatewayError('VALUE_INVALID', `${at}/kid`)
  if (retiredAt !== undefined && !isInstant(retiredAt)) {
    throw new GatewayError('VALUE_INVALID', `${at}/retiredAt`)
  }
  if (platform === undefined ? platformKeys.length > 0 : !isSlug(platform)) {
    throw new GatewayError('VALUE_INVALID', `${at}/platform`)
  }
  return {
    kid,
    ...(platform === undefined
      ? {}
      : { platform: { name: platform, keys: platformKeys.map(jwk => pinKey(jwk)) } }),
    ...(retiredAt === undefined ? {} : { retiredAt }),
  }
}
