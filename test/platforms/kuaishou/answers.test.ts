import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError, type GatewayErrorCode } from '../../../lib/model/errors.ts'
import type { Accepted, Event, Order, Status } from '../../../lib/model/generated/types.ts'
import { couriers, reasons, scanTypes } from '../../../lib/platforms/kuaishou/codes.ts'
import * as validators from '../../../lib/platforms/kuaishou/generated/validators.js'
import { kuaishou } from '../../../lib/platforms/kuaishou/index.ts'
import type { KuaishouNative } from '../../../lib/platforms/kuaishou/read-orders.ts'
import type { OrderOutcome } from '../../../lib/platforms/platform.ts'
import { bodyOf, callOf, changeOf, fixture } from './request.ts'

const native: KuaishouNative = { requestId: 'KS-REQ-0001', packageCode: 'P1' }
const entry = { id: 'f_1', at: '2026-01-01T10:00:00+08:00' }
const order: Order = {
  lasthop: '1.0',
  order: 'o_w5ry5lkigupfmd3sycn6beol3o',
  rev: 1,
  platform: 'kuaishou',
  platformOrders: ['LINE-0001'],
  primaryOrder: 'LINE-0001',
  requestId: 'KS-REQ-0001',
  parcel: 'P1~2',
  shop: 'ks-seller-0001',
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
const acceptance: Accepted = {
  outcome: 'accepted',
  order: order.order,
  courier: 'sf',
  waybills: ['SF7444463102821', 'SF7444463102830'],
}
const accepted: OrderOutcome = { kind: 'accepted', order, acceptance, changed: false }

function answerTo(outcomes: readonly (readonly [KuaishouNative, OrderOutcome])[]) {
  const results = outcomes.map(([echo, outcome]) => ({ native: echo, outcome }))
  const answer = kuaishou.answerOrders(results, callOf('{}'))
  assert.equal(answer.status, 200)
  assert.match(answer.contentType, /^application\/json/)
  const body = bodyOf(answer)
  assert.ok(validators.isAnswer(body))
  assert.equal(body.result, 1)
  return body
}

const baseOf = (outcome: OrderOutcome) => answerTo([[native, outcome]]).data?.[0]?.baseResponse

test('every request id is answered once, in the order posted, as section 5 prints it', () => {
  const second = { requestId: 'KS-REQ-0002', packageCode: '' }
  const one = { ...acceptance, waybills: ['SF7444463102821'] }
  const { requestId, ...body } = answerTo([
    [native, { ...accepted, acceptance: one }],
    [second, { kind: 'pending' }],
  ])
  assert.match(requestId, /^[0-9a-f]{32}$/)
  assert.deepEqual(body, {
    result: 1,
    msg: 'success',
    error_msg: '',
    code: '',
    sub_code: '',
    sub_msg: '',
    data: [
      {
        requestId: 'KS-REQ-0001',
        baseResponse: { result: 1, message: 'success', success: true },
        data: [
          {
            waybillCode: 'SF7444463102821',
            parentWaybillCode: '',
            waybillPackageCode: 'P1',
          },
        ],
      },
      {
        requestId: 'KS-REQ-0002',
        baseResponse: { result: 2, message: '处理中，请以相同requestId重试', success: false },
        data: [],
      },
    ],
  })
})

test('children name their mother', () => {
  const [result] = answerTo([[{ ...native, packageCode: '' }, accepted]]).data ?? []
  assert.deepEqual(result?.data, [
    { waybillCode: 'SF7444463102821', parentWaybillCode: '', waybillPackageCode: '' },
    {
      waybillCode: 'SF7444463102830',
      parentWaybillCode: 'SF7444463102821',
      waybillPackageCode: '',
    },
  ])
})

test('a changed repeat: the same request its old number, a new one none', () => {
  const changed: OrderOutcome = { ...accepted, changed: true }
  assert.equal(baseOf(changed)?.result, 1)
  const again = { ...native, requestId: 'KS-REQ-0009' }
  const [same] = answerTo([[again, accepted]]).data ?? []
  assert.deepEqual([same?.requestId, same?.baseResponse.result], ['KS-REQ-0009', 1])
  const [other] = answerTo([[again, changed]]).data ?? []
  assert.deepEqual(other, {
    requestId: 'KS-REQ-0009',
    baseResponse: { result: 0, message: '参数与首次取号不一致', success: false },
    data: [],
  })
})

test('refused by the courier, cancelled, refused by us: 0 and a fixed text', () => {
  for (const [text, code] of reasons.codes) {
    const outcome: OrderOutcome = { kind: 'refused', reason: { code, raw: 'secret' } }
    assert.deepEqual(baseOf(outcome), { result: 0, message: text, success: false })
  }
  assert.deepEqual(baseOf({ kind: 'cancelled' }), {
    result: 0,
    message: '订单已取消',
    success: false,
  })
  const texts: readonly [GatewayErrorCode, string][] = [
    ['COURIER_UNMAPPED', '不支持的快递公司'],
    ['PRODUCT_UNMAPPED', '不支持的快递产品'],
    ['PAYER_UNMAPPED', '不支持的付款方式'],
    ['SERVICE_UNMAPPED', '不支持的增值服务'],
    ['DISPLAY_REFUSED', '联系信息异常'],
    ['ORDER_CHANGED', '参数与首次取号不一致'],
    ['SEAL_INVALID', '下单失败'],
  ]
  for (const [code, message] of texts) {
    const error = new GatewayError(code, '/x')
    assert.deepEqual(baseOf({ kind: 'failed', error }), { result: 0, message, success: false })
  }
})

test('what passes is to be repeated', () => {
  for (const code of ['STORE_AWAY', 'STATE_CONFLICT', 'THROTTLED'] as const) {
    const base = baseOf({ kind: 'failed', error: new GatewayError(code) })
    assert.deepEqual([base?.result, base?.success], [2, false])
  }
})

const faults: readonly [GatewayErrorCode, number, string, string][] = [
  ['UNAUTHENTICATED', 401, '401', 'sign_invalid'],
  ['MALFORMED', 200, '400', 'param_invalid'],
  ['WIRE_INVALID', 200, '400', 'param_invalid'],
  ['VALUE_INVALID', 200, '400', 'param_invalid'],
  ['VALUE_TOO_LONG', 200, '400', 'param_invalid'],
  ['COURIER_UNMAPPED', 200, '400', 'param_invalid'],
  ['TOO_LARGE', 413, '413', 'param_invalid'],
  ['THROTTLED', 429, '429', 'retry_later'],
  ['STORE_AWAY', 503, '503', 'retry_later'],
  ['NOT_FOUND', 200, '404', 'waybill_not_found'],
  ['ORDER_CHANGED', 200, '409', 'not_changeable'],
]

for (const [code, status, kind, sub] of faults) {
  test(`a call as a whole: ${code}`, () => {
    for (const request of [callOf('%'), changeOf('cancel', '{}')]) {
      const answer = kuaishou.fail(new GatewayError(code, '/張三'), request)
      const body = bodyOf(answer)
      assert.ok(validators.isAnswer(body))
      assert.deepEqual(
        [answer.status, body.result, body.code, body.sub_code],
        [status, 0, kind, sub],
      )
      assert.ok(body.msg !== '' && body.error_msg === body.msg && body.sub_msg === body.msg)
      assert.ok(!answer.body.includes('張三'))
    }
  })
}

test('the same call has the same id, another one another', () => {
  const idOf = (param: string) => bodyOf(kuaishou.answerOrders([], callOf(param))).requestId
  assert.equal(idOf('{"a":1}'), idOf('{"a":1}'))
  assert.notEqual(idOf('{"a":1}'), idOf('{"a":2}'))
})

test('a verdict is one element of an answer, with the request id of the order', () => {
  const taken = kuaishou.writeVerdict(order, { kind: 'accepted', acceptance }, entry)
  const [result] = answerTo([[native, accepted]]).data ?? []
  assert.deepEqual(taken, result)
  const reason = { code: 'out-of-range', raw: '3' } as const
  const refusal = kuaishou.writeVerdict(order, { kind: 'refused', reason }, entry)
  assert.deepEqual(refusal, JSON.parse(fixture('refused-basic.wire.json')))
})

test('a step is one trace: the example of section 7', () => {
  const event: Event = {
    event: 'e_demo',
    order: order.order,
    courier: 'sf',
    waybill: 'SF7444463102821',
    status: 'out-for-delivery',
    raw: { system: 'sf-opcode', code: '44' },
    at: '2026-01-01T10:00:00+08:00',
    place: { name: '厦门市', kind: 'region' },
    rider: { name: '王*', phone: '139******00' },
  }
  assert.deepEqual(kuaishou.writeTracking(order, event, entry), {
    traces: [
      {
        waybillCode: 'SF7444463102821',
        expressCompanyCode: 'SF',
        traces: [
          {
            scanType: 'SENT_SCAN',
            desc: '正在派送',
            operateTime: '2026-01-01 10:00:00',
            timeZone: 'GMT+8',
            city: '厦门市',
            requestId: 'e_demo',
            extendFields: [
              { key: 'status', value: 'out-for-delivery' },
              { key: 'rawCode', value: '44' },
            ],
          },
        ],
      },
    ],
  })
})

test('every status has a scan type of its own, every kind of place its fields', () => {
  const base = { event: 'e_demo', order: order.order, courier: 'kye', waybill: 'KY1' }
  const write = (status: Status, more: Partial<Event> = {}) =>
    kuaishou.writeTracking(
      order,
      { ...base, status, raw: { system: 's', code: '1' }, at: entry.at, ...more },
      entry,
    )
  for (const [, status] of scanTypes.codes) assert.ok(validators.isTraceEvent(write(status)))
  assert.equal(scanTypes.codes.length, 17)
  const placed = (kind: 'outlet' | 'hub' | 'pickup-point' | 'site' | 'region') => {
    const place = { name: '样例', kind }
    const document = write('departed', { place, next: place })
    assert.ok(validators.isTraceEvent(document))
    const { city, netSiteName, netSiteType, nextCity, nextNodeName } =
      document.traces[0]?.traces[0] ?? {}
    return [city, netSiteName, netSiteType, nextCity, nextNodeName]
  }
  assert.deepEqual(placed('region'), ['样例', undefined, undefined, '样例', undefined])
  assert.deepEqual(placed('outlet'), [undefined, '样例', 1, undefined, '样例'])
  assert.deepEqual(placed('hub'), [undefined, '样例', 2, undefined, '样例'])
  assert.deepEqual(placed('pickup-point'), [undefined, '样例', 3, undefined, '样例'])
  assert.deepEqual(placed('site'), [undefined, '样例', undefined, undefined, '样例'])
})

test('the outcome of a cancellation names order, parcel and number', () => {
  const { waybills } = acceptance
  const write = (granted: boolean, of: Order = order) =>
    kuaishou.writeCancelResult(of, { waybills, granted, raw: '8252' }, entry)
  assert.deepEqual(write(true), JSON.parse(fixture('cancelled-granted.wire.json')))
  const { cancel } = Object(write(false, { ...order, parcel: '-~2' }))
  assert.deepEqual([cancel.success, cancel.packageCode], [false, ''])
  assert.ok(!JSON.stringify(write(false)).includes('8252'))
})

test('every courier’s code translates, both ways', () => {
  for (const [theirs, ours] of couriers.codes) {
    assert.equal(couriers.to(theirs), ours)
    assert.equal(couriers.from(ours), theirs)
  }
  assert.throws(() => couriers.to('POSTB'), { code: 'COURIER_UNMAPPED' })
})
