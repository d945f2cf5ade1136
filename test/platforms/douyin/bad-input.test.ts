import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError } from '../../../lib/model/errors.ts'
import { douyin } from '../../../lib/platforms/douyin/index.ts'
import {
  callOf,
  clearOrder,
  credential,
  draftOf,
  fixture,
  type Json,
  read,
  requestOf,
} from './request.ts'

type Change = (order: ReturnType<typeof clearOrder>) => void

/** What the order is refused with: code, place, and what Douyin is told. */
type Expected = readonly [code: string, at: string, errCode: string]

const info = (members: Json) => (order: ReturnType<typeof clearOrder>) =>
  void Object.assign(order.info, members)
const address = (members: Json) => (order: ReturnType<typeof clearOrder>) =>
  void Object.assign(order.receiver.address, members)
const contact = (members: Json) => (order: ReturnType<typeof clearOrder>) =>
  void Object.assign(order.receiver.contact, members)
const envelope = (members: Json) => (order: ReturnType<typeof clearOrder>) =>
  void Object.assign(order.request, members)
const sender =
  (part: 'address' | 'contact', members: Json) => (order: ReturnType<typeof clearOrder>) => {
    const parties = order.request.sender_info as Record<typeof part, Json>
    Object.assign(parties[part], members)
  }
const service = (service_value: unknown) =>
  info({ service_list: [{ service_code: 'SVC-INSURE', service_value }] })

const NAME = '/order_infos/0/receiver_info/contact/name'
const MOBILE = '/order_infos/0/receiver_info/contact/mobile'
const ADDRESS = '/order_infos/0/receiver_info/address'
const DETAIL = `${ADDRESS}/detail_address`
const RECEIVER = '/order_infos/0/receiver_info'
const cipher = JSON.parse(fixture('request-cipher.wire.json')).order_infos[0].receiver_info

