import type { RawRequest } from '../access/request.ts'
import type { GatewayError } from '../model/errors.ts'
import type { Acceptance, Event, Order } from '../model/generated/types.ts'
import type { NamedTable, NativeAnswer, OutgoingRequest } from '../platforms/platform.ts'

/** What the operator agreed with a courier. */
export interface CourierSettings {
  /** Product codes that the courier takes; none listed: whatever its own format allows. */
  readonly products?: readonly string[]
  /** Product taken for orders of a platform (by slug) that name none. */
  readonly defaultProducts?: Readonly<Record<string, string>>
  /** Digits that stand in a phone field where the courier's intake takes no `*`, agreed with the courier. */
  readonly phonePlaceholder?: string
  /** How much of a sealed address its waybills show. */
  readonly displayLevel: 'street' | 'region'
  /** The courier's own words that only its folder knows, such as a customer code. */
  readonly native: Readonly<Record<string, string>>
}

/** One event of a native push: the courier's key of it, and what order.json's event will hold. */
export interface CourierEvent
  extends Pick<Event, 'waybill' | 'status' | 'raw' | 'at' | 'place' | 'next' | 'returnWaybill'> {
  /** The courier's own key of the event; the same key is the same event. */
  readonly key: readonly string[]
  /** Our order id, where the push carries it. */
  readonly order?: string
}

/** What a courier says of a cancellation. */
export type CancelResult =
  | { readonly result: 'granted' }
  | { readonly result: 'denied'; readonly raw?: string }
  | { readonly result: 'pending' }

/** What stands in for the courier on a laptop and in tests. */
export interface CourierSandbox {
  readonly settings: Omit<CourierSettings, 'defaultProducts'>
  /** Product and monthly account that orders get which name none. */
  readonly product: string
  readonly account: string
  /** The native answer that accepts a native waybill. The same waybill gets the same numbers. */
  answer(waybill: unknown): unknown
  /** Native pushes of a parcel's whole way, the last one "delivered". The secret part of a URL is the sender's to add. */
  pushes(parcel: {
    readonly order: string
    readonly waybill: string
    readonly start: Date
  }): readonly OutgoingRequest[]
}

/**
 * A courier. One folder below `lib/couriers` exports one of these; nothing outside that folder knows
 * its format. All functions are pure.
 */
export interface Courier {
  /** The slug, as in URLs and in `order.courier`. */
  readonly name: string
  /** The name people know, for the table of partners. */
  readonly title: string
  /**
   * The native create-order document. Called at intake too: an order that it cannot hold is refused
   * at the door.
   *
   * @throws {GatewayError} with the pointer into the order that does not fit
   */
  writeWaybill(order: Order, settings: CourierSettings): unknown
  /** The native cancel document. `waybills` is empty before the courier's answer. */
  writeCancel(order: Order, waybills: readonly string[], settings: CourierSettings): unknown
  /**
   * Reads the native create-order response to one order.
   *
   * @throws {GatewayError} `WIRE_INVALID` where it is no response, or one to another order;
   *   `VALUE_INVALID` with retry `later` for a code that is no answer, such as "token expired"
   */
  readAnswer(document: unknown, order: Pick<Order, 'order'>): Acceptance
  /** Reads the native cancel response to one order. */
  readCancelResult(document: unknown, order: Pick<Order, 'order'>): CancelResult
  /**
   * How native pushes prove where they come from: by a secret part of the URL, which the gateway
   * checks, or by the courier's own signature, which `authenticateEvents` checks.
   */
  readonly pushes: 'secret-path' | 'signed'
  /** @throws {GatewayError} `UNAUTHENTICATED` */
  authenticateEvents?(request: RawRequest, secrets: readonly string[], now: Date): void
  /**
   * Reads a native push, all or nothing. What is no tracking event, such as billing, is left out.
   *
   * @throws {GatewayError} `MALFORMED` or `WIRE_INVALID`
   */
  readEvents(request: RawRequest): readonly CourierEvent[]
  /** The exact native acknowledgement of a push. */
  acknowledge(): NativeAnswer
  /** The native form of an error on a push. */
  fail(error: GatewayError): NativeAnswer
  readonly tables: readonly NamedTable[]
  readonly sandbox: CourierSandbox
}
