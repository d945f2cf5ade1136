import type { CourierSettings } from '../../../lib/couriers/courier.ts'
import { payer } from '../../../lib/couriers/sf/codes.ts'
import { services } from '../../../lib/couriers/sf/services.ts'
import {
  dialled,
  fitting,
  HIDDEN,
  isLandline,
  nativeCity,
  townAndAddress,
} from '../../../lib/couriers/shown.ts'
import type { Order, Party } from '../../../lib/model/validate.ts'
import { receiverAddress, senderAddress } from '../../../lib/platforms/douyin/address.ts'
import { isCipher } from '../../../lib/platforms/douyin/clear-or-cipher.ts'
import { payment, pickupStart, product, requestTime } from '../../../lib/platforms/douyin/codecs.ts'
import { couriers } from '../../../lib/platforms/douyin/codes.ts'
import {
  receiverName,
  receiverPhones,
  senderName,
  senderPhones,
  virtualNumberOf,
} from '../../../lib/platforms/douyin/contact.ts'
import type { TheirOrder } from '../../../lib/platforms/douyin/generated/types.ts'
import { orderNumbers, parcel, textOf } from '../../../lib/platforms/douyin/identity.ts'
import { serviceList, type Terms } from '../../../lib/platforms/douyin/service-list.ts'
import {
  centimetres,
  centimetresText,
  digits,
  joined,
  kilograms,
  personalOrAbsent,
  positive,
  shanghaiTime,
  text,
  textOrAbsent,
  whole,
  wholeText,
} from '../../../lib/translate/codecs.ts'

// As one would write it by hand, and as fast: literals, the partners' own codecs, undefined where
// nothing is, which JSON leaves out.

const count = positive(whole)
const grams = positive(wholeText)
const millimetres = positive(centimetresText)
const productCode = digits('PRODUCT_UNMAPPED')
const numbers = joined(',', 100)
const [text30, text50, text60, text128] = [text(30), text(50), text(60), text(128)]
const fullAddress = townAndAddress(200)

/** An order as Douyin posts it to a draft. */
export function draftByHand(theirs: TheirOrder, terms: Terms) {
  const { order_info: info, sender_info, order_channel, user_id } = theirs
  const [primaryOrder, platformOrders, shop] = orderNumbers.to([
    info.order_id,
    info.combine_orders,
    order_channel,
    user_id,
  ])
  const paid = payment.to([info.pay_method, info.net_info?.monthly_account])
  const added = serviceList.to([info.service_list, info.is_sign_back], terms)
  return {
    createdAt: requestTime.to(theirs.timestamp),
    courier: couriers.to(theirs.logistics_code),
    primaryOrder,
    platformOrders,
    shop,
    parcel: parcel.to(info.pack_id),
    product: info.product_type === undefined ? undefined : product.to(info.product_type),
    payer: paid[0],
    settlement: paid[1],
    account: paid[2],
    services: added[0],
    declaredFen: added[1],
    collectFen: added[2],
    pickup: pickupByHand(info.sender_fetch_time),
    pieces:
      info.total_pack_count === undefined ? 1 : (count.to(info.total_pack_count, undefined) ?? 1),
    weightGrams:
      info.total_weight === undefined ? undefined : grams.to(info.total_weight, undefined),
    volumeCm3: info.volume === undefined ? undefined : grams.to(info.volume, undefined),
    sizeMm: sizeByHand(info),
    goods: info.items.map(goodsByHand),
    sender: senderByHand(sender_info),
    receiver: receiverByHand(info),
  }
}

function pickupByHand(time: string | undefined) {
  const from = time === undefined ? undefined : pickupStart.to(time)
  return from === undefined ? undefined : { from }
}

function sizeByHand({ total_length, total_width, total_height }: TheirOrder['order_info']) {
  const size = (side: typeof total_length) =>
    side === undefined ? undefined : millimetres.to(side, undefined)
  const [length, width, height] = [size(total_length), size(total_width), size(total_height)]
  if (length === undefined && width === undefined && height === undefined) return undefined
  return { length, width, height }
}

function goodsByHand(item: TheirOrder['order_info']['items'][number]) {
  return {
    name: item.item_name,
    spec: item.item_specs === undefined ? undefined : textOrAbsent.to(item.item_specs, undefined),
    quantity: whole.to(item.item_count, undefined),
    weightGrams: item.item_weight === undefined ? undefined : count.to(item.item_weight, undefined),
    volumeCm3: item.item_volume === undefined ? undefined : count.to(item.item_volume, undefined),
  }
}

function senderByHand({ address: at, contact }: TheirOrder['sender_info']) {
  const [region, address] = senderAddress.to([
    at.country_code,
    at.province_name,
    at.city_name,
    at.district_name,
    at.street_name,
    at.detail_address,
  ])
  const [phone, telephone] = senderPhones.to([contact.mobile, contact.phone])
  return {
    region,
    personal: { address, name: senderName.to(contact.name), phone, telephone },
    virtualNumber: virtualNumberOf(contact.mobile),
  }
}

