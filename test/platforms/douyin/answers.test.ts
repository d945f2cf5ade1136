import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError, type GatewayErrorCode } from '../../../lib/model/errors.ts'
import type { Accepted, Event, Order, RefusalReason } from '../../../lib/model/generated/types.ts'
import * as validators from '../../../lib/platforms/douyin/generated/validators.js'
import { douyin } from '../../../lib/platforms/douyin/index.ts'
import type { DouyinNative } from '../../../lib/platforms/douyin/read-orders.ts'
import type { OrderOutcome, OrderResult } from '../../../lib/platforms/platform.ts'
import { credential, fixture, requestOf, signedCall, spiCall } from './request.ts'

const call = signedCall('{}')
const spi = spiCall('{}', 'hmac-sha256')
const { acceptance }: { acceptance: Accepted } = JSON.parse(
  fixture('accepted-basic.canonical.json'),
)
const order: Order = {
  lasthop: '1.0',
  order: 'o_fck7qd6bckys2eiuxjf7u36sdw',
  rev: 1,
  platform: 'douyin',
  platformOrders: ['6900000000000000001'],
  primaryOrder: '6900000000000000001A',
  parcel: '-',
  courier: 'sf',
  payer: 'sender',
  services: [],
  pieces: 1,
  goods: [{ name: '茶具', quantity: 1 }],
  sender: {
    region: { country: { name: '中国' }, province: { name: '北京市' } },
    protection: { kind: 'sealed' },
  },
  receiver: {
    region: { country: { name: '中国' }, province: { name: '福建省' } },
    protection: { kind: 'sealed' },
  },
  createdAt: '2026-01-01T08:00:00+08:00',
}

const first: DouyinNative = { orderId: '6900000000000000001', packId: '', channel: '' }
const second: DouyinNative = { orderId: '6900000000000000002', packId: '1', channel: '' }
const accepted: OrderOutcome = { kind: 'accepted', order, acceptance, changed: false }

const answered = (...results: OrderResult<DouyinNative>[]) =>
  JSON.parse(douyin.answerOrders(results, call).body)

const errOf = (outcome: OrderOutcome) => {
  const { ebill_infos, err_infos } = answered({ native: second, outcome }).data
  assert.deepEqual(ebill_infos, [])
  const [{ err_code, err_msg, ...echo }] = err_infos
  assert.deepEqual(echo, { order_id: '6900000000000000002', pack_id: '1', order_channel: '' })
  return [err_code, err_msg]
}

test('the answer that douyin.md section 5 prints', () => {
  const answer = douyin.answerOrders(
    [
      { native: first, outcome: accepted },
      { native: second, outcome: { kind: 'pending' } },
    ],
    call,
  )
  assert.equal(answer.status, 200)
  assert.equal(answer.contentType, 'application/json; charset=utf-8')
  const { log_id, ...rest } = JSON.parse(answer.body)
  assert.match(log_id, /^[0-9a-f]{32}$/)
  assert.deepEqual(
    rest,
    JSON.parse(
      '{"code":10000,"msg":"success","sub_code":"","sub_msg":"","data":{"ebill_infos":[{"company":"shunfeng","order_id":"6900000000000000001","pack_id":"","track_no":"SF7444463102821","sort_code":"710BF-011","package_center_code":"","package_center_name":"","short_address_code":"","short_address_name":"","sub_waybill_codes":"","shipping_code":"","hint_msg":"","extra_resp":"","order_channel":""}],"err_infos":[{"order_id":"6900000000000000002","pack_id":"1","err_code":"4009","err_msg":"请求物流服务商超时","order_channel":""}]}}',
    ),
  )
  assert.ok(validators.isCreateOrderAnswer(JSON.parse(answer.body)))
})

test('the SPI form of the same answer', () => {
  const answer = douyin.answerOrders([{ native: first, outcome: accepted }], spi)
  const body = JSON.parse(answer.body)
  assert.equal(validators.isSpiAnswer(body), true)
  assert.deepEqual(Object.keys(body), ['code', 'message', 'data'])
  assert.equal(body.code, 0)
  assert.equal(body.data.ebill_infos[0].track_no, 'SF7444463102821')
})

