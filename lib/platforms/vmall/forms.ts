import { type Form, place } from './form.ts'
import type { Contract } from './generated/types.ts'

/** Where each of their documents has what, as a contract says it; our names are those of the wire schema. */
export interface Forms {
  /** The request without its orders, which stay as they are. */
  readonly request: Form
  /** One order of a request. */
  readonly order: Form
  /** A request for a cancellation or a change. */
  readonly change: Form
}

/**
 * The forms of a contract.
 *
 * @throws {TypeError} for a name that no row may use
 */
export function formsOf(contract: Contract): Forms {
  return {
    request: requestForm(contract),
    order: orderForm(contract),
    change: changeForm(contract),
  }
}

function requestForm({ request, party }: Contract): Form {
  return [
    ...place('/request/requestId', request.requestId, '/requestId'),
    ...place('/request/shop', request.shop, '/merchantId'),
    ...place('/request/courier', request.courier, '/courierCode'),
    ...place('/request/product', request.product, '/productCode'),
    ...place('/request/payer', request.payer, '/payType'),
    ...place('/request/account', request.account, '/monthlyAccount'),
    ...partyPlace('/request/sender', request.sender, '/sender', party),
    ...place('/request/orders', request.orders, '/orders'),
  ]
}

function orderForm({ order, party }: Contract): Form {
  const [buyer, seller] = order.remarks ?? []
  return [
    ...place('/order/order', order.order, '/orderCode'),
    ...place('/order/parcel', order.parcel, '/packageNo'),
    ...place('/order/merged', order.merged, '/mergedOrderCodes'),
    ...place('/order/createdAt', order.createdAt, '/createTime'),
    ...partyPlace('/order/receiver', order.receiver, '/receiver', party),
    ...place('/order/virtualNumber', order.virtualNumber, '/virtualNumber/number'),
    ...place('/order/virtualExtension', order.virtualExtension, '/virtualNumber/extension'),
    ...place('/order/virtualExpires', order.virtualExpires, '/virtualNumber/expireTime'),
    ...goodsPlace(order),
    ...place('/order/pieces', order.pieces, '/packageCount'),
    ...place('/order/weight', order.weight, '/weight'),
    ...place('/order/volume', order.volume, '/volume'),
    ...place('/order/length', order.length, '/length'),
    ...place('/order/width', order.width, '/width'),
    ...place('/order/height', order.height, '/height'),
    ...place('/order/declared', order.declared, '/insuredAmount'),
    ...place('/order/collect', order.collect, '/codAmount'),
    ...servicesPlace(order),
    ...place('/order/pickupFrom', order.pickupFrom, '/pickupStart'),
    ...place('/order/pickupUntil', order.pickupUntil, '/pickupEnd'),
    ...place('/order/remarks/0', buyer, '/buyerRemark'),
    ...place('/order/remarks/1', seller, '/sellerRemark'),
  ]
}

function goodsPlace(order: Contract['order']): Form {
  const places = [
    ...place('/order/goodsName', order.goodsName, '/skuName'),
    ...place('/order/goodsSpec', order.goodsSpec, '/spec'),
    ...place('/order/goodsQuantity', order.goodsQuantity, '/quantity'),
    ...place('/order/goodsWeight', order.goodsWeight, '/weight'),
    ...place('/order/goodsVolume', order.goodsVolume, '/volume'),
  ]
  return place('/order/goods', order.goods, '/goods', { kind: 'list', places })
}

function servicesPlace(order: Contract['order']): Form {
  const places = [
    ...place('/order/serviceCode', order.serviceCode, '/code'),
    ...place('/order/serviceValue', order.serviceValue, '/value'),
  ]
  return place('/order/services', order.services, '/services', { kind: 'list', places })
}

function changeForm({ request, change, party }: Contract): Form {
  return [
    ...place('/request/requestId', request.requestId, '/requestId'),
    ...place('/change/action', change.action, '/action'),
    ...place('/change/courier', change.courier, '/courierCode'),
    ...place('/change/order', change.order, '/orderCode'),
    ...place('/change/parcel', change.parcel, '/packageNo'),
    ...place('/change/waybill', change.waybill, '/waybillNo'),
    ...partyPlace('/change/receiver', change.receiver, '/receiver', party),
  ]
}

function partyPlace(
  row: string,
  theirs: string | undefined,
  named: string,
  party: Contract['party'],
): Form {
  const places = [
    ...place('/party/name', party.name, '/name'),
    ...place('/party/phone', party.phone, '/mobile'),
    ...place('/party/telephone', party.telephone, '/phone'),
    ...place('/party/company', party.company, '/company'),
    ...place('/party/province', party.province, '/province'),
    ...place('/party/provinceCode', party.provinceCode, '/provinceCode'),
    ...place('/party/city', party.city, '/city'),
    ...place('/party/cityCode', party.cityCode, '/cityCode'),
    ...place('/party/district', party.district, '/district'),
    ...place('/party/districtCode', party.districtCode, '/districtCode'),
    ...place('/party/town', party.town, '/town'),
    ...place('/party/townCode', party.townCode, '/townCode'),
    ...place('/party/detail', party.detail, '/detail'),
  ]
  return place(row, theirs, named, { kind: 'object', places })
}
