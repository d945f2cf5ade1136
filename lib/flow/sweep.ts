import { GatewayError } from '../model/errors.ts'
import type { Acceptance } from '../model/generated/types.ts'
import type { Feed, Head, Orders, Survey, Surveys } from '../store/index.ts'
import { next, type Outcome } from './next.ts'
import type { Ports } from './ports.ts'

/** Orders that one call of the store expires. */
const BATCH = 50

/** After that long a run begins no further batch: the next run goes on. */
const MOST_MS = 40_000

/** What is measured of one feed. */
export interface FeedMeasure extends Feed {
  /** Age of the oldest entry; 0 where nothing is owed. */
  readonly ageSeconds: number
  /** Entries that are owed; of a very long feed at least so many. */
  readonly depth: number
  readonly parked: number
}

/** What the sweep has: feeds and orders, no keys and no secrets. */
export interface SweepPorts extends Ports {
  readonly store: Pick<Orders, 'changeOrders'> & Surveys
  readonly measure: (feed: FeedMeasure) => void
}

/** What a run did. */
export interface Swept {
  readonly expired: number
  /** Feeds and offers that the store did not let through: the next run looks again. */
  readonly delayed: number
}

/**
 * Looks at every feed: measures how much is owed and for how long, then ends the offers that their
 * courier did not answer in time. The courier is owed a `cancel`, the platform a refusal `expired`,
 * and custody is asked to look after the keys, all in the order's own transaction: an answer that
 * comes at the same moment either wins or meets `entry-gone`.
 *
 * May be called again at any time, also at once with itself.
 *
 * @see design-storage.md, "Feeds"
 */
export async function sweepFeeds(ports: SweepPorts): Promise<Swept> {
  const start = ports.now().getTime()
  const surveys: Survey[] = []
  let delayed = 0
  for (const feed of feedsOf(ports)) {
    const survey = await ports.store.surveyFeed(feed).catch(unlessAway)
    if (survey === undefined) delayed += 1
    else {
      ports.measure(measureOf(feed, survey, start))
      surveys.push(survey)
    }
  }
  ports.count('sweeps-delayed', delayed)
  const overdue = [...new Set(surveys.flatMap(survey => survey.overdue))]
  let expired = 0
  for (let at = 0; at < overdue.length; at += BATCH) {
    if (ports.now().getTime() - start > MOST_MS) break
    const ended = await expireOffers(ports, overdue.slice(at, at + BATCH))
    expired += ended.expired
    delayed += ended.delayed
  }
  return { expired, delayed }
}

/** Every feed there is, all its shards. */
function feedsOf({ config }: Pick<Ports, 'config'>): Feed[] {
  const shardsOf = (side: Feed['side'], partner: string, shards: number): Feed[] =>
    Array.from({ length: shards }, (_, shard) => ({ side, partner, shard }))
  const { couriers, platforms } = config
  return [
    ...Object.entries(couriers).flatMap(([name, of]) => shardsOf('courier', name, of.shards)),
    ...Object.entries(platforms).flatMap(([name, of]) => shardsOf('platform', name, of.shards)),
    ...Object.keys(couriers).flatMap(name => shardsOf('custody', name, 1)),
  ]
}

function measureOf(feed: Feed, { depth, parked, oldestAt }: Survey, now: number): FeedMeasure {
  const ageSeconds = oldestAt === undefined ? 0 : Math.max(0, Math.round((now - oldestAt) / 1000))
  return { ...feed, ageSeconds, depth, parked }
}

/** One order's trouble leaves the others alone; one that was answered meanwhile is no longer late. */
async function expireOffers(ports: SweepPorts, orders: readonly string[]): Promise<Swept> {
  const now = ports.now().getTime()
  const proposals = orders.map(order => ({
    order,
    decide: (head: Head | undefined) =>
      next(head, { kind: 'deadline', document: refusalOf(order, head?.courier ?? '') }, now),
  }))
  const results = (await ports.store.changeOrders<Outcome>(proposals).catch(unlessAway)) ?? []
  const expired = results.filter(
    result => 'outcome' in result && result.wrote && result.outcome.kind === 'expired',
  ).length
  const failed = results.filter(result => 'error' in result).length
  const delayed = results.length === 0 ? orders.length : failed
  ports.count('offers-expired', expired)
  ports.count('expiries-delayed', delayed)
  return { expired, delayed }
}

/** What the platform is told in the courier's stead. */
function refusalOf(order: string, courier: string): string {
  const refusal: Acceptance = { outcome: 'refused', order, courier, reason: { code: 'expired' } }
  return JSON.stringify(refusal)
}

function unlessAway(error: unknown): undefined {
  if (!(error instanceof GatewayError)) throw error
}
