import {
  centimetresText,
  identifier,
  kilograms,
  shanghaiTime,
  unixSeconds,
  yuan,
} from '../../../lib/translate/codecs.ts'
import type { Contact, Order, Party, TheirOrder, TheirParty, Waybill } from './documents.ts'
import { gramsText, millimetres, payer } from './tables.ts'

/** The same by hand, as fast as one would write it: literals, the same codecs, optional members set where they are there. */
export function orderByHand(t: TheirOrder): Order {
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

/** Our order to their waybill, by hand. */
export function waybillByHand(o: Order): Waybill {
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
