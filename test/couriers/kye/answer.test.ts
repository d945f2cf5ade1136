import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kye } from '../../../lib/couriers/kye/index.ts'
import { checkAcceptance } from '../../../lib/model/validate.ts'
import { fixture, orderOf } from './fixtures.ts'

const order = orderOf('basic')
const orderId = order.order
const head = { order: orderId, courier: 'kye' }

const read = (document: unknown) => checkAcceptance(kye.readAnswer(document, order))

const answered = (data: unknown, rest: object = {}) => ({
  code: 10000,
  success: true,
  msg: '',
  data,
  ...rest,
})

const failed = (code: unknown, rest: object = {}) => ({
  code,
  success: false,
  msg: '样例文字',
  ...rest,
})

const throws = (document: unknown, code: string, at: string, retry: string = 'never') =>
  assert.throws(() => kye.readAnswer(document, order), { name: 'GatewayError', code, at, retry })

function numbersOf(data: unknown, rest: object = {}) {
  const acceptance = read(answered(data, rest))
  return acceptance.outcome === 'accepted' ? acceptance.waybills : acceptance.outcome
}

test('an answer accepts; numbers as text are read too', () => {
  const basic = Object(fixture('answer-basic.wire'))
  const expected = fixture('answer-basic.canonical')
  assert.deepEqual(read(basic), expected)
  assert.deepEqual(read({ ...basic, code: '10000', success: 'true', msg: null }), expected)
})

test('the example of the format', () => {
  const accepted = kye.readAnswer(fixture('response-example.wire'), { order: 'ZY0000001' })
  assert.deepEqual(accepted, {
    outcome: 'accepted',
    order: 'ZY0000001',
    courier: 'kye',
    waybills: ['KY4000000000001'],
  })
})

test('several elements: the first is the mother, and the same again is the same', () => {
  const of = (...numbers: string[]) => numbers.map(waybillNumber => ({ orderId, waybillNumber }))
  assert.deepEqual(numbersOf(of('KY2', 'KY1', 'KY3')), ['KY2', 'KY1', 'KY3'])
  assert.deepEqual(numbersOf(of('KY2', 'KY2')), ['KY2'])
  assert.deepEqual(numbersOf(of('KY2', 'KY1', 'KY2')), ['KY2', 'KY1'])
})

test('there is nothing to sort by, and nothing is made up', () => {
  const accepted = read(answered([{ orderId, waybillNumber: 'KY1', sortCode: '755' }]))
  assert.deepEqual(accepted, { outcome: 'accepted', ...head, waybills: ['KY1'] })
})

test('no number and no error: pending', () => {
  const none = [null, [], undefined, [{ orderId, waybillNumber: '' }], [{ orderId }], [{}]]
  for (const data of none) assert.deepEqual(read(answered(data)), { outcome: 'pending', ...head })
})

test('another order, also if only the case differs, is refused wherever it stands', () => {
  const own = { orderId, waybillNumber: 'KY1' }
  for (const other of [orderId.toUpperCase(), `${orderId} `, 'X', 'ZY0000001']) {
    const strange = { orderId: other, waybillNumber: 'KY2' }
    throws(answered([strange]), 'WIRE_INVALID', '/data/0/orderId')
    throws(answered([own, strange]), 'WIRE_INVALID', '/data/1/orderId')
    throws(failed(10010, { data: [strange] }), 'WIRE_INVALID', '/data/0/orderId')
  }
  for (const none of [undefined, null, ''])
    assert.deepEqual(numbersOf([{ orderId: none, waybillNumber: 'KY1' }]), ['KY1'])
})

test('every code of a failure is another reason, and the code alone is kept', () => {
  for (const code of [10010, '10010', 40101, 500, -1, 'E_1', 0]) {
    const raw = String(code)
    const expected = { outcome: 'refused', ...head, reason: { code: 'other', raw } }
    assert.deepEqual(read(failed(code)), expected)
    assert.doesNotMatch(JSON.stringify(read(failed(code))), /样例/)
  }
  assert.equal(read(failed(10010, { success: true })).outcome, 'refused')
})

test('an invalid token is no answer: once more, later', () => {
  for (const code of [6000, 6001, 6002, 6003, '6001'])
    throws(failed(code), 'VALUE_INVALID', '/code', 'later')
  for (const code of [5999, 6004]) assert.equal(read(failed(code)).outcome, 'refused')
})

test('what contradicts itself is no answer', () => {
  throws(
    answered([{ orderId, waybillNumber: 'KY1' }], { success: false }),
    'WIRE_INVALID',
    '/success',
  )
  throws(failed('10000'), 'WIRE_INVALID', '/success')
})

test('bad input', () => {
  for (const document of [null, undefined, '', 'x', 1, [], {}, [{}], { code: 10000 }])
    assert.throws(() => kye.readAnswer(document, order), { code: 'WIRE_INVALID' })
  throws({ success: true, data: [] }, 'WIRE_INVALID', '')
  throws(answered([{ orderId, waybillNumber: 'KY 1' }]), 'WIRE_INVALID', '/data/0/waybillNumber')
  throws(answered([{ orderId, waybillNumber: 1 }]), 'WIRE_INVALID', '/data/0/waybillNumber')
  throws(answered({ orderId, waybillNumber: 'KY1' }), 'WIRE_INVALID', '/data')
  throws(answered([null]), 'WIRE_INVALID', '/data/0')
  throws(answered([], { success: 'yes' }), 'WIRE_INVALID', '/success')
  throws(failed('13800000000 张三'), 'WIRE_INVALID', '/code')
  throws(failed(''), 'WIRE_INVALID', '/code')
})
