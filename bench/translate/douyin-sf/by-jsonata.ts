import jsonata from 'jsonata'
import { services as sfServices } from '../../../lib/couriers/sf/services.ts'
import { nativeCity } from '../../../lib/couriers/shown.ts'
import { receiverAddress, senderAddress } from '../../../lib/platforms/douyin/address.ts'
import { requestTime } from '../../../lib/platforms/douyin/codecs.ts'
import { virtualNumberOf } from '../../../lib/platforms/douyin/contact.ts'
import type { TheirOrder } from '../../../lib/platforms/douyin/generated/types.ts'
import { orderNumbers } from '../../../lib/platforms/douyin/identity.ts'
import { serviceList } from '../../../lib/platforms/douyin/service-list.ts'

// What an expression cannot say (regions, numbers of merged orders, services) are functions that it
// calls, the same that the tables use: JSONata is measured as a mapping language, not as a gazetteer.

/** `$nothing` is bound to nothing: it is how an expression says that a member is absent. */
const FUNCTIONS = `
  $shown := function($c) { $c = "" ? $nothing : $c };
  $isCipher := function($t) { $contains($t, /^#.*##$/) or $contains($t, /^\\$.*\\$\\$$/) };
  $cipher := function($t, $id) { $isCipher($t) ? { "value": $t, "authRef": $id } };
  $clear := function($t) { $isCipher($t) ? $nothing : $t };
  $some := function($o) { $count($keys($o)) > 0 ? $o };
`

/** An order as Douyin posts it to a draft. */
export const draft = jsonata(`(
  ${FUNCTIONS}
  $i := order_info;
  $numbers := $orderNumbers($i.order_id, [$i.combine_orders], order_channel, user_id);
  $services := $serviceList($i.service_list[], $i.is_sign_back);
  $r := $i.receiver_info;
  $from := $receiverAddress($r.address);
  $to := $senderAddress(sender_info.address);
  $id := $i.order_id;
  $size := $some({
    "length": $number($shown($i.total_length)) * 10,
    "width": $number($shown($i.total_width)) * 10,
    "height": $number($shown($i.total_height)) * 10
  });
  $phone := $shown($r.contact.mobile);
  $personal := $some({
    "address": $from.address,
    "name": $clear($r.contact.name),
    "phone": $exists($phone) ? $clear($phone),
    "telephone": $shown($r.contact.phone),
    "remark": $shown($i.remark)
  });
  {
    "createdAt": $requestTime(timestamp),
    "courier": $lookup({ "shunfeng": "sf", "kuayue": "kye" }, logistics_code),
    "primaryOrder": $numbers.primary,
    "platformOrders": $numbers.orders[],
    "shop": $numbers.shop,
    "parcel": $exists($shown($i.pack_id)) ? $i.pack_id : "-",
    "product": $shown($i.product_type),
    "payer": $exists($i.pay_method) ? "sender",
    "settlement": $i.pay_method = 1 ? "monthly" : $i.pay_method = 2 ? "cash",
    "account": $i.pay_method = 2 ? $nothing : $i.net_info.monthly_account,
    "services": [$services.added],
    "declaredFen": $services.declared,
    "collectFen": $services.collect,
    "pieces": $i.total_pack_count > 0 ? $i.total_pack_count : 1,
    "weightGrams": $number($shown($i.total_weight)),
    "volumeCm3": $number($shown($i.volume)),
    "sizeMm": $size,
    "goods": [$i.items.{
      "name": item_name,
      "spec": $shown(item_specs),
      "quantity": item_count,
      "weightGrams": item_weight > 0 ? item_weight,
      "volumeCm3": item_volume > 0 ? item_volume
    }],
    "sender": {
      "region": $to.region,
      "personal": {
        "address": $to.address,
        "name": sender_info.contact.name,
        "phone": $shown(sender_info.contact.mobile),
        "telephone": $shown(sender_info.contact.phone)
      },
      "virtualNumber": $virtualNumber(sender_info.contact.mobile)
    },
    "receiver": {
      "region": $from.region,
      "personal": $personal,
      "protection": $isCipher($r.contact.name) ? {
        "fields": {
          "address": $cipher($r.address.detail_address, $id),
          "name": $cipher($r.contact.name, $id),
          "phone": $cipher($phone, $id)
        },
        "kind": "platform-cipher"
      },
      "virtualNumber": $virtualNumber($r.contact.mobile)
    }
  }
)`)

