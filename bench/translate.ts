import assert from 'node:assert/strict'
import { performance } from 'node:perf_hooks'
import {
  centimetresText,
  identifier,
  kilograms,
  numberCodeList,
  orElse,
  positive,
  shanghaiTime,
  unixSeconds,
  wholeText,
  yuan,
} from '../lib/translate/codecs.ts'
import { between } from '../lib/translate/table.ts'

// A platform of nobody's, an order of the usual size, and a courier's waybill: the two ways an order goes.

interface TheirParty {
  address: { province: string; city: string; district?: string; street?: string; detail: string }
  contact: { name: string; mobile?: string; phone?: string }
}

interface TheirOrder {
  order_id: string
  pack_id?: string
  logistics_code: string
  product_type?: string
  pay_method?: number
  account?: { monthly?: string }
  total_pack_count?: number
  total_weight?: string
  total_length?: string
  total_width?: string
  total_height?: string
  volume?: string
  timestamp: number
  sender_info: TheirParty
  receiver_info: TheirParty
  items: {
    item_name: string
    item_specs?: string
    item_count: number
    item_weight?: number
    item_volume?: number
  }[]
  combine_orders?: (string | number)[]
}

interface Party {
  region: { country: string; province: string; city: string; district?: string; town?: string }
  personal: { name: string; phone?: string; telephone?: string; address: string }
}

type Payer = 'sender' | 'receiver' | 'third-party'

interface Order {
  lasthop: '1.0'
  primaryOrder: string
  platformOrders?: string[]
  parcel?: string
  courier: string
  product?: string
  payer?: Payer
  account?: string
  pieces: number
  weightGrams?: number
  volumeCm3?: number
  sizeMm?: { length?: number; width?: number; height?: number }
  goods: {
    name: string
    spec?: string
    quantity: number
    weightGrams?: number
    volumeCm3?: number
  }[]
  sender: Party
  receiver: Party
  createdAt: string
  pickup?: { from: string }
  declaredFen?: number
}

interface Contact {
  contactType: number
  contact: string
  mobile?: string
  tel?: string
  country: string
  province: string
  city: string
  county?: string
  address: string
}

interface Waybill {
  language: string
  orderId: string
  expressTypeId?: string
  payMethod?: number
  monthlyCard?: string
  parcelQty: number
  totalWeight?: number
  totalVolume?: number
  totalLength?: string
  totalWidth?: string
  totalHeight?: string
  sendStartTm?: string
  isDocall: 0 | 1
  isReturnRoutelabel: number
  insured?: string
  cargoDetails: {
    name: string
    specifications?: string
    count: number
    unit: string
    weight?: number
    volume?: number
  }[]
  contactInfoList: [Contact, Contact]
}

const payers = { 1: 'sender', 2: 'receiver', 3: 'third-party' } as const
const payer = numberCodeList(payers)
const pieces = orElse({ to: (n: number) => n, from: (n: number) => n }, 1)
const gramsText = positive(wholeText)
const millimetres = positive(centimetresText)

const inOrder = between<TheirOrder, Order>()
const order = inOrder.table(
  inOrder.ourConstant('/lasthop', '1.0'),
  inOrder.row('/order_id', '/primaryOrder'),
  inOrder.each('/combine_orders', '/platformOrders', identifier),
  inOrder.row('/pack_id', '/parcel'),
  inOrder.row('/logistics_code', '/courier'),
  inOrder.row('/product_type', '/product'),
  inOrder.row('/pay_method', '/payer', payer),
  inOrder.row('/account/monthly', '/account'),
  inOrder.row('/total_pack_count', '/pieces', pieces),
  inOrder.row('/total_weight', '/weightGrams', gramsText),
  inOrder.row('/volume', '/volumeCm3', gramsText),
  inOrder.row('/total_length', '/sizeMm/length', millimetres),
  inOrder.row('/total_width', '/sizeMm/width', millimetres),
  inOrder.row('/total_height', '/sizeMm/height', millimetres),
  inOrder.each('/items', '/goods', ({ row }) => [
    row('/item_name', '/name'),
    row('/item_specs', '/spec'),
    row('/item_count', '/quantity'),
    row('/item_weight', '/weightGrams'),
    row('/item_volume', '/volumeCm3'),
  ]),
  inOrder.within('/sender_info', '/sender', scope => partyRows(scope)),
  inOrder.within('/receiver_info', '/receiver', scope => partyRows(scope)),
  inOrder.row('/timestamp', '/createdAt', unixSeconds),
)

