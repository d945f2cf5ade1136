import type { Courier } from '../../lib/couriers/courier.ts'
import type { Platform } from '../../lib/platforms/platform.ts'
import { type Marked, markedOf } from './marks.ts'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
type JsonObject = { [name: string]: Json }

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** How a platform names what is put in. */
interface Names {
  /** The list of orders in a request. */
  readonly list: string
  /** Where the sender stands: beside the list, or in each order. */
  readonly sender: 'request' | 'order'
  readonly number: (order: JsonObject, number: string) => void
  readonly party: (holder: JsonObject, whose: 'sender' | 'receiver', marked: Marked) => void
  readonly remark: (order: JsonObject, remark: string) => void
  readonly goods: { readonly list: string; readonly name: string }
}

const below = (holder: JsonObject, name: string): JsonObject => {
  const found = holder[name]
  if (!isObject(found)) throw new Error(`no ${name}`)
  return found
}

const names: Readonly<Record<string, Names>> = {
  douyin: {
    list: 'order_infos',
    sender: 'request',
    number(order, number) {
      order.order_id = number
      if (Array.isArray(order.combine_orders)) order.combine_orders = [number, `${number}5`]
    },
    party(holder, whose, { name, phone, telephone, address }) {
      const party = below(holder, `${whose}_info`)
      party.contact = { name, mobile: phone, phone: telephone }
      below(party, 'address').detail_address = address
    },
    remark(order, remark) {
      order.remark = remark
    },
    goods: { list: 'items', name: 'item_name' },
  },
  kuaishou: {
    list: 'getEbillOrderRequest',
    sender: 'order',
    number(order, number) {
      order.tradeOrderCode = number
      order.requestId = `R-${number}`
    },
    party(holder, whose, { name, phone, telephone, address }) {
      holder[`${whose}Contract`] = { name, mobile: phone, telephone }
      below(holder, `${whose}Address`).detailAddress = address
    },
    remark(order, remark) {
      order.tradeOrderRemark = remark
    },
    goods: { list: 'itemList', name: 'itemTitle' },
  },
  vmall: {
    list: 'orders',
    sender: 'request',
    number(order, number) {
      order.orderCode = number
    },
    party(holder, whose, { name, phone, telephone, address, company }) {
      Object.assign(below(holder, whose), { name, mobile: phone, phone: telephone, company })
      below(holder, whose).detail = address
    },
    remark(order, remark) {
      order.buyerRemark = remark
    },
    goods: { list: 'goods', name: 'skuName' },
  },
  standard: {
    list: 'orders',
    sender: 'order',
    number(order, number) {
      order.platformOrders = [number]
      order.primaryOrder = number
    },
    party(holder, whose, marked) {
      below(holder, whose).personal = { ...marked }
    },
    remark: () => {},
    goods: { list: 'goods', name: 'name' },
  },
}

/** An order as its platform names it. */
export interface Posted {
  readonly n: number
  readonly number: string
  readonly parcel: string
  /** Where it is another channel's. */
  readonly shop: string | undefined
}

/** A request of several orders, with marks in the place of all that is personal. */
export interface Posting {
  readonly document: JsonObject
  readonly orders: readonly Posted[]
}

const parcelOf = (order: JsonObject): string => {
  const named = order.pack_id ?? order.packageCode ?? order.packageNo ?? order.parcel
  return typeof named === 'string' && named !== '' ? named : '-'
}

/** The number of the n-th order at its platform: nineteen digits, neither 8 nor 9 behind the fourth. */
export const numberOf = (seed: number, n: number): string =>
  `69${String(seed % 100).padStart(2, '0')}${n.toString(8).padStart(15, '0')}`

/** The platform's sample for this courier, its orders repeated under new numbers and with fresh marks. */
export function postingOf(
  platform: Platform,
  courier: Courier,
  { seed, from, count }: { seed: number; from: number; count: number },
): Posting {
  const name = names[platform.name]
  if (name === undefined) throw new Error(`no place for marks is known in ${platform.name}`)
  const sample = JSON.parse(
    JSON.stringify(platform.sandbox.requestFor(courier.name, courier.sandbox)),
  )
  const samples: JsonObject[] = sample[name.list]
  const one = (n: number): Posted & { readonly order: JsonObject } => {
    const order: JsonObject = structuredClone(samples[n % samples.length] ?? {})
    const number = numberOf(seed, n)
    name.number(order, number)
    const marked = markedOf(seed, n, 'receiver')
    name.party(order, 'receiver', marked)
    if (name.sender === 'order') name.party(order, 'sender', markedOf(seed, n, 'sender'))
    name.remark(order, marked.remark)
    const shop = order.merchantCode
    return {
      order,
      n,
      number,
      parcel: parcelOf(order),
      shop: typeof shop === 'string' ? shop : undefined,
    }
  }
  const orders = Array.from({ length: count }, (_, at) => one(from + at))
  const document: JsonObject = { ...sample, [name.list]: orders.map(({ order }) => order) }
  if (name.sender === 'request') name.party(document, 'sender', markedOf(seed, from, 'sender'))
  return { document, orders }
}

/** The same request spoilt in a way that is refused, the marks still in it: as text, for it need be no JSON. */
export function spoilt(
  platform: Platform,
  { document }: Posting,
  kind: number,
  marked: Marked,
): string {
  const name = names[platform.name]
  const copy: JsonObject = structuredClone(document)
  const list = name === undefined ? undefined : copy[name.list]
  const order = Array.isArray(list) ? list[0] : undefined
  if (name === undefined || !isObject(order)) throw new Error('no order to spoil')
  const text = JSON.stringify(document)
  switch (kind % 9) {
    case 0:
      return text.slice(0, -7)
    case 1:
      return text.replace('{', `{"${marked.name}":"${marked.phone}",`)
    case 2:
      return text.replace('{', `{"__proto__":"${marked.name}",`)
    case 3:
      return text.replace(/("(?:item_count|itemQuantity|quantity)"):\d+/, `$1:"${marked.name}"`)
    case 4:
      name.party(order, 'receiver', {
        ...marked,
        name: `${marked.name}*`,
        phone: `${marked.phone}9`,
      })
      break
    case 5:
      name.party(order, 'receiver', { ...marked, address: marked.address.repeat(200) })
      break
    case 6: {
      const goods = order[name.goods.list]
      if (Array.isArray(goods) && isObject(goods[0]))
        goods[0][name.goods.name] = `电话${marked.phone}`
      break
    }
    case 7:
      order[name.goods.list] = marked.name
      break
    default:
      return `${text}${marked.name}${marked.phone}`
  }
  return JSON.stringify(copy)
}
