import type { Draft, DraftParty } from '../../model/draft.ts'
import { personalText } from '../../model/personal-text.ts'
import { resolveRegion } from '../../model/regions.ts'

/**
 * An order of invented people, as posted: the format's own, with a house that a mask can hide. Without
 * names of a contract, which an operator may replace.
 */
export function inventedOrder(): Draft {
  return {
    primaryOrder: 'VM2026010100000001',
    platformOrders: ['VM2026010100000001'],
    parcel: '1',
    courier: 'sf',
    product: '2',
    payer: 'sender',
    account: '7551234567',
    services: [],
    pieces: 1,
    weightGrams: 120,
    goods: [{ name: '手机壳', quantity: 1, weightGrams: 80 }],
    sender: {
      region: {
        country: { name: '中国', code: 'CN' },
        province: { name: '北京市' },
        city: { name: '北京市' },
        district: { name: '海淀区' },
      },
      personal: {
        name: personalText('李四'),
        phone: personalText('13900000000'),
        address: personalText('样例街2号样例仓库'),
      },
    },
    receiver: {
      region: xiamen(),
      personal: {
        name: personalText('张三'),
        phone: personalText('13800000000'),
        address: personalText('测试路1号样例小区2栋301室'),
      },
    },
    createdAt: '2026-01-01T08:00:00+08:00',
  }
}

/** Another invented person at another address. */
export function inventedReceiver(): DraftParty {
  return {
    region: xiamen(),
    personal: {
      name: personalText('王五'),
      phone: personalText('13700000000'),
      address: personalText('示例路9号样例花园5栋102室'),
    },
  }
}

function xiamen() {
  return resolveRegion({
    province: { name: '福建省', code: '350000' },
    city: { name: '厦门市', code: '350200' },
    district: { name: '思明区', code: '350203' },
    town: { name: '莲前街道', code: '350203010' },
  })
}
