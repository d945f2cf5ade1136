import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { standard } from '../../../lib/couriers/standard/index.ts'
import { checkTakes } from '../../../lib/couriers/takes.ts'
import { GatewayError } from '../../../lib/model/errors.ts'
import {
  checkAcceptance,
  checkChange,
  checkOrder,
  type Order,
  type Party,
} from '../../../lib/model/validate.ts'

const region = {
  country: { name: '中国', code: 'CN' },
  province: { name: '福建省', code: '350000' },
}
const display = { name: '张*', phone: '138******00', address: '测试路1号***' }
const party: Party = { region, display, protection: { kind: 'sealed' } }
const order: Order = checkOrder({
  ...{ lasthop: '1.0', order: 'o_fck7qd6bckys2eiuxjf7u36sdw', rev: 1, platform: 'standard' },
  ...{ platformOrders: ['1'], primaryOrder: '1', parcel: '-', courier: 'standard' },
  ...{
    product: 'standard',
    payer: 'sender',
    services: [],
    pieces: 2,
    createdAt: '2026-01-01T10:00:00+08:00',
  },
  ...{ goods: [{ name: '茶叶', quantity: 1 }], sender: party, receiver: party },
})
const { sandbox } = standard
const settings = sandbox.settings
const other = 'o_aaaaaaaaaaaaaaaaaaaaaaaaaa'

const codeOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof GatewayError) return error.message
    throw error
  }
  return 'nothing thrown'
}

const pushOf = (document: unknown) => ({
  method: 'POST',
  path: '/v1/couriers/standard/events',
  query: new Map(),
  headers: new Map(),
  body: Buffer.from(typeof document === 'string' ? document : JSON.stringify(document)),
})

describe('a waybill', () => {
  test('is the order itself', () => {
    assert.deepEqual(standard.writeWaybill(order, settings), order)
  })

  test('is refused for a product that was not agreed, where some were', () => {
    const agreed = { ...settings, products: ['express'] }
    assert.equal(
      codeOf(() => standard.writeWaybill(order, agreed)),
      'PRODUCT_UNMAPPED at /product',
    )
    const listed = { ...settings, products: ['express', 'standard'] }
    assert.deepEqual(standard.writeWaybill(order, listed), order)
  })

  test('holds masks, virtual numbers, tokens, and nothing at all', () => {
    const token = { kind: 'platform-token', token: 'T', tokenKind: 'k', boundTo: '1' } as const
    const virtualNumber = { number: '18400000000', extension: '1234' }
    for (const receiver of [
      party,
      { ...party, virtualNumber },
      { region, protection: token },
      { region, protection: { kind: 'order-number' } },
    ] as const) {
      const shown = checkOrder({ ...order, receiver })
      checkTakes(shown, standard, settings)
      assert.deepEqual(standard.writeWaybill(shown, settings), shown)
    }
  })
})

describe('an answer', () => {
  test('is an acceptance: accepted, refused or pending', () => {
    const pending = { outcome: 'pending', order: order.order, courier: 'standard' }
    for (const answer of [sandbox.answer(order), sandbox.refuse(order), pending]) {
      assert.deepEqual(standard.readAnswer(answer, order), checkAcceptance(answer))
    }
  })

  test('has a number for each box, the same again for the same order', () => {
    const [first, second] = [sandbox.answer(order), sandbox.answer(order)]
    assert.deepEqual(first, second)
    const { waybills } = checkAcceptance(first) as { waybills: string[] }
    assert.equal(new Set(waybills).size, 2)
  })

  test('to another order, of another courier, or of another form, is none', () => {
    const answer = Object(sandbox.answer(order))
    const cases: Record<string, unknown> = {
      'WIRE_INVALID at /order': { ...answer, order: other },
      'WIRE_INVALID at /courier': { ...answer, courier: 'swift' },
      'WIRE_INVALID at /waybills': { ...answer, waybills: [] },
      WIRE_INVALID: { ...answer, more: 1 },
    }
    for (const [expected, document] of Object.entries(cases)) {
      assert.equal(
        codeOf(() => standard.readAnswer(document, order)),
        expected,
      )
    }
    for (const nothing of [undefined, null, 'accepted', []]) {
      assert.match(
        codeOf(() => standard.readAnswer(nothing, order)),
        /^WIRE_INVALID/,
      )
    }
  })
})

