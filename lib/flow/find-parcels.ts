import type { Order } from '../model/generated/types.ts'
import { lifeOf, nativeParcel } from '../model/order-id.ts'
import type { ParcelName } from '../platforms/platform.ts'
import type { Doc, Head, Orders } from '../store/index.ts'
import { isOfCaller } from './caller.ts'
import { readStored } from './stored.ts'

/** An order that a wish is about, as it was read. */
export interface Found {
  readonly head: Head
  readonly doc: Doc
}

/** What looking for orders takes: look-ups, heads and documents. */
export type Finder = Pick<Orders, 'findByPlatformOrder' | 'findByWaybill' | 'getHeads' | 'getDocs'>

/** Who has a wish: a platform, or one shop of it alone. */
export interface Wisher {
  readonly platform: string
  readonly shop?: string
}

/**
 * The orders that a platform means. A number names one; the platform's own names mean of each parcel
 * the life that was there when the wish was signed. What is another platform's, or does not agree with
 * all that the wish names, is not found.
 *
 * @param at when the platform signed its wish, in milliseconds since 1970
 * @throws {GatewayError} `STORE_AWAY`
 */
export async function findParcels(
  store: Finder,
  { platform, ...wisher }: Wisher,
  name: ParcelName,
  at: number,
): Promise<Found[]> {
  const heads = [...(await store.getHeads(await ordersOf(store, platform, name))).values()]
  const own = heads.filter(head => head.platform === platform)
  const docs = await store.getDocs(own)
  const found = own.flatMap(head => {
    const doc = docs.get(head.order)
    if (doc === undefined) return []
    const { order } = readStored(doc)
    return isOfCaller(wisher, order) && isMeant(order, name) ? [{ head, doc }] : []
  })
  return name.waybill === undefined ? livesAt(found, at) : found
}

/** A number of a box; the platform's order number beside it is compared, not looked up. */
async function ordersOf(
  store: Finder,
  platform: string,
  { courier, waybill, platformOrder, shop = '' }: ParcelName,
): Promise<string[]> {
  if (waybill === undefined) {
    if (platformOrder === undefined) return []
    return store.findByPlatformOrder({ platform, shop, platformOrder })
  }
  if (courier === undefined) return []
  const owner = (await store.findByWaybill(courier, [waybill])).get(waybill)
  return owner?.role === 'box' ? [owner.order] : []
}

function isMeant(order: Order, { courier, platformOrder, shop, parcel }: ParcelName): boolean {
  if (courier !== undefined && order.courier !== courier) return false
  if (parcel !== undefined && nativeParcel(order.parcel) !== parcel) return false
  if (platformOrder === undefined) return shop === undefined || order.shop === shop
  return order.platformOrders.includes(platformOrder) && (order.shop ?? '') === (shop ?? '')
}

/** Of each parcel the newest life that was posted before the wish was signed; else the first. */
function livesAt(found: readonly Found[], at: number): Found[] {
  const parcels = Map.groupBy(found, ({ doc }) => {
    const { platformOrders, parcel } = readStored(doc).order
    return JSON.stringify([platformOrders, nativeParcel(parcel)])
  })
  const life = ({ doc }: Found) => lifeOf(readStored(doc).order.parcel)
  return [...parcels.values()].flatMap(lives => {
    const inOrder = lives.toSorted((a, b) => life(a) - life(b))
    return inOrder.findLast(({ head }) => head.signedAt <= at) ?? inOrder.slice(0, 1)
  })
}
