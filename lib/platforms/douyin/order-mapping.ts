import type { Draft } from '../../model/draft.ts'
import type { PersonalText } from '../../model/personal-text.ts'
import {
  centimetresText,
  orElse,
  personalOrAbsent,
  positive,
  textOrAbsent,
  whole,
  wholeText,
} from '../../translate/codecs.ts'
import type { Numeric } from '../../translate/decimal.ts'
import { between } from '../../translate/table.ts'
import { receiverAddress, senderAddress } from './address.ts'
import { isCipher } from './clear-or-cipher.ts'
import { payment, pickupStart, product, requestTime } from './codecs.ts'
import { couriers } from './codes.ts'
import {
  receiverName,
  receiverPhones,
  senderName,
  senderPhones,
  virtualNumberOf,
} from './contact.ts'
import type { TheirOrder } from './generated/types.ts'
import { orderNumbers, parcel, textOf } from './identity.ts'
import { serviceList, type Terms } from './service-list.ts'

const AUTH = 'the order number, once more, beside each cipher'
const CODES = 'come back as the names resolve'
const NO_FIELD = 'has no counterpart'

const { row, each, within, toOursOnly, theirLoss, ourLoss, table } = between<
  TheirOrder,
  Draft,
  Terms | undefined
>()

/** The order number, for a field that is a cipher. */
const authRef = ([field, order]: readonly [PersonalText | undefined, Numeric]) =>
  field && isCipher(field) ? textOf(order) : undefined

