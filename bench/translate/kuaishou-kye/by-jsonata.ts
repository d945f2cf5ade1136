import jsonata from 'jsonata'
import { sizes } from '../../../lib/couriers/kye/parcel.ts'
import { nativeCity } from '../../../lib/couriers/shown.ts'
import { clearAddress } from '../../../lib/platforms/kuaishou/address.ts'
import { requestTime } from '../../../lib/platforms/kuaishou/codecs.ts'
import { virtualNumberOf } from '../../../lib/platforms/kuaishou/contact.ts'
import type { EbillOrder } from '../../../lib/platforms/kuaishou/generated/types.ts'
import { shanghaiMinutes } from '../../../lib/translate/codecs.ts'

// What an expression cannot say (regions, times of UTC+8, measures as text) are functions that it calls,
// the same that the tables use. `$nothing` is bound to nothing.

/** An order as Kuaishou posts it, with a clear receiver, to a draft. */
export const draft = jsonata(`(
  $shown := function($c) { $c = "" ? $nothing : $c };
  $up := function($n) { $n > 0 ? $ceil($n) };
  $some := function($o) { $count($keys($o)) > 0 ? $o };
  $amount := function($list, $code) {(
    $one := $list[code = $code or serviceCode = $code];
    $number($exists($one.value) ? $one.value : $one.serviceValue)
  )};
  $party := function($c, $at, $remark) {(
    $resolved := $clearAddress($at);
    {
      "personal": {
        "name": $c.name,
        "phone": $shown($c.mobile),
        "telephone": $shown($c.telephone),
        "address": $resolved.address,
        "remark": $shown($remark)
      },
      "virtualNumber": $virtualNumber($c.mobile),
      "region": $resolved.region
    }
  )};
  $isOwn := $not($exists($shown(orderChannel))) or orderChannel = "KUAI_SHOU";
  {
    "createdAt": $requestTime(timestamp),
    "requestId": requestId,
    "courier": $lookup({ "SF": "sf", "KYE": "kye", "STANDARD": "standard" }, expressCompanyCode),
    "product": $shown(expressProductCode),
    "primaryOrder": $string(tradeOrderCode),
    "platformOrders": [$string(tradeOrderCode)],
    "shop": $isOwn ? $nothing : merchantCode,
    "parcel": $exists($shown(packageCode)) ? packageCode : "-",
    "pieces": totalPackageQuantity > 0 ? totalPackageQuantity : 1,
    "payer": $exists(payMethod) ? "sender",
    "settlement": payMethod = 1 ? "monthly",
    "account": $shown(settleAccount),
    "services": [isSignBack ? { "code": "sign-back" }],
    "declaredFen": $amount(expressServices, "INSURE"),
    "collectFen": $amount(expressServices, "COD"),
    "pickup": reserveTime > 0 ? { "from": $requestTime(reserveTime), "until": $requestTime(reserveEndTime) },
    "weightGrams": $up(totalPackageWeight),
    "volumeCm3": $up(totalPackageVolume),
    "sizeMm": $some({
      "length": $up(totalPackageLength * 10),
      "width": $up(totalPackageWidth * 10),
      "height": $up(totalPackageHeight * 10)
    }),
    "goods": [itemList.{
      "name": itemTitle,
      "spec": $shown(itemSpecs),
      "quantity": itemQuantity,
      "weightGrams": $up(itemWeight),
      "volumeCm3": $up(itemVolume)
    }],
    "sender": $party(senderContract, senderAddress, $nothing),
    "receiver": $party(receiverContract, receiverAddress, tradeOrderRemark)
  }
)`)

/** An open order to KYE's body of `planOrder`; code and flag of the customer are bound. */
export const waybill = jsonata(`(
  $contact := function($p, $hidden) {(
    $v := $p.virtualNumber;
    $phone := $exists($v) ? $v.number & ($exists($v.extension) ? "-" & $v.extension : "")
      : $exists($p.display) ? $p.display.phone : "***********";
    $isTel := $not($exists($v)) and $contains($phone, /^0[^0]/);
    {
      "companyName": "",
      "person": $exists($p.display) ? $p.display.name : $hidden,
      "phone": $isTel ? $phone : "",
      "mobile": $isTel ? "" : $phone,
      "provinceName": $p.region.province.name,
      "cityName": $nativeCity($p.region.province.name, $p.region.city.name),
      "countyName": $p.region.district.name,
      "address": $p.region.town.name & ($exists($p.display) ? $p.display.address : "详细地址保密")
    }
  )};
  $isReceipt := "sign-back" in services.code;
  {
    "customerCode": $customerCode,
    "platformFlag": $platformFlag,
    "repeatCheck": "20",
    "orderInfos": [{
      "orderId": order,
      "shippingCode": platformOrders[0],
      "serviceMode": $number(product),
      "payMode": $lookup({ "sender": 10, "receiver": 20, "third-party": 30 }, payer),
      "paymentCustomer": payer = "receiver" ? $nothing : account,
      "goodsType": $join(goods.name, "、"),
      "count": pieces,
      "actualWeight": weightGrams / 1000,
      "preWaybillGoodsSizeList": $sizes(sizeMm, volumeCm3)[],
      "insuranceValue": declaredFen / 100,
      "collectionAmount": collectFen / 100,
      "receiptFlag": $isReceipt ? 10 : 20,
      "receiptCount": $isReceipt ? 1,
      "dismantling": $exists(pickup) ? 10 : 20,
      "goodsTime": $exists(pickup) ? $minutes(pickup.from),
      "subscriptionService": "10",
      "extraInfo": [{ "key": "lasthop", "value": "1.0" }],
      "preWaybillDelivery": $contact(sender, "寄件人"),
      "preWaybillPickup": $contact(receiver, "收件人")
    }]
  }
)`)

type Address = EbillOrder['senderAddress']

draft.registerFunction('requestTime', (time?: string | number) =>
  time === undefined ? undefined : requestTime.to(time),
)
draft.registerFunction('virtualNumber', virtualNumberOf)
draft.registerFunction('clearAddress', (at: Address) => {
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
  return { region, address }
})
waybill.registerFunction('nativeCity', nativeCity)
waybill.registerFunction('minutes', (time: string) => shanghaiMinutes.from(time, undefined))
waybill.registerFunction('sizes', (...measures: Parameters<typeof sizes.from>[0]) =>
  sizes.from(measures),
)
