import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statuses } from '../../../lib/couriers/sf/codes.ts'
import { sf } from '../../../lib/couriers/sf/index.ts'
import { GatewayError, type GatewayErrorCode } from '../../../lib/model/errors.ts'
import { eventId } from '../../../lib/model/order-id.ts'
import { checkEvent } from '../../../lib/model/validate.ts'
import { fixture } from './fixtures.ts'

const node = Object(fixture('event-departed.wire'))

function readText(text: string, contentType = 'application/json') {
  return sf.readEvents({
    method: 'POST',
    path: '/v1/couriers/sf/events',
    query: new Map(),
    headers: new Map([['content-type', contentType]]),
    body: new TextEncoder().encode(text),
  })
}

const push = (WaybillRoute: unknown) => readText(JSON.stringify({ Body: { WaybillRoute } }))

function one(change: object) {
  const [event] = push([{ ...node, ...change }])
  assert.ok(event)
  const { key, order = 'o_fck7qd6bckys2eiuxjf7u36sdw', ...rest } = event
  checkEvent({ event: eventId('sf', key), order, courier: 'sf', ...rest })
  return event
}

test('the published push and its acknowledgement, byte for byte', () => {
  const text = JSON.stringify(fixture('push-basic.wire'))
  assert.deepEqual(readText(text), fixture('push-basic.canonical'))
  assert.deepEqual(readText(text, 'text/plain'), fixture('push-basic.canonical'))
  const { status, body } = sf.acknowledge()
  assert.equal(status, 200)
  assert.equal(body, '{"return_code":"0000","return_msg":"成功"}')
  assert.equal(body, JSON.stringify(fixture('push-ack.wire')))
})

test('a list, a single object, an empty list', () => {
  const second = { ...node, id: '2' }
  assert.deepEqual(push(node), push([node]))
  assert.deepEqual(
    push([node, second]).map(({ key }) => key),
    [['1004936106409'], ['2']],
  )
  assert.deepEqual(push([]), [])
})

test('pushes prove themselves by a secret in the path', () => {
  assert.equal(sf.pushes, 'secret-path')
})

test('every opCode has its status, every other one is unknown and kept', () => {
  for (const [code, status] of statuses) {
    const event = one({ opCode: code })
    assert.deepEqual([event.status, event.raw], [status, { system: 'sf-opcode', code }])
  }
  for (const code of ['607', '648', '999999', '签收', 0o0])
    assert.deepEqual(one({ opCode: code }).raw.code, String(code))
  for (const code of ['607', '648', '999999', '044'])
    assert.equal(one({ opCode: code }).status, 'unknown')
  assert.equal(one({ opCode: 44 }).status, 'out-for-delivery')
})

test('the order is ours, or there is none', () => {
  assert.equal(one({}).order, 'o_fck7qd6bckys2eiuxjf7u36sdw')
  for (const orderid of ['', null, undefined, 'TE201500106', 'O_FCK7QD6BCKYS2EIUXJF7U36SDW'])
    assert.ok(!('order' in one({ orderid })))
})

test('times are those of Shanghai', () => {
  assert.equal(one({ acceptTime: '2026-02-28 23:59:59' }).at, '2026-02-28T23:59:59+08:00')
})

test('sites in the text of 30 and 31', () => {
  const place = (opCode: string, remark: string, acceptAddress = '') => {
    const { place, next } = one({ opCode, remark, acceptAddress })
    return [place?.name, place?.kind, next?.name, next?.kind]
  }
  const none = undefined
  assert.deepEqual(place('31', '快件到达 【厦门样例营业点】'), [
    '厦门样例营业点',
    'outlet',
    none,
    none,
  ])
  assert.deepEqual(place('31', '快件到达【厦门样例营业部】')[1], 'outlet')
  assert.deepEqual(place('31', '快件到达【厦门样例速运点】')[1], 'outlet')
  assert.deepEqual(place('31', '快件到达【厦门样例站】')[1], 'site')
  assert.deepEqual(place('30', '快件在【深圳样例集散中心】完成分拣，准备发往 【厦门样例中转场】'), [
    '深圳样例集散中心',
    'hub',
    '厦门样例中转场',
    'hub',
  ])
  assert.deepEqual(place('30', '快件已发往【厦门样例中转场】', '深圳市'), [
    '深圳市',
    'region',
    '厦门样例中转场',
    'hub',
  ])
  assert.deepEqual(place('30', '快件在【深圳样例营业部】已装车，准备发往下一站'), [
    '深圳样例营业部',
    'outlet',
    none,
    none,
  ])
  assert.deepEqual(place('31', '快件在【甲样例站】，发往【乙样例站】')[2], none)
  assert.deepEqual(place('36', '【厦门样例营业点】'), [none, none, none, none])
})

