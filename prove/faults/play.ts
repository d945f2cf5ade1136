import { orderId } from '../../lib/model/order-id.ts'
import { numberOf, type Offered, pullAll, type Request } from './clients.ts'
import { PARTNER } from './keys.ts'
import type { Gateway, World } from './world.ts'

/** What the partners were told, and may rely upon. */
export interface Facts {
  /** Orders whose posting was acknowledged. */
  readonly posted: Set<string>
  /** Keys of events that were acknowledged, with the order that each is about. */
  readonly pushed: Map<string, string>
  /** Entries that their owner has acknowledged, or tried to. */
  readonly acked: Set<string>
  /** What went wrong in a way that nothing may. */
  readonly broken: string[]
}

/** How often a request is sent before it counts as never answered. */
const MOST_TRIES = 2_000

/** The order id of the n-th order. */
export const idOf = (n: number): string =>
  orderId({ platform: PARTNER, platformOrders: [numberOf(n)], parcel: '-' })

export const noFacts = (): Facts => ({
  ...{ posted: new Set(), pushed: new Map(), acked: new Set(), broken: [] },
})

/** Sends a request until it is acknowledged; after a kill to a fresh process. */
export async function deliver(world: World, request: Request, facts: Facts): Promise<string> {
  let gateway = world.start()
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    if (gateway.life.isDead) gateway = world.start()
    const reply = await once(world, gateway, request, facts)
    if (reply !== undefined && !isAway(reply)) return reply
  }
  facts.broken.push(`${request.name}: never answered`)
  return 'never answered'
}

/** One sending: undefined where the process is killed. */
async function once(
  world: World,
  gateway: Gateway,
  request: Request,
  { broken }: Facts,
): Promise<string | undefined> {
  const { GatewayError } = world.bench.subject
  const sent = request.send(gateway).catch((error: unknown) => {
    if (error instanceof GatewayError) return `error ${error.code} "retry":"${error.retry}"`
    broken.push(`${request.name}: ${error instanceof Error ? error.stack : error}`)
    return 'broken down'
  })
  return Promise.race([sent, gateway.life.died.then(() => undefined)])
}

/** Whether the caller is told to come again. */
const isAway = (reply: string): boolean => reply.includes('"retry":"later"')

/** The courier's view of one order: the newest entry of a kind. */
export async function entryOf(world: World, n: number, kind = 'waybill'): Promise<Offered> {
  const id = idOf(n)
  const entries = await pullAll(world.start())
  const found = entries.findLast(entry => entry.order === id && entry.kind === kind)
  if (found === undefined) throw new Error(`order ${n} has no ${kind} entry`)
  return found
}
