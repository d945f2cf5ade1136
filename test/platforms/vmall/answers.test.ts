import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError, type GatewayErrorCode } from '../../../lib/model/errors.ts'
import { checkAcceptance, type Order } from '../../../lib/model/validate.ts'
import type { ChangeOutcome, OrderOutcome } from '../../../lib/platforms/platform.ts'
import { isChangeAnswer, isOrderAnswer } from '../../../lib/platforms/vmall/generated/validators.js'
import { vmall } from '../../../lib/platforms/vmall/index.ts'
import { adapterOf, draftOf, fixture, orders, requestOf } from './request.ts'

const request = requestOf(orders())
const native = { orderCode: 'VM2026010100000001', packageNo: '1' }
const acceptance = checkAcceptance(fixture('accepted-pieces.canonical').acceptance)
const { sender: _s, receiver: _r, payer = 'sender', ...draft } = draftOf(orders())
const party = { region: draftOf(orders()).receiver.region, protection: { kind: 'sealed' } } as const
const order: Order = {
  ...{ ...draft, payer, lasthop: '1.0', order: acceptance.order, rev: 1, platform: 'vmall' },
  ...{ sender: party, receiver: party },
}

const error = (code: GatewayErrorCode, options = {}) => new GatewayError(code, '/receiver', options)

function answered(...outcomes: OrderOutcome[]) {
  const results = outcomes.map((outcome, n) => ({
    native: { ...native, orderCode: `VM${n + 1}` },
    outcome,
  }))
  const { status, contentType, body } = vmall.answerOrders(results, request)
  assert.equal(status, 200)
  assert.equal(contentType, 'application/json; charset=utf-8')
  const answer: unknown = JSON.parse(body)
  assert.ok(isOrderAnswer(answer))
  assert.equal(answer.assumed, true)
  return answer
}

const accepted = (changed: boolean): OrderOutcome => {
  assert.ok(acceptance.outcome === 'accepted')
  return { kind: 'accepted', order, acceptance, changed }
}

test('an accepted order has its numbers, the mother apart', () => {
  assert.deepEqual(answered(accepted(false)).data, {
    accepted: [
      {
        orderCode: 'VM1',
        packageNo: '1',
        waybillNo: 'KY4000000000001',
        subWaybillNos: ['KY4000000000002'],
      },
    ],
    pending: [],
    failed: [],
  })
})

test('every order stands in exactly one list', () => {
  const { resultCode, resultMsg, data } = answered(
    accepted(false),
    { kind: 'pending' },
    { kind: 'refused', reason: { code: 'out-of-range', raw: '2' } },
    { kind: 'failed', error: error('VALUE_INVALID') },
  )
  assert.deepEqual([resultCode, resultMsg], ['0', 'success'])
  assert.deepEqual(
    data.accepted.map(({ orderCode }) => orderCode),
    ['VM1'],
  )
  assert.deepEqual(data.pending, [{ orderCode: 'VM2', packageNo: '1' }])
  assert.deepEqual(data.failed, [
    { orderCode: 'VM3', packageNo: '1', code: 'OUT_OF_RANGE', message: '派送超范围' },
    { orderCode: 'VM4', packageNo: '1', code: 'VALUE_INVALID', message: '参数缺失或非法' },
  ])
})

test('a changed order fails; if all are changed, the whole answer says so', () => {
  const some = answered(accepted(true), { kind: 'pending' })
  assert.equal(some.resultCode, '0')
  assert.equal(some.data.failed[0]?.code, 'ORDER_CHANGED')
  const all = answered(accepted(true), { kind: 'failed', error: error('ORDER_LOCKED') })
  assert.equal(all.resultCode, '409001')
  assert.equal(all.data.failed.length, 2)
})

test('a repeat of a cancelled order fails', () => {
  assert.equal(answered({ kind: 'cancelled' }).data.failed[0]?.code, 'CANCELLED')
})

