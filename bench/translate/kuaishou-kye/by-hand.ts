import type { CourierSettings } from '../../../lib/couriers/courier.ts'
import { customerCode, platformFlag } from '../../../lib/couriers/kye/customer.ts'
import { goodsNames, receipt, sizes } from '../../../lib/couriers/kye/parcel.ts'
import { payment as kyePayment, product as kyeProduct } from '../../../lib/couriers/kye/payment.ts'
import {
  dialled,
  HIDDEN,
  isLandline,
  nativeCity,
  townAndAddress,
} from '../../../lib/couriers/shown.ts'
import type { Order, Party } from '../../../lib/model/validate.ts'
import { clearAddress } from '../../../lib/platforms/kuaishou/address.ts'
import {
  payment,
  pickup,
  product,
  requestTime,
  signBack,
} from '../../../lib/platforms/kuaishou/codecs.ts'
import { couriers } from '../../../lib/platforms/kuaishou/codes.ts'
import { clearName, clearPhones, virtualNumberOf } from '../../../lib/platforms/kuaishou/contact.ts'
import { expressServices, type Terms } from '../../../lib/platforms/kuaishou/express-services.ts'
import type { EbillOrder } from '../../../lib/platforms/kuaishou/generated/types.ts'
import { orderNumbers, parcel, requestId } from '../../../lib/platforms/kuaishou/identity.ts'
import {
  centimetresUp,
  kilograms,
  personalOrAbsent,
  positive,
  shanghaiMinutes,
  text,
  textOrAbsent,
  whole,
  wholeUp,
  yuanNumber,
} from '../../../lib/translate/codecs.ts'

// As one would write it by hand, and as fast: literals, the partners' own codecs, undefined where
// nothing is, which JSON leaves out.

const count = positive(whole)
const units = positive(wholeUp)
const millimetres = positive(centimetresUp)
const text32 = text(32)
const fullAddress = townAndAddress()

/** An order as Kuaishou posts it, with a clear receiver, to a draft. */
export function draftByHand(theirs: EbillOrder, terms: Terms) {
  const { expressServices: list, totalPackageWeight, totalPackageVolume } = theirs
  const [primaryOrder, platformOrders, shop] = orderNumbers.to([
    theirs.tradeOrderCode,
    theirs.orderChannel,
    theirs.merchantCode,
  ])
  const paid = payment.to([theirs.payMethod, theirs.settleAccount])
  const amounts = list === undefined ? [] : expressServices.to(list, terms)
  const { timestamp, expressProductCode, totalPackageQuantity } = theirs
  return {
    createdAt: timestamp === undefined ? undefined : requestTime.to(timestamp),
    requestId: theirs.requestId === undefined ? undefined : requestId.to(theirs.requestId),
    courier: couriers.to(theirs.expressCompanyCode),
    product: expressProductCode === undefined ? undefined : product.to(expressProductCode),
    primaryOrder,
    platformOrders,
    shop,
    parcel: parcel.to(theirs.packageCode),
    pieces:
      totalPackageQuantity === undefined ? 1 : (count.to(totalPackageQuantity, undefined) ?? 1),
    payer: paid[0],
    settlement: paid[1],
    account: paid[2],
    services: signBack.to(theirs.isSignBack),
    declaredFen: amounts[0],
    collectFen: amounts[1],
    pickup: pickupByHand(theirs),
    weightGrams: unitsOf(totalPackageWeight),
    volumeCm3: unitsOf(totalPackageVolume),
    sizeMm: sizeByHand(theirs),
    goods: theirs.itemList.map(goodsByHand),
    sender: partyByHand(theirs.senderContract, theirs.senderAddress, undefined),
    receiver: partyByHand(theirs.receiverContract, theirs.receiverAddress, theirs.tradeOrderRemark),
  }
}

type Amount = EbillOrder['totalPackageWeight']

function unitsOf(amount: Amount): number | undefined {
  return amount === undefined ? undefined : units.to(amount, undefined)
}

function pickupByHand({ reserveTime, reserveEndTime }: EbillOrder) {
  const [from, until] = pickup.to([reserveTime, reserveEndTime])
  return from === undefined && until === undefined ? undefined : { from, until }
}

