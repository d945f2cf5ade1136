// A platform of nobody's, an order of the usual size, and a courier's waybill: the two ways an order goes.

/** A person in it. */
export interface TheirParty {
  address: { province: string; city: string; district?: string; street?: string; detail: string }
  contact: { name: string; mobile?: string; phone?: string }
}

/** The platform's order. */
export interface TheirOrder {
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

/** A person. */
export interface Party {
  region: { country: string; province: string; city: string; district?: string; town?: string }
  personal: { name: string; phone?: string; telephone?: string; address: string }
}

type Payer = 'sender' | 'receiver' | 'third-party'

/** The order between. */
export interface Order {
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

/** A person on the waybill. */
export interface Contact {
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

/** The courier's waybill. */
export interface Waybill {
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
