import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GatewayError } from '../../../lib/model/errors.ts'
import { isOutcomes } from '../../../lib/model/generated/validators.js'
import type { Accepted } from '../../../lib/model/validate.ts'
import type { OrderOutcome } from '../../../lib/platforms/platform.ts'
import { standard } from '../../../lib/platforms/standard/index.ts'
import {
  cipher,
  credential,
  display,
  type Json,
  order,
  region,
  requestOf,
  sample,
  sealed,
  thrown,
} from './request.ts'

/** What the adapter says of one order: its draft, or the error that keeps it out. */
function read(order: unknown) {
  const [one] = standard.readOrders(requestOf({ orders: [order] }), credential)
  assert(one)
  return 'error' in one ? one.error.message : one.draft
}

describe('an order', () => {
  const { receiver: clear, createdAt: _, ...undated } = sample
  test('is a draft as it is', () => {
    assert.deepEqual(read(sample), sample)
  })

  const forms: Record<string, Json> = {
    clear: { region, personal: { name: '张三', telephone: '0592-1234567', address: '测试路1号' } },
    'clear with a virtual number': {
      ...{ region, virtualNumber: { number: '18400000000' } },
      personal: { name: '张三', phone: '18400000000', address: '测试路1号' },
    },
    sealed: { region, sealed },
    'sealed, with a display': { region, sealed, display },
    'in ciphers': {
      ...{ region, display },
      protection: { kind: 'platform-cipher', fields: { name: cipher, phone: cipher } },
    },
    'by a token': {
      ...{
        region,
        virtualNumber: { number: '18400000000', extension: '1', expiresAt: '2026-02-01T00:00:00Z' },
      },
      protection: { kind: 'platform-token', token: 'T', tokenKind: 'openid', boundTo: '1' },
    },
    'by its number alone': { region, protection: { kind: 'order-number' } },
  }
  for (const [name, receiver] of Object.entries(forms)) {
    test(`has a receiver ${name}`, () => {
      assert.deepEqual(read({ ...sample, receiver }), { ...sample, receiver })
    })
  }

  const personal = { name: '张三', phone: '13800000000', address: '测试路1号' }
  const faults: [expected: string, order: unknown][] = [
    ['VALUE_INVALID', { ...sample, unknown: '13800000000' }],
    ['WIRE_INVALID', { ...undated, receiver: clear }],
    ['VALUE_INVALID at /primaryOrder', { ...sample, primaryOrder: 'another' }],
    ['VALUE_INVALID at /parcel', { ...sample, parcel: '1~2' }],
    ['VALUE_INVALID at /platformOrders/0', { ...sample, platformOrders: ['a,b'] }],
    ['VALUE_INVALID at /platformOrders/0', { ...sample, platformOrders: [17] }],
    ['VALUE_INVALID at /weightGrams', { ...sample, weightGrams: 0 }],
    ['VALUE_INVALID at /weightGrams', { ...sample, weightGrams: 1.5 }],
    ['VALUE_INVALID at /goods/0/name', { ...sample, goods: [{ name: '', quantity: 1 }] }],
    ['VALUE_INVALID at /createdAt', { ...sample, createdAt: '2026-01-01 10:00:00' }],
    ['VALUE_INVALID at /account', { ...sample, settlement: 'cash' }],
    ['WIRE_INVALID at /receiver', { ...sample, receiver: { region } }],
    ['VALUE_INVALID at /receiver', { ...sample, receiver: { region, personal, sealed } }],
    ['VALUE_INVALID at /receiver', { ...sample, receiver: { region, personal, display } }],
    [
      'WIRE_INVALID at /receiver/personal',
      { ...sample, receiver: { region, personal: { name: 'x', address: 'y' } } },
    ],
    [
      'VALUE_INVALID at /receiver/personal/name',
      { ...sample, receiver: { region, personal: { ...personal, name: '' } } },
    ],
    [
      'VALUE_INVALID at /receiver/sealed/iv',
      { ...sample, receiver: { region, sealed: { ...sealed, iv: 'x' } } },
    ],
    [
      'VALUE_INVALID at /receiver/protection/kind',
      { ...sample, receiver: { region, protection: { kind: 'sealed' } } },
    ],
    ['VALUE_INVALID', 'an order'],
    ['VALUE_INVALID', null],
    ['VALUE_INVALID', [sample]],
  ]
  for (const [n, [expected, order]] of faults.entries()) {
    test(`is refused, ${n + 1}: ${expected}`, () => assert.equal(read(order), expected))
  }

  test('with a fault leaves the others alone', () => {
    const posted = standard.readOrders(
      requestOf({ orders: [sample, { ...sample, pieces: 0 }, sample] }),
      credential,
    )
    assert.deepEqual(
      posted.map(one => 'error' in one),
      [false, true, false],
    )
  })

  test('beyond 2^53 keeps its digits, as text or as a number', () => {
    const number = '6900000000000000001'
    const text = JSON.stringify({
      orders: [{ ...sample, platformOrders: [number], primaryOrder: number }],
    })
    for (const body of [text, text.replaceAll(`"${number}"`, number)]) {
      const [one] = standard.readOrders(requestOf(body), credential)
      assert(one && 'draft' in one)
      assert.deepEqual(one.draft.platformOrders, [number])
    }
  })
})