test('ids and channel are echoed as posted, whatever the order holds', () => {
  const native = { orderId: '6900000000000000001A', packId: '2', channel: 'OTHERS' }
  const { data } = answered(
    { native, outcome: accepted },
    { native, outcome: { kind: 'cancelled' } },
  )
  for (const info of [data.ebill_infos[0], data.err_infos[0]]) {
    assert.equal(info.order_id, native.orderId)
    assert.equal(info.pack_id, native.packId)
    assert.equal(info.order_channel, native.channel)
  }
})

test('mother and children, bag, no sorting', () => {
  const waybills = ['SF1', 'SF2', 'SF3']
  const sorting = { mark: 'X', bag: { code: 'B01', name: '厦门集散' } }
  const full: OrderOutcome = { ...accepted, acceptance: { ...acceptance, waybills, sorting } }
  const [info] = answered({ native: first, outcome: full }).data.ebill_infos
  assert.equal(info.track_no, 'SF1')
  assert.equal(info.sub_waybill_codes, 'SF2,SF3')
  assert.equal(info.package_center_code, 'B01')
  assert.equal(info.package_center_name, '厦门集散')
  const bare: Accepted = {
    outcome: 'accepted',
    order: order.order,
    courier: 'kye',
    waybills: ['K1'],
  }
  const [kye] = answered({ native: first, outcome: { ...accepted, acceptance: bare } }).data
    .ebill_infos
  assert.equal(kye.company, 'kuayue')
  assert.equal(kye.sort_code, '')
})

test('a changed repeat has the old number and a hint', () => {
  const [info] = answered({ native: first, outcome: { ...accepted, changed: true } }).data
    .ebill_infos
  assert.equal(info.track_no, 'SF7444463102821')
  assert.equal(info.hint_msg, '参数与首次取号不一致，已返回原运单号')
})

test('outcomes without a number', () => {
  assert.deepEqual(errOf({ kind: 'pending' }), ['4009', '请求物流服务商超时'])
  assert.deepEqual(errOf({ kind: 'cancelled' }), ['10801', '已取消'])
})

test('refusals of the courier', () => {
  const codes: [RefusalReason['code'], string][] = [
    ['out-of-range', '817702'],
    ['pickup-out-of-range', '817701'],
    ['address-unclear', '1000'],
    ['contact-invalid', '4006'],
    ['goods-forbidden', '1000'],
    ['product-unavailable', '817703'],
    ['account-invalid', '10711'],
    ['capacity', '817703'],
    ['service-unavailable', '1000'],
    ['too-many-parcels', '1000'],
    ['duplicate', '20001'],
    ['expired', '4009'],
    ['other', '4029'],
  ]
  for (const [code, expected] of codes) {
    const [err_code, err_msg] = errOf({ kind: 'refused', reason: { code, raw: '8052' } })
    assert.equal(err_code, expected, code)
    assert.ok(err_msg.length > 1)
  }
})

test('refusals of our own', () => {
  const codes: [GatewayErrorCode, string][] = [
    ['COURIER_UNMAPPED', '10003'],
    ['PRODUCT_UNMAPPED', '10003'],
    ['PAYER_UNMAPPED', '1000'],
    ['SERVICE_UNMAPPED', '1000'],
    ['VALUE_INVALID', '1000'],
    ['VALUE_TOO_LONG', '1000'],
    ['ORDER_CHANGED', '20001'],
    ['ORDER_LOCKED', '20001'],
    ['ACCOUNT_INVALID', '10711'],
    ['WIRE_INVALID', '400'],
    ['STORE_AWAY', '15001'],
    ['SEAL_INVALID', '4029'],
  ]
  for (const [code, expected] of codes) {
    const [err_code] = errOf({ kind: 'failed', error: new GatewayError(code, '/x') })
    assert.equal(err_code, expected, code)
  }
})

