/** What fills the folder of an invented platform: its documents, its tables and its fixtures. */
const text = { type: 'string' }
const personal = { type: 'string', minLength: 1, 'x-personal': true }

const party = {
  type: 'object',
  required: ['province', 'city', 'name', 'phone', 'address'],
  properties: {
    ...{ province: text, city: text, county: text, town: text },
    ...{ name: personal, phone: personal, address: personal },
  },
}

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://lasthop.dev/wire/platforms/swift-mall/1',
  title: 'Swift Mall',
  $defs: {
    Party: { title: 'Party', ...party },
    Order: {
      title: 'Order',
      type: 'object',
      required: ['id', 'courier', 'created', 'product', 'account', 'from', 'to', 'goods'],
      properties: {
        ...{ id: text, courier: text, created: text, product: text, account: text, gift: text },
        ...{ from: { $ref: '#/$defs/Party' }, to: { $ref: '#/$defs/Party' } },
        goods: {
          type: 'array',
          minItems: 1,
          items: {
            title: 'Item',
            type: 'object',
            required: ['name', 'count'],
            properties: { name: { type: 'string' }, count: { type: 'integer' } },
          },
        },
      },
    },
    Taken: {
      title: 'Taken',
      type: 'object',
      required: ['id', 'number'],
      properties: { id: text, number: text },
    },
    Refusal: {
      title: 'Refusal',
      type: 'object',
      required: ['id', 'why'],
      properties: { id: text, why: text },
    },
    Track: {
      title: 'Track',
      type: 'object',
      required: ['id', 'number', 'status', 'at'],
      properties: { id: text, number: text, status: text, at: text },
    },
    Cancel: {
      title: 'Cancel',
      type: 'object',
      required: ['id'],
      properties: { id: text, to: { $ref: '#/$defs/Party' } },
    },
  },
}

const codes = `import { codeList } from '../../translate/codecs.ts'

/** Their name of a courier ⇄ its slug. @throws {GatewayError} \`COURIER_UNMAPPED\` */
export const couriers = codeList({ SF: 'sf', SWIFT: 'swift' } as const, 'COURIER_UNMAPPED')
`

const mapping = `import type { Draft, DraftParty } from '../../model/draft.ts'
import type { Accepted, Event, Order, Refused } from '../../model/validate.ts'
import { shanghaiTime, whole } from '../../translate/codecs.ts'
import { type Between, between, type Row } from '../../translate/table.ts'
import type { ChangedParts, ParcelName } from '../platform.ts'
import { couriers } from './codes.ts'
import type { Cancel, Party, Refusal, Taken, Order as TheirOrder, Track } from './generated/types.ts'

export type Parcel = Pick<Order, 'primaryOrder' | 'parcel'>

export interface Wished {
  readonly named: ParcelName
  readonly parts?: ChangedParts
}

const party = ({ row, ourConstant }: Between<Party, DraftParty>): Row<Party, DraftParty>[] => [
  ourConstant('/region/country/name', '中国'),
  row('/province', '/region/province/name'),
  row('/city', '/region/city/name'),
  row('/county', '/region/district/name'),
  row('/town', '/region/town/name'),
  row('/name', '/personal/name'),
  row('/phone', '/personal/phone'),
  row('/address', '/personal/address'),
]

const posted = between<TheirOrder, Draft>()

export const order = posted.table(
  posted.row('/id', '/primaryOrder'),
  posted.toOursOnly('/id', '/platformOrders', id => (id === undefined ? [] : [id]), 'is the same'),
  posted.ourConstant('/parcel', '-'),
  posted.row('/courier', '/courier', couriers),
  posted.row('/created', '/createdAt', shanghaiTime),
  posted.row('/product', '/product'),
  posted.ourConstant('/payer', 'sender'),
  posted.ourConstant('/settlement', 'monthly'),
  posted.row('/account', '/account'),
  posted.toOursOnly('/id', '/services', () => [], 'has none'),
  posted.ourConstant('/pieces', 1),
  posted.each('/goods', '/goods', ({ row }) => [
    row('/name', '/name'),
    row('/count', '/quantity', whole),
  ]),
  posted.within('/from', '/sender', party),
  posted.within('/to', '/receiver', party),
  posted.theirLoss('/gift', 'has no counterpart'),
)

const taken = between<Taken, { parcel: Parcel; acceptance: Accepted }>()

export const accepted = taken.table(
  taken.row('/id', '/parcel/primaryOrder'),
  taken.ourConstant('/acceptance/outcome', 'accepted'),
  taken.row('/number', '/acceptance/waybills', {
    name: 'mother',
    to: number => [number],
    from: ([mother = '']) => mother,
  }),
  taken.ourLoss('/parcel/parcel', 'is told by the order'),
  taken.ourLoss('/acceptance/order', 'has no field'),
  taken.ourLoss('/acceptance/courier', 'has no field'),
)

const refusal = between<Refusal, { parcel: Parcel; acceptance: Refused }>()

export const refused = refusal.table(
  refusal.row('/id', '/parcel/primaryOrder'),
  refusal.ourConstant('/acceptance/outcome', 'refused'),
  refusal.row('/why', '/acceptance/reason/code', {
    name: 'reason',
    to: why => (why === 'range' ? 'out-of-range' : 'other'),
    from: code => (code === 'out-of-range' ? 'range' : 'other'),
  }),
  refusal.ourLoss('/parcel/parcel', 'is told by the order'),
  refusal.ourLoss('/acceptance/order', 'has no field'),
  refusal.ourLoss('/acceptance/courier', 'has no field'),
)

const step = between<Track, { parcel: Parcel; event: Event }>()

export const track = step.table(
  step.row('/id', '/parcel/primaryOrder'),
  step.row('/number', '/event/waybill'),
  step.row('/status', '/event/status', {
    name: 'status',
    to: status => (status === 'done' ? 'delivered' : 'in-transit'),
    from: status => (status === 'delivered' ? 'done' : 'moving'),
  }),
  step.row('/at', '/event/at', shanghaiTime),
  step.ourLoss('/parcel/parcel', 'is told by the order'),
  step.ourLoss('/event/event', 'has no field'),
  step.ourLoss('/event/order', 'has no field'),
  step.ourLoss('/event/courier', 'has no field'),
  step.ourLoss('/event/raw', 'has no field'),
)

const wish = between<Cancel, Wished>()

export const cancel = wish.table(
  wish.row('/id', '/named/platformOrder', { name: 'id', to: id => id, from: id => id }),
  wish.within('/to', '/parts/receiver', party),
)
`

