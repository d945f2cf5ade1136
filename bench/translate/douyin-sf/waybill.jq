# A Douyin request with one order, and the displays and the id that LastHop makes of it as `shown`,
# to SF's create-order document. jq neither masks nor hashes nor checks: it maps fields.
def present: with_entries(select(.value != null));
def number: if . == null or . == "" then null else tonumber end;
def over($n): number | if . == null or . == 0 then null else . / $n end;
def town: if . != null and test("(街道|镇|乡)$") then . else null end;
def contact($type; $at; $mobile; $display):
  ($at.district_name | town) as $inCounty
  | {
      contactType: $type,
      contact: $display.name,
      mobile: (if ($mobile | test("^1[0-9]{10}-[0-9]{2,6}$")) then $mobile else $display.phone end),
      country: "CN",
      province: $at.province_name,
      city: $at.city_name,
      county: (if $inCounty then null else $at.district_name end),
      address: (($inCounty // ($at.street_name | town) // "") + $display.address)
    }
  | present;
def amount($code; $name):
  map(select(.service_code == $code) | .service_value | fromjson.value / 100 | tostring)
  | map({ name: $name, value: . });
. as $request
| .order_infos[0] as $order
| ($order.service_list // []) as $services
| ($services | amount("SVC-INSURE"; "INSURE") + amount("SVC-COD"; "COD")) as $list
| {
    language: "zh-CN",
    orderId: .shown.order,
    orderSource: "douyin",
    custReferenceNo: ([$order.order_id] + ($order.combine_orders // []) | unique | join(",")),
    expressTypeId: ($order.product_type | number),
    payMethod: 1,
    monthlyCard: (if $order.pay_method == 2 then null else $order.net_info.monthly_account end),
    parcelQty: ($order.total_pack_count // 1),
    totalWeight: ($order.total_weight | over(1000)),
    totalLength: ($order.total_length | over(1)),
    totalWidth: ($order.total_width | over(1)),
    totalHeight: ($order.total_height | over(1)),
    totalVolume: ($order.volume | over(1)),
    isDocall: 0,
    isReturnRoutelabel: 1,
    isUnifiedWaybillNo: 1,
    isGenWaybillNo: 1,
    cargoDetails: [
      $order.items[]
      | {
          name: .item_name,
          specifications: (if .item_specs == "" then null else .item_specs end),
          count: .item_count,
          unit: "件",
          weight: (.item_weight | over(1000)),
          volume: (.item_volume | over(1))
        }
      | present
    ],
    isSignBack: (if $order.is_sign_back == 1 then 1 else null end),
    serviceList: (if $list == [] then null else $list end),
    extraInfoList: [{ attrName: "lasthop", attrVal: "1.0" }],
    contactInfoList: [
      contact(1; .sender_info.address; .sender_info.contact.mobile; .shown.sender),
      contact(2; $order.receiver_info.address; $order.receiver_info.contact.mobile; .shown.receiver)
    ]
  }
| present
