import type { Draft } from '../../model/draft.ts'
import { orElse, positive, textOrAbsent, whole } from '../../translate/codecs.ts'
import { between, type Table } from '../../translate/table.ts'
import { account, orderNumbers, parcel, product, remark, services, type Terms } from './codecs.ts'
import type { Codes } from './codes.ts'
import type { TheirOrder } from './generated/types.ts'
import { partyRows } from './party.ts'
import type { Units } from './units.ts'

/** A table from one order of a request, under the names of the wire schema, to an order as posted. */
export type OrderTable = Table<TheirOrder, Draft, Terms | undefined>

/** One order of a request ⇄ an order as posted, in the units and codes of a contract. */
export function orderTable({ weight, volume, length, money, time }: Units, codes: Codes) {
  const { row, each, within, theirLoss, ourLoss, table } = between<
    TheirOrder,
    Draft,
    Terms | undefined
  >()
  return table(
    row('/courierCode', '/courier', codes.courier),
    row('/productCode', '/product', product),
    row('/payType', '/payer', codes.payer),
    row('/monthlyAccount', '/account', account),
    within('/sender', '/sender', partyRows),
    row(
      ['/order/orderCode', '/order/mergedOrderCodes'],
      ['/primaryOrder', '/platformOrders'],
      orderNumbers,
    ),
    row('/order/packageNo', '/parcel', parcel),
    row('/order/createTime', '/createdAt', time),
    within('/order/receiver', '/receiver', partyRows),
    row('/order/virtualNumber/number', '/receiver/virtualNumber/number'),
    row('/order/virtualNumber/extension', '/receiver/virtualNumber/extension'),
    row('/order/virtualNumber/expireTime', '/receiver/virtualNumber/expiresAt', time),
    each('/order/goods', '/goods', ({ row }) => [
      row('/skuName', '/name'),
      row('/spec', '/spec', textOrAbsent),
      row('/quantity', '/quantity', whole),
      row('/weight', '/weightGrams', positive(weight)),
      row('/volume', '/volumeCm3', positive(volume)),
    ]),
    row('/order/packageCount', '/pieces', orElse(whole, 1)),
    row('/order/weight', '/weightGrams', positive(weight)),
    row('/order/volume', '/volumeCm3', positive(volume)),
    row('/order/length', '/sizeMm/length', positive(length)),
    row('/order/width', '/sizeMm/width', positive(length)),
    row('/order/height', '/sizeMm/height', positive(length)),
    row('/order/insuredAmount', '/declaredFen', positive(money)),
    row('/order/codAmount', '/collectFen', positive(money)),
    row('/order/services', '/services', services(codes.service)),
    row('/order/pickupStart', '/pickup/from', time),
    row('/order/pickupEnd', '/pickup/until', time),
    row(['/order/buyerRemark', '/order/sellerRemark'], '/receiver/personal/remark', remark),

    theirLoss('/requestId', 'names the request, not the order'),
    theirLoss('/merchantId', 'a shop is kept only for orders of another channel'),
    theirLoss('/order/mergedOrderCodes', 'come back sorted, with the order itself, each once'),
    theirLoss('/order/services', 'services dropped by agreement'),
    ourLoss('/requestId', 'its format has none for an order'),
    ourLoss('/settlement', 'its format does not tell account and cash apart'),
  )
}
