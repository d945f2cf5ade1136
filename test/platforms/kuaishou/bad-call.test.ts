import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError } from '../../../lib/model/errors.ts'
import { kuaishou } from '../../../lib/platforms/kuaishou/index.ts'
import { bodyOf, callOf, changeOf, clearOrder, credential, formOf, timestamp } from './request.ts'

const eleven = Array.from({ length: 11 }, (_, n) => ({ ...clearOrder(), requestId: `R${n}` }))

/** The call as a whole cannot be read. */
const calls: readonly [string, string, string, string][] = [
  ['no JSON', 'order', 'MALFORMED', ''],
  ['no param', '', 'MALFORMED', ''],
  ['a name twice', '{"getEbillOrderRequest":[],"getEbillOrderRequest":[]}', 'MALFORMED', ''],
  ['__proto__', '{"__proto__":{}}', 'MALFORMED', ''],
  ['a list', '[]', 'VALUE_INVALID', ''],
  ['nothing in it', '{}', 'WIRE_INVALID', ''],
  ['no orders', '{"getEbillOrderRequest":[]}', 'WIRE_INVALID', '/getEbillOrderRequest'],
  ['no list', '{"getEbillOrderRequest":{}}', 'VALUE_INVALID', '/getEbillOrderRequest'],
  [
    'eleven orders',
    JSON.stringify({ getEbillOrderRequest: eleven }),
    'VALUE_TOO_LONG',
    '/getEbillOrderRequest',
  ],
  [
    'a request id twice',
    JSON.stringify({ getEbillOrderRequest: [clearOrder(), clearOrder()] }),
    'VALUE_INVALID',
    '/getEbillOrderRequest',
  ],
]

for (const [name, param, code, at] of calls) {
  test(`refused as a whole: ${name}`, () => {
    const request = callOf(param)
    assert.throws(
      () => kuaishou.readOrders(request, credential),
      error => {
        assert.ok(error instanceof GatewayError)
        assert.deepEqual([error.code, error.at], [code, at])
        const { status } = kuaishou.fail(error, request)
        const { result, code: kind, sub_code } = bodyOf(kuaishou.fail(error, request))
        assert.deepEqual([status, result, kind, sub_code], [200, 0, '400', 'param_invalid'])
        return true
      },
    )
  })
}

test('a call of another method posts no order, and ebill.get changes none', () => {
  const param = JSON.stringify({ getEbillOrderRequest: [clearOrder()] })
  for (const method of ['open.express.ebill.cancel', 'open.express.ebill.update', 'OPEN', ''])
    assert.throws(() => kuaishou.readOrders(formOf({ method, timestamp, param }), credential), {
      code: 'VALUE_INVALID',
    })
  assert.throws(() => kuaishou.readChanges(changeOf('get', param), credential), {
    code: 'VALUE_INVALID',
  })
})
