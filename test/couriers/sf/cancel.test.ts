import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sf } from '../../../lib/couriers/sf/index.ts'
import { orderOf, settings } from './fixtures.ts'

const order = orderOf('basic')

const read = (document: unknown) => sf.readCancelResult(document, order)

const done = (resStatus: unknown, rest: object = {}) => ({
  success: true,
  errorCode: 'S0000',
  errorMsg: null,
  msgData: { orderId: order.order, waybillNoInfoList: [], resStatus },
  ...rest,
})

const failed = (errorCode: unknown) => ({ success: false, errorCode, msgData: null })

test('the document names the order, before and after there is a number', () => {
  const expected = '{"language":"zh-CN","orderId":"o_fck7qd6bckys2eiuxjf7u36sdw","dealType":2}'
  for (const waybills of [[], ['SF7444463102821']])
    assert.equal(JSON.stringify(sf.writeCancel(order, waybills, settings)), expected)
})

test('resStatus 2 is cancelled, 1 is not, none says nothing', () => {
  assert.deepEqual(read(done(2)), { result: 'granted' })
  assert.deepEqual(read(done('2')), { result: 'granted' })
  assert.deepEqual(read(done(1)), { result: 'denied' })
  for (const none of [null, '', undefined])
    assert.deepEqual(read(done(none)), { result: 'pending' })
  assert.deepEqual(read({ success: true, errorCode: 'S0000', msgData: null }), {
    result: 'pending',
  })
})

test('cancelled already is cancelled', () => {
  for (const code of ['8037', '8253', 8037])
    assert.deepEqual(read(failed(code)), { result: 'granted' })
})

test('every other code leaves the order as it is', () => {
  for (const raw of ['8017', '8019', '8252', '8018', '6150', '1234'])
    assert.deepEqual(read(failed(raw)), { result: 'denied', raw })
})

test('the envelope', () => {
  const outer = { apiResultCode: 'A1000', apiResultData: JSON.stringify(done(2)) }
  assert.deepEqual(read(outer), { result: 'granted' })
  assert.throws(() => read({ apiResultCode: 'A1009' }), {
    code: 'VALUE_INVALID',
    at: '/apiResultCode',
    retry: 'later',
  })
})

test('bad input is never a cancellation', () => {
  const invalid = { code: 'WIRE_INVALID' }
  const other = done(2, { msgData: { orderId: 'o_zy5ftfbihbb6j65dkio6kv55at', resStatus: 2 } })
  for (const document of [null, {}, [], '2', done(3), done(2, { errorCode: null }), other])
    assert.throws(() => read(document), invalid)
  assert.throws(() => read(done(2, { success: false })), invalid)
  assert.throws(() => read(failed(null)), invalid)
})