test('a text that names a person gives no place', () => {
  const texts = [
    '快件到达【厦门样例营业点】，派件员张三，电话13800000000',
    '快件到达【厦门样例营业点】(收派员:张三)',
    '快件到达【厦门样例营业点】，请联系0592-1234567',
    '快件到达【张三先生营业点】',
    '快件到达【13800000000营业点】',
    '快件到达【张三12345营业点】',
    '快件到达【一三八零零营业点】',
    '快件到达【１３８００营业点】',
    '快件到达【测试路1号2栋301室】',
    '快件到达【张三】',
    '【】站',
    `【${'样'.repeat(60)}站】`,
    '',
  ]
  for (const remark of texts)
    for (const opCode of ['30', '31']) {
      const { place, next } = one({ opCode, remark, acceptAddress: '' })
      assert.deepEqual([place, next], [undefined, undefined], remark)
    }
})

test('else the region in acceptAddress, never an address', () => {
  const name = (acceptAddress: unknown) => one({ opCode: '44', acceptAddress }).place?.name
  for (const known of [
    '深圳',
    '深圳市',
    '福建省',
    '思明区',
    '内蒙古',
    '城口县',
    '厦门市思明区',
    '恩施土家族苗族自治州',
  ])
    assert.equal(name(known), known)
  for (const other of [
    '',
    null,
    undefined,
    '张三',
    '样例小区',
    '测试路1号思明区',
    '样例营业点',
    '市',
    '13800000000市',
  ])
    assert.equal(name(other), undefined)
})

test('no rider, no phone, no text leaves the push', () => {
  const remark = '快件交给张三(收派员)，电话13800000000，正在派送途中'
  const text = JSON.stringify(one({ opCode: '44', remark, reasonName: '张三' }))
  assert.doesNotMatch(text, /张三|13800000000|派送途中/)
})

test('all or nothing: one bad node refuses the push, and no value is in the error', () => {
  const bad: [object, string][] = [
    [{ id: '' }, '/id'],
    [{ id: null }, '/id'],
    [{ mailno: '张三' }, '/mailno'],
    [{ opCode: '' }, '/opCode'],
    [{ acceptTime: '2026-01-02T21:05:00' }, '/acceptTime'],
    [{ remark: 5 }, '/remark'],
  ]
  for (const [change, at] of bad)
    assert.throws(
      () => push([node, { ...node, ...change }]),
      (error: unknown) =>
        error instanceof GatewayError &&
        error.code === 'WIRE_INVALID' &&
        error.at === `/Body/WaybillRoute/1${at}` &&
        !error.message.includes('张三'),
      at,
    )
  assert.throws(() => push([node, { ...node, acceptTime: '2026-02-30 21:05:00' }]), {
    code: 'VALUE_INVALID',
    at: '/Body/WaybillRoute/1/acceptTime',
  })
})

test('bad input', () => {
  const xml = '<Request service="RoutePushService" lang="zh-CN"><Body></Body></Request>'
  for (const text of ['', xml, '{', 'content=%3CRequest', '{"Body":{},"Body":{}}', '\ufeff{}'])
    assert.throws(() => readText(text, 'text/xml'), { code: 'MALFORMED' })
  for (const text of ['null', '[]', '{}', '{"Body":null}', '{"Body":{"WaybillRoute":"x"}}'])
    assert.throws(() => readText(text), { code: 'WIRE_INVALID' })
})

test('the form of failure: 200, except where transport has to know', () => {
  const statusOf = (code: GatewayErrorCode) => {
    const { status, body } = sf.fail(new GatewayError(code, '/Body'))
    assert.equal(body, '{"return_code":"1000","return_msg":"系统异常"}')
    return status
  }
  const codes = [
    'WIRE_INVALID',
    'MALFORMED',
    'UNAUTHENTICATED',
    'TOO_LARGE',
    'THROTTLED',
    'STORE_AWAY',
  ]
  const statuses = codes.map(code => statusOf(code as GatewayErrorCode))
  assert.deepEqual(statuses, [200, 200, 401, 413, 429, 503])
})
