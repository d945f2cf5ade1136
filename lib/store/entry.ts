/** Whose feed: what is owed to a courier, to a platform, or to custody. */
export type Side = 'courier' | 'platform' | 'custody'

/**
 * What an entry says. To couriers: `waybill`, `cancel`, `change`, `assignment-missing` and
 * `waybill-copy`. To platforms: `ebill` (the courier's answer), `tracking` and `cancel`. To custody:
 * `close`, which asks it to look whether keys must go.
 */
export type EntryKind =
  | 'waybill'
  | 'cancel'
  | 'change'
  | 'assignment-missing'
  | 'waybill-copy'
  | 'ebill'
  | 'tracking'
  | 'close'

/** One feed. Its partner is always taken from who is calling, never from what is called for. */
export interface Feed {
  readonly side: Side
  readonly partner: string
  readonly shard: number
}

/**
 * One thing owed: a pointer to an order's documents. Only small things that lie nowhere else, such as
 * a tracking event, are in its body.
 */
export interface Entry {
  readonly feed: Feed
  readonly id: string
  readonly kind: EntryKind
  readonly order: string
  /** The life of the order that it belongs to. */
  readonly life: number
  /** The documents it points to were written at this version or later. */
  readonly docVersion: number
  /** Bytes of those documents. */
  readonly bytes: number
  readonly expiresAt: number
  /** When an answer is late, in milliseconds since 1970. */
  readonly deadline?: number
  readonly body?: string
}

/** What an entry id says. */
export interface EntryName {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly order: string
  /** The order's version that made the entry. */
  readonly sequence: number
  readonly shard: number
  /** Whether it goes only by an answer; others are acknowledged. */
  readonly due: boolean
}

const ID = /^([1-9][0-9]{12})\.(o_[a-z2-7]{26})\.([1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,2})([ak])$/

/**
 * The id of an entry, which is also its place in the feed and safe in a path:
 * `1767225600000.o_fck7qd6bckys2eiuxjf7u36sdw.1.0a`. It holds all that is needed to find the entry
 * in its owner's feed; in another's feed the same id names nothing.
 */
export function entryId({ at, order, sequence, shard, due }: EntryName): string {
  return `${at}.${order}.${sequence}.${shard}${due ? 'a' : 'k'}`
}

/** Takes an entry id apart; undefined for a text that is none. */
export function parseEntryId(id: string): EntryName | undefined {
  const [, at, order, sequence, shard, mark] = ID.exec(id) ?? []
  if (order === undefined) return undefined
  return {
    at: Number(at),
    order,
    sequence: Number(sequence),
    shard: Number(shard),
    due: mark === 'a',
  }
}
