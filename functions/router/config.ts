import type { JsonWebKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Brake } from '../../lib/custody/brake.ts'
import type { RouterConfig } from '../../lib/custody/router-ports.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import { pinKey } from '../../lib/seal/keys.ts'
import { readSealPins, type SealPinsFile } from '../../lib/seal/pins.ts'

/** The router's configuration file: public keys, names and limits, no secret. */
export interface RouterFile {
  readonly courier: string
  readonly aud: string
  readonly table: string
  readonly hopKey: string
  readonly custodyKeys: readonly (SealPinsFile['custodyKeys'][number] & { readonly arn: string })[]
  readonly minVersion?: number
  readonly gatewayKeys: readonly JsonWebKey[]
  readonly revoked?: readonly string[]
  readonly dispatchKeys: readonly JsonWebKey[]
  readonly controlKeys: readonly JsonWebKey[]
  readonly brake: Brake
  readonly keepSeconds: number
  /** Secret that holds the private JWK by which receipts are signed. */
  readonly receiptSecret: string
}

const MEMBERS: readonly (keyof RouterFile)[] = [
  'courier',
  'aud',
  'table',
  'hopKey',
  'custodyKeys',
  'gatewayKeys',
  'dispatchKeys',
  'controlKeys',
  'brake',
  'keepSeconds',
  'receiptSecret',
]

/**
 * Reads the configuration file that environment variable `ROUTER_CONFIG` names.
 *
 * @throws {GatewayError} `VALUE_INVALID` at the first member that is missing.
 */
export function loadRouterFile(env: Readonly<Record<string, string | undefined>>): RouterFile {
  const file: unknown = JSON.parse(readFileSync(env.ROUTER_CONFIG ?? 'router.json', 'utf8'))
  if (!isRouterFile(file)) throw new GatewayError('VALUE_INVALID')
  return file
}

/**
 * What a router trusts, from its file.
 *
 * @throws {GatewayError} `VALUE_INVALID` for a key that cannot be pinned.
 */
export function readRouterConfig(file: RouterFile): RouterConfig {
  const { courier, aud, brake, hopKey: hopKeyArn } = file
  return {
    courier,
    aud,
    brake,
    hopKeyArn,
    dispatchKeys: file.dispatchKeys.map(jwk => pinKey(jwk)),
    controlKeys: file.controlKeys.map(jwk => pinKey(jwk)),
    pins: readSealPins(file),
    custodyKeyArns: Object.fromEntries(file.custodyKeys.map(({ kid, arn }) => [kid, arn])),
  }
}

function isRouterFile(file: unknown): file is RouterFile {
  if (typeof file !== 'object' || file === null) return false
  const missing = MEMBERS.find(name => !(name in file))
  if (missing !== undefined) throw new GatewayError('VALUE_INVALID', `/${missing}`)
  return true
}
