import { checker, type Order } from '../../model/validate.ts'
import { kilograms, shanghaiMinutes, text, whole, yuanNumber } from '../../translate/codecs.ts'
import { between } from '../../translate/table.ts'
import type { CourierSettings } from '../courier.ts'
import { contactOf } from './contact.ts'
import { customerCode, platformFlag } from './customer.ts'
import type { PlanOrder } from './generated/types.ts'
import { isPlanOrder } from './generated/validators.js'
import { goodsNames, receipt, sizes } from './parcel.ts'
import { payment, product } from './payment.ts'

const { within, constant, ourConstant, toTheirsOnly, ourLoss, table } = between<
  PlanOrder,
  Order,
  CourierSettings
>()

/**
 * Body of `planOrder` ⇄ order. Reading it back serves tests alone: at the gateway waybills go to the
 * courier only.
 *
 * @see formats/kye.md section 4, formats/pairs.md sections 1 to 3
 */
export const waybill = table(
  ourConstant('/lasthop', '1.0'),
  ourConstant('/courier', 'kye', { checked: true }),
  toTheirsOnly('/customerCode', '', (_, settings) => customerCode(settings), 'is configured'),
  toTheirsOnly('/platformFlag', '', (_, settings) => platformFlag(settings), 'is configured'),
  constant('/repeatCheck', '20'),
  within('/orderInfos/0', '', ({ row, within, constant, toTheirsOnly }) => [
    row('/orderId', '/order', text(32)),
    row('/shippingCode', '/platformOrders', {
      name: 'firstOrder',
      lossy: { ours: 'KYE takes one' },
      to: order => [order],
      from: ([first]) => first,
    }),
    row('/serviceMode', '/product', product),
    row(['/payMode', '/paymentCustomer'], ['/payer', '/account', '/settlement'], payment),
    row('/goodsType', '/goods', goodsNames),
    row('/count', '/pieces', whole),
    row('/actualWeight', '/weightGrams', kilograms),
    row('/preWaybillGoodsSizeList', ['/sizeMm', '/volumeCm3'], sizes),
    row('/insuranceValue', '/declaredFen', yuanNumber),
    row('/collectionAmount', '/collectFen', yuanNumber),
    row(['/receiptFlag', '/receiptCount'], '/services', receipt),
    toTheirsOnly(
      '/dismantling',
      '/pickup',
      window => (window ? 10 : 20),
      'follows from the window',
    ),
    row('/goodsTime', '/pickup/from', shanghaiMinutes),
    constant('/subscriptionService', '10'),
    constant('/extraInfo/0/key', 'lasthop'),
    constant('/extraInfo/0/value', '1.0'),
    within('/preWaybillDelivery', '/sender', contactOf('sender')),
    within('/preWaybillPickup', '/receiver', contactOf('receiver')),
  ]),
  ourLoss('/account', 'not billed where the receiver pays'),
  ourLoss('/settlement', 'KYE bills by account only'),
  ourLoss('/pickup/until', 'KYE has no field'),
  ourLoss('/platform', 'KYE has no field'),
  ourLoss('/rev', 'of the gateway'),
  ourLoss('/primaryOrder', 'of the platform'),
  ourLoss('/requestId', 'of the platform'),
  ourLoss('/parcel', 'of the platform'),
  ourLoss('/shop', 'of the platform'),
  ourLoss('/createdAt', 'of the platform'),
)

/** @throws {GatewayError} `WIRE_INVALID` where this is no body of `planOrder` as the gateway writes it */
export const checkWaybill = checker(isPlanOrder, 'WIRE_INVALID')
