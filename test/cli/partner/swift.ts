/** What fills the folder of an invented courier: its documents, its tables and its fixtures. */
const text = { type: 'string' }
const party = {
  title: 'Party',
  type: 'object',
  required: ['province'],
  properties: {
    ...{ province: text, city: text, county: text, town: text },
    ...{ name: text, phone: text, address: text },
  },
}

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://lasthop.dev/wire/couriers/swift/1',
  title: 'Swift',
  $defs: {
    Party: party,
    Waybill: {
      title: 'Waybill',
      type: 'object',
      required: ['order', 'product', 'pieces', 'from', 'to'],
      properties: {
        ...{ order: text, product: text, pieces: { type: 'integer' } },
        ...{ from: { $ref: '#/$defs/Party' }, to: { $ref: '#/$defs/Party' } },
      },
    },
    Answer: {
      title: 'Answer',
      type: 'object',
      required: ['order', 'numbers'],
      properties: { order: text, numbers: { type: 'array', items: text } },
    },
    Cancel: {
      title: 'Cancel',
      type: 'object',
      required: ['order'],
      properties: { order: text },
    },
    Step: {
      title: 'Step',
      type: 'object',
      required: ['id', 'number', 'code', 'at'],
      properties: {
        ...{ id: text, number: text, code: text, at: text },
        rider: { type: 'string', 'x-personal': true },
      },
    },
  },
}

const codes = `import type { RefusalReason, Status } from '../../model/validate.ts'

/** Their code of a step, and what happened; every other one is \`unknown\`. */
export const statuses = new Map<string, Status>([
  ['10', 'collected'],
  ['40', 'out-for-delivery'],
  ['90', 'delivered'],
])

/** Their code of a refusal, and why; every other one is \`other\`. */
export const reasons = new Map<string, RefusalReason['code']>([['R1', 'out-of-range']])
`

const mapping = `import type { Accepted, Order, Party } from '../../model/validate.ts'
import { shanghaiTime, text, whole } from '../../translate/codecs.ts'
import { type Between, between, type Row } from '../../translate/table.ts'
import type { CourierEvent, CourierSettings } from '../courier.ts'
import { statuses } from './codes.ts'
import type { Answer, Cancel, Step, Party as TheirParty, Waybill } from './generated/types.ts'

const party = ({
  row,
  ourConstant,
  ourLoss,
}: Between<TheirParty, Party, CourierSettings>): Row<TheirParty, Party>[] => [
  ourConstant('/region/country/name', '中国'),
  row('/province', '/region/province/name'),
  row('/city', '/region/city/name'),
  row('/county', '/region/district/name'),
  row('/town', '/region/town/name'),
  row('/name', '/display/name'),
  row('/phone', '/display/phone'),
  row('/address', '/display/address'),
  ourLoss('/protection', 'travels beside the document'),
]

const offered = between<Waybill, Order, CourierSettings>()

export const waybill = offered.table(
  offered.ourConstant('/lasthop', '1.0'),
  offered.ourConstant('/courier', 'swift'),
  offered.row('/order', '/order'),
  offered.row('/product', '/product', text(20)),
  offered.row('/pieces', '/pieces', whole),
  offered.within('/from', '/sender', party),
  offered.within('/to', '/receiver', party),
  offered.ourLoss('/rev', 'of the gateway'),
  offered.ourLoss('/platform', 'of the platform'),
  offered.ourLoss('/platformOrders', 'of the platform'),
  offered.ourLoss('/primaryOrder', 'of the platform'),
  offered.ourLoss('/parcel', 'of the platform'),
  offered.ourLoss('/createdAt', 'of the platform'),
  offered.ourLoss('/payer', 'always the sender'),
  offered.ourLoss('/goods', 'has no field'),
)

const answered = between<Answer, Accepted>()

export const answer = answered.table(
  answered.ourConstant('/outcome', 'accepted'),
  answered.ourConstant('/courier', 'swift'),
  answered.row('/order', '/order'),
  answered.each('/numbers', '/waybills', text(40)),
)

const cancelled = between<Cancel, Pick<Order, 'order'>>()

export const cancel = cancelled.table(cancelled.row('/order', '/order'))

const pushed = between<Step, CourierEvent>()

export const step = pushed.table(
  pushed.row('/id', '/key/0'),
  pushed.row('/number', '/waybill'),
  pushed.row('/at', '/at', shanghaiTime),
  pushed.row('/code', '/raw/code'),
  pushed.ourConstant('/raw/system', 'swift'),
  pushed.toOursOnly(
    '/code',
    '/status',
    code => statuses.get(code ?? '') ?? 'unknown',
    'never written',
  ),
  pushed.theirLoss('/rider', 'names a person'),
)
`

const order = 'o_fck7qd6bckys2eiuxjf7u36sdw'
const theirs = {
  ...{ province: '福建省', city: '厦门市', county: '思明区', town: '莲前街道' },
  ...{ name: '张*', phone: '138******00', address: '测试路1号样例小区***' },
}
const ours = {
  region: {
    country: { name: '中国' },
    ...{ province: { name: '福建省' }, city: { name: '厦门市' } },
    ...{ district: { name: '思明区' }, town: { name: '莲前街道' } },
  },
  display: { name: '张*', phone: '138******00', address: '测试路1号样例小区***' },
  protection: { kind: 'sealed' },
}

/** The files, by their path in the folder; objects are JSON. */
export const swift: Readonly<Record<string, string | object>> = {
  'wire.schema.json': schema,
  'codes.ts': codes,
  'mapping.ts': mapping,
  'fixtures/waybill-all.wire.json': { order, product: '1', pieces: 1, from: theirs, to: theirs },
  'fixtures/waybill-all.canonical.json': {
    ...{ lasthop: '1.0', order, rev: 1, platform: 'douyin', courier: 'swift', product: '1' },
    ...{ platformOrders: ['6900000000000000001'], primaryOrder: '6900000000000000001' },
    ...{ parcel: '-', payer: 'sender', services: [], pieces: 1, sender: ours, receiver: ours },
    goods: [{ name: '茶具套装', quantity: 1 }],
    createdAt: '2026-01-01T08:00:00+08:00',
  },
  'fixtures/answer-all.wire.json': { order, numbers: ['XX1'] },
  'fixtures/answer-all.canonical.json': {
    ...{ outcome: 'accepted', order, courier: 'swift', waybills: ['XX1'] },
  },
  'fixtures/cancel-all.wire.json': { order },
  'fixtures/cancel-all.canonical.json': { order },
  'fixtures/step-all.wire.json': {
    ...{ id: 'XX1-90', number: 'XX1', code: '90', at: '2026-01-02 08:00:00' },
    rider: '示例骑手',
  },
  'fixtures/step-all.canonical.json': {
    ...{ key: ['XX1-90'], waybill: 'XX1', status: 'delivered', at: '2026-01-02T08:00:00.5+08:00' },
    raw: { system: 'swift', code: '90' },
  },
}
