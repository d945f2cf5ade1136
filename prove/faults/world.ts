import { randomBytes } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { RawRequest } from '../../lib/access/request.ts'
import { type Control, signControl } from '../../lib/custody/control.ts'
import type { RouterConfig, RouterPorts } from '../../lib/custody/router-ports.ts'
import type { ReleaseRequest } from '../../lib/flow/release.ts'
import { pinOf } from '../../lib/seal/keys.ts'
import { type Chance, chanceOf } from '../seals/chance.ts'
import { createDouble, type Double } from './double.ts'
import type { Item } from './expressions.ts'
import * as keys from './keys.ts'
import { begin, type Call, clientThrough, createLayer, type Layer, type Life } from './layer.ts'
import { loadSubject, type Subject } from './subject.ts'

/** Carries out a request of the store, by the name of its command. */
export type Database = (name: string, input: object) => Promise<object>

/** Tables, a clock, and processes that come and go. */
export interface World {
  readonly bench: Bench
  readonly layer: Layer
  /** Where the tables are in memory. */
  readonly double: Double | undefined
  /** Milliseconds since 1970. */
  now: number
  /** What the functions counted for the metrics. */
  readonly counts: Record<string, number>
  /** A fresh process: nothing of an earlier one is in its memory. */
  start(): Gateway
}

/** The gateway's functions in one process. */
export interface Gateway {
  readonly life: Life
  post(request: RawRequest): Promise<unknown>
  change(request: RawRequest): Promise<unknown>
  pull(query: ReadonlyMap<string, string>): ReturnType<Subject['offerEntries']>
  answer(body: unknown): ReturnType<Subject['answerEntries']>
  ack(body: unknown): Promise<unknown>
  events(request: RawRequest): ReturnType<Subject['readPlatformEvents']>
  ackEvents(request: RawRequest): Promise<unknown>
  push(request: RawRequest): Promise<unknown>
  assign(body: unknown): ReturnType<Subject['assignHops']>
  release(request: ReleaseRequest): ReturnType<Subject['releaseToHop']>
  shredClosed(): ReturnType<Subject['shredClosed']>
  shredOutlived(): ReturnType<Subject['shredOutlived']>
  sweep(): ReturnType<Subject['sweepFeeds']>
  readonly store: ReturnType<Subject['createStore']>
}

/** The code put to the proof, and how its courier's router was set up. */
export interface Bench {
  readonly subject: Subject
  readonly routerConfig: RouterConfig
  /** What the courier's control key has put into the router's table. */
  readonly routerItems: readonly Item[]
}

/** Loads the code below a folder and has its router's table opened and its hops registered. */
export async function prepare(root: string): Promise<Bench> {
  const subject = await loadSubject(root)
  const routerConfig: RouterConfig = {
    ...{ courier: keys.PARTNER, aud: keys.ROUTER, hopKeyArn: keys.HOP_ARN },
    dispatchKeys: [pinOf(keys.dispatchKey)],
    controlKeys: [pinOf(keys.controlKey)],
    pins: subject.readSealPins(keys.routerFile),
    custodyKeyArns: keys.routerFile.custodyKeyArns,
    brake: { limit: 1_000_000, windowSeconds: WINDOW_SECONDS },
  }
  const bench = { subject, routerConfig, routerItems: [] }
  const double = createDouble()
  await openRouter(bench, async (name, input) => double.run(name, input))
  return { ...bench, routerItems: double.items(keys.ROUTER_TABLE) }
}

/** Opens the router's table in a database, and has the hops registered. */
export async function openRouter(bench: Bench, database: Database): Promise<void> {
  const client = clientThrough(base, createLayer(), begin(), database)
  const now = new Date(keys.START)
  const away = () => Promise.reject(new Error('not yet'))
  const router = routerOver(bench, () => now, client, away)
  const { PARTNER: courier, ROUTER: aud } = keys
  const order = async (control: Control) => {
    const statement = signControl(control, { aud, courier, now }, keys.controlKey)
    const answer = await router({ control: statement })
    if (!('ordered' in answer)) throw new Error('the router does not obey')
  }
  await order({ action: 'raise-floor', notBefore: keys.START / 1000 - 86_400 })
  for (const [hop, kind] of Object.entries(keys.HOPS)) {
    await order({ action: 'register-hop', hop, kind, limit: 1_000_000 })
  }
}

/** A world in memory. */
export function createWorld(bench: Bench, seed: number): World {
  const double = createDouble()
  for (const Item of bench.routerItems) {
    double.run('PutItemCommand', { TableName: keys.ROUTER_TABLE, Item })
  }
  return worldOver(bench, seed, async (name, input) => double.run(name, input), double)
}