/** One order of a call is wrong: it is answered with its error, its neighbour is read. */
const orders: readonly [string, Change, Expected][] = [
  [
    'unknown courier',
    envelope({ logistics_code: 'yuantong' }),
    ['COURIER_UNMAPPED', '/logistics_code', '10003'],
  ],
  [
    'same-city courier of SF',
    envelope({ logistics_code: 'shenzhenshishun' }),
    ['COURIER_UNMAPPED', '/logistics_code', '10003'],
  ],
  [
    'courier in capitals',
    envelope({ logistics_code: 'SHUNFENG' }),
    ['COURIER_UNMAPPED', '/logistics_code', '10003'],
  ],
  ['no order id', info({ order_id: undefined }), ['WIRE_INVALID', '/order_infos/0', '400']],
  [
    'order id of another type',
    info({ order_id: ['1'] }),
    ['VALUE_INVALID', '/order_infos/0/order_id', '1000'],
  ],
  ['empty order id', info({ order_id: '' }), ['VALUE_INVALID', '/order_infos/0/order_id', '1000']],
  [
    'comma in an order id',
    info({ order_id: '1,2' }),
    ['VALUE_INVALID', '/order_infos/0/order_id', '1000'],
  ],
  [
    'control character in an order id',
    info({ order_id: '1\n2' }),
    ['VALUE_INVALID', '/order_infos/0/order_id', '1000'],
  ],
  [
    'name in the place of an order id',
    info({ order_id: '张三' }),
    ['VALUE_INVALID', '/order_infos/0/order_id', '1000'],
  ],
  [
    'comma in a merged order',
    info({ combine_orders: ['1,2'] }),
    ['VALUE_INVALID', '/order_infos/0/combine_orders', '1000'],
  ],
  ['parcel `-`', info({ pack_id: '-' }), ['VALUE_INVALID', '/order_infos/0/pack_id', '1000']],
  [
    'parcel with `~`',
    info({ pack_id: '1~2' }),
    ['VALUE_INVALID', '/order_infos/0/pack_id', '1000'],
  ],
  [
    'parcel of 16',
    info({ pack_id: 'a'.repeat(16) }),
    ['VALUE_INVALID', '/order_infos/0/pack_id', '1000'],
  ],
  [
    'long order of another channel',
    order => {
      envelope({ order_channel: 'X' })(order)
      info({ order_id: '1'.repeat(33) })(order)
    },
    ['VALUE_INVALID', '/order_infos/0/order_id', '1000'],
  ],
  [
    'shop that is none',
    envelope({ order_channel: 'X', user_id: '张三' }),
    ['VALUE_INVALID', '/user_id', '1000'],
  ],
  ['no receiver', info({ receiver_info: undefined }), ['WIRE_INVALID', '/order_infos/0', '400']],
  ['no goods', info({ items: [] }), ['WIRE_INVALID', '/order_infos/0/items', '400']],
  [
    'goods without a name',
    info({ items: [{ item_count: 1 }] }),
    ['WIRE_INVALID', '/order_infos/0/items/0', '400'],
  ],
  [
    'goods with an endless name',
    info({ items: [{ item_name: '茶'.repeat(513), item_count: 1 }] }),
    ['VALUE_TOO_LONG', '/order_infos/0/items/0/item_name', '1000'],
  ],
  [
    'half a piece of goods',
    info({ items: [{ item_name: '茶', item_count: 0.5 }] }),
    ['VALUE_INVALID', '/order_infos/0/items/0/item_count', '1000'],
  ],
  ['masked name', contact({ name: '张*' }), ['VALUE_INVALID', NAME, '1000']],
  ['name masked with a wide star', contact({ name: '张＊' }), ['VALUE_INVALID', NAME, '1000']],
  ['blank name', contact({ name: '  ' }), ['WIRE_INVALID', NAME, '400']],
  ['empty name', contact({ name: '' }), ['WIRE_INVALID', NAME, '400']],
  ['masked phone', contact({ mobile: '138****1234' }), ['VALUE_INVALID', MOBILE, '1000']],
  [
    'masked landline',
    contact({ mobile: '', phone: '0592-***' }),
    ['VALUE_INVALID', '/order_infos/0/receiver_info/contact/phone', '1000'],
  ],
  [
    'neither mobile nor landline',
    contact({ mobile: '', phone: '' }),
    ['VALUE_INVALID', MOBILE, '1000'],
  ],
  [
    'no phone member at all',
    contact({ mobile: undefined, phone: undefined }),
    ['VALUE_INVALID', MOBILE, '1000'],
  ],
  ['endless phone', contact({ mobile: '1'.repeat(65) }), ['VALUE_TOO_LONG', MOBILE, '1000']],
  ['masked address', address({ detail_address: '***' }), ['VALUE_INVALID', DETAIL, '1000']],
  [
    'address masked at its end',
    address({ detail_address: '测试路1号样例小区***' }),
    ['VALUE_INVALID', DETAIL, '1000'],
  ],
  ['masked street line', address({ street_name: '样例街*号' }), ['VALUE_INVALID', DETAIL, '1000']],
  [
    'endless address',
    address({ detail_address: '路'.repeat(601) }),
    ['VALUE_TOO_LONG', DETAIL, '1000'],
  ],
  ['no address', address({ detail_address: undefined }), ['WIRE_INVALID', ADDRESS, '400']],
  [
    'another country',
    address({ country_code: 'USA' }),
    ['VALUE_INVALID', `${ADDRESS}/country_code`, '1000'],
  ],
  [
    'street line as a province',
    address({ province_name: '测试路1号' }),
    ['VALUE_INVALID', `${ADDRESS}/province_name`, '1000'],
  ],
  [
    'phone as a city',
    address({ city_name: '13800000000' }),
    ['VALUE_INVALID', `${ADDRESS}/city_name`, '1000'],
  ],
  [
    'street line as a county',
    address({ district_name: '测试路1号' }),
    ['VALUE_INVALID', `${ADDRESS}/district_name`, '1000'],
  ],
  [
    'cipher of the name alone',
    contact({ name: cipher.contact.name }),
    ['VALUE_INVALID', RECEIVER, '1000'],
  ],
  [
    'cipher of the phone alone',
    contact({ mobile: cipher.contact.mobile }),
    ['VALUE_INVALID', RECEIVER, '1000'],
  ],
  [
    'cipher of the address alone',
    address({ detail_address: cipher.address.detail_address }),
    ['VALUE_INVALID', RECEIVER, '1000'],
  ],
  [
    'clear address beside ciphers',
    contact({ name: cipher.contact.name, mobile: cipher.contact.mobile }),
    ['VALUE_INVALID', RECEIVER, '1000'],
  ],
  [
    'clear landline beside ciphers',
    info({ receiver_info: { ...cipher, contact: { ...cipher.contact, phone: '0592-0000000' } } }),
    ['VALUE_INVALID', RECEIVER, '1000'],
  ],
  [
    'cipher in the landline',
    contact({ phone: cipher.contact.mobile }),
    ['VALUE_INVALID', '/order_infos/0/receiver_info/contact/phone', '1000'],
  ],
  [
    'ciphers of another channel',
    order => {
      envelope({ order_channel: 'X', user_id: -1 })(order)
      info({ receiver_info: cipher })(order)
    },
    ['VALUE_INVALID', RECEIVER, '1000'],
  ],
  [
    'masked sender',
    sender('contact', { name: '李*' }),
    ['VALUE_INVALID', '/sender_info/contact/name', '1000'],
  ],
  [
    'blank sender',
    sender('contact', { name: ' ' }),
    ['WIRE_INVALID', '/sender_info/contact/name', '4006'],
  ],
  [
    'cipher as sender',
    sender('contact', { name: cipher.contact.name }),
    ['VALUE_INVALID', '/sender_info/contact/name', '1000'],
  ],
  [
    'sender without phone',
    sender('contact', { mobile: '' }),
    ['VALUE_INVALID', '/sender_info/contact/mobile', '1000'],
  ],
  [
    'masked address of the sender',
    sender('address', { detail_address: '样例街***' }),
    ['VALUE_INVALID', '/sender_info/address/detail_address', '1000'],
  ],
  [
    'service value that is no JSON',
    service('{value:2200}'),
    ['VALUE_INVALID', '/order_infos/0/service_list', '1000'],
  ],
  [
    'service value of another form',
    service('2200'),
    ['VALUE_INVALID', '/order_infos/0/service_list', '1000'],
  ],
  [
    'service value as text',
    service('{"value":"2200"}'),
    ['VALUE_INVALID', '/order_infos/0/service_list', '1000'],
  ],
  [
    'half a fen',
    service('{"value":22.5}'),
    ['VALUE_INVALID', '/order_infos/0/service_list', '1000'],
  ],
  [
    'negative value',
    service('{"value":-1}'),
    ['VALUE_INVALID', '/order_infos/0/service_list', '1000'],
  ],
  [
    'service twice',
    info({ service_list: [{ service_code: 'SVC-COD' }, { service_code: 'SVC-COD' }] }),
    ['VALUE_INVALID', '/order_infos/0/service_list/1/service_code', '1000'],
  ],
  [
    'unknown service',
    info({ service_list: [{ service_code: 'SVC-NEW' }] }),
    ['SERVICE_UNMAPPED', '/order_infos/0/service_list/0/service_code', '1000'],
  ],
  [
    'payment by the receiver',
    info({ pay_method: 3 }),
    ['PAYER_UNMAPPED', '/order_infos/0/pay_method', '1000'],
  ],
  [
    'account that is none',
    info({ net_info: { monthly_account: '月结' } }),
    ['ACCOUNT_INVALID', '/order_infos/0/net_info/monthly_account', '10711'],
  ],
  [
    'product that is none',
    info({ product_type: '标快' }),
    ['PRODUCT_UNMAPPED', '/order_infos/0/product_type', '10003'],
  ],
  [
    'weight with a fraction',
    info({ total_weight: '1250.5' }),
    ['VALUE_INVALID', '/order_infos/0/total_weight', '1000'],
  ],
  [
    'weight with its unit',
    info({ total_weight: '1250g' }),
    ['VALUE_INVALID', '/order_infos/0/total_weight', '1000'],
  ],
  ['negative volume', info({ volume: '-1' }), ['VALUE_INVALID', '/order_infos/0/volume', '1000']],
  [
    'two decimals of a centimetre',
    info({ total_height: '25.55' }),
    ['VALUE_INVALID', '/order_infos/0/total_height', '1000'],
  ],
  [
    'sign-back neither 0 nor 1',
    info({ is_sign_back: 2 }),
    ['CODE_UNKNOWN', '/order_infos/0/is_sign_back', '1000'],
  ],
]

