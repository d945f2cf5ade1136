import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GatewayError } from '../../../lib/model/errors.ts'
import { isChangeOutcomes, isOutcomes } from '../../../lib/model/generated/validators.js'
import {
  type Accepted,
  checkAcceptance,
  checkChange,
  checkEvent,
  checkOrder,
} from '../../../lib/model/validate.ts'
import type { ChangeOutcome, OrderOutcome } from '../../../lib/platforms/platform.ts'
import samples from '../../../lib/platforms/standard/fixtures/request-clear.wire.json' with {
  type: 'json',
}
import { standard } from '../../../lib/platforms/standard/index.ts'

type Json = { readonly [name: string]: unknown }

const { sandbox } = standard
const credential = {
  ...{ appKey: 'standard', secrets: [], md5: false, couriers: {}, ignoreServices: [], native: {} },
}
const parcel = { platformOrder: '1', parcel: '-' }
const now = new Date('2026-01-01T10:00:00Z')
const [first] = samples.orders
assert(first)
const { receiver: clear, createdAt, ...undated } = first
const sample: Json = { ...undated, receiver: clear, createdAt }

const requestOf = (document: unknown) => ({
  method: 'POST',
  path: '/v1/platforms/standard/orders',
  query: new Map(),
  headers: new Map(),
  body: Buffer.from(typeof document === 'string' ? document : JSON.stringify(document)),
})

/** What the adapter says of one order: its draft, or the error that keeps it out. */
function read(order: unknown) {
  const [one] = standard.readOrders(requestOf({ orders: [order] }), credential)
  assert(one)
  return 'error' in one ? one.error.message : one.draft
}

function wished(change: unknown) {
  const [one] = standard.readChanges(requestOf({ changes: [change] }), credential)
  assert(one)
  return 'error' in one ? one.error.message : { parcel: one.parcel, wish: one.wish, at: one.at }
}

const thrown = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof GatewayError) return error.message
    throw error
  }
  return 'nothing thrown'
}

const region = {
  country: { name: '中国', code: 'CN' },
  province: { name: '福建省', code: '350000' },
}
const display = { name: '张*', phone: '138******00', address: '测试路1号***' }
const b64 = (length: number) => 'A'.repeat(length)
const sealed = {
  ...{ protected: b64(200), iv: b64(16), ciphertext: b64(683), tag: b64(22) },
  header: { alg: 'RSA-OAEP-256', kid: b64(43) },
  ...{ encrypted_key: b64(512), platform: 'standard', sealedAt: '2026-01-01T00:00:00Z' },
  signature: `${b64(40)}..${b64(86)}`,
}
const cipher = { value: '#密文#', authRef: '1' }

/** The sample as the gateway keeps it. */
const party = { region, display, protection: { kind: 'sealed' } }
const order = checkOrder({
  ...{ ...sample, lasthop: '1.0', order: 'o_fck7qd6bckys2eiuxjf7u36sdw', rev: 1 },
  ...{ platform: 'standard', sender: party, receiver: party },
})