test('a request that is none is refused as a whole', () => {
  const cases: [expected: string, body: unknown][] = [
    ['MALFORMED', '{"orders":['],
    ['MALFORMED', '{"orders":[],"orders":[]}'],
    ['MALFORMED at /orders/0', '{"orders":["\\ud800"]}'],
    ['MALFORMED', `${'['.repeat(70)}${']'.repeat(70)}`],
    ['WIRE_INVALID', '[]'],
    ['WIRE_INVALID', 'null'],
    ['WIRE_INVALID at /orders', {}],
    ['WIRE_INVALID at /orders', { orders: {} }],
    ['WIRE_INVALID at /orders', { orders: [] }],
    ['WIRE_INVALID at /orders', { orders: Array(101).fill(sample) }],
    ['VALUE_INVALID', { orders: [sample], shop: '1' }],
  ]
  for (const [expected, body] of cases) {
    assert.equal(
      thrown(() => standard.readOrders(requestOf(body), credential)),
      expected,
    )
  }
})

describe('the answer', () => {
  const names = { primaryOrder: 'ST-2026-0000001', parcel: '-' }
  const acceptance: Accepted = {
    outcome: 'accepted',
    order: order.order,
    courier: 'sf',
    waybills: ['SF1'],
  }
  const problem = {
    ...{
      type: 'https://lasthop.dev/problems/shows-too-much',
      title: 'Shows too much',
      status: 422,
    },
    ...{ code: 'SHOWS_TOO_MUCH', at: '/orders/0/receiver/display', retry: 'never' },
  }
  const cases: [outcome: OrderOutcome, told: Json][] = [
    [{ kind: 'pending' }, {}],
    [{ kind: 'cancelled' }, {}],
    [
      { kind: 'refused', reason: { code: 'capacity', raw: '7' } },
      { reason: { code: 'capacity', raw: '7' } },
    ],
    [{ kind: 'accepted', order, acceptance, changed: false }, { acceptance }],
    [
      { kind: 'accepted', order, acceptance, changed: true },
      { acceptance, changed: true },
    ],
    [
      { kind: 'failed', error: new GatewayError('SHOWS_TOO_MUCH', '/receiver/display') },
      { problem },
    ],
  ]
  for (const [outcome, told] of cases) {
    test(`says ${outcome.kind}, beside the names as posted`, () => {
      const request = requestOf({ orders: [sample] })
      const [posted] = standard.readOrders(request, credential)
      assert(posted)
      const results = [{ native: posted.native, outcome }]
      const { status, body } = standard.answerOrders(results, request)
      assert.equal(status, 200)
      const document: unknown = JSON.parse(body)
      assert(isOutcomes(document), JSON.stringify(isOutcomes.errors))
      assert.deepEqual(document.outcomes, [{ outcome: outcome.kind, ...names, ...told }])
    })
  }

  test('repeats no value of what could not be read', () => {
    const request = requestOf({
      orders: [{ ...sample, primaryOrder: '张三,13800000000', parcel: ['x'] }],
    })
    const results = standard.readOrders(request, credential).map(({ native, ...rest }) => ({
      native,
      outcome: {
        kind: 'failed',
        error: 'error' in rest ? rest.error : new GatewayError('MALFORMED'),
      } as const,
    }))
    const { body } = standard.answerOrders(results, request)
    assert(isOutcomes(JSON.parse(body)))
    assert.doesNotMatch(body, /张三|13800000000/)
  })
})

test('whoever signs in no way of HTTP is nobody', () => {
  const code = thrown(() => standard.authenticate(requestOf({}), [credential], new Date()))
  assert.equal(code, 'UNAUTHENTICATED')
})

test('an error of the whole request is a problem, with its own status', () => {
  const { status, contentType, body } = standard.fail(new GatewayError('MALFORMED'), requestOf(''))
  assert.deepEqual([status, contentType], [400, 'application/problem+json'])
  assert.equal(JSON.parse(body).code, 'MALFORMED')
})
