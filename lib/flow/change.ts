import type { RawRequest } from '../access/request.ts'
import { GatewayError } from '../model/errors.ts'
import type {
  ChangeOutcome,
  ChangeResult,
  NativeAnswer,
  PostedChange,
  Wish,
} from '../platforms/platform.ts'
import type { Changed, Head } from '../store/index.ts'
import { type Found, findParcels, type Wisher } from './find-parcels.ts'
import { answerPlatform } from './native.ts'
import { type Input, next, type Outcome } from './next.ts'
import type { IntakePorts } from './receive.ts'
import { replaceInput } from './replace-order.ts'

/** How often a change is prepared anew because another came in between. */
const MOST_TRIES = 3

/**
 * Takes a platform's native request to cancel, change or hold orders: who sent it, the orders that it
 * names, a step for each, and an answer in the platform's own form. A wish that cannot be read, or that
 * comes too late, leaves the others alone.
 *
 * @throws {GatewayError} `NOT_FOUND`, `UNAUTHENTICATED`
 */
export async function changeOrders(
  ports: IntakePorts,
  name: string,
  request: RawRequest,
): Promise<NativeAnswer> {
  return answerPlatform(ports, name, request, async (platform, credential) => {
    const posted = platform.readChanges(request, credential)
    const results: ChangeResult[] = []
    // One after the other: a later wish may be about the same order.
    for (const one of posted) {
      results.push({
        native: one.native,
        outcome: await settle(ports, { ...credential, platform: name }, one),
      })
    }
    ports.count('changes-posted', posted.length)
    return platform.answerChanges(results, request)
  })
}

async function settle(
  ports: IntakePorts,
  wisher: Wisher,
  posted: PostedChange,
): Promise<ChangeOutcome> {
  if ('error' in posted) return { kind: 'failed', error: posted.error }
  const { parcel, wish } = posted
  if (wish.kind === 'notice') return { kind: 'done' }
  const at = Date.parse(posted.at)
  try {
    const found = await findParcels(ports.store, wisher, parcel, at)
    const outcomes: ChangeOutcome[] = []
    for (const one of found) outcomes.push(await carryOut(ports, wisher.platform, one, wish, at))
    return worstOf(outcomes)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return { kind: 'failed', error }
  }
}

async function carryOut(
  ports: IntakePorts,
  platform: string,
  found: Found,
  wish: Exclude<Wish, { kind: 'notice' }>,
  at: number,
): Promise<ChangeOutcome> {
  if (wish.kind !== 'change') {
    return outcomeOf(await decide(ports, found, { ...wish, platform, at }))
  }
  let latest = found
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const input = await replaceInput(ports, latest, wish.parts, at)
    const changed = await decide(ports, latest, input)
    if (changed.outcome.kind !== 'moved') return outcomeOf(changed)
    latest = await readAgain(ports, latest)
  }
  throw new GatewayError('STORE_AWAY', '', { retry: 'later' })
}

function decide(ports: IntakePorts, { head }: Found, input: Input): Promise<Changed<Outcome>> {
  const now = ports.now().getTime()
  return ports.store.changeOrder<Outcome>({
    order: head.order,
    decide: latest => next(latest, input, now),
  })
}

async function readAgain({ store }: IntakePorts, found: Found): Promise<Found> {
  const { order } = found.head
  const head = (await store.getHeads([order])).get(order)
  const doc = head && (await store.getDocs([head])).get(order)
  if (head === undefined || doc === undefined) throw new GatewayError('NOT_FOUND')
  return { head, doc }
}

function outcomeOf({ outcome, head }: Changed<Outcome>): ChangeOutcome {
  switch (outcome.kind) {
    case 'cancelled':
      return { kind: 'cancelled' }
    case 'cancel-asked':
      return { kind: 'asked' }
    case 'cancel-denied':
      return { kind: 'denied' }
    case 'replaced':
    case 'same':
    case 'held':
    case 'resumed':
      return { kind: 'done' }
    case 'too-late':
      return { kind: 'too-late', collected: isCollected(head) }
    case 'closed':
      return closed(outcome.state)
    case 'stale':
      return { kind: 'failed', error: new GatewayError('ORDER_CHANGED') }
    default:
      return { kind: 'unknown' }
  }
}

function isCollected(head: Head | undefined): boolean {
  return head?.tracking.moving === true || head?.tracking.ended !== undefined
}

function closed(state: Head['state']): ChangeOutcome {
  return { kind: 'closed', state: state === 'refused' || state === 'expired' ? state : 'cancelled' }
}

/** Outcomes from the best to the worst: of several parcels the worst is told. */
const RANKS: readonly ChangeOutcome['kind'][] = [
  ...(['cancelled', 'done', 'asked', 'closed', 'denied', 'too-late', 'unknown', 'failed'] as const),
]

function worstOf(outcomes: readonly ChangeOutcome[]): ChangeOutcome {
  const rank = ({ kind }: ChangeOutcome) => RANKS.indexOf(kind)
  return outcomes.toSorted((a, b) => rank(b) - rank(a))[0] ?? { kind: 'unknown' }
}
