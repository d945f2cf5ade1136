import { type Budget, type StorePorts, startBudget, storeAway } from './client.ts'
import { commit, type Job, type JobResult } from './commit.ts'
import { type Head, isExpired } from './head.ts'
import { type Doc, platformRefPartition, roleOf, textOf, waybillRefKey } from './items.ts'
import { docName, queryAll, readDocs, readHeads, readItems } from './read.ts'
import { inSequence, type Proposal, type WaybillRole } from './step.ts'

/** Causes of one order that become one write. More of them in one call take further round trips. */
const MOST_CAUSES = 8

/** What became of a proposal: the order as it is now, or the error that concerns this order alone. */
export type Result<Outcome> = { readonly order: string } & JobResult<Outcome>

/** Orders, found and moved on. Every method throws `STORE_AWAY` when the store cannot be reached. */
export interface Orders {
  /**
   * Proposes orders that are most likely new. They share transactions, some twenty in each; one round
   * trip for a new order and for a repeat, which finds the order and its documents. Results stand in
   * the order of the proposals, and one order's error leaves the others alone.
   */
  postOrders<Outcome>(proposals: readonly Proposal<Outcome>[]): Promise<Result<Outcome>[]>
  /**
   * Moves orders on: one round trip reads their heads, one more writes what is to be written. Several
   * proposals for one order are decided one upon the other.
   */
  changeOrders<Outcome>(proposals: readonly Proposal<Outcome>[]): Promise<Result<Outcome>[]>
  /**
   * Moves one order on.
   *
   * @throws {GatewayError} what the decision throws; `STATE_CONFLICT` at `/waybills` for a number
   *   that another live order has; `VALUE_TOO_LONG`; `STORE_AWAY`
   */
  changeOrder<Outcome>(proposal: Proposal<Outcome>): Promise<Changed<Outcome>>
  /** The heads of orders, by order. Orders that are not there, or whose time is over, are left out. */
  getHeads(orders: readonly string[]): Promise<Map<string, Head>>
  /** The documents of orders as they are now, by order. */
  getDocs(heads: readonly Pick<Head, 'order' | 'life'>[]): Promise<Map<string, Doc>>
  /** The orders that a platform's order number is part of. */
  findByPlatformOrder(number: PlatformNumber): Promise<string[]>
  /** The orders of waybill numbers, by number. */
  findByWaybill(courier: string, waybills: readonly string[]): Promise<Map<string, WaybillOwner>>
}

/** A change that was made, or was not needed. */
export type Changed<Outcome> = Exclude<Result<Outcome>, { error: unknown }>

/** What names an order on its platform. */
export interface PlatformNumber {
  readonly platform: string
  /** Only for orders of another channel; else empty. */
  readonly shop: string
  readonly platformOrder: string
}

/** Whose a waybill number is. */
export interface WaybillOwner {
  readonly order: string
  readonly role: WaybillRole
}

/** The part of the store that keeps orders. */
export function createOrders(ports: StorePorts): Orders {
  const budget = () => startBudget(ports)
  const changeOrders: Orders['changeOrders'] = async proposals => {
    const on = budget()
    const orders = proposals.map(({ order }) => order)
    return settle(ports, on, proposals, await readHeads(ports, on, orders))
  }
  return {
    changeOrders,
    async postOrders(proposals) {
      const on = budget()
      return withDocs(ports, on, await settle(ports, on, proposals, new Map()))
    },
    async changeOrder(proposal) {
      const [result] = await changeOrders([proposal])
      if (result === undefined) throw storeAway(undefined)
      if ('error' in result) throw result.error
      return result
    },
    async getHeads(orders) {
      const now = ports.clock()
      const heads = await readHeads(ports, budget(), orders)
      return new Map([...heads].filter(([, head]) => !isExpired(head, now)))
    },
    async getDocs(heads) {
      const docs = await readDocs(ports, budget(), heads)
      return new Map([...docs.values()].map(doc => [doc.order, doc]))
    },
    async findByPlatformOrder({ platform, shop, platformOrder }) {
      if (!isNumber(shop) || !isNumber(platformOrder)) return []
      const partition = platformRefPartition(platform, shop, platformOrder)
      const items = await queryAll(ports, budget(), ports.tables.orders, partition)
      return items.flatMap(item => textOf(item, 'order') ?? [])
    },
    async findByWaybill(courier, waybills) {
      const wanted = new Map(
        waybills.filter(isNumber).map(waybill => {
          const key = waybillRefKey(courier, waybill)
          return [textOf(key, 'pk'), { waybill, key }]
        }),
      )
      const keys = [...wanted.values()].map(({ key }) => key)
      const found = new Map<string, WaybillOwner>()
      for (const item of await readItems(ports, budget(), keys)) {
        const waybill = wanted.get(textOf(item, 'pk'))?.waybill
        const order = textOf(item, 'order')
        if (waybill && order) found.set(waybill, { order, role: roleOf(item) })
      }
      return found
    },
  }
}

/** Whether a text from outside can be somebody's number at all. */
function isNumber(text: string): boolean {
  return text.length <= 256 && text.isWellFormed()
}

/** Settles proposals whose heads are known; an order without a head is taken for new. */
async function settle<O>(
  ports: StorePorts,
  budget: Budget,
  proposals: readonly Proposal<O>[],
  heads: ReadonlyMap<string, Head>,
): Promise<Result<O>[]> {
  const causes = Map.groupBy(
    proposals.map((proposal, at) => ({ ...proposal, at })),
    ({ order }) => order,
  )
  const results: Result<O>[] = []
  const known = new Map(heads)
  for (let left = [...causes.values()]; left.length > 0; ) {
    const round = left.map(all => all.slice(0, MOST_CAUSES))
    const jobs = round.map(part => jobOf(part, known))
    await commit(ports, budget, jobs)
    for (const [i, part] of round.entries()) spread(part, jobs[i], results, known)
    left = left.map(all => all.slice(MOST_CAUSES)).filter(all => all.length > 0)
  }
  return results
}

interface Cause<O> extends Proposal<O> {
  readonly at: number
}

function jobOf<O>(causes: readonly Cause<O>[], known: ReadonlyMap<string, Head>): Job<O[]> {
  const order = causes[0]?.order ?? ''
  const decide = inSequence(causes.map(cause => cause.decide))
  return { order, decide, head: known.get(order) }
}

/** Gives each cause of a job its own result. */
function spread<O>(
  causes: readonly Cause<O>[],
  job: Job<O[]> | undefined,
  results: Result<O>[],
  known: Map<string, Head>,
): void {
  const result = job?.result ?? { error: storeAway(undefined) }
  if ('head' in result && result.head !== undefined) known.set(result.head.order, result.head)
  for (const [i, { at, order }] of causes.entries()) {
    if ('error' in result) results[at] = { order, error: result.error }
    else {
      const outcome = result.outcome[i]
      if (outcome !== undefined) results[at] = { ...result, order, outcome }
    }
  }
}

/** Adds the documents of orders that were there already and did not come along with them. */
async function withDocs<O>(
  ports: StorePorts,
  budget: Budget,
  results: readonly Result<O>[],
): Promise<Result<O>[]> {
  const bare = results.flatMap(result =>
    'head' in result && result.head && !result.wrote && !result.doc ? [result.head] : [],
  )
  if (bare.length === 0) return [...results]
  const docs = await readDocs(ports, budget, bare)
  return results.map(result => {
    if ('error' in result || result.doc || result.wrote || !result.head) return result
    const doc = docs.get(docName(result.head.order, result.head.life))
    return doc === undefined ? result : { ...result, doc }
  })
}
