import { isOver } from '../../lib/store/head.ts'
import { type Head, parseEntryId } from '../../lib/store/index.ts'
import { pullAll, readAll, releasing } from './clients.ts'
import type { Written } from './double.ts'
import type { Item } from './expressions.ts'
import { HOPS, type Hop, PARTNER, ROUTER_TABLE, TABLES } from './keys.ts'
import type { Facts } from './play.ts'
import type { World } from './world.ts'

/** All items of a table by partition and sort key. */
export type ItemsOf = (table: string) => readonly Item[]

/** A promise that was broken. */
export interface Problem {
  readonly what: 'lost' | 'doubled' | 'skipped' | 'moved-back' | 'two-hops' | 'key-left' | 'chain'
  readonly where: string
}

/** Causes of one order that one request brings become one write. */
const MOST_STEPS = 8

const GROUPS = ['receiver', 'sender'] as const

/** Steps of an order's state; a denied cancellation goes back to `accepted`. */
const RANKS = { posted: 0, accepted: 1, cancelling: 1, refused: 2, cancelled: 2, expired: 2 }

/**
 * Judges all that was written, in the order in which it was written: each entry comes once, none goes
 * without its owner, and no order moves back. Sorting and one walk: O(n log n).
 */
function checkJournal(journal: readonly Written[], facts: Facts): Problem[] {
  const problems: Problem[] = []
  const say = (what: Problem['what'], where: string) => problems.push({ what, where })
  const put = new Set<string>()
  const told = new Set<string>()
  const gone: { readonly id: string; readonly order: string }[] = []
  const owed = new Map<string, string | undefined>()
  for (const { table, pk, sk, before, after } of journal) {
    if (table === TABLES.audit && sk !== 'head' && before !== undefined) {
      say('chain', `record ${sk} of ${pk} put over another`)
    }
    if (table !== TABLES.orders) continue
    if (sk === 'head') {
      checkStep(headIn(before), headIn(after), say)
      owed.set(pk.slice('order#'.length), headIn(after)?.owed)
    }
    const name = pk.startsWith('feed#') ? parseEntryId(sk) : undefined
    if (name === undefined) continue
    if (after !== undefined && before === undefined) {
      if (put.has(`${pk} ${sk}`)) say('doubled', `entry put again after it went: ${pk} ${sk}`)
      put.add(`${pk} ${sk}`)
      const tale = taleOf(name.order, pk, after)
      if (tale !== undefined && told.has(tale)) say('doubled', tale)
      if (tale !== undefined) told.add(tale)
    }
    if (after === undefined && !pk.startsWith('feed#custody'))
      gone.push({ id: sk, order: name.order })
  }
  const pushed = new Set([...told].filter(tale => tale.startsWith('tracking ')))
  for (const [key, order] of facts.pushed) {
    if (!pushed.has(`tracking ${order} ${key}`)) say('lost', `event ${key} of ${order}`)
  }
  for (const { id, order } of gone) {
    if (id.endsWith('a') && owed.get(order) === id) say('lost', `owed entry ${id}`)
    if (id.endsWith('k') && !facts.acked.has(id)) {
      say('skipped', `entry ${id} went without an acknowledgement`)
    }
  }
  return problems
}

function checkStep(
  before: Head | undefined,
  after: Head | undefined,
  say: (what: Problem['what'], where: string) => void,
): void {
  if (after === undefined) {
    say('lost', `head of ${before?.order}`)
    return
  }
  const steps = after.version - (before?.version ?? 0)
  if (steps < 1 || steps > MOST_STEPS) say('doubled', `${steps} versions of ${after.order} at once`)
  if (before === undefined || before.life !== after.life) return
  const back =
    RANKS[after.state] < RANKS[before.state] ||
    (isOver(before.state) && before.state !== after.state)
  if (back) say('moved-back', `${before.order}: ${before.state} to ${after.state}`)
}

/** What an entry says that may be said once only. */
function taleOf(order: string, pk: string, item: Item): string | undefined {
  const { kind, life, body, docVersion } = item
  const side = pk.split('#')[1]
  if (kind?.S === 'tracking') return `tracking ${order} ${keyOf(JSON.parse(body?.S ?? '{}'))}`
  if (kind?.S === 'waybill' || kind?.S === 'ebill') {
    return `${kind.S} ${order} life ${life?.N} document ${docVersion?.N}`
  }
  if (kind?.S === 'cancel') return `cancel ${side} ${order} life ${life?.N}`
  return undefined
}

const keyOf = (event: { event?: string }): string => event.event ?? ''

function headIn(item: Item | undefined): Head | undefined {
  return item?.head?.S === undefined ? undefined : JSON.parse(item.head.S)
}