function partyRows({ row, ourConstant }: ReturnType<typeof between<TheirParty, Party>>) {
  return [
    ourConstant('/region/country', 'CN'),
    row('/address/province', '/region/province'),
    row('/address/city', '/region/city'),
    row('/address/district', '/region/district'),
    row('/address/street', '/region/town'),
    row('/contact/name', '/personal/name'),
    row('/contact/mobile', '/personal/phone'),
    row('/contact/phone', '/personal/telephone'),
    row('/address/detail', '/personal/address'),
  ]
}

const inWaybill = between<Waybill, Order>()
const waybill = inWaybill.table(
  inWaybill.constant('/language', 'zh-CN'),
  inWaybill.row('/orderId', '/primaryOrder'),
  inWaybill.row('/expressTypeId', '/product'),
  inWaybill.row('/payMethod', '/payer', payer),
  inWaybill.row('/monthlyCard', '/account'),
  inWaybill.row('/parcelQty', '/pieces'),
  inWaybill.row('/totalWeight', '/weightGrams', kilograms),
  inWaybill.row('/totalVolume', '/volumeCm3'),
  inWaybill.row('/totalLength', '/sizeMm/length', centimetresText),
  inWaybill.row('/totalWidth', '/sizeMm/width', centimetresText),
  inWaybill.row('/totalHeight', '/sizeMm/height', centimetresText),
  inWaybill.row('/sendStartTm', '/pickup/from', shanghaiTime),
  inWaybill.toTheirsOnly('/isDocall', '/pickup', window => (window ? 1 : 0), 'the window says it'),
  inWaybill.constant('/isReturnRoutelabel', 1),
  inWaybill.row('/insured', '/declaredFen', yuan),
  inWaybill.each('/cargoDetails', '/goods', ({ row, constant }) => [
    row('/name', '/name'),
    row('/specifications', '/spec'),
    row('/count', '/quantity'),
    constant('/unit', '件'),
    row('/weight', '/weightGrams', kilograms),
    row('/volume', '/volumeCm3'),
  ]),
  inWaybill.within('/contactInfoList/0', '/sender', scope => contactRows(scope, 1)),
  inWaybill.within('/contactInfoList/1', '/receiver', scope => contactRows(scope, 2)),
)

function contactRows(
  { row, constant }: ReturnType<typeof between<Contact, Party>>,
  contactType: number,
) {
  return [
    constant('/contactType', contactType),
    row('/contact', '/personal/name'),
    row('/mobile', '/personal/phone'),
    row('/tel', '/personal/telephone'),
    row('/country', '/region/country'),
    row('/province', '/region/province'),
    row('/city', '/region/city'),
    row('/county', '/region/district'),
    row('/address', '/personal/address'),
  ]
}

/** The same by hand, as fast as one would write it: literals, the same codecs, optional members set where they are there. */
function orderByHand(t: TheirOrder): Order {
  const ours: Order = {
    lasthop: '1.0',
    primaryOrder: t.order_id,
    courier: t.logistics_code,
    pieces: t.total_pack_count ?? 1,
    goods: t.items.map(item => {
      const goods: Order['goods'][number] = { name: item.item_name, quantity: item.item_count }
      if (item.item_specs !== undefined) goods.spec = item.item_specs
      if (item.item_weight !== undefined) goods.weightGrams = item.item_weight
      if (item.item_volume !== undefined) goods.volumeCm3 = item.item_volume
      return goods
    }),
    sender: partyByHand(t.sender_info),
    receiver: partyByHand(t.receiver_info),
    createdAt: unixSeconds.to(t.timestamp, undefined) ?? '',
  }
  if (t.combine_orders)
    ours.platformOrders = t.combine_orders.map(id => identifier.to(id, undefined) ?? '')
  if (t.pack_id !== undefined) ours.parcel = t.pack_id
  if (t.product_type !== undefined) ours.product = t.product_type
  if (t.pay_method !== undefined) ours.payer = payer.to(t.pay_method)
  if (t.account?.monthly !== undefined) ours.account = t.account.monthly
  const weight = t.total_weight && gramsText.to(t.total_weight, undefined)
  if (weight) ours.weightGrams = weight
  const volume = t.volume && gramsText.to(t.volume, undefined)
  if (volume) ours.volumeCm3 = volume
  const size = sizeByHand(t)
  if (size) ours.sizeMm = size
  return ours
}

function sizeByHand(t: TheirOrder): Order['sizeMm'] {
  const length = t.total_length && millimetres.to(t.total_length, undefined)
  const width = t.total_width && millimetres.to(t.total_width, undefined)
  const height = t.total_height && millimetres.to(t.total_height, undefined)
  if (!length && !width && !height) return undefined
  const size: NonNullable<Order['sizeMm']> = {}
  if (length) size.length = length
  if (width) size.width = width
  if (height) size.height = height
  return size
}

