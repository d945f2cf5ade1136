import type { Draft } from '../../model/draft.ts'
import { orElse, positive, whole } from '../../translate/codecs.ts'
import type { Numeric } from '../../translate/decimal.ts'
import { between } from '../../translate/table.ts'
import { payment, pickup, product, requestTime, signBack } from './codecs.ts'
import { couriers } from './codes.ts'
import { expressServices, type Terms } from './express-services.ts'
import type { EbillOrder } from './generated/types.ts'
import { orderNumbers, parcel, requestId, textOf } from './identity.ts'
import { cipherReceiverRows, clearReceiverRows, contentRows, senderRows } from './parts-mapping.ts'

const AUTH = 'the order number, once more, beside each cipher'
const NO_FIELD = 'has no counterpart'

const { row, toOursOnly, theirLoss, table } = between<EbillOrder, Draft, Terms | undefined>()

const commonRows = [
  row('/timestamp', '/createdAt', requestTime),
  row('/requestId', '/requestId', requestId),
  row('/expressCompanyCode', '/courier', couriers),
  row('/expressProductCode', '/product', product),
  row(
    ['/tradeOrderCode', '/orderChannel', '/merchantCode'],
    ['/primaryOrder', '/platformOrders', '/shop'],
    orderNumbers,
  ),
  row('/packageCode', '/parcel', parcel),
  row('/totalPackageQuantity', '/pieces', orElse(positive(whole), 1)),
  row(['/payMethod', '/settleAccount'], ['/payer', '/settlement', '/account'], payment),
  row('/isSignBack', '/services', signBack),
  row('/expressServices', ['/declaredFen', '/collectFen'], expressServices),
  row(['/reserveTime', '/reserveEndTime'], ['/pickup/from', '/pickup/until'], pickup),
  ...contentRows,
  ...senderRows,
  theirLoss('/merchantCode', 'a shop is kept only for orders of another channel'),
  theirLoss('/merchantName', NO_FIELD),
  theirLoss('/orderChannel', 'whether it is the platform’s own is kept, not which other one'),
  theirLoss('/expressServices', 'names, the older form, and services dropped by agreement'),
  theirLoss('/goodsDescription', NO_FIELD),
  theirLoss('/packagingDescription', NO_FIELD),
  theirLoss('/payAmount', NO_FIELD),
  theirLoss('/netSiteCode', NO_FIELD),
  theirLoss('/netSiteName', NO_FIELD),
  theirLoss('/hasFreightInsurance', NO_FIELD),
  theirLoss('/templateUrl', NO_FIELD),
  theirLoss('/extData', NO_FIELD),
  theirLoss('/podModelAddress', NO_FIELD),
  theirLoss('/warehouse', 'holds a password, never read'),
] as const

/** One order of `open.express.ebill.get` with a clear receiver ⇄ an order as posted. */
export const clearOrder = table(...commonRows, ...clearReceiverRows)

const authRef = ([, order]: readonly [unknown, Numeric | undefined]) => textOf(order)

/** One order of `open.express.ebill.get` with ciphers for a receiver ⇄ an order as posted. */
export const cipherOrder = table(
  ...commonRows,
  ...cipherReceiverRows,
  toOursOnly(
    ['/receiverContract/name', '/tradeOrderCode'],
    '/receiver/protection/fields/name/authRef',
    authRef,
    AUTH,
  ),
  toOursOnly(
    ['/receiverContract/mobile', '/tradeOrderCode'],
    '/receiver/protection/fields/phone/authRef',
    authRef,
    AUTH,
  ),
  toOursOnly(
    ['/receiverAddress/detailAddress', '/tradeOrderCode'],
    '/receiver/protection/fields/address/authRef',
    authRef,
    AUTH,
  ),
)