function receiverByHand({ receiver_info, order_id, remark }: TheirOrder['order_info']) {
  const { address: at, contact } = receiver_info
  const [region, address, addressCipher] = receiverAddress.to([
    at.country_code,
    at.province_name,
    at.city_name,
    at.district_name,
    at.street_name,
    at.detail_address,
    at.province_code,
    at.city_code,
    at.district_code,
    at.street_code,
  ])
  const [name, nameCipher] = receiverName.to(contact.name)
  const [phone, telephone, phoneCipher] = receiverPhones.to([contact.mobile, contact.phone])
  const note = remark === undefined ? undefined : personalOrAbsent.to(remark, undefined)
  const cipher = (value: string | undefined) =>
    value === undefined ? undefined : { value, authRef: textOf(order_id) }
  const isHidden = isCipher(contact.name)
  const isClear = address ?? name ?? phone ?? telephone ?? note
  return {
    region,
    personal: isClear === undefined ? undefined : { address, name, phone, telephone, remark: note },
    protection: isHidden
      ? {
          fields: {
            address: cipher(addressCipher),
            name: cipher(nameCipher),
            phone: cipher(phoneCipher),
          },
          kind: 'platform-cipher',
        }
      : undefined,
    virtualNumber: virtualNumberOf(contact.mobile),
  }
}

/** An open order to SF's create-order document. */
export function waybillByHand(order: Order, settings: CourierSettings) {
  const { pickup, sizeMm, settlement, declaredFen, collectFen } = order
  const [isSignBack, serviceList] = services.from([order.services, declaredFen, collectFen])
  const until = pickup?.until === undefined ? undefined : shanghaiTime.from(pickup.until, undefined)
  const mark = { attrName: 'lasthop', attrVal: '1.0' }
  const tenths = (size: number | undefined) =>
    size === undefined ? undefined : centimetres.from(size, undefined)
  return {
    language: 'zh-CN',
    orderId: order.order,
    orderSource: text50.from(order.platform, undefined),
    custReferenceNo: numbers.from(order.platformOrders, undefined),
    expressTypeId: productCode.from(order.product ?? '', undefined),
    payMethod: payer.from(order.payer),
    monthlyCard: settlement === 'cash' ? undefined : order.account,
    parcelQty: order.pieces,
    totalWeight:
      order.weightGrams === undefined ? undefined : kilograms.from(order.weightGrams, undefined),
    totalLength: tenths(sizeMm?.length),
    totalWidth: tenths(sizeMm?.width),
    totalHeight: tenths(sizeMm?.height),
    totalVolume: order.volumeCm3,
    sendStartTm: pickup === undefined ? undefined : shanghaiTime.from(pickup.from, undefined),
    isDocall: pickup ? 1 : 0,
    isReturnRoutelabel: 1,
    isUnifiedWaybillNo: 1,
    isGenWaybillNo: 1,
    cargoDetails: order.goods.map(cargoByHand),
    isSignBack,
    serviceList,
    extraInfoList:
      until === undefined ? [mark] : [mark, { attrName: 'pickupAppointEndTime', attrVal: until }],
    contactInfoList: [
      contactByHand(order.sender, 1, HIDDEN.sender, settings),
      contactByHand(order.receiver, 2, HIDDEN.receiver, settings),
    ],
  }
}

function cargoByHand({ name, spec, quantity, weightGrams, volumeCm3 }: Order['goods'][number]) {
  return {
    name: text128.from(name, undefined),
    specifications: spec === undefined ? undefined : text60.from(spec, undefined),
    count: quantity,
    unit: '件',
    weight: weightGrams === undefined ? undefined : kilograms.from(weightGrams, undefined),
    volume: volumeCm3,
  }
}

function contactByHand(
  party: Party,
  contactType: 1 | 2,
  hidden: string,
  settings: CourierSettings,
) {
  const { region, display, virtualNumber } = party
  const phone =
    virtualNumber === undefined
      ? fitting(settings.phonePlaceholder ?? display?.phone ?? HIDDEN.phone, 20)
      : fitting(dialled(virtualNumber), 20)
  const isTel = virtualNumber === undefined && isLandline(phone)
  return {
    contactType,
    contact: fitting(display?.name ?? hidden, 100),
    mobile: isTel ? undefined : phone,
    tel: isTel ? phone : undefined,
    country: 'CN',
    province: fitting(region.province.name, 30),
    city: nativeCity(region.province.name, region.city?.name),
    county:
      region.district === undefined ? undefined : text30.from(region.district.name, undefined),
    address: fullAddress.from([region.town?.name, display?.address], settings),
  }
}