const sender = {
  ...{ province: '北京市', city: '北京市', county: '海淀区', town: '中关村街道' },
  ...{ name: '李四', phone: '13900000000', address: '样例街2号样例仓库' },
}
const receiver = {
  ...{ province: '福建省', city: '厦门市', county: '思明区', town: '莲前街道' },
  ...{ name: '张三', phone: '13800000000', address: '测试路1号样例小区2栋301室' },
}
const ours = ({ province, city, county, town, ...personal }: typeof sender) => ({
  region: {
    country: { name: '中国' },
    ...{ province: { name: province }, city: { name: city } },
    ...{ district: { name: county }, town: { name: town } },
  },
  personal,
})
const theirOrder = {
  ...{ id: 'M1', courier: 'SF', created: '2026-01-01 08:00:00', product: '2' },
  ...{ account: '7551234567', from: sender, to: receiver },
  goods: [{ name: '茶具套装', count: 1 }],
  gift: '贺卡',
}
const ourOrder = {
  ...{ primaryOrder: 'M1', platformOrders: ['M1'], parcel: '-', courier: 'sf', product: '2' },
  createdAt: '2026-01-01T08:00:00.5+08:00',
  ...{ payer: 'sender', settlement: 'monthly', account: '7551234567', services: [], pieces: 1 },
  goods: [{ name: '茶具套装', quantity: 1 }],
  ...{ sender: ours(sender), receiver: ours(receiver) },
}
const parcel = { primaryOrder: 'M1', parcel: '-' }
const order = 'o_fck7qd6bckys2eiuxjf7u36sdw'

/** The files, by their path in the folder; objects are JSON. */
export const swiftMall: Readonly<Record<string, string | object>> = {
  'wire.schema.json': schema,
  'codes.ts': codes,
  'mapping.ts': mapping,
  'fixtures/request-clear.wire.json': { orders: [theirOrder] },
  'fixtures/request-change.wire.json': { to: { ...receiver, name: '王五' } },
  'fixtures/order-all.wire.json': theirOrder,
  'fixtures/order-all.canonical.json': ourOrder,
  'fixtures/accepted-all.wire.json': { id: 'M1', number: 'XX1' },
  'fixtures/accepted-all.canonical.json': {
    parcel,
    acceptance: { outcome: 'accepted', order, courier: 'sf', waybills: ['XX1'] },
  },
  'fixtures/refused-all.wire.json': { id: 'M1', why: 'range' },
  'fixtures/refused-all.canonical.json': {
    parcel,
    acceptance: { outcome: 'refused', order, courier: 'sf', reason: { code: 'out-of-range' } },
  },
  'fixtures/track-all.wire.json': {
    ...{ id: 'M1', number: 'XX1', status: 'done', at: '2026-01-02 08:00:00' },
  },
  'fixtures/track-all.canonical.json': {
    parcel,
    event: {
      ...{ event: 'e_fck7qd6bckys2eiuxjf7u36sdw', order, courier: 'sf', waybill: 'XX1' },
      ...{ status: 'delivered', raw: { system: 'sf-opcode', code: '80' } },
      at: '2026-01-02T08:00:00.5+08:00',
    },
  },
  'fixtures/cancel-all.wire.json': { id: 'M1', to: receiver },
  'fixtures/cancel-all.canonical.json': {
    named: { platformOrder: 'M1' },
    parts: { receiver: ours(receiver) },
  },
}
