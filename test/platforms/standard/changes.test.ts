import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GatewayError } from '../../../lib/model/errors.ts'
import { isChangeOutcomes } from '../../../lib/model/generated/validators.js'
import {
  type Accepted,
  checkAcceptance,
  checkChange,
  checkEvent,
} from '../../../lib/model/validate.ts'
import type { ChangeOutcome } from '../../../lib/platforms/platform.ts'
import { standard } from '../../../lib/platforms/standard/index.ts'
import { credential, type Json, order, region, requestOf } from './request.ts'

const { sandbox } = standard
const parcel = { platformOrder: '1', parcel: '-' }
const now = new Date('2026-01-01T10:00:00Z')

function wished(change: unknown) {
  const [one] = standard.readChanges(requestOf({ changes: [change] }), credential)
  assert(one)
  return 'error' in one ? one.error.message : { parcel: one.parcel, wish: one.wish, at: one.at }
}

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
