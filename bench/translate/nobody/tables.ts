import {
  centimetresText,
  identifier,
  kilograms,
  numberCodeList,
  orElse,
  positive,
  shanghaiTime,
  unixSeconds,
  wholeText,
  yuan,
} from '../../../lib/translate/codecs.ts'
import { between } from '../../../lib/translate/table.ts'
import type { Contact, Order, Party, TheirOrder, TheirParty, Waybill } from './documents.ts'

const payers = { 1: 'sender', 2: 'receiver', 3: 'third-party' } as const
/** Who pays. */
export const payer = numberCodeList(payers)
const pieces = orElse({ to: (n: number) => n, from: (n: number) => n }, 1)
/** Grams, or cm³, as text; 0 is unknown. */
export const gramsText = positive(wholeText)
/** Centimetres as text. */
export const millimetres = positive(centimetresText)

const inOrder = between<TheirOrder, Order>()
/** Their order ⇄ ours. */
export const order = inOrder.table(
  inOrder.ourConstant('/lasthop', '1.0'),
  inOrder.row('/order_id', '/primaryOrder'),
  inOrder.each('/combine_orders', '/platformOrders', identifier),
  inOrder.row('/pack_id', '/parcel'),
  inOrder.row('/logistics_code', '/courier'),
  inOrder.row('/product_type', '/product'),
  inOrder.row('/pay_method', '/payer', payer),
  inOrder.row('/account/monthly', '/account'),
  inOrder.row('/total_pack_count', '/pieces', pieces),
  inOrder.row('/total_weight', '/weightGrams', gramsText),
  inOrder.row('/volume', '/volumeCm3', gramsText),
  inOrder.row('/total_length', '/sizeMm/length', millimetres),
  inOrder.row('/total_width', '/sizeMm/width', millimetres),
  inOrder.row('/total_height', '/sizeMm/height', millimetres),
  inOrder.each('/items', '/goods', ({ row }) => [
    row('/item_name', '/name'),
    row('/item_specs', '/spec'),
    row('/item_count', '/quantity'),
    row('/item_weight', '/weightGrams'),
    row('/item_volume', '/volumeCm3'),
  ]),
  inOrder.within('/sender_info', '/sender', scope => partyRows(scope)),
  inOrder.within('/receiver_info', '/receiver', scope => partyRows(scope)),
  inOrder.row('/timestamp', '/createdAt', unixSeconds),
)

function partyRows({ row, ourConstant }: ReturnType<typeof between<TheirParty, Party>>) {
  return [
    ourConstant('/region/country', 'CN'),
    row('/address/province', '/region/province'),
    row('/address/city', '/region/city'),
    row('/address/district', '/region/district'),
    row('/address/street', '/region/town'),
    row('/contact/name', '/personal/name'),
    row('/contact/mobile', '/personal/phone'),
    row('/contact/phone', '/personal/telephone'),
    row('/address/detail', '/personal/address'),
  ]
}

const inWaybill = between<Waybill, Order>()
/** Their waybill ⇄ our order. */
export const waybill = inWaybill.table(
  inWaybill.constant('/language', 'zh-CN'),
  inWaybill.row('/orderId', '/primaryOrder'),
  inWaybill.row('/expressTypeId', '/product'),
  inWaybill.row('/payMethod', '/payer', payer),
  inWaybill.row('/monthlyCard', '/account'),
  inWaybill.row('/parcelQty', '/pieces'),
  inWaybill.row('/totalWeight', '/weightGrams', kilograms),
  inWaybill.row('/totalVolume', '/volumeCm3'),
  inWaybill.row('/totalLength', '/sizeMm/length', centimetresText),
  inWaybill.row('/totalWidth', '/sizeMm/width', centimetresText),
  inWaybill.row('/totalHeight', '/sizeMm/height', centimetresText),
  inWaybill.row('/sendStartTm', '/pickup/from', shanghaiTime),
  inWaybill.toTheirsOnly('/isDocall', '/pickup', window => (window ? 1 : 0), 'the window says it'),
  inWaybill.constant('/isReturnRoutelabel', 1),
  inWaybill.row('/insured', '/declaredFen', yuan),
  inWaybill.each('/cargoDetails', '/goods', ({ row, constant }) => [
    row('/name', '/name'),
    row('/specifications', '/spec'),
    row('/count', '/quantity'),
    constant('/unit', '件'),
    row('/weight', '/weightGrams', kilograms),
    row('/volume', '/volumeCm3'),
  ]),
  inWaybill.within('/contactInfoList/0', '/sender', scope => contactRows(scope, 1)),
  inWaybill.within('/contactInfoList/1', '/receiver', scope => contactRows(scope, 2)),
)

function contactRows(
  { row, constant }: ReturnType<typeof between<Contact, Party>>,
  contactType: number,
) {
  return [
    constant('/contactType', contactType),
    row('/contact', '/personal/name'),
    row('/mobile', '/personal/phone'),
    row('/tel', '/personal/telephone'),
    row('/country', '/region/country'),
    row('/province', '/region/province'),
    row('/city', '/region/city'),
    row('/county', '/region/district'),
    row('/address', '/personal/address'),
  ]
}
