import { GatewayError } from '../../model/errors.ts'
import { checker, type Order } from '../../model/validate.ts'
import {
  centimetres,
  digits,
  joined,
  kilograms,
  shanghaiTime,
  text,
  whole,
} from '../../translate/codecs.ts'
import { type AbsentCodec, between } from '../../translate/table.ts'
import type { CourierSettings } from '../courier.ts'
import { payer } from './codes.ts'
import { contactOf } from './contact.ts'
import type { CreateOrder, ExtraInfo } from './generated/types.ts'
import { isCreateOrder } from './generated/validators.js'
import { services } from './services.ts'

const MOST_BOXES = 307
const MARKER: ExtraInfo = { attrName: 'lasthop', attrVal: '1.0' }
const PICKUP_END = 'pickupAppointEndTime'

const { row, each, within, constant, ourConstant, toTheirsOnly, ourLoss, table } = between<
  CreateOrder,
  Order,
  CourierSettings
>()

const productCode = digits('PRODUCT_UNMAPPED')

/** A product is never guessed: it stands in the order, and in the list agreed with the courier if there is one. */
const product: AbsentCodec<number, string, CourierSettings> = {
  name: 'product',
  absent: true,
  to: (number, settings) => (number === undefined ? undefined : productCode.to(number, settings)),
  from: (code, settings) => {
    const listed = settings.products ?? []
    if (code === undefined || (listed.length > 0 && !listed.includes(code)))
      throw new GatewayError('PRODUCT_UNMAPPED')
    return productCode.from(code, settings)
  },
}

/** A cash order is billed to no account, and nobody but the sender may pay without one. */
function billedTo(who: Order['payer'], account?: string, settlement?: Order['settlement']) {
  const billed = settlement === 'cash' ? undefined : account
  const needed = who === 'third-party' || settlement === 'monthly'
  if (billed === undefined ? needed : !/^\d{10}$/.test(billed))
    throw new GatewayError('ACCOUNT_INVALID', '/1')
  return billed
}

/**
 * `msgData` of `EXP_RECE_CREATE_ORDER` ⇄ order. Reading it back serves tests alone: at the gateway
 * waybills go to the courier only.
 *
 * @see formats/sf.md section 4, formats/pairs.md sections 1 to 3
 */
export const waybill = table(
  ourConstant('/lasthop', '1.0'),
  constant('/language', 'zh-CN'),
  row('/orderId', '/order'),
  row('/orderSource', '/platform', text(50)),
  row('/custReferenceNo', '/platformOrders', joined(',', 100)),
  ourConstant('/courier', 'sf', { checked: true }),
  row('/expressTypeId', '/product', product),
  row(['/payMethod', '/monthlyCard'], ['/payer', '/account', '/settlement'], {
    name: 'payment',
    to: ([method = 1, card]) => [payer.to(method), card, undefined],
    from: ([who, account, settlement]) => [payer.from(who), billedTo(who, account, settlement)],
  }),
  row('/parcelQty', '/pieces', {
    name: 'boxes',
    to: boxes => boxes,
    from: boxes => {
      if (boxes > MOST_BOXES) throw new GatewayError('VALUE_INVALID')
      return boxes
    },
  }),
  row('/totalWeight', '/weightGrams', kilograms),
  within('', '/sizeMm', ({ row }) => [
    row('/totalLength', '/length', centimetres),
    row('/totalWidth', '/width', centimetres),
    row('/totalHeight', '/height', centimetres),
  ]),
  row('/totalVolume', '/volumeCm3', whole),
  row('/sendStartTm', '/pickup/from', shanghaiTime),
  toTheirsOnly('/isDocall', '/pickup', window => (window ? 1 : 0), 'follows from the window'),
  constant('/isReturnRoutelabel', 1),
  constant('/isUnifiedWaybillNo', 1),
  constant('/isGenWaybillNo', 1),
  each('/cargoDetails', '/goods', ({ row, constant }) => [
    row('/name', '/name', text(128)),
    row('/specifications', '/spec', text(60)),
    row('/count', '/quantity', whole),
    constant('/unit', '件'),
    row('/weight', '/weightGrams', kilograms),
    row('/volume', '/volumeCm3', whole),
  ]),
  row(['/isSignBack', '/serviceList'], ['/services', '/declaredFen', '/collectFen'], services),
  row('/extraInfoList', '/pickup/until', {
    name: 'markerAndPickupEnd',
    absent: true,
    lossy: { ours: 'fractions of a second are cut' },
    to: (list, settings) => {
      const end = list?.find(({ attrName }) => attrName === PICKUP_END)?.attrVal
      return end === undefined ? undefined : shanghaiTime.to(end, settings)
    },
    from: (until, settings) => {
      const end = until === undefined ? undefined : shanghaiTime.from(until, settings)
      return end === undefined ? [MARKER] : [MARKER, { attrName: PICKUP_END, attrVal: end }]
    },
  }),
  within('/contactInfoList/0', '/sender', contactOf('sender')),
  within('/contactInfoList/1', '/receiver', contactOf('receiver')),
  ourLoss('/settlement', 'told by the account alone'),
  ourLoss('/services', 'sign-back comes back first'),
  ourLoss('/rev', 'of the gateway'),
  ourLoss('/primaryOrder', 'of the platform'),
  ourLoss('/requestId', 'of the platform'),
  ourLoss('/parcel', 'of the platform'),
  ourLoss('/shop', 'of the platform'),
  ourLoss('/createdAt', 'of the platform'),
)

/** @throws {GatewayError} `WIRE_INVALID` where this is no `msgData` of `EXP_RECE_CREATE_ORDER` as the gateway writes it */
export const checkWaybill = checker(isCreateOrder, 'WIRE_INVALID')
