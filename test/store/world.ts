import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import {
  type CancellationReason,
  type DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb'
import {
  type EventInput,
  type Input,
  next,
  type Outcome,
  type PostInput,
} from '../../lib/flow/next.ts'
import { startDynamoDb } from '../../lib/local/dynamodb.ts'
import { orderId } from '../../lib/model/order-id.ts'
import {
  createClient,
  createStore,
  createTables,
  type Feed,
  type OwedEntry,
  type Proposal,
  type Result,
  type Store,
} from '../../lib/store/index.ts'

/** What a test makes of a request: nothing, an error before or after it was carried out, another token. */
export type Fault = 'before' | 'after' | 'forget-token' | Error

/** A request as it was sent. */
export interface Sent {
  readonly command: string
  /** How many actions a transaction had. */
  readonly actions: number
}

/** A store upon an empty database, with all that a test wants to see and to break. */
export interface World {
  readonly client: DynamoDBClient
  readonly store: Store
  readonly sent: Sent[]
  /** Decides on the fault of the next request; set by a test. */
  fault: (sent: Sent) => Fault | undefined
  /** What happens just before a request is carried out. */
  interlude: (sent: Sent) => Promise<void>
  /** Milliseconds since 1970. */
  now: number
  /** The requests that the work sent. */
  count(work: () => Promise<unknown>): Promise<Sent[]>
  move(order: string, input: Input): Proposal<Outcome>
  stop(): Promise<void>
}

export const TABLES = { orders: 'lasthop-orders', keys: 'lasthop-keys', audit: 'lasthop-audit' }

/** 2026-01-01 08:00 in Shanghai. */
export const START = Date.UTC(2026, 0, 1)

export const DAY = 86_400_000

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }

export async function makeWorld(): Promise<World> {
  const database = await startDynamoDb({})
  const client = createClient({ endpoint: database.endpoint, region: 'local', credentials })
  await createTables(client, TABLES)
  const sent: Sent[] = []
  const world: World = {
    client,
    sent,
    fault: () => undefined,
    interlude: async () => {},
    now: START,
    store: createStore({
      client,
      tables: TABLES,
      clock: () => world.now,
      random: randomBytes,
      pause: async () => {},
    }),
    async count(work) {
      const before = sent.length
      await work()
      return sent.slice(before)
    },
    move: (order, input) => ({ order, decide: head => next(head, input, world.now) }),
    stop: () => database.stop(),
  }
  watch(world)
  return world
}

function watch(world: World): void {
  world.client.middlewareStack.add(
    (nextHandler, context) => async args => {
      const { input } = args
      const actions = 'TransactItems' in input ? (input.TransactItems?.length ?? 0) : 0
      const one = { command: context.commandName ?? '', actions }
      world.sent.push(one)
      const fault = world.fault(one)
      await world.interlude(one)
      if (fault instanceof Error) throw fault
      if (fault === 'before') throw new Error('the connection broke')
      if (fault === 'forget-token' && 'ClientRequestToken' in input) {
        input.ClientRequestToken = randomBytes(16).toString('hex')
      }
      const result = await nextHandler(args)
      if (fault === 'after' || fault === 'forget-token') throw new Error('the reply was lost')
      return result
    },
    { step: 'initialize', name: 'watch' },
  )
}

/** A transaction that the service cancels for these reasons. */
export function cancelled(codes: readonly string[]): Error {
  const CancellationReasons: CancellationReason[] = codes.map(Code => ({ Code }))
  return new TransactionCanceledException({ message: '', $metadata: {}, CancellationReasons })
}

/** Faults the first requests of a kind, one after the other. */
export function firstFaults(
  command: string,
  faults: readonly (Fault | undefined)[],
): World['fault'] {
  let at = 0
  return sent => (sent.command === command ? faults[at++] : undefined)
}

/** The id of the n-th order of a test. */
export function nameOf(n: number): string {
  return orderId({
    platform: 'lark',
    platformOrders: [String(6900000000000000000n + BigInt(n))],
    parcel: '-',
  })
}

export function post(n: number, changes: Partial<PostInput> = {}): PostInput {
  return {
    kind: 'post',
    order: nameOf(n),
    platform: 'lark',
    shop: '',
    platformOrders: [String(6900000000000000000n + BigInt(n))],
    parcel: '-',
    courier: 'swift',
    shard: 0,
    request: `request-${n}`,
    signedAt: START,
    hmacs: [`body-${n}`],
    sealed: ['receiver', 'sender'],
    boxes: 1,
    deadline: START + DAY,
    expiresAt: START + 90 * DAY,
    doc: JSON.stringify({ order: nameOf(n) }),
    keys: {
      receiver: { wrapped: Buffer.alloc(384, n), signed: 'signed-receiver' },
      sender: { wrapped: Buffer.alloc(384, n + 1), signed: 'signed-sender' },
      certificate: 'certificate',
    },
    ...changes,
  }
}

/** Posts orders and returns what became of them. */
export function postAll(world: World, posts: readonly PostInput[]): Promise<Result<Outcome>[]> {
  return world.store.postOrders(posts.map(one => world.move(one.order, one)))
}

/** What became of one proposal, which must not be an error. */
export function kindOf(result: Result<Outcome> | undefined): string {
  assert.ok(result && 'outcome' in result, JSON.stringify(result))
  return result.outcome.kind
}

export function accepted(
  entry: string,
  waybills: readonly [string, ...string[]],
  document = JSON.stringify({ outcome: 'accepted', waybills }),
): Input {
  const verdict = { outcome: 'accepted', waybills, document } as const
  return { kind: 'answer', courier: 'swift', entry, verdict }
}

export function refused(entry: string): Input {
  const document = JSON.stringify({ outcome: 'refused' })
  return { kind: 'answer', courier: 'swift', entry, verdict: { outcome: 'refused', document } }
}

export function eventOf(n: number, changes: Partial<EventInput> = {}): EventInput {
  const event = `e_${createHash('sha256').update(String(n)).digest('hex').slice(0, 26)}`
  return {
    kind: 'event',
    courier: 'swift',
    event,
    waybill: 'SW1',
    role: 'box',
    status: 'in-transit',
    at: START + n,
    document: JSON.stringify({ event }),
    ...changes,
  }
}

/** The id of the entry that a courier must answer. */
export async function owedOf(world: World, order: string): Promise<string> {
  const head = (await world.store.getHeads([order])).get(order)
  assert.ok(head?.owed)
  return head.owed
}

/** Posts an order and has it accepted with these numbers. */
export async function postAccepted(
  world: World,
  n: number,
  waybills: readonly [string, ...string[]],
): Promise<string> {
  const order = nameOf(n)
  await postAll(world, [post(n)])
  await world.store.changeOrder(world.move(order, accepted(await owedOf(world, order), waybills)))
  return order
}

/** All entries of a feed, page by page. */
export async function readAll(world: World, feed: Feed, limit = 100): Promise<OwedEntry[]> {
  const entries: OwedEntry[] = []
  for (let after: string | undefined; ; ) {
    const page = await world.store.readFeed(feed, { limit, ...(after ? { after } : {}) })
    entries.push(...page.entries)
    if (page.next === undefined) return entries
    after = page.next
  }
}

export const COURIER_FEED = { side: 'courier', partner: 'swift', shard: 0 } as const
export const PLATFORM_FEED = { side: 'platform', partner: 'lark', shard: 0 } as const
export const CUSTODY_FEED = { side: 'custody', partner: 'swift', shard: 0 } as const
