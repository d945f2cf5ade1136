import type { RawRequest } from '../access/request.ts'
import type { Draft } from '../model/draft.ts'
import type { GatewayError } from '../model/errors.ts'
import type { Accepted, Event, Order, RefusalReason } from '../model/generated/types.ts'
import type { Table } from '../translate/table.ts'

/** One account of a platform at this gateway: its keys, and what was agreed for its orders. */
export interface PlatformCredential {
  readonly appKey: string
  /** Current and next, so that a secret can be changed without a gap. */
  readonly secrets: readonly string[]
  /** Whether signatures by MD5 are taken. */
  readonly md5: boolean
  /** Defaults by courier slug, taken where an order names none. */
  readonly couriers: Readonly<Record<string, CourierTerms>>
  /** The platform's service codes that are dropped, a declared loss, instead of refusing the order. */
  readonly ignoreServices: readonly string[]
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

/** The courier's answer as it goes to the platform. */
export type Verdict =
  | { readonly kind: 'accepted'; readonly acceptance: Accepted }
  | { readonly kind: 'refused'; readonly reason: RefusalReason }

/** A table of a partner, with the name under which the conformance suite reports it. */
export interface NamedTable {
  readonly name: string
  // biome-ignore lint/suspicious/noExplicitAny: a list of tables between different documents
  readonly table: Table<any, any, any>
}

/** A request as a partner's client sends it. `path` is the gateway's, with its query. */
export interface OutgoingRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What stands in for the platform on a laptop and in tests: its client, and an order of invented people. */
export interface PlatformSandbox {
  /** An invented application key of the platform's form. */
  readonly appKey: string
  /** A native order request, as a document. */
  readonly request: unknown
  /** Signs a native order request as the platform's client does. The text is sent as it is. */
  sign(
    document: string,
    credential: { readonly appKey: string; readonly secret: string },
    now: Date,
  ): OutgoingRequest
}

/**
 * An e-commerce platform. One folder below `lib/platforms` exports one of these; nothing outside that
 * folder knows its format. All functions are pure.
 */
export interface Platform<Native = unknown> {
  /** The slug, as in URLs and in `order.platform`. */
  readonly name: string
  /** The name people know, for the table of partners. */
  readonly title: string
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
  /** Answers a request whose orders were looked at one by one: every order once, in the order they were posted. */
  answerOrders(results: readonly OrderResult<Native>[], request: RawRequest): NativeAnswer
  /** The native form of an error that concerns the whole request. */
  fail(error: GatewayError, request: RawRequest): NativeAnswer
  /** The event document that brings the courier's answer. */
  writeVerdict(order: Order, verdict: Verdict): unknown
  /** The event document of one tracking event. */
  writeTracking(order: Order, event: Event): unknown
  readonly tables: readonly NamedTable[]
  readonly sandbox: PlatformSandbox
}
