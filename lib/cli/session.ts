import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StationPorts } from '../../functions/station/open-at-hop.ts'
import type { GatewayConfig } from '../flow/config.ts'
import { sealPinsOf } from '../flow/keyring.ts'
import type { CourierKeys } from '../local/accounts.ts'
import { readIdentities } from '../local/identities.ts'
import type { LocalGateway } from '../local/server.ts'
import { type CourierClient, courierClient } from './courier-client.ts'
import { type OperatorTables, operatorTables } from './operator-tables.ts'
import { UsageError } from './partners.ts'
import { type PlatformClient, platformClient } from './platform-client.ts'
import { stationPorts, type TokenIssuer, tokenIssuer } from './station-client.ts'

const FILE = 'gateway.json'

/** What a running gateway tells its callers in the data folder: addresses and public keys, no secret. */
interface Addresses {
  readonly origin: string
  readonly aws: { readonly endpoint: string; readonly region: string }
  readonly dynamodb: string
  readonly config: GatewayConfig
  readonly couriers: Readonly<Record<string, CourierKeys>>
}

/** Writes the addresses of a running gateway for the other verbs. */
export function writeAddresses(folder: string, gateway: LocalGateway): void {
  const { origin, config, couriers, dynamodb } = gateway
  const { endpoint, region } = gateway.aws
  const addresses: Addresses = { origin, aws: { endpoint, region }, dynamodb, config, couriers }
  const file = join(folder, FILE)
  writeFileSync(`${file}.new`, `${JSON.stringify(addresses, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** The clients of a gateway that runs over a data folder. */
export interface Session {
  readonly config: GatewayConfig
  platform(name: string): PlatformClient
  courier(name: string): CourierClient
  /** The tables themselves, as the operator sees them. */
  tables(): OperatorTables
  station(courier: string): { readonly ports: StationPorts; readonly issuer: TokenIssuer }
}

/**
 * Opens the clients of the gateway that runs over this data folder.
 *
 * @throws {UsageError} where none was ever started there
 */
export function openSession(folder: string): Session {
  const identities = readIdentities(folder)
  const file = join(folder, FILE)
  if (identities === undefined || !existsSync(file)) {
    throw new UsageError(`no gateway was started in ${folder}; run: npm start`)
  }
  const { origin, aws, dynamodb, config, couriers } = JSON.parse(
    readFileSync(file, 'utf8'),
  ) as Addresses
  const courierOf = (name: string) => {
    const contract = config.couriers[name]
    const identity = identities.couriers[name]
    const keys = couriers[name]
    if (!contract || !identity || !keys) throw new UsageError(`no courier "${name}" here`)
    return { contract, identity, keys, pins: sealPinsOf(config, contract) }
  }
  return {
    config,
    platform(name) {
      const identity = identities.platforms[name]
      if (identity === undefined) throw new UsageError(`no platform "${name}" here`)
      return platformClient(origin, name, identity)
    },
    courier(name) {
      const { contract, identity, pins } = courierOf(name)
      return courierClient(origin, name, identity, { pins, router: contract.router })
    },
    tables() {
      // Written by an older version, the file does not say where the database is.
      if (!dynamodb) throw new UsageError(`start the gateway of ${folder} again; run: npm start`)
      return operatorTables(dynamodb, aws.region, config, identities)
    },
    station(name) {
      const { contract, identity, keys, pins } = courierOf(name)
      return {
        ports: stationPorts(origin, keys, aws, pins),
        issuer: tokenIssuer(contract.issuer.url, identity),
      }
    },
  }
}