/** An open order to SF's create-order document. */
export const waybill = jsonata(`(
  $contact := function($p, $type, $hidden) {(
    $v := $p.virtualNumber;
    $phone := $exists($v) ? $v.number & ($exists($v.extension) ? "-" & $v.extension : "")
      : $exists($p.display) ? $p.display.phone : "***********";
    $isTel := $not($exists($v)) and $contains($phone, /^0[^0]/);
    {
      "contactType": $type,
      "contact": $exists($p.display) ? $p.display.name : $hidden,
      "mobile": $isTel ? $nothing : $phone,
      "tel": $isTel ? $phone,
      "country": "CN",
      "province": $p.region.province.name,
      "city": $nativeCity($p.region.province.name, $p.region.city.name),
      "county": $p.region.district.name,
      "address": $p.region.town.name & ($exists($p.display) ? $p.display.address : "详细地址保密")
    }
  )};
  $added := $sfServices(services[], declaredFen, collectFen);
  {
    "language": "zh-CN",
    "orderId": order,
    "orderSource": platform,
    "custReferenceNo": $join(platformOrders, ","),
    "expressTypeId": $number(product),
    "payMethod": $lookup({ "sender": 1, "receiver": 2, "third-party": 3 }, payer),
    "monthlyCard": settlement = "cash" ? $nothing : account,
    "parcelQty": pieces,
    "totalWeight": weightGrams / 1000,
    "totalLength": sizeMm.length / 10,
    "totalWidth": sizeMm.width / 10,
    "totalHeight": sizeMm.height / 10,
    "totalVolume": volumeCm3,
    "isDocall": $exists(pickup) ? 1 : 0,
    "isReturnRoutelabel": 1,
    "isUnifiedWaybillNo": 1,
    "isGenWaybillNo": 1,
    "cargoDetails": [goods.{
      "name": name,
      "specifications": spec,
      "count": quantity,
      "unit": "件",
      "weight": weightGrams / 1000,
      "volume": volumeCm3
    }],
    "isSignBack": $added.signBack,
    "serviceList": $added.list[],
    "extraInfoList": [{ "attrName": "lasthop", "attrVal": "1.0" }],
    "contactInfoList": [$contact(sender, 1, "寄件人"), $contact(receiver, 2, "收件人")]
  }
)`)

type SentAddress = TheirOrder['sender_info']['address']
type PostedAddress = TheirOrder['order_info']['receiver_info']['address']

const functions = {
  requestTime: requestTime.to,
  virtualNumber: virtualNumberOf,
  nativeCity,
  orderNumbers(...[order, combined, channel, user]: Parameters<typeof orderNumbers.to>[0]) {
    const [primary, orders, shop] = orderNumbers.to([order, combined, channel, user])
    return { primary, orders, shop }
  },
  serviceList(...[list, back]: NonNullable<Parameters<typeof serviceList.to>[0]>) {
    const [added, declared, collect] = serviceList.to([list, back], { ignoreServices: [] })
    return { added, declared, collect }
  },
  senderAddress(at: SentAddress) {
    const [region, address] = senderAddress.to([
      at.country_code,
      at.province_name,
      at.city_name,
      at.district_name,
      at.street_name,
      at.detail_address,
    ])
    return { region, address }
  },
  receiverAddress(at: PostedAddress) {
    const [region, address] = receiverAddress.to([
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
    return { region, address }
  },
  sfServices(
    ...[added = [], declared, collect]: NonNullable<Parameters<typeof sfServices.from>[0]>
  ) {
    const [signBack, list] = sfServices.from([added, declared, collect])
    return { signBack, list }
  },
}

for (const [name, run] of Object.entries(functions)) {
  draft.registerFunction(name, run)
  waybill.registerFunction(name, run)
}
