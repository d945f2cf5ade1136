import { list, type Reply, textOf } from '../../../lib/cli/send.ts'

export { sf } from '../../../lib/couriers/sf/index.ts'
export { douyin } from '../../../lib/platforms/douyin/index.ts'

export type Json = { readonly [name: string]: unknown }

let last = 6_900_000_000_000_001_000n

/** A Douyin order number nobody used before, above 2^53: `6900000000000001001`. */
export const fresh = (): string => String(++last)

/** Personal data of invented people, as it is posted and as it must be opened. */
export const RECEIVER = {
  name: '张三',
  phone: '13800000000',
  address: '测试路1号样例小区2栋301室',
} as const
export const SENDER = {
  name: '李四',
  phone: '13900000000',
  address: '样例街2号样例仓库',
} as const

const town = {
  country_code: 'CHN',
  province_name: '福建省',
  city_name: '厦门市',
  district_name: '思明区',
  street_name: '莲前街道',
}

/** One order of a request, a clear receiver; members are changed by a test. */
export const info = (
  order_id: unknown,
  { contact = {}, address = {}, ...more }: { contact?: Json; address?: Json } & Json = {},
): Json => ({
  order_id,
  receiver_info: {
    address: { ...town, detail_address: RECEIVER.address, ...address },
    contact: { name: RECEIVER.name, phone: '', mobile: RECEIVER.phone, ...contact },
  },
  items: [{ item_name: '茶具套装', item_count: 1 }],
  product_type: '2',
  pay_method: 1,
  net_info: { monthly_account: '7551234567' },
  ...more,
})

/** A native request of these orders. */
export const request = (infos: readonly unknown[], more: Json = {}): string =>
  JSON.stringify({
    logistics_code: 'shunfeng',
    sender_info: {
      address: {
        country_code: 'CHN',
        province_name: '北京市',
        city_name: '北京市',
        district_name: '海淀区',
        street_name: '中关村街道',
        detail_address: SENDER.address,
      },
      contact: { name: SENDER.name, phone: '', mobile: SENDER.phone },
    },
    order_infos: infos,
    ...more,
  })

/** A receiver who came as ciphers: invented ones of the platform's shape. */
export const cipher = {
  contact: {
    name: '##RkFLRS1OQU1F*CgYIASAHKAESFAKE=#1##',
    mobile: '$$RkFLRS1QSE9ORQ==*CgYIASAHKAESFAKE=$1$$',
  },
  address: { detail_address: '##RkFLRS1BRERSRVNT*CgYIASAHKAESFAKE=#1##' },
}

/** What became of the orders of a request: `6900…1: 4009`, or its number. */
export const outcomes = ({ body }: Reply): string[] => [
  ...list(body, 'data', 'ebill_infos').map(
    one => `${textOf(one, 'order_id')}: ${textOf(one, 'track_no')}`,
  ),
  ...list(body, 'data', 'err_infos').map(
    one => `${textOf(one, 'order_id')}: ${textOf(one, 'err_code')}`,
  ),
]

/** The one outcome of a request of one order. */
export const outcome = (reply: Reply): string | undefined => outcomes(reply)[0]?.split(': ')[1]

/** Natively: taken, the courier has not answered. */
export const PENDING = '4009'