const failed: readonly [GatewayErrorCode, string][] = [
  ['COURIER_UNMAPPED', 'COURIER_UNMAPPED'],
  ['PRODUCT_UNMAPPED', 'PRODUCT_UNMAPPED'],
  ['PAYER_UNMAPPED', 'PAYER_UNMAPPED'],
  ['SERVICE_UNMAPPED', 'SERVICE_UNMAPPED'],
  ['ACCOUNT_INVALID', 'ACCOUNT_INVALID'],
  ['DISPLAY_REFUSED', 'CONTACT_INVALID'],
  ['WIRE_INVALID', 'VALUE_INVALID'],
  ['SHOWS_TOO_MUCH', 'VALUE_INVALID'],
  ['VALUE_TOO_LONG', 'VALUE_TOO_LONG'],
  ['ORDER_CHANGED', 'ORDER_CHANGED'],
  ['SEAL_INVALID', 'OTHER'],
]

for (const [code, theirs] of failed) {
  test(`an order that meets ${code} fails with ${theirs}`, () => {
    const { data } = answered({ kind: 'failed', error: error(code) })
    assert.equal(data.failed[0]?.code, theirs)
  })
}

test('what may pass by itself is asked for again', () => {
  const later = error('STORE_AWAY', { retry: 'later' })
  assert.equal(answered({ kind: 'failed', error: later }).data.pending.length, 1)
})

const whole: readonly [GatewayErrorCode, number, string][] = [
  ['UNAUTHENTICATED', 401, '401001'],
  ['MALFORMED', 200, '400001'],
  ['TOO_LARGE', 413, '413001'],
  ['WIRE_INVALID', 200, '422001'],
  ['VALUE_INVALID', 200, '422001'],
  ['VALUE_TOO_LONG', 200, '422001'],
  ['CODE_UNKNOWN', 200, '422001'],
  ['COURIER_UNMAPPED', 200, '422001'],
  ['NOT_FOUND', 200, '404001'],
  ['ORDER_CHANGED', 200, '409001'],
  ['ORDER_LOCKED', 200, '409001'],
  ['THROTTLED', 429, '429001'],
  ['STORE_AWAY', 503, '503001'],
]

for (const [code, status, resultCode] of whole) {
  test(`a call that meets ${code} is answered ${resultCode}`, () => {
    const answer = vmall.fail(error(code), request)
    const body: unknown = JSON.parse(answer.body)
    assert.ok(isChangeAnswer(body))
    assert.equal(answer.status, status)
    assert.equal(body.resultCode, resultCode)
    assert.equal(body.assumed, true)
    assert.ok(!('data' in body))
  })
}

const changes: readonly [ChangeOutcome, string, string?][] = [
  [{ kind: 'cancelled' }, '0', 'DONE'],
  [{ kind: 'done' }, '0', 'DONE'],
  [{ kind: 'asked' }, '0', 'PENDING'],
  [{ kind: 'denied' }, '409002'],
  [{ kind: 'too-late', collected: false }, '409002'],
  [{ kind: 'too-late', collected: true }, '409002'],
  [{ kind: 'closed', state: 'refused' }, '409002'],
  [{ kind: 'closed', state: 'expired' }, '409002'],
  [{ kind: 'unknown' }, '404001'],
  [{ kind: 'failed', error: error('VALUE_INVALID') }, '422001'],
  [{ kind: 'failed', error: error('COURIER_UNMAPPED') }, '422001'],
]

for (const [outcome, resultCode, state] of changes) {
  test(`a wish that is ${JSON.stringify(outcome).slice(0, 50)} is answered ${resultCode}`, () => {
    const answer: unknown = JSON.parse(
      vmall.answerChanges([{ native: undefined, outcome }], request).body,
    )
    assert.ok(isChangeAnswer(answer))
    assert.equal(answer.resultCode, resultCode)
    assert.equal(answer.data?.state, state)
    assert.equal(answer.assumed, true)
  })
}

test('a contract that is no guess is not marked as one', () => {
  const sure = adapterOf({ '/assumed': false })
  assert.equal(vmall.assumed, true)
  assert.equal(sure.assumed, undefined)
  const answers = [
    sure.fail(error('NOT_FOUND'), request),
    sure.answerOrders([{ native, outcome: { kind: 'pending' } }], request),
    sure.answerChanges([{ native: undefined, outcome: { kind: 'done' } }], request),
  ]
  for (const { body } of answers) assert.ok(!body.includes('assumed'))
})
