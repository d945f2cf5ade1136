import { createHash } from 'node:crypto'
import { type EntryKind, entryId, type Feed, type Side } from '../../store/entry.ts'
import { type Head, isOver, phaseOf } from '../../store/head.ts'
import type { Decision, OrderKeys, Ref, Step } from '../../store/step.ts'
import type { Outcome, Plain } from './causes.ts'

/** An entry to be: where it goes and what it says. */
export interface Draft {
  readonly side: Side
  readonly kind: EntryKind
  /** Goes only by an answer. */
  readonly due?: true
  readonly body?: string
}

/** What a step does beside changing the head. */
export interface Effects {
  readonly put?: readonly Draft[]
  /** Takes the entry away that is owed an answer. */
  readonly drop?: boolean
  readonly refs?: readonly Ref[]
  readonly answer?: string
  readonly doc?: string
  readonly keys?: OrderKeys
}

/** Nothing to write. */
export function only(kind: Plain): Decision<Outcome> {
  return { outcome: { kind } }
}

/** The entry is gone: what the courier gave for it is void. */
export function gone({ state }: Head): Decision<Outcome> {
  return { outcome: { kind: 'gone', state } }
}

/** The head once the courier has answered, or will not: nothing is compared with the body any more. */
export function quiet({ hmac, wrong, ...head }: Head): Head {
  return head
}

/** A step with an outcome that is only a word. */
export function step(
  before: Head,
  changes: Partial<Head>,
  now: number,
  kind: Plain,
  effects: Effects,
): Decision<Outcome> {
  return { outcome: { kind }, step: stepOf(before, changes, now, effects) }
}

/** A step upon a head: one version on. An order that ends asks custody to look after its keys. */
export function stepOf(before: Head, changes: Partial<Head>, now: number, effects: Effects): Step {
  const { put = [], drop = false, refs = [], ...documents } = effects
  const { owed, ...rest } = before
  const head: Head = {
    ...(drop ? rest : before),
    ...changes,
    version: before.version + 1,
  }
  const over = isOver(head.state) && !isOver(before.state)
  const closed = phaseOf(head) === 'closed' && phaseOf(before) !== 'closed'
  const drafts: Draft[] = over || closed ? [...put, { side: 'custody', kind: 'close' }] : [...put]
  return {
    ...withEntries(over ? { ...head, closedAt: now } : head, now, drafts),
    ...documents,
    drop: drop ? owedEntry(before) : [],
    refs,
  }
}

/** Gives the entries of a step their ids, all of one time, and remembers the one that is owed an answer. */
export function withEntries(
  head: Head,
  now: number,
  drafts: readonly Draft[],
): Pick<Step, 'head' | 'put'> {
  const at = Math.max(now, head.last + 1)
  const { order, life, docVersion, bytes, expiresAt, version: sequence } = head
  const put = drafts.map(({ side, kind, due = false, body }) => {
    const feed = feedOf(head, side)
    const id = entryId({ at, order, sequence, shard: feed.shard, due })
    return {
      ...{ feed, id, kind, order, life, docVersion, bytes, expiresAt },
      ...(kind === 'waybill' ? { deadline: head.deadline } : {}),
      ...(body === undefined ? {} : { body }),
    }
  })
  const owed = put[drafts.findIndex(draft => draft.due)]?.id
  const last = put.length > 0 ? at : head.last
  return { head: { ...head, last, ...(owed === undefined ? {} : { owed }) }, put }
}

/** A partner's feed that an order's entries go to. Only couriers have more than one shard. */
function feedOf(head: Head, side: Side): Feed {
  const partner = side === 'platform' ? head.platform : head.courier
  return { side, partner, shard: side === 'courier' ? head.shard : 0 }
}

/** The entry that is owed an answer, as a list of none or one. */
export function owedEntry(head: Head): Step['drop'] {
  return head.owed === undefined ? [] : [{ feed: feedOf(head, 'courier'), id: head.owed }]
}

/** Characters of a tag. */
export const TAG_LENGTH = 10

/** A tag that stands for a text: 60 bits of its SHA-256, as ten characters. */
export function tagOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, TAG_LENGTH)
}
