import { readFileSync } from 'node:fs'
import { GatewayError } from '../../lib/model/errors.ts'
import { readSealPins, type SealPins, type SealPinsFile } from '../../lib/seal/pins.ts'

/** The station helper's configuration file: public keys and names, no secret. */
export interface StationFile extends SealPinsFile {
  readonly courier: string
  /** Scheme, host and prefix of the gateway: `https://gateway.example`. */
  readonly gateway: string
  readonly hopKey: string
  /** ARN of the role that stations sign in to. */
  readonly stationRole: string
}

const MEMBERS: readonly (keyof StationFile)[] = [
  'courier',
  'gateway',
  'hopKey',
  'stationRole',
  'custodyKeys',
  'gatewayKeys',
]

/**
 * Reads the configuration file that environment variable `STATION_CONFIG` names.
 *
 * @throws {GatewayError} `VALUE_INVALID` at the first member that is missing or cannot be pinned.
 */
export function loadStationFile(
  env: Readonly<Record<string, string | undefined>>,
): StationFile & { readonly pins: SealPins } {
  const file: unknown = JSON.parse(readFileSync(env.STATION_CONFIG ?? 'station.json', 'utf8'))
  if (!isStationFile(file)) throw new GatewayError('VALUE_INVALID')
  return { ...file, pins: readSealPins(file) }
}

function isStationFile(file: unknown): file is StationFile {
  if (typeof file !== 'object' || file === null) return false
  const missing = MEMBERS.find(name => !(name in file))
  if (missing !== undefined) throw new GatewayError('VALUE_INVALID', `/${missing}`)
  return true
}
