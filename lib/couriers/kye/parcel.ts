import { GatewayError } from '../../model/errors.ts'
import type { Order } from '../../model/validate.ts'
import { centimetresText, cubicMetresText, joinWhole } from '../../translate/codecs.ts'
import { fitting } from '../shown.ts'
import type { GoodsSize, OrderInfo } from './generated/types.ts'

const LONGEST_GOODS = 200
const LONGEST_SIDE_MM = 7000

type Goods = Order['goods']
type Size = NonNullable<Order['sizeMm']>
type Measures = readonly [size: Order['sizeMm'], volumeCm3: number | undefined]

/**
 * `goodsType` ⇄ goods: their names joined by 、, whole ones only.
 *
 * @throws {GatewayError} `VALUE_TOO_LONG` where not even the first name fits
 */
export const goodsNames = {
  name: 'goodsNames',
  lossy: { ours: 'whole names alone are written' },
  to: (names: string): Goods => names.split('、').map(name => ({ name, quantity: 1 })),
  from: (goods: Goods): string | undefined => {
    const [first = '', ...rest] = goods.map(({ name }) => name)
    return joinWhole([fitting(first, LONGEST_GOODS, '/0/name'), ...rest], '、', LONGEST_GOODS)
  },
}

/**
 * The size list ⇄ size and volume of the whole parcel, as text in cm and m³: all three sides or nothing.
 *
 * @throws {GatewayError} `VALUE_INVALID` for a side of more than 700 cm
 */
export const sizes = {
  name: 'sizes',
  lossy: { ours: 'KYE takes all three sides or none, and a volume beside them only' },
  to: ([first]: readonly GoodsSize[]): Measures | undefined =>
    first && [
      {
        length: millimetres(first.length),
        width: millimetres(first.width),
        height: millimetres(first.height),
      },
      first.goodsVolume === undefined
        ? undefined
        : cubicMetresText.to(first.goodsVolume, undefined),
    ],
  from: ([size, volume]: Measures): GoodsSize[] | undefined => {
    const { length, width, height } = size ?? {}
    if (length === undefined || width === undefined || height === undefined) return undefined
    const goodsVolume = volume === undefined ? undefined : cubicMetresText.from(volume, undefined)
    return [
      {
        length: sideOf(length, 'length'),
        width: sideOf(width, 'width'),
        height: sideOf(height, 'height'),
        count: '1',
        ...(goodsVolume === undefined ? {} : { goodsVolume }),
      },
    ]
  },
}

function sideOf(millimetres: number, side: keyof Size): string {
  const text = centimetresText.from(millimetres, undefined)
  if (text === undefined || millimetres > LONGEST_SIDE_MM)
    throw new GatewayError('VALUE_INVALID', `/0/${side}`)
  return text
}

function millimetres(text: string): number {
  return centimetresText.to(text, undefined) ?? 0
}

type Services = Order['services']

/**
 * `receiptFlag` and `receiptCount` ⇄ added services: a signed receipt is the only one that KYE has.
 *
 * @throws {GatewayError} `SERVICE_UNMAPPED` for any other one, one with a value, and one that stands twice
 * @see formats/pairs.md section 2
 */
export const receipt = {
  name: 'receipt',
  to: ([flag]: readonly [OrderInfo['receiptFlag'] | undefined, 1 | undefined]): Services =>
    flag === 10 ? [{ code: 'sign-back' }] : [],
  from: (services: Services): [OrderInfo['receiptFlag'], 1 | undefined] => {
    services.forEach(({ code, value }, n) => {
      const refused = (at: string) => new GatewayError('SERVICE_UNMAPPED', `/${n}${at}`)
      if (code !== 'sign-back') throw refused('/code')
      if (value !== undefined) throw refused('/value')
      if (n > 0) throw refused('')
    })
    return services.length === 0 ? [20, undefined] : [10, 1]
  },
}