describe('an order', () => {
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

describe('a change', () => {
  const at = '2026-01-01T10:00:00+08:00'
  const receiver = { region, protection: { kind: 'order-number' } }
  test('is read with the names it has', () => {
    assert.deepEqual(wished({ change: 'cancel', platformOrder: '1', at }), {
      ...{ parcel: { platformOrder: '1' }, wish: { kind: 'cancel' }, at },
    })
    const byNumber = { courier: 'sf', waybill: 'SF1' }
    const held = { parcel: byNumber, wish: { kind: 'hold', on: true }, at }
    assert.deepEqual(wished({ change: 'hold', on: true, ...byNumber, at }), held)
    const both = { ...byNumber, platformOrder: '1', shop: 's', parcel: '2' }
    assert.deepEqual(wished({ change: 'receiver-changed', receiver, ...both, at }), {
      ...{ parcel: both, wish: { kind: 'change', parts: { receiver } }, at },
    })
  })

  const faults: [expected: string, change: unknown][] = [
    ['CODE_UNKNOWN at /change', { change: 'intercept-return', platformOrder: '1', at }],
    ['CODE_UNKNOWN at /change', { change: 'intercept-redirect', platformOrder: '1', at }],
    ['VALUE_INVALID at /change', { change: 'burn', platformOrder: '1', at }],
    ['WIRE_INVALID', { change: 'cancel', at }],
    ['WIRE_INVALID', { change: 'cancel', waybill: 'SF1', at }],
    ['WIRE_INVALID', { change: 'cancel', platformOrder: '1' }],
    ['VALUE_INVALID at /on', { change: 'hold', platformOrder: '1', on: 1, at }],
  ]
  for (const [n, [expected, change]] of faults.entries()) {
    test(`is refused, ${n + 1}: ${expected}`, () => assert.equal(wished(change), expected))
  }

  const outcomes: [outcome: ChangeOutcome, told: Json][] = [
    ...(['cancelled', 'done', 'asked', 'denied', 'unknown'] as const).map(
      (kind): [ChangeOutcome, Json] => [{ kind }, {}],
    ),
    [{ kind: 'too-late', collected: true }, { collected: true }],
    [{ kind: 'closed', state: 'expired' }, { state: 'expired' }],
    [
      { kind: 'failed', error: new GatewayError('CODE_UNKNOWN', '/change') },
      {
        problem: {
          ...{ type: 'https://lasthop.dev/problems/code-unknown', title: 'Code unknown' },
          ...{ status: 422, code: 'CODE_UNKNOWN', at: '/changes/0/change', retry: 'never' },
        },
      },
    ],
  ]
  for (const [outcome, told] of outcomes) {
    test(`is answered ${outcome.kind}`, () => {
      const { body } = sandbox.cancel(parcel, { appKey: '', secret: '' }, now)
      const [posted] = standard.readChanges(requestOf(body), credential)
      assert(posted && 'wish' in posted)
      const results = [{ native: posted.native, outcome }]
      const answered: unknown = JSON.parse(standard.answerChanges(results, requestOf(body)).body)
      assert(isChangeOutcomes(answered), JSON.stringify(isChangeOutcomes.errors))
      assert.deepEqual(answered.outcomes, [{ outcome: outcome.kind, ...parcel, ...told }])
    })
  }

  test('of the sandbox can be read', () => {
    const { body, path } = sandbox.changeReceiver(parcel, { appKey: '', secret: '' }, now)
    assert.equal(path, '/v1/platforms/standard/cancellations')
    const [posted] = standard.readChanges(requestOf(body), credential)
    assert(posted && 'wish' in posted && posted.wish.kind === 'change')
    assert.equal(posted.at, '2026-01-01T10:00:00.000Z')
    assert.ok(posted.wish.parts.receiver?.personal)
  })
})

describe('an event', () => {
  const entry = { id: '1', at: '2026-01-01T00:00:00Z' }

  test('is an acceptance, a step, or a change', () => {
    const waybills = ['SF1']
    const acceptance: Accepted = {
      outcome: 'accepted',
      order: order.order,
      courier: 'sf',
      waybills,
    }
    assert.deepEqual(
      standard.writeVerdict(order, { kind: 'accepted', acceptance }, entry),
      acceptance,
    )
    const reason = { code: 'expired' } as const
    const refused = checkAcceptance(
      standard.writeVerdict(order, { kind: 'refused', reason }, entry),
    )
    assert.deepEqual(refused, {
      outcome: 'refused',
      order: order.order,
      courier: 'standard',
      reason,
    })
    const event = checkEvent({
      ...{
        event: 'e_fck7qd6bckys2eiuxjf7u36sdw',
        order: order.order,
        courier: 'sf',
        waybill: 'SF1',
      },
      ...{ status: 'unknown', raw: { system: 'sf-opcode', code: '999' }, at: entry.at },
    })
    assert.deepEqual(standard.writeTracking(order, event, entry), event)
  })

  test('says how a cancellation ended', () => {
    const head = { change: 'cancel', order: order.order, at: entry.at }
    const granted = { waybills: [], granted: true }
    const denied = { waybills: ['SF1'], granted: false, raw: '8252' }
    assert.deepEqual(checkChange(standard.writeCancelResult(order, granted, entry)), {
      ...{ ...head, result: 'granted' },
    })
    assert.deepEqual(checkChange(standard.writeCancelResult(order, denied, entry)), {
      ...{ ...head, waybills: ['SF1'], result: 'denied', raw: '8252' },
    })
  })
})

test('whoever signs in no way of HTTP is nobody', () => {
  const code = thrown(() => standard.authenticate(requestOf({}), [credential], now))
  assert.equal(code, 'UNAUTHENTICATED')
})

test('an error of the whole request is a problem, with its own status', () => {
  const { status, contentType, body } = standard.fail(new GatewayError('MALFORMED'), requestOf(''))
  assert.deepEqual([status, contentType], [400, 'application/problem+json'])
  assert.equal(JSON.parse(body).code, 'MALFORMED')
})