function partyByHand({ address, contact }: TheirParty): Party {
  const party: Party = {
    region: { country: 'CN', province: address.province, city: address.city },
    personal: { name: contact.name, address: address.detail },
  }
  if (address.district !== undefined) party.region.district = address.district
  if (address.street !== undefined) party.region.town = address.street
  if (contact.mobile !== undefined) party.personal.phone = contact.mobile
  if (contact.phone !== undefined) party.personal.telephone = contact.phone
  return party
}

function waybillByHand(o: Order): Waybill {
  const theirs: Waybill = {
    language: 'zh-CN',
    orderId: o.primaryOrder,
    parcelQty: o.pieces,
    isDocall: o.pickup ? 1 : 0,
    isReturnRoutelabel: 1,
    cargoDetails: o.goods.map(goods => {
      const cargo: Waybill['cargoDetails'][number] = {
        name: goods.name,
        count: goods.quantity,
        unit: '件',
      }
      if (goods.spec !== undefined) cargo.specifications = goods.spec
      if (goods.weightGrams !== undefined)
        cargo.weight = kilograms.from(goods.weightGrams, undefined) ?? 0
      if (goods.volumeCm3 !== undefined) cargo.volume = goods.volumeCm3
      return cargo
    }),
    contactInfoList: [contactByHand(o.sender, 1), contactByHand(o.receiver, 2)],
  }
  if (o.product !== undefined) theirs.expressTypeId = o.product
  if (o.payer !== undefined) theirs.payMethod = payer.from(o.payer)
  if (o.account !== undefined) theirs.monthlyCard = o.account
  if (o.weightGrams !== undefined)
    theirs.totalWeight = kilograms.from(o.weightGrams, undefined) ?? 0
  if (o.volumeCm3 !== undefined) theirs.totalVolume = o.volumeCm3
  const { length, width, height } = o.sizeMm ?? {}
  if (length !== undefined) theirs.totalLength = centimetresText.from(length, undefined) ?? ''
  if (width !== undefined) theirs.totalWidth = centimetresText.from(width, undefined) ?? ''
  if (height !== undefined) theirs.totalHeight = centimetresText.from(height, undefined) ?? ''
  if (o.pickup) theirs.sendStartTm = shanghaiTime.from(o.pickup.from, undefined) ?? ''
  if (o.declaredFen !== undefined) theirs.insured = yuan.from(o.declaredFen, undefined) ?? ''
  return theirs
}

function contactByHand({ region, personal }: Party, contactType: number): Contact {
  const contact: Contact = {
    contactType,
    contact: personal.name,
    country: region.country,
    province: region.province,
    city: region.city,
    address: personal.address,
  }
  if (personal.phone !== undefined) contact.mobile = personal.phone
  if (personal.telephone !== undefined) contact.tel = personal.telephone
  if (region.district !== undefined) contact.county = region.district
  return contact
}

/** Orders of three kinds, so that members are there and not, as in real traffic. */
const samples: TheirOrder[] = Array.from({ length: 60 }, (_, n) => ({
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

const ways = {
  tables: (theirs: TheirOrder) => waybill.toTheirs(order.toOurs(theirs)),
  hand: (theirs: TheirOrder) => waybillByHand(orderByHand(theirs)),
}

/** Microseconds an order, native to native, in one round over the samples. */
function round(translate: (theirs: TheirOrder) => unknown): number {
  const start = performance.now()
  for (let repeat = 0; repeat < 50; repeat++) for (const sample of samples) translate(sample)
  return ((performance.now() - start) * 1000) / (50 * samples.length)
}

const median = (figures: number[]): number =>
  figures.sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN

/**
 * Native to native by compiled tables against the same by hand: medians of interleaved rounds, in
 * microseconds an order, and their ratio (target 1.3 at most).
 */
export async function run(): Promise<Record<string, number>> {
  for (const sample of samples) {
    assert.deepEqual(order.toOurs(sample), orderByHand(sample))
    assert.deepEqual(ways.tables(sample), ways.hand(sample))
  }
  const tables: number[] = []
  const hand: number[] = []
  for (let n = 0; n < 60; n++) {
    hand.push(round(ways.hand))
    tables.push(round(ways.tables))
  }
  const [us, handUs] = [median(tables.slice(10)), median(hand.slice(10))]
  return { tablesUs: us, handUs, ratio: us / handUs }
}

if (import.meta.main) console.log(await run())