test('errors of a whole call', () => {
  const cases: [GatewayErrorCode, string, number, number, string][] = [
    ['UNAUTHENTICATED', '', 401, 30001, 'isv.signature-invalid'],
    ['MALFORMED', '', 200, 40002, 'isv.missing-parameter:400'],
    ['WIRE_INVALID', '/sender_info', 200, 40002, 'isv.missing-parameter:400'],
    ['WIRE_INVALID', '/sender_info/contact/name', 200, 40004, 'isv.parameter-invalid:4006'],
    ['VALUE_INVALID', '', 200, 40004, 'isv.parameter-invalid:1000'],
    ['TOO_LARGE', '', 413, 40004, 'isv.parameter-invalid:1000'],
    ['THROTTLED', '', 429, 20000, 'isp.service-error:15001'],
    ['STORE_AWAY', '', 503, 20000, 'isp.service-error:15001'],
    ['NOT_FOUND', '', 200, 50002, 'isv.business-failed:15002'],
    ['EPOCH_STALE', '', 200, 50002, 'isv.business-failed:4029'],
  ]
  for (const [code, at, status, native, sub] of cases) {
    const answer = douyin.fail(new GatewayError(code, at), call)
    const body = JSON.parse(answer.body)
    assert.ok(validators.isCreateOrderAnswer(body))
    assert.deepEqual([answer.status, body.code, body.sub_code], [status, native, sub])
    const inSpi = douyin.fail(new GatewayError(code, at), spi)
    assert.equal(inSpi.status, status)
    assert.ok(validators.isSpiAnswer(JSON.parse(inSpi.body)))
    assert.equal(JSON.parse(inSpi.body).code, code === 'UNAUTHENTICATED' ? 10001 : native)
  }
  assert.equal(douyin.fail(new GatewayError('UNAUTHENTICATED'), requestOf({})).status, 401)
})

const entry = {
  id: '1767225600000.o_fck7qd6bckys2eiuxjf7u36sdw.2.0k',
  at: '2026-01-01T00:00:00.000Z',
}

test('the courier’s answer as an event', () => {
  const event = douyin.writeVerdict(order, { kind: 'accepted', acceptance }, entry)
  assert.ok(validators.isEbillEvent(event))
  assert.equal(event.data.ebill_infos[0]?.order_id, '6900000000000000001A')
  assert.deepEqual(event.data.err_infos, [])
  const reason: RefusalReason = { code: 'out-of-range', raw: '3' }
  const refusal = douyin.writeVerdict(
    { ...order, parcel: '1~2' },
    { kind: 'refused', reason },
    entry,
  )
  assert.ok(validators.isEbillEvent(refusal))
  assert.equal(refusal.data.err_infos[0]?.pack_id, '1', 'a second life is never shown')
  assert.deepEqual(refusal.data.ebill_infos, [])
})

test('tracking as an event', () => {
  const { event }: { event: Event } = JSON.parse(fixture('route-basic.canonical.json'))
  const route = (more: Partial<Event>) => {
    const written = douyin.writeTracking({ ...order, parcel: '-~3' }, { ...event, ...more }, entry)
    assert.ok(validators.isRouteEvent(written))
    return written.data
  }
  const delivery = route({})
  assert.equal(delivery.pack_id, '')
  assert.deepEqual(
    delivery.track_routes[0],
    JSON.parse(fixture('route-basic.wire.json')).data.track_routes[0],
  )
  const place = { name: '厦门市', kind: 'region' } as const
  const [arrived] = route({ status: 'arrived', place, waybill: 'SF0000000000002' }).track_routes
  assert.deepEqual(arrived, {
    content: '到达厦门市',
    state: 'arrived',
    state_time: 1767225600,
    opcode: 'arrived',
  })
  const hidden = { rider: { name: '李*', phone: '139******00' }, raw: { system: 's', code: '44' } }
  assert.ok(!JSON.stringify(route(hidden)).includes('*'))
})

test('the key of the account is in no answer', () => {
  const bodies = [
    douyin.answerOrders([], call).body,
    douyin.fail(new GatewayError('UNAUTHENTICATED'), call).body,
  ]
  for (const body of bodies) {
    assert.ok(!body.includes(credential.appKey))
    assert.ok(!body.includes(call.query.get('sign') ?? ''))
  }
})