function sizeByHand(theirs: EbillOrder) {
  const side = (size: Amount) => (size === undefined ? undefined : millimetres.to(size, undefined))
  const length = side(theirs.totalPackageLength)
  const width = side(theirs.totalPackageWidth)
  const height = side(theirs.totalPackageHeight)
  if (length === undefined && width === undefined && height === undefined) return undefined
  return { length, width, height }
}

function goodsByHand(item: EbillOrder['itemList'][number]) {
  return {
    name: item.itemTitle,
    spec: item.itemSpecs === undefined ? undefined : textOrAbsent.to(item.itemSpecs, undefined),
    quantity: whole.to(item.itemQuantity, undefined),
    weightGrams: unitsOf(item.itemWeight),
    volumeCm3: unitsOf(item.itemVolume),
  }
}

function partyByHand(
  contact: EbillOrder['senderContract'],
  at: EbillOrder['senderAddress'],
  remark: EbillOrder['tradeOrderRemark'],
) {
  const [phone, telephone] = clearPhones.to([contact.mobile, contact.telephone])
  const [region, address] = clearAddress.to([
    at.countryCode,
    at.countryName,
    at.provinceName,
    at.cityName,
    at.districtName,
    at.townName,
    at.streetName,
    at.provinceCode,
    at.cityCode,
    at.districtCode,
    at.townCode,
    at.streetCode,
    at.detailAddress,
  ])
  const note = remark === undefined ? undefined : personalOrAbsent.to(remark, undefined)
  return {
    personal: { name: clearName.to(contact.name), phone, telephone, address, remark: note },
    virtualNumber: virtualNumberOf(contact.mobile),
    region,
  }
}

/** An open order to KYE's body of `planOrder`. */
export function waybillByHand(order: Order, settings: CourierSettings) {
  const { weightGrams, declaredFen, collectFen } = order
  const [payMode, paymentCustomer] = kyePayment.from([order.payer, order.account, order.settlement])
  const [receiptFlag, receiptCount] = receipt.from(order.services)
  const yuan = (fen: number | undefined) =>
    fen === undefined ? undefined : yuanNumber.from(fen, undefined)
  return {
    customerCode: customerCode(settings),
    platformFlag: platformFlag(settings),
    repeatCheck: '20',
    orderInfos: [
      {
        orderId: text32.from(order.order, undefined),
        shippingCode: order.platformOrders[0],
        serviceMode: kyeProduct.from(order.product, settings),
        payMode,
        paymentCustomer,
        goodsType: goodsNames.from(order.goods),
        count: order.pieces,
        actualWeight:
          weightGrams === undefined ? undefined : kilograms.from(weightGrams, undefined),
        preWaybillGoodsSizeList: sizes.from([order.sizeMm, order.volumeCm3]),
        insuranceValue: yuan(declaredFen),
        collectionAmount: yuan(collectFen),
        receiptFlag,
        receiptCount,
        dismantling: order.pickup ? 10 : 20,
        goodsTime:
          order.pickup === undefined
            ? undefined
            : shanghaiMinutes.from(order.pickup.from, undefined),
        subscriptionService: '10',
        extraInfo: [{ key: 'lasthop', value: '1.0' }],
        preWaybillDelivery: contactByHand(order.sender, HIDDEN.sender, settings),
        preWaybillPickup: contactByHand(order.receiver, HIDDEN.receiver, settings),
      },
    ],
  }
}

function contactByHand(party: Party, hidden: string, settings: CourierSettings) {
  const { region, display, virtualNumber } = party
  const shown = settings.phonePlaceholder ?? display?.phone ?? HIDDEN.phone
  const phone = virtualNumber === undefined ? shown : dialled(virtualNumber)
  const isTel = virtualNumber === undefined && isLandline(phone)
  return {
    companyName: '',
    person: display?.name ?? hidden,
    phone: isTel ? phone : '',
    mobile: isTel ? '' : phone,
    provinceName: region.province.name,
    cityName: nativeCity(region.province.name, region.city?.name),
    countyName: region.district?.name,
    address: fullAddress.from([region.town?.name, display?.address], settings),
  }
}
