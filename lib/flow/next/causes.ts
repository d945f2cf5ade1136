import type { Group, Status } from '../../model/validate.ts'
import type { State } from '../../store/head.ts'
import type { OrderKeys, WaybillRole } from '../../store/step.ts'

/** An order as a platform posts it. Times are milliseconds since 1970; documents are opaque texts. */
export interface PostInput {
  readonly kind: 'post'
  readonly order: string
  readonly platform: string
  /** Only for orders of another channel; else empty. */
  readonly shop: string
  readonly platformOrders: readonly string[]
  readonly parcel: string
  readonly courier: string
  readonly shard: number
  /** The native request: the same one again never opens a second life. */
  readonly request: string
  readonly signedAt: number
  /** Keyed hashes of the body, under the present key first, then under those before it. */
  readonly hmacs: readonly [string, ...string[]]
  readonly sealed: readonly Group[]
  readonly boxes: number
  readonly deadline: number
  readonly expiresAt: number
  readonly doc: string
  readonly keys?: OrderKeys
}

/** A courier's answer to a waybill entry. */
export interface AnswerInput {
  readonly kind: 'answer'
  readonly courier: string
  /** Id of the entry that is answered. */
  readonly entry: string
  readonly verdict:
    | {
        readonly outcome: 'accepted'
        readonly waybills: readonly [string, ...string[]]
        readonly signBack?: string
        readonly document: string
      }
    | { readonly outcome: 'refused'; readonly document: string }
    | { readonly outcome: 'pending' }
}

/** A native push about a parcel. */
export interface EventInput {
  readonly kind: 'event'
  readonly courier: string
  /** Id of the event: the same one is the same event. */
  readonly event: string
  readonly waybill: string
  readonly role: WaybillRole
  readonly status: Status
  readonly at: number
  readonly returnWaybill?: string
  readonly document: string
}

/** What a platform changes before the courier's answer: a new document, and seals of what is new. */
export interface ReplaceInput {
  readonly kind: 'replace'
  readonly platform: string
  /** When the platform signed it. */
  readonly at: number
  /** Keyed tags of what it says, under the present key first, then under those before it. */
  readonly tags: readonly [string, ...string[]]
  /** The revision that the new seals are of: one on from the document that was changed. */
  readonly rev: number
  /** Tag of the open part that was changed. */
  readonly replaced: string
  readonly sealed: readonly Group[]
  readonly doc: string
  readonly keys?: OrderKeys
}

/** A courier's answer to a cancel entry. */
export interface CancelAnswerInput {
  readonly kind: 'cancel-answer'
  readonly courier: string
  readonly entry: string
  readonly result: 'granted' | 'denied' | 'pending'
  readonly document: string
}

/** A platform cancels. `at` is when it signed that; without it, now. */
export interface CancelInput {
  readonly kind: 'cancel'
  readonly platform: string
  readonly at?: number
}

/** A platform announces a change, or says that there is none. `at` as of a cancellation. */
export interface HoldInput {
  readonly kind: 'hold'
  readonly platform: string
  readonly on: boolean
  readonly at?: number
}

/** Every cause that can move an order. */
export type Input =
  | PostInput
  | AnswerInput
  | EventInput
  | ReplaceInput
  | CancelInput
  | CancelAnswerInput
  | { readonly kind: 'deadline'; readonly document: string }
  | HoldInput
  | { readonly kind: 'assigned'; readonly courier: string; readonly group: Group }
  | { readonly kind: 'redrive'; readonly courier: string }
  /** Custody has deleted the keys of these groups, in that life of the order. */
  | { readonly kind: 'shredded'; readonly life: number; readonly groups: readonly Group[] }

/** What became of a cause, for the one who brought it. */
export type Outcome =
  | { readonly kind: Plain }
  /** The order is there already; `open` leaves it to the caller to compare what is open. */
  | { readonly kind: 'repeat'; readonly compared: 'all' | 'open' }
  /** The entry is gone; a number given for it is void. */
  | { readonly kind: 'gone'; readonly state: State }
  | { readonly kind: 'closed'; readonly state: State }
  /** `alarm`: a cancelled parcel is on its way. */
  | { readonly kind: 'tracked'; readonly alarm?: true }

/** Outcomes that are only a word. */
export type Plain =
  | 'posted'
  /** Another body than the one first posted. */
  | 'changed'
  /** It was cancelled, and this is a new request: the parcel begins its next life. */
  | 'over'
  /** Too many differing bodies: none is compared any more. */
  | 'locked'
  | 'accepted'
  | 'refused'
  | 'pending'
  /** The same answer, or the same wish, as before. */
  | 'same'
  /** Another answer than the one that is kept. */
  | 'conflict'
  | 'cancelled'
  | 'cancel-asked'
  | 'cancel-denied'
  /** It was collected already, or answered. */
  | 'too-late'
  /** Signed before a wish that was taken since, or before this life was posted. */
  | 'stale'
  /** Another change came in between: what was prepared does not fit any more. */
  | 'moved'
  | 'replaced'
  | 'held'
  | 'resumed'
  | 'expired'
  | 'not-due'
  | 'duplicate'
  | 'redriven'
  | 'assigned'
  | 'not-assignable'
  | 'shredded'
  /** No such order, or another partner's: one answer for both. */
  | 'unknown'
