import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firmNodes, softNodes, steps } from '../../../lib/couriers/kye/codes.ts'
import { kye } from '../../../lib/couriers/kye/index.ts'
import { GatewayError, type GatewayErrorCode } from '../../../lib/model/errors.ts'
import { eventId } from '../../../lib/model/order-id.ts'
import { checkEvent } from '../../../lib/model/validate.ts'
import { fixture, push } from './fixtures.ts'

const node = Object(fixture('event-basic.wire'))

const readText = (text: string) => kye.readEvents(push(text))
const readAll = (nodes: unknown) => readText(JSON.stringify(nodes))

function one(change: object) {
  const [event] = readAll([{ ...node, ...change }])
  assert.ok(event)
  const { key, ...rest } = event
  const order = 'o_fck7qd6bckys2eiuxjf7u36sdw'
  checkEvent({ event: eventId('kye', key), order, courier: 'kye', ...rest })
  return event
}

test('the example of the format', () => {
  const text = JSON.stringify(fixture('push-basic.wire'))
  assert.deepEqual(readText(text), fixture('push-basic.canonical'))
})

test('the acknowledgement, byte for byte', () => {
  const { status, body } = kye.acknowledge()
  assert.deepEqual([status, body], [200, '{"code":0,"msg":"OK"}'])
})

test('several nodes, in their order; none is fine', () => {
  const later = { ...node, node: 100, step: '已签收', time: '2026-09-09 13:00:00' }
  assert.deepEqual(
    readAll([node, later]).map(({ status }) => status),
    ['collected', 'delivered'],
  )
  assert.deepEqual(readAll([]), [])
})

test('each node by itself', () => {
  const status = (code: number) => one({ node: code, step: '' }).status
  for (const code of [-1, 0, 1]) assert.equal(status(code), 'accepted')
  assert.equal(status(2), 'pickup-assigned')
  assert.equal(status(80), 'out-for-delivery')
  assert.equal(status(100), 'delivered')
  assert.equal(status(203), 'cancelled')
  for (const code of [3, 4, 5, 6, 8, 35, 45, 98, 90, 7, 99, 201, 999])
    assert.equal(status(code), 'unknown', String(code))
})

test('each step by itself, spaces around it cut', () => {
  const status = (step: unknown) => one({ node: 5, step }).status
  assert.equal(status('揽件完毕'), 'collected')
  assert.equal(status('运输中'), 'in-transit')
  assert.equal(status('派送中'), 'out-for-delivery')
  assert.equal(status('已签收'), 'delivered')
  assert.equal(status('签收'), 'delivered')
  assert.equal(status(' 运输中\n'), 'in-transit')
  for (const step of ['', null, undefined, '运输', '运输中了', '运 输中', '派件中'])
    assert.equal(status(step), 'unknown', String(step))
})

test('where both say something, 2, 80, 100 and 203 win, and else the step', () => {
  for (const [code, status] of firmNodes)
    for (const step of steps.keys()) assert.equal(one({ node: code, step }).status, status)
  for (const code of [...softNodes.keys(), '3', '45', '98', '90', '7'])
    for (const [step, status] of steps) assert.equal(one({ node: code, step }).status, status)
})

test('a number and its text are one node, and one event', () => {
  assert.deepEqual(one({ node: '80' }), one({ node: 80 }))
  assert.equal(one({ node: '080' }).raw.code, '080:揽件完毕')
})

test('the key is number, node, time and step; a repeat has the same', () => {
  const { key } = one({})
  assert.deepEqual(key, ['KY4000000000001', '3', '2026-09-08 10:00:00', '揽件完毕'])
  assert.deepEqual(one({ desc: '又一次', currCity: '厦门市' }).key, key)
  const others = [
    { mailno: 'KY2' },
    { node: 4 },
    { time: '2026-09-08 10:00:01' },
    { step: '运输中' },
  ]
  for (const other of others) assert.notDeepEqual(one(other).key, key)
})

test('raw code: node and step; a step that may name people is left out', () => {
  const code = (step: unknown) => one({ node: 90, step }).raw
  assert.deepEqual(code('到达网点'), { system: 'kye-node', code: '90:到达网点' })
  for (const step of [
    '',
    null,
    '签收人张三',
    '派送员李四',
    '李四先生',
    '联系13800000000',
    '请拨打１３８',
    '一二三四五六七八九十一二三',
    '张三\n李四',
  ])
    assert.equal(code(step).code, '90:', String(step))
})

test('times are those of Shanghai', () => {
  assert.equal(one({ time: '2026-02-28 23:59:59' }).at, '2026-02-28T23:59:59+08:00')
})

