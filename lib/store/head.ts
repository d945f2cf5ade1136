import type { Group, Status } from '../model/validate.ts'

/**
 * Where an order stands between platform and courier. Moved by platform calls, by courier's answers
 * and by the sweep; never by a push, which anybody might forge.
 */
export type State = 'posted' | 'accepted' | 'cancelling' | 'refused' | 'cancelled' | 'expired'

/** How a parcel's way ended, as tracking tells it. */
export type End = 'delivered' | 'returned' | 'lost' | 'cancelled'

/** What native pushes told: for people to read, and for nothing to be unlocked by. */
export interface Tracking {
  /** Status of the event with the newest time. */
  readonly status?: Status
  /** Time of that event, in milliseconds since 1970. */
  readonly at: number
  /** It was collected, or is known to have been. */
  readonly moving?: true
  readonly ended?: End
  /** Time of the event that ended it. */
  readonly endedAt?: number
  /** Tags of the boxes whose way ended, for orders of several boxes. */
  readonly boxesEnded?: readonly string[]
}

/**
 * What is kept of an order in one small item, rewritten by every step. Its documents lie beside it
 * and are rewritten rarely. Times are milliseconds since 1970.
 */
export interface Head {
  readonly order: string
  /** From 1; the same order posted anew after it was closed makes the next. */
  readonly life: number
  /** Rises with every step, over all lives. */
  readonly version: number
  /** Time in the newest entry's id, so that the entries of one order never change places. */
  readonly last: number
  readonly state: State
  readonly platform: string
  readonly courier: string
  /** Shard of the courier's feed, fixed at posting. */
  readonly shard: number
  /** Revision of the seals, from 1. */
  readonly rev: number
  /** The native request that opened this life. */
  readonly request: string
  readonly postedAt: number
  /** When the platform signed that request: a wish signed before it is of an earlier life. */
  readonly signedAt: number
  /** The platform's newest wish that was taken: a tag of what it says, and when it was signed. */
  readonly wish?: { readonly tag: string; readonly at: number }
  /** Tag of the open part as it was posted, once the platform has changed it. */
  readonly posted?: string
  /** Until when the courier may answer. */
  readonly deadline: number
  /** From then on the order counts as absent. */
  readonly expiresAt: number
  /** When `state` came to its end. */
  readonly closedAt?: number
  /** Id of the entry that the courier must answer. */
  readonly owed?: string
  /** Keyed hash of what was posted, until the courier's answer. */
  readonly hmac?: string
  /** Tags of the differing bodies that were posted under the same name. */
  readonly wrong?: readonly string[]
  /** Groups that are sealed. */
  readonly sealed: readonly Group[]
  /** Groups that the courier has assigned to a hop. */
  readonly assigned?: readonly Group[]
  /** Groups whose wrapped keys and capsules custody has deleted: nothing can be opened any more. */
  readonly shredded?: readonly Group[]
  /** The courier was told that an assignment is missing. */
  readonly missing?: true
  /** The platform announced a change: nothing is released. */
  readonly held?: true
  /** The courier said no to a cancellation. */
  readonly denied?: true
  /** How many boxes: as posted, then as many as the courier gave numbers. */
  readonly boxes: number
  /** The first waybill number. */
  readonly waybill?: string
  /** Hash of all waybill numbers. */
  readonly numbers?: string
  /** Hash of the number of the way back that is looked up. */
  readonly back?: string
  /** Hash of the courier's answer. */
  readonly answer?: string
  readonly tracking: Tracking
  /** Tags of the last 16 events, one behind the other. */
  readonly seen: string
  /** Version at which the order's documents were written last. */
  readonly docVersion: number
  /** Bytes of the order's documents, at most. */
  readonly bytes: number
}

/** How far an order has come: never back, except that a delivery may be revoked. */
export type Phase = 'posted' | 'accepted' | 'moving' | 'closed'

/** The phase of an order: its state, and within `accepted` what tracking knows. */
export function phaseOf(head: Head): Phase {
  if (isOver(head.state)) return 'closed'
  if (head.state === 'posted') return 'posted'
  if (head.tracking.ended !== undefined) return 'closed'
  return head.tracking.moving ? 'moving' : 'accepted'
}

/** True for the states that end an order. */
export function isOver(state: State): boolean {
  return state === 'refused' || state === 'cancelled' || state === 'expired'
}

/** True once the order's time is over: it then counts as absent, deleted or not. */
export function isExpired(head: Head, now: number): boolean {
  return head.expiresAt < now
}

/** Whether custody may release this order's keys to a hop, as far as the order's state says. */
export function mayRelease(head: Head, now: number): boolean {
  const open = head.state === 'accepted' || head.state === 'cancelling'
  return open && !head.held && !isExpired(head, now)
}
