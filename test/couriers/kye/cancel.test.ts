import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kye } from '../../../lib/couriers/kye/index.ts'
import { fixture, orderOf, settings } from './fixtures.ts'

const order = orderOf('basic')

const write = (waybills: readonly string[]) =>
  JSON.stringify(kye.writeCancel(order, waybills, settings))

const read = (document: unknown) => kye.readCancelResult(document, order)

test('the document names the mother; before the answer it names nothing', () => {
  const number = 'KY4000000000001'
  assert.equal(
    write([number]),
    '{"customerCode":"75500000000","waybillNumber":"KY4000000000001","platformFlag":"SZYG"}',
  )
  assert.equal(write([number, 'KY4000000000002']), write([number]))
  assert.equal(write([number]), JSON.stringify(fixture('cancel-basic.wire')))
  assert.equal(write([]), '{"customerCode":"75500000000","platformFlag":"SZYG"}')
})

test('customer code and flag come from configuration, or nothing is written', () => {
  const { secret: _, ...flagless } = settings
  assert.throws(() => kye.writeCancel(order, [], flagless), {
    code: 'WIRE_INVALID',
    at: '/platformFlag',
  })
  assert.throws(() => kye.writeCancel(order, [], { ...settings, native: {} }), {
    code: 'WIRE_INVALID',
    at: '/customerCode',
  })
})

test('10000 with success is cancelled', () => {
  assert.deepEqual(read({ code: 10000, success: true, msg: '' }), { result: 'granted' })
  assert.deepEqual(read({ code: '10000', success: 'true' }), { result: 'granted' })
})

test('every other code leaves the order as it is', () => {
  for (const code of [10010, '40101', 500])
    for (const success of [false, true])
      assert.deepEqual(read({ code, success, msg: '张三' }), {
        result: 'denied',
        raw: String(code),
      })
})

test('an invalid token is no answer: once more, later', () => {
  for (const code of [6000, 6001, 6002, 6003])
    assert.throws(() => read({ code, success: false }), {
      code: 'VALUE_INVALID',
      at: '/code',
      retry: 'later',
    })
})

test('bad input is never a cancellation', () => {
  for (const document of [null, {}, [], '10000', { code: 10000 }, { success: true }, [{ code: 1 }]])
    assert.throws(() => read(document), { code: 'WIRE_INVALID' })
  assert.throws(() => read({ code: 10000, success: false }), {
    code: 'WIRE_INVALID',
    at: '/success',
  })
})
