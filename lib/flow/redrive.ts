import type { Head, Orders, Proposal, Walks } from '../store/index.ts'
import { next, type Outcome } from './next.ts'

/** Orders that one call of the store moves. */
const BATCH = 50

/** What redriving takes. */
export interface RedrivePorts {
  readonly now: () => Date
  readonly store: Pick<Orders, 'changeOrders'> & Walks
}

/** Which orders are owed again: of a courier, posted from `from` on and before `to`. */
export interface RedriveRequest {
  readonly courier: string
  readonly from: Date
  readonly to: Date
}

/** What became of it. */
export interface Redriven {
  readonly redriven: number
  /** Within the time, but unanswered, so owed anyway, or over. */
  readonly left: number
  /** Those that the store did not let through: run it again for them. */
  readonly failed: number
}

/**
 * Owes a courier once more what it has answered and lost: each order that it accepted, as a
 * `waybill-copy`, which is acknowledged and never answered. Reads all orders, a page at a time. Run
 * twice, it owes two copies.
 *
 * @throws {GatewayError} `STORE_AWAY`
 * @see design-storage.md, "Feeds"
 */
export async function redriveOrders(
  ports: RedrivePorts,
  request: RedriveRequest,
): Promise<Redriven> {
  const total = { redriven: 0, left: 0, failed: 0 }
  for (let after: string | undefined, more = true; more; more = after !== undefined) {
    const page = await ports.store.walkOrders(after)
    const concerned = page.heads.filter(head => isConcerned(head, request))
    const wanted = concerned.filter(isTaken)
    total.left += concerned.length - wanted.length
    for (let at = 0; at < wanted.length; at += BATCH) {
      const done = await redrive(ports, request.courier, wanted.slice(at, at + BATCH))
      total.redriven += done.redriven
      total.failed += done.failed
      total.left += done.left
    }
    after = page.next
  }
  return total
}

function isConcerned(head: Head, { courier, from, to }: RedriveRequest): boolean {
  const { postedAt } = head
  return head.courier === courier && postedAt >= from.getTime() && postedAt < to.getTime()
}

/** Accepted, and not over: an order that nobody has answered yet is owed as it is. */
function isTaken({ state }: Head): boolean {
  return state === 'accepted' || state === 'cancelling'
}

async function redrive(
  ports: RedrivePorts,
  courier: string,
  heads: readonly Head[],
): Promise<Redriven> {
  const now = ports.now().getTime()
  const proposals = heads.map(
    ({ order }): Proposal<Outcome> => ({
      order,
      // What ended since the page was read is not owed again.
      decide: head =>
        head !== undefined && isTaken(head)
          ? next(head, { kind: 'redrive', courier }, now)
          : { outcome: { kind: 'unknown' } },
    }),
  )
  const results = await ports.store.changeOrders<Outcome>(proposals)
  const failed = results.filter(result => 'error' in result).length
  const redriven = results.filter(
    result => 'outcome' in result && result.outcome.kind === 'redriven',
  ).length
  return { redriven, failed, left: heads.length - redriven - failed }
}
