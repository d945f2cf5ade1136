import type { ForgetRequest, RouterAnswer, RouterRequest } from '../custody/router.ts'
import { GatewayError } from '../model/errors.ts'
import type { Feeds, Head, Outlived, OwedEntry } from '../store/index.ts'
import type { CustodyPorts } from './assign.ts'
import { next, type Outcome } from './next.ts'
import { type Group, groups } from './prepare.ts'

const PAGE = 100

/** What custody has where it deletes keys: also its own feed, and a line to forget by. */
export interface ShredPorts extends CustodyPorts {
  readonly store: CustodyPorts['store'] & Feeds & Outlived
  readonly router: (
    courier: string,
    request: RouterRequest | ForgetRequest,
  ) => Promise<RouterAnswer>
}

/** Keys of one life of an order, and why they go: a word for the audit. */
interface Doomed {
  readonly order: string
  readonly life: number
  readonly because: 'refused' | 'cancelled' | 'expired' | 'superseded' | 'retention'
}

/** What a run did: orders whose keys are gone now, and those that are to be tried again. */
export interface Shredded {
  readonly shredded: number
  readonly delayed: number
}

/**
 * Looks at every order that may be over, and deletes the keys of those that are: refused, cancelled
 * with the courier's consent, or never answered. An order that only a push calls delivered or
 * returned keeps its keys until the courier signs `done`, or its time is over.
 *
 * May be called again at any time, also at once with itself.
 *
 * @throws {GatewayError} `STORE_AWAY`
 * @see design section 6.5
 */
export async function shredClosed(ports: ShredPorts): Promise<Shredded> {
  let total: Shredded = { shredded: 0, delayed: 0 }
  for (const partner of Object.keys(ports.config.couriers)) {
    const feed = { side: 'custody', partner, shard: 0 } as const
    for (let after: string | undefined, more = true; more; more = after !== undefined) {
      const page = await ports.store.readFeed(feed, {
        limit: PAGE,
        ...(after === undefined ? {} : { after }),
      })
      total = sum(total, await shredEntries(ports, partner, page.entries))
      after = page.next
    }
  }
  return total
}

/**
 * Deletes the keys of orders that have been kept as long as they may, whatever became of them. Walks
 * through the whole table of keys: for once a day.
 *
 * @throws {GatewayError} `STORE_AWAY`
 */
export async function shredOutlived(ports: ShredPorts): Promise<Shredded> {
  let total: Shredded = { shredded: 0, delayed: 0 }
  for (let after: string | undefined, more = true; more; more = after !== undefined) {
    const page = await ports.store.findOutlived(ports.now().getTime(), after)
    const lives = new Map(page.orders.map(one => [`${one.order} ${one.life}`, one]))
    for (const one of lives.values()) {
      total = sum(total, await tryShred(ports, { ...one, because: 'retention' }))
    }
    after = page.next
  }
  return total
}

async function shredEntries(
  ports: ShredPorts,
  partner: string,
  entries: readonly OwedEntry[],
): Promise<Shredded> {
  const heads = await ports.store.getHeads([...new Set(entries.map(({ order }) => order))])
  let total: Shredded = { shredded: 0, delayed: 0 }
  const seen: string[] = []
  for (const { id, order, life } of entries) {
    const because = reasonFor(heads.get(order), life)
    const done =
      because === undefined
        ? { shredded: 0, delayed: 0 }
        : await tryShred(ports, { order, life, because })
    if (done.delayed === 0) seen.push(id)
    total = sum(total, done)
  }
  await ports.store.ack({ side: 'custody', partner }, seen)
  return total
}

function sum(a: Shredded, b: Shredded): Shredded {
  return { shredded: a.shredded + b.shredded, delayed: a.delayed + b.delayed }
}

/** Why the keys of a life must go; undefined while they may still be needed. */
function reasonFor(head: Head | undefined, life: number): Doomed['because'] | undefined {
  if (head === undefined) return 'retention'
  if (head.life > life) return 'superseded'
  const { state } = head
  return state === 'refused' || state === 'cancelled' || state === 'expired' ? state : undefined
}

/** One order's trouble does not keep the others' keys. */
async function tryShred(ports: ShredPorts, doomed: Doomed): Promise<Shredded> {
  try {
    await shred(ports, doomed)
    ports.count('keys-deleted')
    return { shredded: 1, delayed: 0 }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    ports.count('shreds-delayed')
    return { shredded: 0, delayed: 1 }
  }
}

/**
 * Keys first, so that nothing waits for the router; each part may be repeated after a crash. What is
 * only found by its keys is recorded before they go: nobody would come back to it.
 */
async function shred(ports: ShredPorts, { order, life, because }: Doomed): Promise<void> {
  const now = ports.now().getTime()
  const held = await Promise.all(groups.map(group => ports.store.getCustody(order, group)))
  const record = () => ports.store.appendAudit(order, { what: 'deleted', at: now, life, because })
  if (because === 'retention') await record()
  await ports.store.deleteKeys(order, life)
  for (const [i, group] of groups.entries()) {
    const statement = held[i]?.life === life ? held[i]?.statement : undefined
    if (statement !== undefined) await forget(ports, courierOf(statement), order, group)
  }
  if (because !== 'retention') await record()
  await ports.store.changeOrder<Outcome>({
    order,
    decide: head => next(head, { kind: 'shredded', life, groups }, now),
  })
}

/** Has the courier's router drop the capsule that it keeps for repeats. */
async function forget(
  ports: ShredPorts,
  courier: string,
  order: string,
  group: Group,
): Promise<void> {
  const answer = await ports.router(courier, { forget: { order, group } })
  if (!('forgotten' in answer)) throw new GatewayError('STORE_AWAY', '/router', { retry: 'later' })
}

/** Whose an assignment is; it was verified before it was kept. */
function courierOf(statement: string): string {
  const [, payload = ''] = statement.split('.')
  const { courier }: { courier: string } = JSON.parse(Buffer.from(payload, 'base64url').toString())
  return courier
}