/** One order of `logistics/newCreateOrder` ⇄ an order as posted. */
export const order = table(
  row('/timestamp', '/createdAt', requestTime),
  row('/logistics_code', '/courier', couriers),
  row(
    ['/order_info/order_id', '/order_info/combine_orders', '/order_channel', '/user_id'],
    ['/primaryOrder', '/platformOrders', '/shop'],
    orderNumbers,
  ),
  row('/order_info/pack_id', '/parcel', parcel),
  row('/order_info/product_type', '/product', product),
  row(
    ['/order_info/pay_method', '/order_info/net_info/monthly_account'],
    ['/payer', '/settlement', '/account'],
    payment,
  ),
  row(
    ['/order_info/service_list', '/order_info/is_sign_back'],
    ['/services', '/declaredFen', '/collectFen'],
    serviceList,
  ),
  row('/order_info/sender_fetch_time', '/pickup/from', pickupStart),

  row('/order_info/total_pack_count', '/pieces', orElse(positive(whole), 1)),
  row('/order_info/total_weight', '/weightGrams', positive(wholeText)),
  row('/order_info/volume', '/volumeCm3', positive(wholeText)),
  row('/order_info/total_length', '/sizeMm/length', positive(centimetresText)),
  row('/order_info/total_width', '/sizeMm/width', positive(centimetresText)),
  row('/order_info/total_height', '/sizeMm/height', positive(centimetresText)),
  each('/order_info/items', '/goods', ({ row }) => [
    row('/item_name', '/name'),
    row('/item_specs', '/spec', textOrAbsent),
    row('/item_count', '/quantity', whole),
    row('/item_weight', '/weightGrams', positive(whole)),
    row('/item_volume', '/volumeCm3', positive(whole)),
  ]),

  within('/sender_info', '/sender', ({ row, toOursOnly }) => [
    row(
      [
        '/address/country_code',
        '/address/province_name',
        '/address/city_name',
        '/address/district_name',
        '/address/street_name',
        '/address/detail_address',
      ],
      ['/region', '/personal/address'],
      senderAddress,
    ),
    row('/contact/name', '/personal/name', senderName),
    row(
      ['/contact/mobile', '/contact/phone'],
      ['/personal/phone', '/personal/telephone'],
      senderPhones,
    ),
    toOursOnly('/contact/mobile', '/virtualNumber', virtualNumberOf, 'stands in the phone'),
  ]),

  within('/order_info/receiver_info', '/receiver', ({ row, toOursOnly }) => [
    row(
      [
        '/address/country_code',
        '/address/province_name',
        '/address/city_name',
        '/address/district_name',
        '/address/street_name',
        '/address/detail_address',
        '/address/province_code',
        '/address/city_code',
        '/address/district_code',
        '/address/street_code',
      ],
      ['/region', '/personal/address', '/protection/fields/address/value'],
      receiverAddress,
    ),
    row('/contact/name', ['/personal/name', '/protection/fields/name/value'], receiverName),
    row(
      ['/contact/mobile', '/contact/phone'],
      ['/personal/phone', '/personal/telephone', '/protection/fields/phone/value'],
      receiverPhones,
    ),
    toOursOnly('/contact/mobile', '/virtualNumber', virtualNumberOf, 'stands in the phone'),
    toOursOnly(
      '/contact/name',
      '/protection/kind',
      name => (name && isCipher(name) ? 'platform-cipher' : undefined),
      'seen by the shape',
    ),
  ]),
  row('/order_info/remark', '/receiver/personal/remark', personalOrAbsent),
  toOursOnly(
    ['/order_info/receiver_info/contact/name', '/order_info/order_id'],
    '/receiver/protection/fields/name/authRef',
    authRef,
    AUTH,
  ),
  toOursOnly(
    ['/order_info/receiver_info/contact/mobile', '/order_info/order_id'],
    '/receiver/protection/fields/phone/authRef',
    authRef,
    AUTH,
  ),
  toOursOnly(
    ['/order_info/receiver_info/address/detail_address', '/order_info/order_id'],
    '/receiver/protection/fields/address/authRef',
    authRef,
    AUTH,
  ),

  theirLoss('/order_channel', 'is echoed in the answer, not kept'),
  theirLoss('/user_id', 'a shop is kept only for orders of another channel'),
  theirLoss('/delivery_req', 'for a courier that is not served'),
  theirLoss('/order_info/combine_orders', 'come back sorted, each once'),
  theirLoss(
    '/order_info/sender_fetch_time',
    'its form is not public: what is no bare time is lost',
  ),
  theirLoss('/order_info/service_list', 'services dropped by agreement'),
  theirLoss('/order_info/receiver_info/address/city_name', 'fillers are left out'),
  theirLoss('/order_info/receiver_info/address/district_name', 'fillers are left out'),
  theirLoss(
    '/order_info/receiver_info/address/street_name',
    'a street line goes to the address; it cannot be sealed beside ciphers',
  ),
  theirLoss(
    '/order_info/receiver_info/address/detail_address',
    'a street line in the place of the town stands before it',
  ),
  theirLoss('/order_info/receiver_info/address/province_code', CODES),
  theirLoss('/order_info/receiver_info/address/city_code', CODES),
  theirLoss('/order_info/receiver_info/address/district_code', CODES),
  theirLoss('/order_info/receiver_info/address/street_code', CODES),
  theirLoss('/order_info/items/[]/item_net_weight', NO_FIELD),
  theirLoss('/order_info/net_info/category', NO_FIELD),
  theirLoss('/order_info/net_info/net_code', NO_FIELD),
  theirLoss('/order_info/net_info/secret_key', 'a password, never read'),
  theirLoss('/order_info/pay_amount', NO_FIELD),
  theirLoss('/order_info/package_weight', 'for a courier that is not served'),
  theirLoss('/order_info/extra', NO_FIELD),
  theirLoss('/order_info/warehouse', NO_FIELD),
  theirLoss('/order_info/pod_model_address', NO_FIELD),
  theirLoss('/order_info/shipping_code', NO_FIELD),
  theirLoss('/order_info/special_delivery_type_code', NO_FIELD),
  theirLoss('/order_info/special_delivery_type_value', NO_FIELD),
  ourLoss('/shop', 'is read only beside the channel, which is not kept'),
  ourLoss('/sender/region/town/code', 'a sender has names alone'),
  ourLoss('/requestId', NO_FIELD),
  ourLoss('/pickup/until', NO_FIELD),
)
