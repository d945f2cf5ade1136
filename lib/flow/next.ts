import type { Group } from '../model/validate.ts'
import { type Head, isExpired, isOver, mayRelease, type State } from '../store/head.ts'
import type { Decision, Ref } from '../store/step.ts'
import type { AnswerInput, EventInput, Input, Outcome, PostInput } from './next/causes.ts'
import {
  type Draft,
  gone,
  only,
  owedEntry,
  quiet,
  step,
  stepOf,
  TAG_LENGTH,
  tagOf,
  withEntries,
} from './next/step.ts'
import { tellsMove, track } from './next/tracking.ts'
import { cancel, cancelAnswer, hold, replace } from './next/wishes.ts'

export type * from './next/causes.ts'

/** Differing bodies after which an order is locked. */
const MOST_WRONG = 5

/** Events that an order remembers, each by its tag. */
const SEEN = 16

/**
 * The next step of an order: pure, so that it can be decided again upon a newer head. Platform calls,
 * answers and the sweep move `state`; pushes move `tracking` only, because anybody might forge one.
 *
 * @param now milliseconds since 1970
 * @see design-storage, "Steps"
 */
export function next(head: Head | undefined, input: Input, now: number): Decision<Outcome> {
  if (input.kind === 'post') return post(head, input, now)
  if (head === undefined || !concerns(head, input)) return only('unknown')
  if (input.kind === 'deadline') return deadline(head, input.document, now)
  if (isExpired(head, now)) return only('unknown')
  switch (input.kind) {
    case 'answer':
      return answer(head, input, now)
    case 'cancel':
      return cancel(head, input, now)
    case 'cancel-answer':
      return cancelAnswer(head, input, now)
    case 'event':
      return event(head, input, now)
    case 'replace':
      return replace(head, input, now)
    case 'hold':
      return hold(head, input, now)
    case 'assigned':
      return assigned(head, input.group, now)
    case 'shredded':
      return shredded(head, input, now)
    case 'redrive':
      return step(head, {}, now, 'redriven', { put: [{ side: 'courier', kind: 'waybill-copy' }] })
  }
}

/** Whether a cause comes from the order's own platform or courier. */
function concerns(head: Head, input: Input): boolean {
  if ('platform' in input) return input.platform === head.platform
  return !('courier' in input) || input.courier === head.courier
}

function post(head: Head | undefined, input: PostInput, now: number): Decision<Outcome> {
  if (head === undefined || isRepostable(head, input, now)) return firstStep(head, input, now)
  if (input.platform !== head.platform) return only('unknown')
  if (head.state === 'cancelled' && isNewRequest(head, input, now)) return only('over')
  if (head.hmac === undefined) return { outcome: { kind: 'repeat', compared: 'open' } }
  const wrong = head.wrong ?? []
  if (wrong.length >= MOST_WRONG) return only('locked')
  if (input.hmacs.includes(head.hmac)) return { outcome: { kind: 'repeat', compared: 'all' } }
  const tag = tagOf(input.hmacs[0])
  if (wrong.includes(tag)) return only('changed')
  return step(head, { wrong: [...wrong, tag] }, now, 'changed', {})
}

/**
 * An order whose time is over, that was refused or that nobody answered, may be posted anew: where the
 * courier never answered also by the same request, else by a new one, so that a repeat learns how it
 * ended. A cancelled order is final: its parcel goes on under another id.
 */
function isRepostable(head: Head, input: PostInput, now: number): boolean {
  if (isExpired(head, now)) return true
  if (head.state === 'expired') return input.signedAt > (head.closedAt ?? now)
  return head.state === 'refused' && isNewRequest(head, input, now)
}

/** Whether a request is another one than the one that opened this life, and was signed after its end. */
function isNewRequest(head: Head, { request, signedAt }: PostInput, now: number): boolean {
  return request !== head.request && signedAt > (head.closedAt ?? now)
}

function firstStep(before: Head | undefined, input: PostInput, now: number): Decision<Outcome> {
  const { order, platform, courier, shard, request, sealed, boxes, deadline, expiresAt } = input
  const { signedAt } = input
  const version = (before?.version ?? 0) + 1
  const head: Head = {
    ...{ order, life: (before?.life ?? 0) + 1, version, last: before?.last ?? 0, rev: 1 },
    ...{ state: 'posted', platform, courier, shard, request, postedAt: now, deadline, expiresAt },
    signedAt,
    ...{ hmac: input.hmacs[0], sealed, boxes, tracking: { at: 0 }, seen: '' },
    ...{ docVersion: version, bytes: Buffer.byteLength(input.doc) },
  }
  const refs = input.platformOrders.map(
    (platformOrder): Ref => ({
      by: 'platform',
      shop: input.shop,
      platformOrder,
      parcel: input.parcel,
    }),
  )
  return {
    outcome: { kind: 'posted' },
    step: {
      ...withEntries(head, now, [{ side: 'courier', kind: 'waybill', due: true }]),
      drop: before === undefined ? [] : owedEntry(before),
      refs,
      doc: input.doc,
      ...(input.keys === undefined ? {} : { keys: input.keys }),
    },
  }
}