/** A world upon any database that has the tables, the router's already opened. */
export function worldOver(bench: Bench, seed: number, database: Database, double?: Double): World {
  const chance = chanceOf(seed)
  const world: World = {
    ...{ bench, double, now: keys.START, counts: {}, layer: createLayer(double) },
    start: () => startGateway(world, chance, database),
  }
  return world
}

const base = new DynamoDBClient({ region: 'local', maxAttempts: 1 })
const WINDOW_SECONDS = 3600

function startGateway(world: World, chance: Chance, database: Database): Gateway {
  const { layer } = world
  const { subject } = world.bench
  const life = begin()
  const client = clientThrough(base, layer, life, database)
  const now = () => new Date(world.now)
  const random = (bytes: number) => Uint8Array.from({ length: bytes }, () => chance.below(256))
  const pause = async () => {}
  const store = subject.createStore({
    ...{ client, tables: keys.TABLES, clock: () => world.now, random, pause },
  })
  const count = (metric: string, by = 1) => {
    world.counts[metric] = (world.counts[metric] ?? 0) + by
  }
  const secret = async () => keys.secretBytes
  const secrets = {
    platforms: subject.openSecrets(secret, 'platforms', now),
    couriers: subject.openSecrets(secret, 'couriers', now),
  }
  const certify = {
    kid: keys.gatewayKey.kid,
    sign: (message: Uint8Array) =>
      throughLayer(layer, life, { port: 'kms', name: 'Sign', input: {} }, async () => ({
        signature: keys.signAtKms(message),
      })).then(({ signature }) => signature),
  }
  const signer = subject.createSealSigner({ certify, now, jitterSeconds: 0 })
  const shared = { config: keys.config, now, count, store, secrets }
  const ports = {
    ...{ ...shared, signer, router: lineToRouter(world, life, client) },
    ...{ bodyKeys: async () => [BODY_KEY] as const, measure: () => {} },
  }
  const partner = keys.PARTNER
  return {
    ...{ life, store },
    post: request => subject.receiveOrders(ports, partner, request),
    change: request => subject.changeOrders(ports, partner, request),
    pull: query => subject.offerEntries(ports, partner, query, {}),
    answer: body => subject.answerEntries(ports, partner, body),
    ack: body => subject.ackEntries(ports, { side: 'courier', partner }, body),
    events: request => subject.readPlatformEvents(ports, partner, request),
    ackEvents: request => subject.ackPlatformEvents(ports, partner, request),
    push: request => subject.reportEvents(ports, partner, request, undefined),
    assign: body => subject.assignHops(ports, partner, body),
    release: request => subject.releaseToHop(ports, request),
    shredClosed: () => subject.shredClosed(ports),
    shredOutlived: () => subject.shredOutlived(ports),
    sweep: () => subject.sweepFeeds(ports),
  }
}

const BODY_KEY = Buffer.alloc(32, 9)

/** Passes a call that is none of the store's. */
async function throughLayer<T extends object>(
  layer: Layer,
  life: Life,
  call: Call,
  run: () => Promise<T>,
): Promise<T> {
  let result: T | undefined
  await layer.pass(life, call, async () => {
    result = await run()
    return result
  })
  if (result === undefined) throw new Error('nothing came of it')
  return result
}

/** From custody to the router: its own calls may fail as well, and the line to it. */
function lineToRouter(world: World, life: Life, client: DynamoDBClient) {
  const { subject } = world.bench
  const { layer } = world
  const made = routerOver(
    world.bench,
    () => new Date(world.now),
    client,
    call =>
      throughLayer(layer, life, { port: 'kms', name: 'ReEncrypt', input: {} }, async () => {
        const { context, wrappedKey, custodyKeyArn, hopKeyArn } = call
        if (Object.keys(context).length === 0 || wrappedKey.length === 0) throw new Error('refused')
        return { ciphertext: randomBytes(48), custodyKeyArn, hopKeyArn }
      }),
  )
  return (_courier: string, request: object) =>
    throughLayer(layer, life, { port: 'router', name: 'Invoke', input: {} }, () =>
      made(request),
    ).catch(cause => {
      throw new subject.GatewayError('STORE_AWAY', '/router', { retry: 'later', cause })
    })
}

function routerOver(
  { subject, routerConfig }: Bench,
  now: () => Date,
  client: DynamoDBClient,
  reEncrypt: RouterPorts['reEncrypt'],
) {
  const table = subject.openRouterTable(subject.openStore(client, keys.ROUTER_TABLE), {
    ...{ now, keepSeconds: keys.KEEP_MS / 1000, windowSeconds: WINDOW_SECONDS },
  })
  const { receiptKey } = keys
  return subject.createRouter(routerConfig, { table, reEncrypt, receiptKey, now, note: () => {} })
}
