import type { StationPorts } from '../../../functions/station/open-at-hop.ts'
import type { Courier } from '../../couriers/courier.ts'
import { sealPinsOf } from '../../flow/keyring.ts'
import type { CourierKeys } from '../../local/accounts.ts'
import type { CallRecord } from '../../local/aws-server.ts'
import { scanTables } from '../../local/scan.ts'
import { type LocalGateway, startGateway } from '../../local/server.ts'
import type { Draft } from '../../model/draft.ts'
import { GatewayError } from '../../model/errors.ts'
import type { Platform } from '../../platforms/platform.ts'
import type { SealPins } from '../../seal/index.ts'
import { type CourierClient, courierClient } from '../courier-client.ts'
import { readText } from '../files.ts'
import { requestOf, unsignedCredential } from '../native-request.ts'
import { courierNamed, platformNamed, UsageError } from '../partners.ts'
import { type PlatformClient, platformClient } from '../platform-client.ts'
import { stationPorts, type TokenIssuer, tokenIssuer } from '../station-client.ts'

/** The gateway that a demonstration plays with, wherever it runs. */
export interface StageGateway extends Pick<LocalGateway, 'origin' | 'aws' | 'identities' | 'stop'> {
  /** All that its tables hold, as one text. */
  scan(): Promise<string>
}

/** What a demonstration plays with: the gateway, and everybody who calls it. */
export interface Stage {
  readonly gateway: StageGateway
  readonly platformName: string
  readonly courierName: string
  readonly platform: PlatformClient
  readonly courier: CourierClient
  readonly station: StationPorts
  readonly issuer: TokenIssuer
  readonly keys: CourierKeys
  readonly pins: SealPins
  /** Calls to KMS and STS, as they were decided. */
  readonly calls: CallRecord[]
}

/** Starts all that the demonstration needs, in memory. */
export async function setStage(platformName: string, courierName: string): Promise<Stage> {
  platformNamed(platformName)
  courierNamed(courierName)
  const calls: CallRecord[] = []
  const gateway = await startGateway({ port: 0, onCall: record => void calls.push(record) })
  const { origin, identities, config } = gateway
  const contract = config.couriers[courierName]
  const keys = gateway.couriers[courierName]
  const courierSecrets = identities.couriers[courierName]
  const platformSecrets = identities.platforms[platformName]
  if (!contract || !keys || !courierSecrets || !platformSecrets) {
    throw new UsageError('this pair is not set up')
  }
  const pins = sealPinsOf(config, contract)
  const trust = { pins, router: contract.router }
  return {
    ...{ platformName, courierName, keys, pins, calls },
    gateway: { ...gateway, scan: () => scanTables(gateway.dynamodb, gateway.aws.region) },
    platform: platformClient(origin, platformName, platformSecrets),
    courier: courierClient(origin, courierName, courierSecrets, trust),
    station: stationPorts(origin, keys, gateway.aws, pins),
    issuer: tokenIssuer(contract.issuer.url, courierSecrets),
  }
}

/**
 * The built-in order of a platform, for this courier.
 *
 * @throws {UsageError} where the platform has no code for this courier
 */
export function builtIn(platform: Platform, courier: Courier): string {
  const { product, account } = courier.sandbox
  try {
    return JSON.stringify(platform.sandbox.requestFor(courier.name, { product, account }))
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    throw new UsageError(`${platform.name} has no order for ${courier.name}: ${error.message}`)
  }
}

/** The order request to play with: the user's file as it is, or the platform's built-in order. */
export function readRequestText(
  platform: Platform,
  courier: Courier,
  file: string | undefined,
): string {
  return file === undefined ? builtIn(platform, courier) : readText(file)
}

/** @throws {UsageError} for a file that is no order request of the platform. */
export function checkReadable(platform: Platform, text: string, file = 'the built-in order'): void {
  try {
    draftsIn(platform, text, platform.sandbox.appKey)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    throw new UsageError(`${file} is no order request of ${platform.name}: ${error.message}`)
  }
}

/** The orders in a request as their platform's adapter reads them, readable or not. */
export function ordersIn(platform: Platform, text: string, appKey: string) {
  return platform.readOrders(requestOf(platform, text, appKey), unsignedCredential(appKey))
}

/** Those that can be read, to compare with at the end. */
export function draftsIn(platform: Platform, text: string, appKey: string): Draft[] {
  return ordersIn(platform, text, appKey).flatMap(order => ('draft' in order ? [order.draft] : []))
}
