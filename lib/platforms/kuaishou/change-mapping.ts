import type { Numeric } from '../../translate/decimal.ts'
import { between } from '../../translate/table.ts'
import type { ChangedParts, ParcelName } from '../platform.ts'
import { couriers } from './codes.ts'
import type { CancelRequest, UpdateRequest } from './generated/types.ts'
import { namedOrder, namedParcel, textOf } from './identity.ts'
import { cipherReceiverRows, clearReceiverRows, contentRows, senderRows } from './parts-mapping.ts'

const named = between<CancelRequest, ParcelName, unknown>()

const nameRows = [
  named.row('/expressCompanyCode', '/courier', couriers),
  named.row(
    ['/tradeOrderCode', '/orderChannel', '/merchantCode'],
    ['/platformOrder', '/shop'],
    namedOrder,
  ),
  named.row(['/packageCode', '/waybillCode'], ['/parcel', '/waybill'], namedParcel),
  named.theirLoss('/orderChannel', 'whether it is the platform’s own is kept, not which other one'),
  named.theirLoss('/merchantCode', 'a shop is kept only for orders of another channel'),
] as const

/** `param` of `open.express.ebill.cancel` ⇄ the parcel that is meant. */
export const cancel = named.table(...nameRows)

/** The parcel that is meant, and what changes of it. */
export type Changed = ParcelName & ChangedParts

const { toOursOnly, table } = between<UpdateRequest, Changed, unknown>()

/** `param` of `open.express.ebill.update` with a clear receiver, or none, ⇄ the parcel and what changes. */
export const clearUpdate = table(...nameRows, ...contentRows, ...senderRows, ...clearReceiverRows)

const AUTH = 'the order number, once more, beside each cipher'

/** By its number alone a parcel is too late to change, so this reference is never used. */
const authRef = ([field, order, waybill]: readonly [
  unknown,
  Numeric | undefined,
  string | undefined,
]) => (field === undefined ? undefined : textOf(order) || waybill)

/** `param` of `open.express.ebill.update` with ciphers for a receiver ⇄ the parcel and what changes. */
export const cipherUpdate = table(
  ...nameRows,
  ...contentRows,
  ...senderRows,
  ...cipherReceiverRows,
  toOursOnly(
    ['/receiverContract/name', '/tradeOrderCode', '/waybillCode'],
    '/receiver/protection/fields/name/authRef',
    authRef,
    AUTH,
  ),
  toOursOnly(
    ['/receiverContract/mobile', '/tradeOrderCode', '/waybillCode'],
    '/receiver/protection/fields/phone/authRef',
    authRef,
    AUTH,
  ),
  toOursOnly(
    ['/receiverAddress/detailAddress', '/tradeOrderCode', '/waybillCode'],
    '/receiver/protection/fields/address/authRef',
    authRef,
    AUTH,
  ),
)