describe('a cancellation', () => {
  test('is a change, with the numbers there are', () => {
    const bare = { change: 'cancel', order: order.order }
    assert.deepEqual(checkChange(standard.writeCancel(order, [], settings)), bare)
    const numbered = checkChange(standard.writeCancel(order, ['ST1', 'ST2'], settings))
    assert.deepEqual(numbered, { ...bare, waybills: ['ST1', 'ST2'] })
  })

  test('is granted, denied with the courier’s code, or pending', () => {
    const asked = standard.writeCancel(order, ['ST1'], settings)
    const read = (document: unknown) => standard.readCancelResult(document, order)
    assert.deepEqual(read(sandbox.answerCancel(asked, true)), { result: 'granted' })
    assert.deepEqual(read(sandbox.answerCancel(asked, false)), {
      ...{ result: 'denied', raw: 'COLLECTED' },
    })
    assert.deepEqual(read({ ...Object(asked), result: 'denied' }), { result: 'denied' })
    assert.deepEqual(read({ ...Object(asked), result: 'pending' }), { result: 'pending' })
  })

  test('of another order, another wish, or without a result, is no answer', () => {
    const granted = { change: 'cancel', order: order.order, result: 'granted' }
    const cases: Record<string, unknown> = {
      'WIRE_INVALID at /order': { ...granted, order: other },
      'WIRE_INVALID at /change': { ...granted, change: 'hold' },
      'WIRE_INVALID at /result': { change: 'cancel', order: order.order },
      WIRE_INVALID: sandbox.answer(order),
    }
    for (const [expected, document] of Object.entries(cases)) {
      assert.equal(
        codeOf(() => standard.readCancelResult(document, order)),
        expected,
      )
    }
  })
})

describe('a push', () => {
  const event = {
    key: 'ST1/44',
    waybill: 'ST1',
    status: 'out-for-delivery',
    raw: { system: 'swift', code: '44' },
    at: '2026-01-01T10:00:00+08:00',
  }

  test('is read event by event', () => {
    const returned = { ...event, key: 'ST1/9', order: order.order, returnWaybill: 'ST9' }
    const events = standard.readEvents(pushOf({ events: [event, returned] }))
    assert.deepEqual(events, [
      { ...event, key: ['ST1/44'] },
      { ...returned, key: ['ST1/9'] },
    ])
  })

  test('of an unknown status is unknown, its raw code with it', () => {
    for (const status of ['teleported', 'constructor', 'to-string']) {
      const [read] = standard.readEvents(pushOf({ events: [{ ...event, status }] }))
      assert.deepEqual(read, { ...event, key: ['ST1/44'], status: 'unknown' })
    }
  })

  test('is taken whole or not at all', () => {
    const cases: Record<string, unknown> = {
      MALFORMED: '{"events":[',
      WIRE_INVALID: {},
      'WIRE_INVALID at /events': { events: [] },
      'WIRE_INVALID at /events/1': { events: [event, { ...event, rider: 'x' }] },
      'WIRE_INVALID at /events/1/at': { events: [event, { ...event, at: 'yesterday' }] },
      'WIRE_INVALID at /events/0/place/name': {
        events: [{ ...event, place: { name: '电话13800000000', kind: 'site' } }],
      },
    }
    for (const [expected, document] of Object.entries(cases)) {
      assert.equal(
        codeOf(() => standard.readEvents(pushOf(document))),
        expected,
      )
    }
  })

  test('of the sandbox is a whole way, ended by a delivery', () => {
    const [start, now] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-03T00:00:00Z')]
    const parcel = { order: order.order, waybill: 'ST1', start, now, secret: 's' }
    const events = sandbox.pushes(parcel).flatMap(({ body }) => standard.readEvents(pushOf(body)))
    assert.equal(events.at(-1)?.status, 'delivered')
    assert.equal(new Set(events.flatMap(({ key }) => key)).size, events.length)
    assert.ok(
      events.every(({ order: named, waybill }) => named === order.order && waybill === 'ST1'),
    )
  })
})

test('errors are problems, with their own status', () => {
  const { status, contentType, body } = standard.fail(new GatewayError('WIRE_INVALID', '/events/0'))
  assert.equal(status, 422)
  assert.equal(contentType, 'application/problem+json')
  assert.equal(JSON.parse(body).at, '/events/0')
  assert.equal(standard.fail(new GatewayError('UNAUTHENTICATED')).status, 401)
})
