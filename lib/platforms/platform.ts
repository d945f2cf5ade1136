import type { RawRequest } from '../access/request.ts'
import type { Draft } from '../model/draft.ts'
import type { GatewayError } from '../model/errors.ts'
import type { Accepted, Event, Order, RefusalReason } from '../model/generated/types.ts'
import type { Table } from '../translate/table.ts'

/** One account of a platform at this gateway: its keys, and what was agreed for its orders. */
export interface PlatformCredential {
  readonly appKey: string
  /** The one shop that this account speaks for: flows hold orders to it. Absent, all of the platform. */
  readonly shop?: string
  /** Current and next, so that a secret can be changed without a gap. */
  readonly secrets: readonly string[]
  /** Whether signatures by MD5 are taken. */
  readonly md5: boolean
  /** Defaults by courier slug, taken where an order names none. */
  readonly couriers: Readonly<Record<string, CourierTerms>>
  /** The platform's service codes that are dropped, a declared loss, instead of refusing the order. */
  readonly ignoreServices: readonly string[]
  /** The platform's own words that only its folder knows, such as the key of its pushed messages. */
  readonly native: Readonly<Record<string, string>>
}

/** What a platform account and a courier agreed. */
export interface CourierTerms {
  readonly payer?: Order['payer']
  readonly account?: string
}

/** What an adapter answers over HTTP. */
export interface NativeAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string
  /** Further headers, such as the signature of an answer. */
  readonly headers?: Readonly<Record<string, string>>
}

/** One order of a native request, as a draft or with the error that keeps it out. `native` is the adapter's own: what its answer echoes. */
export type PostedOrder<Native = unknown> =
  | { readonly native: Native; readonly draft: Draft }
  | { readonly native: Native; readonly error: GatewayError }

/** What became of a posted order. */
export type OrderOutcome =
  | {
      readonly kind: 'accepted'
      readonly order: Order
      readonly acceptance: Accepted
      readonly changed: boolean
    }
  | { readonly kind: 'refused'; readonly reason: RefusalReason }
  | { readonly kind: 'pending' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: GatewayError }

/** A posted order beside what became of it. */
export interface OrderResult<Native = unknown> {
  readonly native: Native
  readonly outcome: OrderOutcome
}

/** How a platform names the parcel it means: by the courier's number, by its own, or by both, which then must agree. */
export interface ParcelName {
  /** The courier's slug; a `waybill` is a number of this courier. */
  readonly courier?: string
  readonly waybill?: string
  /** An order number of the platform; of a merged order any of them. */
  readonly platformOrder?: string
  /** Only for orders of another channel. */
  readonly shop?: string
  /** `-` for the one without a name; absent: every parcel of the order. */
  readonly parcel?: string
}

/** What changes of an order that was posted: whole parties, and what else is present. */
export type ChangedParts = Partial<
  Pick<Draft, 'receiver' | 'sender' | 'goods' | 'weightGrams' | 'volumeCm3' | 'sizeMm'>
>

/** One wish of a native change request. */
export type Wish =
  | { readonly kind: 'cancel' }
  | { readonly kind: 'change'; readonly parts: ChangedParts }
  /** The platform announced a change: nothing is released until it cancels or confirms. */
  | { readonly kind: 'hold'; readonly on: boolean }
  /** Acknowledged, and nothing else. */
  | { readonly kind: 'notice' }

/** A wish to change an order, or the error that keeps it out. `native` is the adapter's own: what its answer echoes. */
export type PostedChange<Native = unknown> =
  | {
      readonly native: Native
      readonly parcel: ParcelName
      readonly wish: Wish
      /** When the platform signed it, RFC 3339: an older wish never undoes a newer one. */
      readonly at: string
    }
  | { readonly native: Native; readonly error: GatewayError }

/** What became of a wish. */
export type ChangeOutcome =
  /** Cancelled, now or before. */
  | { readonly kind: 'cancelled' }
  /** The new receiver stands, the order is held or goes on, the notice was taken. */
  | { readonly kind: 'done' }
  /** The courier was asked: the same call again brings the outcome. */
  | { readonly kind: 'asked' }
  /** The courier said no to the cancellation. */
  | { readonly kind: 'denied' }
  /** Too late: answered (for a change), or collected already. */
  | { readonly kind: 'too-late'; readonly collected: boolean }
  /** The order is over otherwise. */
  | { readonly kind: 'closed'; readonly state: 'refused' | 'expired' | 'cancelled' }
  /** No such parcel, or another caller's: one answer for both. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'failed'; readonly error: GatewayError }

/** A wish beside what became of it. A wish for several parcels has the outcome of the one that went worst. */
export interface ChangeResult<Native = unknown> {
  readonly native: Native
  readonly outcome: ChangeOutcome
}

/** How a cancellation that the courier was asked for ended. */
export interface CancelVerdict {
  readonly waybills: readonly string[]
  readonly granted: boolean
  /** The courier's code where it said no. */
  readonly raw?: string
}

/** The entry of a platform's feed that an event document stands in: the same at every reading. */
export interface EventEntry {
  readonly id: string
  /** When it was written, RFC 3339. */
  readonly at: string
}