/** Judges what the tables hold in the end. */
function checkTables(
  world: World,
  facts: Facts,
  orders: readonly Item[],
  keys: readonly Item[],
  router: readonly Item[],
): Problem[] {
  const problems: Problem[] = []
  const say = (what: Problem['what'], where: string) => problems.push({ what, where })
  const heads = new Map(orders.flatMap(item => headIn(item) ?? []).map(head => [head.order, head]))
  const entries = orders.filter(({ pk }) => pk?.S?.startsWith('feed#'))
  const due = new Map<string, string[]>()
  for (const { sk } of entries) {
    const id = sk?.S ?? ''
    const name = parseEntryId(id)
    if (name?.due) due.set(name.order, [...(due.get(name.order) ?? []), id])
  }
  for (const order of facts.posted) if (!heads.has(order)) say('lost', `acknowledged ${order}`)
  for (const head of heads.values()) {
    const ids = due.get(head.order) ?? []
    const isDue = head.state === 'posted' || head.state === 'cancelling'
    if (isDue && !ids.includes(head.owed ?? '')) say('lost', `what ${head.order} owes`)
    if (ids.length > (isDue ? 1 : 0)) say('doubled', `${head.order} owes ${ids.length}`)
  }
  checkKeys(
    [...heads.values()].filter(head => head.expiresAt >= world.now),
    orders,
    keys,
    router,
    say,
  )
  return problems
}

/** Wrapped keys fit their seals, and nothing is left of what was shredded. */
function checkKeys(
  heads: readonly Head[],
  orders: readonly Item[],
  keys: readonly Item[],
  router: readonly Item[],
  say: (what: Problem['what'], where: string) => void,
): void {
  const at = (items: readonly Item[]) =>
    new Map(items.map(item => [`${item.pk?.S} ${item.sk?.S}`, item]))
  const [inKeys, inOrders, inRouter] = [at(keys), at(orders), at(router)]
  for (const { order, life, sealed, shredded = [] } of heads) {
    const key = inKeys.get(`key#${order} key`)
    const doc = inOrders.get(`order#${order} doc#${life}`)
    const seals = JSON.parse(doc?.body?.S ?? '{"sealed":{}}').sealed
    for (const group of GROUPS) {
      const part = key?.[group]?.M
      const capsule = inKeys.get(`custody#${order}#${group} custody`)?.capsule
      if (shredded.includes(group)) {
        const kept = inRouter.get(`order#${order} capsule#${group}`)?.ciphertext
        const left = part
          ? 'wrapped key'
          : capsule
            ? 'capsule'
            : kept
              ? 'capsule at the router'
              : ''
        if (left !== '') say('key-left', `${left}, ${group} of ${order}`)
      } else if (sealed.includes(group)) {
        const proof = JSON.parse(part?.signed?.S ?? '{}')
        if (proof.signature !== seals[group]?.signature) say('lost', `key of ${group} of ${order}`)
      }
    }
  }
}

/** Each feed read page by page shows what lies in it, in its order. */
async function checkFeeds(world: World, orders: readonly Item[]): Promise<Problem[]> {
  const problems: Problem[] = []
  const gateway = world.start()
  const read = {
    courier: (await pullAll(gateway, 3)).map(({ id }) => id),
    platform: (await readAll(world, gateway, 3)).map(({ id }) => id),
  }
  for (const [side, ids] of Object.entries(read)) {
    const partition = `feed#${side}#${PARTNER}#0`
    const lying = orders
      .filter(({ pk, expiresAt }) => pk?.S === partition && Number(expiresAt?.N) >= world.now)
      .map(({ sk }) => sk?.S ?? '')
    if (ids.join() === lying.join()) continue
    problems.push({ what: 'skipped', where: `${side}: ${ids.length} of ${lying.length}` })
  }
  return problems
}

/** Asks at every hop for every group that was assigned: one at most gets it. */
async function checkHolders(world: World, heads: readonly Head[]): Promise<Problem[]> {
  const problems: Problem[] = []
  const gateway = world.start()
  for (const { order, assigned = [] } of heads) {
    for (const group of assigned) {
      const holders: string[] = []
      for (const hop of Object.keys(HOPS) as Hop[]) {
        const isHolder = await releasing(world, order, group, hop)
          .send(gateway)
          .then(
            () => true,
            () => false,
          )
        if (isHolder) holders.push(hop)
      }
      if (holders.length > 1) {
        problems.push({ what: 'two-hops', where: `${group} of ${order}: ${holders.join(', ')}` })
      }
    }
  }
  return problems
}

async function checkChains(world: World, heads: readonly Head[]): Promise<Problem[]> {
  const problems: Problem[] = []
  const gateway = world.start()
  for (const { order } of heads) {
    const chain = await gateway.store.readChain(order)
    const wrong = world.bench.subject.verifyChain(order, chain)
    if (wrong !== undefined) problems.push({ what: 'chain', where: `${order} at ${wrong}` })
  }
  return problems
}

/**
 * All checks. Of a database that runs there is no journal: what was written in between is not seen.
 * Where all that the tables hold is known to be as in peace, feeds are not read and hops not asked
 * again: the answers would be those of peace.
 */
export async function check(
  world: World,
  items: ItemsOf,
  journal: readonly Written[],
  facts: Facts,
  isKnown = false,
): Promise<Problem[]> {
  const [orders, keys, router] = [items(TABLES.orders), items(TABLES.keys), items(ROUTER_TABLE)]
  const heads = orders.flatMap(item => headIn(item) ?? [])
  return [
    ...(journal.length > 0 ? checkJournal(journal, facts) : []),
    ...checkTables(world, facts, orders, keys, router),
    ...(isKnown ? [] : await checkFeeds(world, orders)),
    ...(isKnown ? [] : await checkHolders(world, heads)),
    ...(await checkChains(world, heads)),
    ...facts.broken.map((where): Problem => ({ what: 'lost', where })),
  ]
}
