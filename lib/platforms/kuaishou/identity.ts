import { GatewayError } from '../../model/errors.ts'
import { identifier } from '../../translate/codecs.ts'
import type { Numeric } from '../../translate/decimal.ts'
import { inPlace } from './clear-text.ts'
import { OTHER_CHANNEL, OWN_CHANNEL } from './codes.ts'

/** Printable, no comma, no blank, so that no name can stand here. */
const ORDER = /^[!-+\--~]{1,32}$/
const SHOP = /^[!-+\--~]{1,128}$/
/** The same without `~`, which is ours. */
const PARCEL = /^[!-+\--}]{1,64}$/
/** As acceptance.json has it. */
const WAYBILL = /^[0-9A-Za-z_-]{1,40}$/
const REQUEST = /^[!-~]{1,128}$/
/** What a second life of a parcel adds; never shown to the platform. */
const LIFE = /~\d+$/

type Id = Numeric | undefined

/** Whether an order is the platform's own: it names no channel, or the platform's. */
export const isOwn = (channel: unknown): boolean =>
  channel === undefined || channel === null || channel === '' || channel === OWN_CHANNEL

/**
 * `tradeOrderCode`, `orderChannel`, `merchantCode` ⇄ primaryOrder, platformOrders, shop. Only an order
 * of another channel has a shop: its number is not the platform's.
 *
 * @throws {GatewayError} `VALUE_INVALID` for characters or a length that no number has, or several
 * orders in one, which this platform does not merge; `WIRE_INVALID` for another channel's order without a shop
 * @see formats/pairs.md section 1
 */
export const orderNumbers = {
  name: 'orderNumbers',
  to: ([order, channel, merchant]: readonly [Id, string | undefined, string | undefined]) => {
    const number = numberIn(order)
    const orders: string[] = [number]
    return [number, orders, isOwn(channel) ? undefined : shopIn(merchant)] as const
  },
  from: ([primary, orders = [], shop]: readonly [
    string | undefined,
    readonly string[] | undefined,
    string | undefined,
  ]) => {
    if (orders.length > 1) throw new GatewayError('VALUE_INVALID', '/1')
    return [primary, shop === undefined ? OWN_CHANNEL : OTHER_CHANNEL, shop ?? ''] as const
  },
}

/** The same as a wish names an order; nothing is required. @throws {GatewayError} as `orderNumbers` */
export const namedOrder = {
  name: 'namedOrder',
  to: ([order, channel, merchant]: readonly [Id, string | undefined, string | undefined]) => {
    if (textOf(order) === '') return undefined
    return [numberIn(order), isOwn(channel) ? undefined : shopIn(merchant)] as const
  },
  from: ([order, shop]: readonly [string | undefined, string | undefined]) =>
    [order, shop === undefined ? OWN_CHANNEL : OTHER_CHANNEL, shop] as const,
}

/**
 * `packageCode` ⇄ parcel: absent and `""` are `-`, which is never folded with `1`. What stands behind
 * `~` is ours.
 *
 * @throws {GatewayError} `VALUE_INVALID` for `-`, `~`, `,`, blanks and more than 64 characters
 */
export const parcel = {
  name: 'parcel',
  absent: true,
  to: (code: Id): string => parcelIn(textOf(code)),
  from: (name: string | undefined): string | undefined =>
    echoedParcel.from(name ?? '-') || undefined,
} as const

/**
 * `packageCode` and `waybillCode` as a wish names a parcel ⇄ parcel and waybill. One without a number
 * is always one parcel, one with a number only if it says so.
 *
 * @throws {GatewayError} `VALUE_INVALID` for what can be no number; as `parcel`
 */
export const namedParcel = {
  name: 'namedParcel',
  absent: true,
  to: ([code, number]: readonly [Id, string | undefined] = [undefined, undefined]) => {
    const waybill = number || undefined
    if (waybill !== undefined && !WAYBILL.test(waybill))
      throw new GatewayError('VALUE_INVALID', '/1')
    if (code === undefined && waybill !== undefined) return [undefined, waybill] as const
    return [inPlace(0, () => parcelIn(textOf(code))), waybill] as const
  },
  from: (
    [name, waybill]: readonly [string | undefined, string | undefined] = [undefined, undefined],
  ) => [name === undefined ? undefined : echoedParcel.from(name), waybill] as const,
} as const

/** The parcel as answers and events write it: `""` ⇄ `-`. */
export const echoedParcel = {
  name: 'echoedParcel',
  to: (code: string): string => code || '-',
  from: (name: string): string => (name.replace(LIFE, '') === '-' ? '' : name.replace(LIFE, '')),
}

/** `requestId`, echoed in the answer. @throws {GatewayError} `VALUE_INVALID` for blanks and other letters */
export const requestId = {
  name: 'requestId',
  to: (id: string): string => {
    if (!REQUEST.test(id)) throw new GatewayError('VALUE_INVALID')
    return id
  },
  from: (id: string): string => id,
}

/** An identifier as the text it was posted as; none is `""`. */
export function textOf(id: Numeric | undefined): string {
  return id === undefined ? '' : (identifier.to(id, undefined) ?? '')
}

function numberIn(order: Id): string {
  const number = inPlace(0, () => textOf(order))
  if (!ORDER.test(number)) throw new GatewayError('VALUE_INVALID', '/0')
  return number
}

function shopIn(merchant: string | undefined): string {
  if (merchant === undefined || merchant === '') throw new GatewayError('WIRE_INVALID', '/2')
  if (!SHOP.test(merchant)) throw new GatewayError('VALUE_INVALID', '/2')
  return merchant
}

function parcelIn(code: string): string {
  if (code === '') return '-'
  if (code === '-' || !PARCEL.test(code)) throw new GatewayError('VALUE_INVALID')
  return code
}
