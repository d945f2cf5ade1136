import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { stationApp } from '../../functions/station/app.ts'
import { type CourierClient, courierClient } from '../../lib/cli/courier-client.ts'
import { type PlatformClient, platformClient } from '../../lib/cli/platform-client.ts'
import { type Reply, send } from '../../lib/cli/send.ts'
import { stationPorts, type TokenIssuer, tokenIssuer } from '../../lib/cli/station-client.ts'
import type { Courier } from '../../lib/couriers/courier.ts'
import { couriers } from '../../lib/couriers/index.ts'
import { sealPinsOf } from '../../lib/flow/keyring.ts'
import type { World } from '../../lib/local/world.ts'
import { platforms } from '../../lib/platforms/index.ts'
import type { OutgoingRequest, Platform } from '../../lib/platforms/platform.ts'
import { calmClock } from './marks.ts'
import { type Outlets, told } from './outlets.ts'

/** Where the gateway seems to be: nothing listens there, the process answers itself. */
const ORIGIN = 'http://gateway.invalid'

/** A platform with its client. */
export interface PlatformPlayer {
  readonly platform: Platform
  readonly client: PlatformClient
  readonly secret: string
  readonly appKey: string
}

/** A courier with its client and its stations. */
export interface CourierPlayer {
  readonly courier: Courier
  readonly client: CourierClient
  readonly secret: string
  readonly issuer: TokenIssuer
  readonly station: ReturnType<typeof stationApp>
}

/** A gateway in this process, everybody who calls it, and what it serves beside. */
export interface Stage {
  readonly world: World
  readonly platforms: readonly PlatformPlayer[]
  readonly couriers: readonly CourierPlayer[]
  readonly shred: () => Promise<unknown>
  readonly sweep: () => Promise<unknown>
  /** Sends what no client would, by name of who would have sent it. */
  readonly fetch: typeof fetch
  /** Sends a request as it is. */
  readonly send: (request: OutgoingRequest) => Promise<Reply>
}

/** Starts the world of the `lib/` below a folder, all that leaves it tapped. */
export async function setStage(root: string, folder: string, outlets: Outlets): Promise<Stage> {
  const load = (path: string) => import(pathToFileURL(join(root, path)).href)
  const [{ startWorld }, { gatewayApp }, station, { countTo, measureTo, bugTo }, flows] =
    await Promise.all([
      load('lib/local/world.ts'),
      load('lib/local/server.ts'),
      load('functions/station/app.ts'),
      load('functions/metrics.ts'),
      Promise.all([load('lib/flow/shred.ts'), load('lib/flow/sweep.ts')]),
    ])
  const now = calmClock()
  const lines = { write: (line: string) => outlets.put('metrics', line) }
  const log = { write: (line: string) => process.stdout.write(line) }
  const world: World = await startWorld({
    ...{ folder, origin: ORIGIN, now, count: countTo(lines, 'gateway', now) },
    onCall: (record: unknown) => outlets.put('records of calls', told(record)),
    note: (note: unknown) => console.log(told({ router: note })),
  })
  const report = bugTo(log, 'gateway', now)
  const app = gatewayApp(world, report)
  const answer = answering(app, outlets)
  const [{ shredClosed, shredOutlived }, { sweepFeeds }] = flows
  const measure = measureTo(lines, now)
  return {
    world,
    fetch: answer,
    send: request => send(ORIGIN, request),
    platforms: platforms.flatMap(platform => {
      const identity = world.identities.platforms[platform.name]
      if (identity === undefined) return []
      const client = platformClient(ORIGIN, platform.name, identity)
      return [{ platform, client, ...identity }]
    }),
    couriers: couriers.flatMap(courier => playerOf(world, courier, station, report)),
    shred: async () => [await shredClosed(world.custody), await shredOutlived(world.custody)],
    sweep: () => sweepFeeds({ ...world.sweep, measure }),
  }
}

function playerOf(
  world: World,
  courier: Courier,
  station: { stationApp: typeof stationApp },
  report: (bug: string) => void,
): CourierPlayer[] {
  const contract = world.config.couriers[courier.name]
  const keys = world.couriers[courier.name]
  const identity = world.identities.couriers[courier.name]
  if (!contract || !keys || !identity) return []
  const pins = sealPinsOf(world.config, contract)
  const ports = stationPorts(ORIGIN, keys, world.aws, pins)
  const trust = { pins, router: contract.router }
  return [
    {
      courier,
      client: courierClient(ORIGIN, courier.name, identity, trust),
      secret: identity.secret,
      issuer: tokenIssuer(contract.issuer.url, identity),
      station: station.stationApp(ports, report, note => console.log(told({ station: note }))),
    },
  ]
}

/**
 * In place of the network: the gateway's answers, each searched with its headers before anybody has it.
 * What is a caller's own request is not.
 */
function answering(
  app: { fetch(request: Request): Response | Promise<Response> },
  outlets: Outlets,
) {
  const native = globalThis.fetch
  const answer: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    if (!request.url.startsWith(ORIGIN)) return native(request)
    const response = await app.fetch(request)
    const body = new Uint8Array(await response.clone().arrayBuffer())
    outlets.put('headers', [...response.headers].map(pair => pair.join(': ')).join('\n'))
    outlets.put(sinkOf(new URL(request.url).pathname, response.status), body)
    return response
  }
  globalThis.fetch = answer
  return answer
}

function sinkOf(path: string, status: number): string {
  if (status >= 400) return 'errors'
  if (path.endsWith('/waybills')) return 'feeds of couriers'
  if (path.endsWith('/events') && path.includes('/platforms/')) return 'feeds of platforms'
  return path.includes('/hops/') ? 'releases' : 'answers'
}