test('a city is a place, and nothing else is', () => {
  const place = (currCity: unknown) => one({ currCity }).place
  assert.deepEqual(place('深圳'), { name: '深圳', kind: 'region' })
  assert.deepEqual(place(' 厦门市 '), { name: '厦门市', kind: 'region' })
  for (const other of ['', null, undefined, '张三', '测试路1号', '13800000000', '样例营业部'])
    assert.equal(place(other), undefined, String(other))
})

test('a bill is acknowledged and is no event, whatever else it lacks', () => {
  const bill = { node: 200, mailno: 'KY4000000000001', totalFreightAmount: 18 }
  for (const one of [bill, { ...bill, node: '200' }, { node: 200 }, { ...bill, time: '' }])
    assert.deepEqual(readAll([one]), [])
  assert.equal(readAll([bill, node, bill]).length, 1)
})

test('a return number makes it returning, and is told', () => {
  const back = one({ node: 100, step: '已签收', ecWaybillNumber: 'KY4000000000009' })
  assert.deepEqual([back.status, back.returnWaybill], ['returning', 'KY4000000000009'])
  for (const ecWaybillNumber of ['', null, undefined]) {
    const none = one({ node: 100, ecWaybillNumber, returnFlag: '1' })
    assert.deepEqual([none.status, 'returnWaybill' in none], ['delivered', false])
  }
})

test('a push names no order', () => {
  assert.ok(!('order' in one({ orderId: 'o_fck7qd6bckys2eiuxjf7u36sdw' })))
})

test('no rider, no signer, no phone, no fee leaves the push', () => {
  const people = {
    desc: '派送员李四（13800000002）正在派送',
    packager: '李四',
    packagerTel: '13800000001',
    deliveryName: '王五',
    deliveryPhone: '13800000002',
    receiver: '张三',
    receiveTime: '2026-09-09 13:00:00',
    totalFreightAmount: '18.55',
  }
  assert.deepEqual(one(people), one({}))
})

test('all or nothing: one bad node refuses the push, and no value is in the error', () => {
  const bad: [object, string][] = [
    [{ mailno: '张三' }, '/mailno'],
    [{ mailno: '' }, '/mailno'],
    [{ node: '张三' }, '/node'],
    [{ node: 1.5 }, '/node'],
    [{ time: '2026-09-09T12:00:00' }, '/time'],
    [{ time: 1788926400000 }, '/time'],
    [{ step: 5 }, '/step'],
    [{ ecWaybillNumber: 'KY 1' }, '/ecWaybillNumber'],
  ]
  for (const [change, at] of bad)
    assert.throws(
      () => readAll([node, { ...node, ...change }]),
      (error: unknown) =>
        error instanceof GatewayError &&
        error.code === 'WIRE_INVALID' &&
        error.at === `/1${at}` &&
        !error.message.includes('张三'),
      at,
    )
  assert.throws(() => readAll([node, { ...node, time: '2026-02-30 21:05:00' }]), {
    code: 'VALUE_INVALID',
    at: '/1/time',
  })
})

test('bad input', () => {
  for (const text of ['', '[', '\ufeff[]', '[{"node":1,"node":2}]', 'x'])
    assert.throws(() => readText(text), { code: 'MALFORMED' })
  for (const text of ['null', '{}', '"x"', '[null]', '[[]]', '[{}]', '[1]'])
    assert.throws(() => readText(text), { code: 'WIRE_INVALID' })
  assert.throws(() => kye.readEvents(push(Uint8Array.from([0x5b, 0x80, 0x5d]))), {
    code: 'MALFORMED',
  })
})

test('the form of failure: 200, except where transport has to know', () => {
  const answered = (code: GatewayErrorCode, options = {}) => {
    const { status, body } = kye.fail(new GatewayError(code, '/1/node', options))
    return `${status} ${body}`
  }
  const wrong = '200 {"code":1010,"msg":"invalid","success":false}'
  for (const code of ['MALFORMED', 'WIRE_INVALID', 'VALUE_INVALID'] as const)
    assert.equal(answered(code), wrong)
  assert.equal(
    answered('UNAUTHENTICATED'),
    '401 {"code":6001,"msg":"unauthenticated","success":false}',
  )
  assert.equal(answered('NOT_FOUND'), '200 {"code":10010,"msg":"not found","success":false}')
  assert.equal(answered('TOO_LARGE'), '413 {"code":1010,"msg":"too large","success":false}')
  assert.equal(answered('THROTTLED'), '429 {"code":429,"msg":"throttled","success":false}')
  assert.equal(answered('STORE_AWAY'), '503 {"code":1,"msg":"retry"}')
  assert.equal(answered('STATE_CONFLICT', { retry: 'later' }), '503 {"code":1,"msg":"retry"}')
})
