import { GatewayError } from '../../model/errors.ts'
import { nativeParcel, sortedOrders } from '../../model/order-id.ts'
import { identifier } from '../../translate/codecs.ts'
import type { Numeric } from '../../translate/decimal.ts'
import { inside } from './checked.ts'
import { inPlace } from './clear-or-cipher.ts'

/** Of Douyin's own orders: printable, no comma, no blank, so that no name can stand here. */
const OWN_ORDER = /^[!-+\--~]{1,64}$/
/** Of orders of another channel. */
const OTHER_ORDER = /^[0-9A-Za-z/-]{1,32}$/
const PARCEL = /^[0-9A-Za-z_]{1,15}$/

type Theirs = readonly [
  order: Numeric | undefined,
  combined: readonly Numeric[] | undefined,
  channel: string | undefined,
  user: Numeric | undefined,
]
type Ours = readonly [
  primary: string | undefined,
  orders: readonly string[] | undefined,
  shop: string | undefined,
]

/**
 * `order_id`, `combine_orders`, `order_channel`, `user_id` ⇄ primaryOrder as posted, platformOrders, shop.
 *
 * - The `A` of an older order query is not part of Douyin's numbers: `6900…1A` is order `6900…1`.
 * - Only an order of another channel has a shop: `user_id`, if the caller knows it (-1 and 0 are no shop).
 *
 * @throws {GatewayError} `VALUE_INVALID` for characters or a length that no number has
 * @see formats/pairs.md section 1
 */
export const orderNumbers = {
  name: 'orderNumbers',
  to: ([order, combined = [], channel, user]: Theirs) => {
    const elsewhere = channel !== undefined && channel !== ''
    const read = (number: Numeric) => numberIn(number, elsewhere)
    const own = read(order ?? '')
    const orders = sortedOrders([own, ...inPlace(1, () => combined.map(read))])
    return [textOf(order), orders, elsewhere ? shopIn(user) : undefined] as const
  },
  from: ([primary, orders = [], shop]: Ours) =>
    [
      primary,
      orders.length > 1 ? [...orders] : undefined,
      undefined,
      shop && asInteger(shop),
    ] as const,
}

/**
 * `pack_id` ⇄ parcel: absent and `""` are `-`, which is never folded with `1`. What stands behind `~`
 * is ours.
 *
 * @throws {GatewayError} `VALUE_INVALID` for anything but 1 to 15 of `0-9 A-Z a-z _`
 */
export const parcel = {
  name: 'parcel',
  absent: true,
  to: (pack: Numeric | undefined): string => {
    const text = textOf(pack)
    if (text === '') return '-'
    if (!PARCEL.test(text)) throw new GatewayError('VALUE_INVALID')
    return text
  },
  from: (name: string | undefined): string | undefined =>
    echoedParcel.from(name ?? '-') || undefined,
} as const

/** The parcel as answers and events write it: `""` ⇄ `-`. */
export const echoedParcel = {
  name: 'echoedParcel',
  lossy: { ours: 'a second life of a parcel is never shown' },
  to: (pack: string): string => pack || '-',
  from: (name: string): string => {
    const own = nativeParcel(name)
    return own === '-' ? '' : own
  },
}

/**
 * The order that a change names, as orders are named when they are posted.
 *
 * @throws {GatewayError} `VALUE_INVALID` for what no number has
 */
export function namedOrder(
  order: Numeric,
  channel?: string,
  user?: Numeric,
): { readonly platformOrder: string; readonly shop?: string } {
  const elsewhere = channel !== undefined && channel !== ''
  const platformOrder = inside('/order_id', () => numberIn(order, elsewhere))
  const shop = elsewhere ? shopIn(user) : undefined
  return { platformOrder, ...(shop === undefined ? {} : { shop }) }
}

/** An identifier as the text it was posted as; none is `""`. */
export function textOf(id: Numeric | undefined): string {
  return id === undefined ? '' : (identifier.to(id, undefined) ?? '')
}

function numberIn(number: Numeric, elsewhere: boolean): string {
  const text = textOf(number)
  if (!(elsewhere ? OTHER_ORDER : OWN_ORDER).test(text)) throw new GatewayError('VALUE_INVALID')
  return elsewhere ? text : text.replace(/^(\d+)A$/, '$1')
}

function shopIn(user: Numeric | undefined): string | undefined {
  const shop = textOf(user)
  if (shop === '' || shop === '0' || shop === '-1') return undefined
  if (!/^[1-9]\d{0,18}$/.test(shop)) throw new GatewayError('VALUE_INVALID', '/3')
  return shop
}

/** What a double holds is written as a number, as Douyin does. */
function asInteger(text: string): Numeric {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : text
}
