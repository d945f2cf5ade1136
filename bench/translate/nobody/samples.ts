import type { TheirOrder } from './documents.ts'

/** Orders of three kinds, so that members are there and not, as in real traffic. */
export const samples: TheirOrder[] = Array.from({ length: 60 }, (_, n) => ({
  order_id: String(6900000000000000000n + BigInt(n)),
  ...(n % 3 === 1 ? { pack_id: '2', combine_orders: ['6900000000000000777'] } : {}),
  logistics_code: 'swift',
  product_type: '2',
  pay_method: 1 + (n % 3),
  account: n % 3 === 2 ? {} : { monthly: '7551234567' },
  ...(n % 3 === 1 ? { total_pack_count: 2 } : {}),
  total_weight: '1250',
  volume: n % 3 === 2 ? '' : '6000',
  ...(n % 3 === 1 ? { total_length: '40', total_width: '30', total_height: '25.5' } : {}),
  timestamp: 1767225600 + n,
  sender_info: {
    address: { province: '北京市', city: '北京市', district: '海淀区', detail: '样例街2号' },
    contact: { name: '李四', mobile: '13900000000' },
  },
  receiver_info: {
    address: {
      province: '福建省',
      city: '厦门市',
      district: '思明区',
      ...(n % 3 === 0 ? { street: '莲前街道' } : {}),
      detail: '测试路1号样例小区3栋502室',
    },
    contact:
      n % 3 === 2
        ? { name: '张三', phone: '0592-0000000' }
        : { name: '张三', mobile: '13800000000' },
  },
  items: Array.from({ length: 1 + (n % 3) }, (_, i) => ({
    item_name: `茶具套装${i}`,
    ...(i === 0 ? { item_specs: '白色' } : {}),
    item_count: 1,
    item_weight: 1200,
    item_volume: 6000,
  })),
}))