for (const [name, change, [code, at, errCode]] of orders) {
  test(`refused: ${name}`, () => {
    const order = clearOrder()
    change(order)
    const [posted] = read(order.request)
    assert.ok(posted && 'error' in posted, 'must not be read')
    assert.deepEqual([posted.error.code, posted.error.at], [code, at])
    const { body } = douyin.answerOrders(
      [{ native: posted.native, outcome: { kind: 'failed', error: posted.error } }],
      callOf(order.request),
    )
    const { code: success, data } = JSON.parse(body)
    assert.equal(success, 10000)
    assert.deepEqual(data.ebill_infos, [])
    assert.equal(data.err_infos[0].err_code, errCode)
    assert.ok(data.err_infos[0].err_msg)
  })
}

test('a wrong order leaves its neighbours alone', () => {
  const { request, info: good } = clearOrder()
  const bad: unknown[] = [null, 1, 'x', [], {}, { order_id: '7', pack_id: 'p' }]
  const posted = read({ ...request, order_infos: [good, ...bad, good] })
  assert.deepEqual(
    posted.map(one => 'draft' in one),
    [true, ...bad.map(() => false), true],
  )
  assert.deepEqual(posted.at(-2)?.native, { orderId: '7', packId: 'p', channel: '' })
  assert.deepEqual(posted[1]?.native, { orderId: '', packId: '', channel: '' })
})

