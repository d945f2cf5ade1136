import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { ContextError, told } from './context.ts'
import schema from './partners.schema.json' with { type: 'json' }

/** A public key. */
type Jwk = Readonly<Record<string, unknown>>

/** A public key that signs, and its id. */
export interface Signer {
  readonly kid: string
  readonly jwk: Jwk
}

/** The gateway's public keys, `partners/gateway.json`. */
export interface GatewayPins {
  /** RFC 7638 thumbprint of the key in KMS. */
  readonly signingKey: string
  readonly gatewayKeys: readonly Jwk[]
  /** Ids of certificates that are no longer believed. */
  readonly revoked?: readonly string[]
}

/** What a courier published, `partners/sf.json`; the last two only it needs itself. */
export interface CourierPins {
  readonly settings: object
  readonly shards?: number
  readonly custodyKeys: readonly (Signer & {
    readonly use: string
    readonly arn: string
    readonly version?: number
    readonly retiredAt?: string
    readonly platform?: string
    readonly platformKeys?: readonly Jwk[]
  })[]
  /** Seals to keys of a lower version are opened no more. */
  readonly minVersion?: number
  readonly dispatchKeys: readonly Signer[]
  readonly issuer: object
  readonly hopKey: string
  /** The gateway's brake of the hops. */
  readonly releases?: object
  readonly controlKeys?: readonly Jwk[]
  readonly brake?: { readonly limit: number; readonly windowSeconds: number }
}

/** What is pinned so far: nothing, when the first stack is deployed. */
export interface Pins {
  readonly gateway?: GatewayPins
  readonly couriers: Readonly<Record<string, CourierPins>>
}

const ajv = new Ajv2020({ strict: true, allErrors: true }).addSchema(schema, 'pins')
const isGateway = ajv.compile<GatewayPins>({ $ref: 'pins#/$defs/gateway' })
const isCourier = ajv.compile<CourierPins>({ $ref: 'pins#/$defs/courier' })

/**
 * Reads the files of a folder that name what is pinned; absent ones are left out.
 *
 * @throws {ContextError} naming the file and each member that is wrong
 */
export function readPins(folder: string, couriers: readonly string[]): Pins {
  const gateway = readFile(join(folder, 'gateway.json'), isGateway)
  const known = couriers.flatMap(name => {
    const pins = readFile(join(folder, `${name}.json`), isCourier)
    return pins === undefined ? [] : [[name, pins] as const]
  })
  return { ...(gateway === undefined ? {} : { gateway }), couriers: Object.fromEntries(known) }
}

function readFile<T>(path: string, isPins: ValidateFunction<T>): T | undefined {
  if (!existsSync(path)) return undefined
  const pins = parse(path)
  if (isPins(pins)) return pins
  throw new ContextError(told(isPins.errors, path))
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    throw new ContextError(`${path}: is no JSON`)
  }
}
