import { randomInt } from 'node:crypto'
import type { Target } from './kit.ts'

/** A JSON object. */
export type Json = { readonly [name: string]: unknown }

const REMARK = '请放在门口的样例柜'

const region = (province: string, code: string, city: string, cityCode: string) => ({
  country: { name: '中国', code: 'CN' },
  province: { name: province, code },
  city: { name: city, code: cityCode },
})

/** Invents orders of invented people, each with a number that nobody used before. */
export function openInvention({ courier, product }: Target) {
  const run = `CF-${Date.now().toString(36)}-${randomInt(1e6)}`
  const numbers = String(randomInt(1e9)).padStart(9, '7')
  /** What was posted of people: none of it may be heard again. */
  const people: string[] = [REMARK]
  let last = 0

  const person = (name: string, street: string): Json => {
    const digits = String(randomInt(1e8)).padStart(8, '0')
    const one = {
      name,
      phone: `139${digits}`,
      address: `${street}${randomInt(100, 999)}号7栋1203室`,
    }
    people.push(...Object.values(one))
    return one
  }

  /** An order with clear data; members are changed by a check. */
  const order = (more: Json = {}): Json => {
    const number = `${run}-${++last}`
    return {
      ...{ platformOrders: [number], primaryOrder: number, parcel: '-', courier: courier.slug },
      ...{ product, payer: 'sender', settlement: 'monthly', account: 'CONFORM', services: [] },
      ...{ pieces: 1, weightGrams: 1250, goods: [{ name: '样例茶叶', quantity: 2 }] },
      sender: {
        region: region('北京市', '110000', '市辖区', '110100'),
        personal: person('欧阳样例', '样例街'),
      },
      receiver: {
        region: region('福建省', '350000', '厦门市', '350200'),
        personal: { ...person('司徒测试', '测试路'), remark: REMARK },
      },
      createdAt: new Date().toISOString(),
      ...more,
    }
  }
  /** A waybill number that nobody used before. */
  const waybill = (): string => `CF${numbers}${String(++last).padStart(6, '0')}`

  return {
    ...{ people, order, waybill },
    /** What a receiver becomes when it changes. */
    otherReceiver: (): Json => ({
      region: region('广东省', '440000', '深圳市', '440300'),
      personal: person('诸葛改址', '改后路'),
    }),
    /** The courier's yes to an order, with a fresh number. */
    acceptance: (order: string): Json => ({
      ...{ outcome: 'accepted', order, courier: courier.slug },
      ...{ waybills: [waybill()], sorting: { mark: '592-01-7', outlet: '0592' } },
    }),
    /** One step of a parcel as its courier pushes it. */
    step: (number: string, status: string, more: Json = {}): Json => ({
      ...{ key: `${number}/${status}`, waybill: number, status },
      ...{ raw: { system: courier.slug, code: `raw-${status}` }, at: new Date().toISOString() },
      ...more,
    }),
    /** A wish about an order. */
    wish: (
      change: string,
      { primaryOrder: platformOrder, parcel }: Json,
      more: Json = {},
    ): Json => ({
      ...{ change, platformOrder, parcel, at: new Date().toISOString() },
      ...more,
    }),
  }
}
