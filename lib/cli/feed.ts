import { randomBytes } from 'node:crypto'
import { type Redriven, redriveOrders } from '../flow/redrive.ts'
import { createClient, createStore, type Feed, type OwedEntry, type Store } from '../store/index.ts'
import { UsageError } from './partners.ts'
import { openSession } from './session.ts'

/** Whose feed, and where its table is. */
export interface FeedOptions {
  readonly data: string
  readonly courier: string
  /** This platform's feed in place of a courier's. */
  readonly platform?: string
  readonly shard?: string
  /** Table in AWS; else that of the running gateway of a data folder. */
  readonly ordersTable?: string
  readonly endpoint?: string
  readonly region?: string
}

/** Which orders are owed again. */
export interface RedriveOptions extends FeedOptions {
  readonly from: string
  readonly to: string
}

const PAGE = 100
const NONE = 'none'

/** Lists what is owed to a partner, or what was moved aside: one line an entry. */
export function feedLs(options: FeedOptions & { readonly parked?: boolean }): Promise<number> {
  return withStore(options, async (store, feed) => {
    const { entries, withheld } = await readWhole(store, feed, options.parked ?? false)
    for (const { id, kind, at } of entries) console.log(`${id}  ${kind}  ${agoOf(at)}`)
    const more = withheld > 0 ? `; ${withheld} whose documents are missing` : ''
    const what = options.parked ? 'moved aside' : 'owed'
    console.log(`${entries.length} ${what} to ${feed.partner}${more}`)
    return 0
  })
}

/** Moves entries aside that their owner cannot digest. */
export function feedPark(options: FeedOptions, ids: readonly string[]): Promise<number> {
  return withStore(options, (store, feed) => move(store, feed, ids, true))
}

/** Gives back what was moved aside: these entries, or all. */
export function feedReplay(
  options: FeedOptions & { readonly all?: boolean },
  ids: readonly string[],
): Promise<number> {
  if (ids.length > 0 === (options.all ?? false)) throw new UsageError('ids or --all, not both')
  return withStore(options, async (store, feed) => {
    const wanted = options.all ? (await readWhole(store, feed, true)).entries.map(idOf) : ids
    return move(store, feed, wanted, false)
  })
}

/** Owes a courier copies of the orders that it accepted in a time, should it have lost them. */
export async function feedRedrive(options: RedriveOptions): Promise<number> {
  const [from, to] = [instant(options.from, '--from'), instant(options.to, '--to')]
  if (from >= to) throw new UsageError('--from must lie before --to')
  const { courier } = options
  return withStore(options, async store => {
    const done = await redriveOrders({ store, now: () => new Date() }, { courier, from, to })
    console.log(saidOf(done, courier))
    return done.failed === 0 ? 0 : 1
  })
}

function saidOf({ redriven, left, failed }: Redriven, courier: string): string {
  const said = `${redriven} orders are owed to ${courier} again as copies; ${left} left as they are`
  return failed === 0 ? said : `${said}; ${failed} failed: run it again for them`
}

async function move(
  store: Store,
  { side, partner }: Feed,
  ids: readonly string[],
  aside: boolean,
): Promise<number> {
  const done = await store.parkEntries({ side, partner }, ids, aside)
  const gone = ids.filter(id => !done.includes(id))
  for (const id of gone) console.error(`${id}: no such entry`)
  console.log(`${done.length} ${aside ? 'moved aside' : 'given back'}`)
  return gone.length === 0 ? 0 : 1
}

async function readWhole(store: Store, feed: Feed, parked: boolean) {
  const entries: OwedEntry[] = []
  let withheld = 0
  for (let after: string | undefined, more = true; more; more = after !== undefined) {
    const page = await store.readFeed(feed, {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
      ...(parked ? { parked } : {}),
    })
    entries.push(...page.entries)
    withheld += page.withheld
    after = page.next
  }
  return { entries, withheld }
}

async function withStore(
  options: FeedOptions,
  work: (store: Store, feed: Feed) => Promise<number>,
): Promise<number> {
  const feed = feedOf(options)
  const { store, close } = openStore(options)
  try {
    return await work(store, feed)
  } finally {
    close()
  }
}

function feedOf({ courier, platform, shard = '0' }: FeedOptions): Feed {
  if (!/^\d{1,3}$/.test(shard)) throw new UsageError('--shard wants a number')
  const at = { shard: Number(shard) }
  return platform === undefined
    ? { side: 'courier', partner: courier, ...at }
    : { side: 'platform', partner: platform, ...at }
}

/** AWS is asked with the default credentials of its SDK. */
function openStore({ data, ordersTable, endpoint, region }: FeedOptions) {
  if (ordersTable === undefined) return openSession(data).tables()
  const client = createClient({ ...(endpoint ? { endpoint } : {}), ...(region ? { region } : {}) })
  const tables = { orders: ordersTable, keys: NONE, audit: NONE }
  const store = createStore({ client, tables, clock: Date.now, random: randomBytes })
  return { store, close: () => client.destroy() }
}

const idOf = ({ id }: OwedEntry): string => id

function agoOf(at: number): string {
  return `${Math.max(0, Math.round((Date.now() - at) / 1000))} s`
}

/** A time with an offset: a bare one would mean another in each place. */
function instant(text: string, name: string): Date {
  const at = /T.*(Z|[+-]\d\d:\d\d)$/.test(text) ? new Date(text) : new Date(Number.NaN)
  if (Number.isNaN(at.getTime())) {
    throw new UsageError(`${name} wants a time with its offset: 2026-01-01T08:00:00+08:00`)
  }
  return at
}
