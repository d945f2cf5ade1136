import type { JsonWebKey } from 'node:crypto'
import type { CourierSettings } from '../couriers/courier.ts'

/** A custody key of a courier, pinned by its thumbprint. */
export interface PinnedKey {
  /** RFC 7638 thumbprint. */
  readonly kid: string
  readonly jwk: JsonWebKey
  /** The platform that seals to this key by itself, and its signing keys; absent: the gateway seals to it. */
  readonly platform?: string
  readonly platformKeys?: readonly JsonWebKey[]
  /** The gateway seals to the current one, and to the next once the current one is retired. */
  readonly use: 'current' | 'next' | 'retired'
  /** From then on no seal may be made to this key; seals made before stay good. */
  readonly retiredAt?: string
  /** Generation of the key, from 1, which is the default. */
  readonly version?: number
}

/** A public key that signs: its id and the key, which fixes the algorithm. */
export interface SigningKey {
  readonly kid: string
  readonly jwk: JsonWebKey
}

/** How many releases a hop has in a window when all is well. */
export interface ReleaseBrake {
  readonly windowSeconds: number
  /** Normal load of a hop: above it nothing is released until a person lifts it. */
  readonly limit: number
  /** Normal loads of single hops, where they differ: `{"XM-0592-017": 200}`. */
  readonly hops?: Readonly<Record<string, number>>
  /** Counts at which an alarm is raised: `[50, 500, 5000]`. */
  readonly alarms: readonly number[]
}

/** All that the gateway knows of a courier; public, so it stands in configuration. */
export interface CourierConfig {
  readonly settings: CourierSettings
  readonly custodyKeys: readonly PinnedKey[]
  /** Seals to keys below this version are opened no more; default 1. Router and station have it too. */
  readonly minVersion?: number
  /** Who may sign assignments, two at a time. */
  readonly dispatchKeys: readonly SigningKey[]
  /** The courier's identity provider: whose release tokens are taken. */
  readonly issuer: { readonly url: string; readonly keys: readonly SigningKey[] }
  /** Default: 10,000 an hour, alarms at 50, 500 and 5,000. */
  readonly releases?: ReleaseBrake
  /** Name of the courier's router, the audience of its assignments. */
  readonly router: string
  /** How many shards its feed has; an order's shard is fixed at posting. */
  readonly shards: number
  /** Switched off: its calls are answered 503, and no order is taken for it. */
  readonly disabled?: true
}

/** All that the gateway knows of a platform beside its secrets. */
export interface PlatformConfig {
  readonly shards: number
  /** Switched off: its calls are answered 503. */
  readonly disabled?: true
}

/** The gateway's configuration: no secret in it. */
export interface GatewayConfig {
  /** Scheme, host and path prefix under which callers reach the gateway; signatures are checked against it, never against headers. */
  readonly origin: string
  /** Public halves of the gateway's signing keys, two at a time, which certify those who sign seals. */
  readonly gatewayKeys: readonly JsonWebKey[]
  readonly revokedCertificates: readonly string[]
  readonly couriers: Readonly<Record<string, CourierConfig>>
  readonly platforms: Readonly<Record<string, PlatformConfig>>
  /** How long an order may wait for its courier, in seconds. */
  readonly offerSeconds: number
  /** How long an order and its keys are kept at most, in seconds. */
  readonly keepSeconds: number
}
