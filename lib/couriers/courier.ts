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
  /** What its intake takes in the fields of a waybill, where that differs from what its folder says. */
  readonly takes?: Partial<Takes>
  /**
   * The secret shared with the courier, for formats that carry it inside a document. It comes out of
   * the courier's secrets when a waybill is offered, and is `''` when one is only checked at intake.
   */
  readonly secret?: string
}

/**
 * What may stand in a field of a waybill: masked text, a virtual number, a token of the platform, the
 * agreed placeholder of digits, or the fixed text where nothing may be shown.
 */
export type FieldForm = 'masked' | 'virtual-number' | 'token' | 'placeholder' | 'fixed'

/** Per field of both parties, the forms that a courier's intake takes. */
export interface Takes {
  readonly name: readonly FieldForm[]
  readonly phone: readonly FieldForm[]
  readonly address: readonly FieldForm[]
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
  /** The native answer that refuses a native waybill: out of range, or what the courier has for it. */
  refuse(waybill: unknown): unknown
  /** The native answer to a native cancel document. */
  answerCancel(document: unknown, granted: boolean): unknown
  /**
   * Native pushes of a parcel's whole way from `start` on, the last one "delivered", signed as of `now`
   * where the courier signs them. The secret part of a URL is the sender's to add.
   */
  pushes(parcel: {
    readonly order: string
    readonly waybill: string
    readonly start: Date
    readonly now: Date
    readonly secret: string
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
  /** What its intake takes in the fields of a waybill, by agreement; the operator's settings may say otherwise. */
  readonly takes: Takes
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
   * checks; by the courier's own signature, which `authenticateEvents` checks; or by an HTTP message
   * signature, as its other calls.
   */
  readonly pushes: 'secret-path' | 'signed' | 'http-signature'
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
