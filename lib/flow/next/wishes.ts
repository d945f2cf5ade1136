import { type Head, isOver } from '../../store/head.ts'
import type { Decision } from '../../store/step.ts'
import type {
  CancelAnswerInput,
  CancelInput,
  HoldInput,
  Outcome,
  Plain,
  ReplaceInput,
} from './causes.ts'
import { type Draft, gone, only, quiet, step } from './step.ts'

// What a platform wishes after it has posted an order.

/** A cancellation: at once before the courier's answer, after it the courier is asked. */
export function cancel(head: Head, input: CancelInput, now: number): Decision<Outcome> {
  const { state, tracking } = head
  const { at = now } = input
  const isOpen = state === 'posted' || state === 'accepted'
  if (isOpen && isStale(head, at)) return only('stale')
  if (state === 'posted') {
    const put = [{ side: 'courier', kind: 'cancel' }] as const
    return step(quiet(head), { state: 'cancelled' }, now, 'cancelled', { put, drop: true })
  }
  if (state === 'cancelled') return only('cancelled')
  if (state === 'cancelling') return only('cancel-asked')
  if (isOver(state)) return { outcome: { kind: 'closed', state } }
  if (head.denied) return only('cancel-denied')
  const ended = tracking.ended !== undefined && tracking.ended !== 'cancelled'
  if (ended || (tracking.moving && tracking.ended === undefined)) return only('too-late')
  const put = [{ side: 'courier', kind: 'cancel', due: true }] as const
  return step(head, { state: 'cancelling' }, now, 'cancel-asked', { put })
}

/** What the courier says of a cancellation. */
export function cancelAnswer(
  head: Head,
  { entry, result, document }: CancelAnswerInput,
  now: number,
): Decision<Outcome> {
  const { state } = head
  if (state === 'cancelling' && head.owed === entry) {
    if (result === 'pending') return only('pending')
    const told = {
      put: [{ side: 'platform', kind: 'cancel', body: document }],
      drop: true,
    } as const
    return result === 'granted'
      ? step(head, { state: 'cancelled' }, now, 'cancelled', told)
      : step(head, { state: 'accepted', denied: true }, now, 'cancel-denied', told)
  }
  const granted = state === 'cancelled' && result === 'granted'
  const denied = state === 'accepted' && head.denied && result === 'denied'
  return granted || denied ? only('same') : gone(head)
}

/**
 * Whether a wish was signed before this life was posted, or before the newest wish that was taken: a
 * replay, or one that came late, undoes nothing.
 */
function isStale({ signedAt, wish }: Head, at: number): boolean {
  return at < signedAt || at < (wish?.at ?? 0)
}

/** The same wish again: signed anew, it is as new as its newest signature. */
function sameWish(head: Head, at: number, now: number, kind: Plain): Decision<Outcome> {
  const { wish } = head
  if (wish === undefined || at <= wish.at) return only(kind)
  return step(head, { wish: { ...wish, at } }, now, kind, {})
}

/** A change of the order, before the courier's answer: its entry is replaced. */
export function replace(head: Head, input: ReplaceInput, now: number): Decision<Outcome> {
  const { at, tags, doc, keys, sealed } = input
  if (isOver(head.state)) return { outcome: { kind: 'closed', state: head.state } }
  if (at < head.signedAt) return only('stale')
  if (head.wish !== undefined && tags.includes(head.wish.tag))
    return sameWish(head, at, now, 'same')
  if (isStale(head, at) || at === head.wish?.at) return only('stale')
  if (head.state !== 'posted') return only('too-late')
  if (input.rev !== head.rev + 1) return only('moved')
  const { held, shredded, ...rest } = head
  // A group that is sealed anew has a key again.
  const gone = shredded?.filter(group => keys?.[group] === undefined) ?? []
  const put: Draft[] = [{ side: 'courier', kind: 'waybill', due: true }]
  if (held) put.push({ side: 'courier', kind: 'change', body: 'resumed' })
  const after = {
    ...{ rev: input.rev, sealed, docVersion: head.version + 1, bytes: Buffer.byteLength(doc) },
    ...{ wish: { tag: tags[0], at }, posted: head.posted ?? input.replaced },
    ...(gone.length > 0 ? { shredded: gone } : {}),
  }
  return step(rest, after, now, 'replaced', { put, drop: true, doc, ...(keys ? { keys } : {}) })
}

/** Holds the order, or lets it go on: while it is held nothing is released. */
export function hold(head: Head, { on, at: signed }: HoldInput, now: number): Decision<Outcome> {
  const at = signed ?? now
  if (isOver(head.state)) return { outcome: { kind: 'closed', state: head.state } }
  const kind = on ? 'held' : 'resumed'
  if (at >= head.signedAt && head.wish?.tag === kind) return sameWish(head, at, now, kind)
  // Of two wishes of one time it is the one that holds that counts.
  if (isStale(head, at) || (!on && at === head.wish?.at)) return only('stale')
  const { held, ...rest } = head
  const after = { wish: { tag: kind, at }, ...(on ? { held: true as const } : {}) }
  const isNews = on !== (held ?? false)
  const put: Draft[] = isNews ? [{ side: 'courier', kind: 'change', body: kind }] : []
  return step(rest, after, now, kind, { put })
}