function answer(head: Head, { entry, verdict }: AnswerInput, now: number): Decision<Outcome> {
  const { outcome } = verdict
  const open = head.state === 'posted' && head.owed === entry
  if (outcome === 'pending') return open ? only('pending') : gone(head)
  const hash = tagOf(verdict.document)
  if (head.answer === hash && holds(head.state, outcome)) return only('same')
  const { document } = verdict
  const bytes = head.bytes + Buffer.byteLength(document)
  const kept = { answer: hash, docVersion: head.version + 1, bytes }
  const owes = { put: [{ side: 'platform', kind: 'ebill' }], answer: document } as const
  if (outcome === 'refused') {
    if (!open) return isOver(head.state) || head.state === 'posted' ? gone(head) : only('conflict')
    return step(quiet(head), { state: 'refused', ...kept }, now, 'refused', { ...owes, drop: true })
  }
  const { waybills, signBack } = verdict
  const numbers = tagOf(JSON.stringify([waybills, signBack]))
  if (open) {
    const accepted = { state: 'accepted', waybill: waybills[0], boxes: waybills.length } as const
    const refs = refsOf(waybills, signBack)
    const after = { ...accepted, numbers, ...kept }
    return step(quiet(head), after, now, 'accepted', { ...owes, drop: true, refs })
  }
  if (isOver(head.state) || head.state === 'posted') return gone(head)
  if (head.numbers !== numbers) return only('conflict')
  return step(head, kept, now, 'accepted', owes)
}

/** Whether an order stands where such an answer has brought it. */
function holds(state: State, outcome: 'accepted' | 'refused'): boolean {
  return outcome === 'refused'
    ? state === 'refused'
    : state === 'accepted' || state === 'cancelling'
}

/** Look-ups of the numbers that an acceptance gives. */
function refsOf(waybills: readonly string[], signBack: string | undefined): Ref[] {
  const boxes = waybills.map((waybill): Ref => ({ by: 'waybill', waybill, role: 'box' }))
  if (signBack === undefined) return boxes
  return [...boxes, { by: 'waybill', waybill: signBack, role: 'sign-back' }]
}

function deadline(head: Head, document: string, now: number): Decision<Outcome> {
  if (head.state === 'expired') return only('expired')
  if (head.state !== 'posted') return gone(head)
  if (now < head.deadline) return only('not-due')
  const version = head.version + 1
  const bytes = head.bytes + Buffer.byteLength(document)
  const after = { state: 'expired', answer: tagOf(document), docVersion: version, bytes } as const
  const put = [
    { side: 'courier', kind: 'cancel' },
    { side: 'platform', kind: 'ebill' },
  ] as const
  return step(quiet(head), after, now, 'expired', { put, drop: true, answer: document })
}

function event(head: Head, input: EventInput, now: number): Decision<Outcome> {
  const tag = tagOf(input.event)
  for (let at = 0; at < head.seen.length; at += TAG_LENGTH) {
    if (head.seen.startsWith(tag, at)) return only('duplicate')
  }
  const seen = (head.seen + tag).slice(-SEEN * TAG_LENGTH)
  const tracking = input.role === 'sign-back' ? head.tracking : track(head, input)
  const missing = lacksAssignment(head, input)
  const put: Draft[] = [{ side: 'platform', kind: 'tracking', body: input.document }]
  if (missing) put.push({ side: 'courier', kind: 'assignment-missing' })
  const { returnWaybill: waybill } = input
  const back = waybill === undefined ? undefined : tagOf(waybill)
  const isNew = waybill !== undefined && back !== head.back
  const refs: Ref[] = isNew ? [{ by: 'waybill', waybill, role: 'return' }] : []
  const alarm = head.state === 'cancelled' && tellsMove(input.status)
  const outcome: Outcome = alarm ? { kind: 'tracked', alarm } : { kind: 'tracked' }
  const after = { seen, tracking, ...(missing ? { missing } : {}), ...(back ? { back } : {}) }
  return { outcome, step: stepOf(head, after, now, { put, refs }) }
}

/** A parcel goes out to a receiver who is sealed, and nobody may open the seal: the courier forgot. */
function lacksAssignment(head: Head, { status }: EventInput): boolean {
  const sealed = head.sealed.includes('receiver') && !head.assigned?.includes('receiver')
  return status === 'out-for-delivery' && sealed && !head.missing && !isOver(head.state)
}

function assigned(head: Head, group: Group, now: number): Decision<Outcome> {
  if (!mayRelease(head, now) || !head.sealed.includes(group)) return only('not-assignable')
  const groups = head.assigned ?? []
  if (groups.includes(group)) return only('assigned')
  return step(head, { assigned: [...groups, group] }, now, 'assigned', {})
}

/** Tells of keys that are gone; those of a later life are not concerned. */
function shredded(
  head: Head,
  { life, groups }: { readonly life: number; readonly groups: readonly Group[] },
  now: number,
): Decision<Outcome> {
  const gone = head.shredded ?? []
  const more = groups.filter(group => head.sealed.includes(group) && !gone.includes(group))
  if (head.life !== life || more.length === 0) return only('shredded')
  return step(head, { shredded: [...gone, ...more] }, now, 'shredded', {})
}
