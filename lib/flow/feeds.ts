import { GatewayError } from '../model/errors.ts'
import type { Feed, FeedPage } from '../store/index.ts'
import type { ExchangePorts } from './ports.ts'

const PAGE_DEFAULT = 50
const PAGE_MOST = 100
const ACK_MOST = 500

/** Which page of which shard a caller wants. */
export interface PageQuery {
  readonly limit: number
  readonly after?: string
  readonly shard: number
}

/**
 * `limit` (1 to 100, default 50), `after` and `shard` (required where there are several).
 *
 * @throws {GatewayError} `VALUE_INVALID` with the name of the parameter
 */
export function pageQuery(query: ReadonlyMap<string, string>, shards: number): PageQuery {
  const limit = whole(query.get('limit') ?? String(PAGE_DEFAULT), 1, PAGE_MOST, '/limit')
  const named = query.get('shard')
  if (named === undefined && shards > 1) throw new GatewayError('VALUE_INVALID', '/shard')
  const shard = whole(named ?? '0', 0, shards - 1, '/shard')
  const after = query.get('after')
  // The store reads an empty place as the beginning; a caller that means the beginning leaves it out.
  if (after === '') throw new GatewayError('VALUE_INVALID', '/after')
  return { limit, shard, ...(after === undefined ? {} : { after }) }
}

function whole(text: string, least: number, most: number, at: string): number {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : -1
  if (value < least || value > most) throw new GatewayError('VALUE_INVALID', at)
  return value
}

/** A page of a partner's own feed; what could not be shown is counted. */
export async function readPartnerFeed(
  ports: ExchangePorts,
  { limit, after, ...feed }: Feed & PageQuery,
): Promise<FeedPage> {
  const page = await ports.store.readFeed(feed, {
    limit,
    ...(after === undefined ? {} : { after }),
  })
  if (page.withheld > 0) ports.count('entries-withheld', page.withheld)
  return page
}

/**
 * Takes acknowledged entries off a partner's feed. What is gone already is passed over; entries that
 * want an answer are named and stay.
 *
 * @param only leaves out what this caller may not acknowledge: it is passed over as if it were gone
 * @throws {GatewayError} `WIRE_INVALID` where the body is not `{"ids":[…]}`
 */
export async function ackEntries(
  ports: ExchangePorts,
  owner: Omit<Feed, 'shard'>,
  body: unknown,
  only: (ids: readonly string[]) => Promise<readonly string[]> = async ids => ids,
): Promise<{ acknowledged: number; unanswered: string[] }> {
  const ids = readIds(body)
  const { unanswered } = await ports.store.ack(owner, await only(ids))
  return { acknowledged: ids.length - unanswered.length, unanswered }
}

/**
 * The ids in `{"ids":[…]}`, at most 500.
 *
 * @throws {GatewayError} `WIRE_INVALID`
 */
export function readIds(body: unknown): string[] {
  const ids = typeof body === 'object' && body !== null && 'ids' in body ? body.ids : undefined
  if (!Array.isArray(ids) || ids.length > ACK_MOST) throw new GatewayError('WIRE_INVALID', '/ids')
  return ids.map((id, i) => {
    if (typeof id !== 'string') throw new GatewayError('WIRE_INVALID', `/ids/${i}`)
    return id
  })
}