/** The courier's answer as it goes to the platform. */
export type Verdict =
  | { readonly kind: 'accepted'; readonly acceptance: Accepted }
  | { readonly kind: 'refused'; readonly reason: RefusalReason }

/** A table of a partner, with all that the conformance suite asks of it. */
export interface NamedTable {
  /** Fixtures are pairs `<name>-*.wire.json` ⇄ `<name>-*.canonical.json` in the partner's folder. */
  readonly name: string
  // biome-ignore lint/suspicious/noExplicitAny: a list of tables between different documents
  readonly table: Table<any, any, any>
  /** Their document, by its name among the `$defs` of the partner's `wire.schema.json`. */
  readonly document: string
  /** The standard's document on the other side. */
  readonly carries: 'order' | 'acceptance' | 'event' | 'change'
  /** Whether the gateway reads their document in operation, or writes it. Tables go both ways in tests. */
  readonly way: 'read' | 'written'
  /** What the table's codecs get as context with its fixtures, such as a courier's settings. */
  readonly context?: unknown
}

/** A request as a partner's client sends it. `path` is the gateway's, with its query. */
export interface OutgoingRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** With what a sandbox signs. */
export interface SandboxCredential {
  readonly appKey: string
  readonly secret: string
}

/** What stands in for the platform on a laptop and in tests: its client, and an order of invented people. */
export interface PlatformSandbox {
  /** An invented application key of the platform's form. */
  readonly appKey: string
  /** A native order request, as a document. */
  readonly request: unknown
  /** The same order for another courier, as a document: native courier and product codes are put in. */
  requestFor(
    courier: string,
    terms: { readonly product: string; readonly account: string },
  ): unknown
  /** Signs a native order request as the platform's client does. The text is sent as it is. */
  sign(document: string, credential: SandboxCredential, now: Date): OutgoingRequest
  /** A signed native cancellation, by the number where one is given. */
  cancel(parcel: ParcelName, credential: SandboxCredential, now: Date): OutgoingRequest
  /** A signed native change of the receiver, to another invented person at another address. */
  changeReceiver(parcel: ParcelName, credential: SandboxCredential, now: Date): OutgoingRequest
}

/**
 * An e-commerce platform. One folder below `lib/platforms` exports one of these; nothing outside that
 * folder knows its format. All functions are pure.
 */
export interface Platform<Native = unknown, ChangeNative = unknown> {
  /** The slug, as in URLs and in `order.platform`. */
  readonly name: string
  /** The name people know, for the table of partners. */
  readonly title: string
  /** Nothing public says what this partner's format is: said in every list of partners and at start-up. */
  readonly assumed?: true
  /** How its calls are signed: in its own way, which `authenticate` checks, or by an HTTP message signature. */
  readonly calls: 'native' | 'http-signature'
  /**
   * Finds the credential that signed this request, over the raw bytes.
   *
   * @throws {GatewayError} `UNAUTHENTICATED`, for whatever reason
   */
  authenticate(
    request: RawRequest,
    credentials: readonly PlatformCredential[],
    now: Date,
  ): PlatformCredential
  /**
   * Reads every order of a native request; what is wrong with one order is that order's error.
   *
   * @throws {GatewayError} where the request as a whole cannot be read
   */
  readOrders(request: RawRequest, credential: PlatformCredential): readonly PostedOrder<Native>[]
  /**
   * When a native request was signed, RFC 3339, where the orders' own time does not say so: a parcel that
   * was cancelled is posted anew only by a request signed later.
   */
  signedAt?(request: RawRequest): string
  /** Answers a request whose orders were looked at one by one: every order once, in the order they were posted. */
  answerOrders(results: readonly OrderResult<Native>[], request: RawRequest): NativeAnswer
  /**
   * Reads a native request to cancel or change orders, and native messages about them.
   *
   * @throws {GatewayError} where the request as a whole cannot be read
   */
  readChanges(
    request: RawRequest,
    credential: PlatformCredential,
  ): readonly PostedChange<ChangeNative>[]
  /** Answers a request of changes: every wish once, in the order they were sent. */
  answerChanges(results: readonly ChangeResult<ChangeNative>[], request: RawRequest): NativeAnswer
  /** The native form of an error that concerns the whole request, on either call. */
  fail(error: GatewayError, request: RawRequest): NativeAnswer
  /** Signs what the gateway answers, where the platform wants that: every answer to a caller it knows. */
  sign?(answer: NativeAnswer, credential: PlatformCredential, now: Date): NativeAnswer
  /** The event document that brings the courier's answer. */
  writeVerdict(order: Order, verdict: Verdict, entry: EventEntry): unknown
  /** The event document of one tracking event. */
  writeTracking(order: Order, event: Event, entry: EventEntry): unknown
  /** The event document that brings the outcome of a cancellation. */
  writeCancelResult(order: Order, verdict: CancelVerdict, entry: EventEntry): unknown
  readonly tables: readonly NamedTable[]
  readonly sandbox: PlatformSandbox
}