/** The call as a whole cannot be read. */
const calls: readonly [string, string, Expected][] = [
  ['no JSON', 'order', ['MALFORMED', '', 'isv.missing-parameter:400']],
  ['no body', '', ['MALFORMED', '', 'isv.missing-parameter:400']],
  ['a name twice', '{"user_id":1,"user_id":2}', ['MALFORMED', '', 'isv.missing-parameter:400']],
  ['__proto__', '{"__proto__":{}}', ['MALFORMED', '', 'isv.missing-parameter:400']],
  ['a list', '[]', ['VALUE_INVALID', '', 'isv.parameter-invalid:1000']],
  ['nothing in it', '{}', ['WIRE_INVALID', '', 'isv.missing-parameter:400']],
]

for (const [name, body, [code, at, sub]] of calls) {
  test(`refused as a whole: ${name}`, () => refusedWhole(body, code, at, sub))
}

const envelopes: readonly [string, Change, Expected][] = [
  [
    'no orders',
    envelope({ order_infos: [] }),
    ['WIRE_INVALID', '/order_infos', 'isv.missing-parameter:400'],
  ],
  [
    'fifty-one orders',
    envelope({ order_infos: new Array(51).fill({}) }),
    ['VALUE_TOO_LONG', '/order_infos', 'isv.parameter-invalid:1000'],
  ],
  [
    'orders that are no list',
    envelope({ order_infos: {} }),
    ['VALUE_INVALID', '/order_infos', 'isv.parameter-invalid:1000'],
  ],
  [
    'no sender',
    envelope({ sender_info: undefined }),
    ['WIRE_INVALID', '', 'isv.missing-parameter:400'],
  ],
  [
    'sender without a name',
    sender('contact', { name: '' }),
    ['WIRE_INVALID', '/sender_info/contact/name', 'isv.parameter-invalid:4006'],
  ],
  [
    'no courier',
    envelope({ logistics_code: undefined }),
    ['WIRE_INVALID', '', 'isv.missing-parameter:400'],
  ],
]

for (const [name, change, [code, at, sub]] of envelopes) {
  test(`refused as a whole: ${name}`, () => {
    const order = clearOrder()
    change(order)
    refusedWhole(JSON.stringify(order.request), code, at, sub)
  })
}

function refusedWhole(body: string, code: string, at: string, sub: string): void {
  const request = callOf(body)
  assert.throws(
    () => douyin.readOrders(request, credential),
    error => {
      assert.ok(error instanceof GatewayError)
      assert.deepEqual([error.code, error.at], [code, at])
      assert.equal(JSON.parse(douyin.fail(error, request).body).sub_code, sub)
      return true
    },
  )
}

test('fifty orders are read', () => {
  const { request, info: one } = clearOrder()
  assert.equal(read({ ...request, order_infos: new Array(50).fill(one) }).length, 50)
})

test('a signed call of another method posts no order', () => {
  const { request } = clearOrder()
  const query = { method: 'logistics.cancelOrder', timestamp: '1767225600' }
  const call = requestOf(query, JSON.stringify(request))
  assert.throws(() => douyin.readOrders(call, credential), { code: 'VALUE_INVALID' })
})

test('no value of the input is in an error or an answer', () => {
  const marks = { name: '张*FAKEMARK', mobile: 'FAKEMARK*', detail_address: 'FAKEMARK***' }
  for (const [place, mark] of Object.entries(marks)) {
    const order = clearOrder()
    Object.assign(place === 'detail_address' ? order.receiver.address : order.receiver.contact, {
      [place]: mark,
    })
    const [posted] = read(order.request)
    assert.ok(posted && 'error' in posted)
    const { body } = douyin.answerOrders(
      [{ native: posted.native, outcome: { kind: 'failed', error: posted.error } }],
      callOf(order.request),
    )
    assert.ok(!`${posted.error.stack}${JSON.stringify(posted)}${body}`.includes('FAKEMARK'))
  }
})

test('the example itself is read', () => {
  assert.equal(draftOf(clearOrder().request).courier, 'sf')
})
