import type { Courier } from '../../lib/couriers/courier.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import type { Order } from '../../lib/model/validate.ts'
import type {
  ChangeOutcome,
  NativeAnswer,
  OrderOutcome,
  Platform,
  PostedChange,
} from '../../lib/platforms/platform.ts'
import {
  callsOf,
  collect,
  credentialOf,
  ordersOf,
  type PlatformLaw,
  requestFor,
  servedBy,
  signed,
  tryTo,
} from './client.ts'
import { arrived, errorCodes, refusalCodes, statusNames } from './lists.ts'
import { marksIn } from './marks.ts'

const acceptance = (order: Order) => ({
  ...{ outcome: 'accepted' as const, order: order.order, courier: order.courier },
  waybills: ['SF7444463102821'],
})

/** Every error and every outcome has a native form: none breaks it, none says a value. */
export const errorsHaveForms: PlatformLaw = platform =>
  collect(fault => {
    const hidden = new Error('标记七十七室')
    const errors = errorCodes.map(code => new GatewayError(code, '/receiver', { cause: hidden }))
    const say = (what: string, answer: () => NativeAnswer) => {
      const given = tryTo(what, fault, answer)
      if (given === undefined) return
      if (given.status < 200 || given.status > 599) fault(`${what}: status ${given.status}`)
      if (marksIn(JSON.stringify(given)).length > 0) fault(`${what}: says a value`)
    }
    const calls = callsOf(platform)
    for (const [name, call] of Object.entries(calls))
      for (const error of errors) say(`${name} ${error.code}`, () => platform.fail(error, call))
    for (const courier of servedBy(platform)) orderForms(platform, courier, errors, say)
    changeForms(platform, errors, say)
  })

type Say = (what: string, answer: () => NativeAnswer) => void

function orderForms(
  platform: Platform,
  courier: Courier,
  errors: readonly GatewayError[],
  say: Say,
): void {
  const request = arrived(signed(platform, requestFor(platform, courier)))
  const orders = ordersOf(platform, courier)
  const all = (order: Order): OrderOutcome[] => [
    { kind: 'accepted', order, acceptance: acceptance(order), changed: false },
    { kind: 'accepted', order, acceptance: acceptance(order), changed: true },
    ...refusalCodes.map(code => ({ kind: 'refused', reason: { code } }) as const),
    { kind: 'pending' },
    { kind: 'cancelled' },
    ...errors.map(error => ({ kind: 'failed', error }) as const),
  ]
  const [first] = orders
  if (first === undefined) return
  all(first.order).forEach((outcome, n) => {
    const results = orders.map(({ native }) => ({ native, outcome }))
    say(`${courier.name}: outcome ${n}`, () => platform.answerOrders(results, request))
  })
}

function changeForms(platform: Platform, errors: readonly GatewayError[], say: Say): void {
  const outcomes: ChangeOutcome[] = [
    ...(['cancelled', 'done', 'asked', 'denied', 'unknown'] as const).map(kind => ({ kind })),
    ...[true, false].map(collected => ({ kind: 'too-late', collected }) as const),
    ...(['refused', 'expired', 'cancelled'] as const).map(
      state => ({ kind: 'closed', state }) as const,
    ),
    ...errors.map(error => ({ kind: 'failed', error }) as const),
  ]
  const calls = callsOf(platform)
  for (const name of ['cancel', 'change'] as const) {
    const call = calls[name]
    if (call === undefined) continue
    const posted: readonly PostedChange[] = platform.readChanges(call, credentialOf(platform))
    for (const outcome of outcomes) {
      const results = posted.map(({ native }) => ({ native, outcome }))
      say(`${name} ${outcome.kind}`, () => platform.answerChanges(results, call))
    }
  }
}

/** Every verdict, every status and every outcome of a cancellation has an event document, without a value. */
export const eventsHaveForms: PlatformLaw = platform =>
  collect(fault => {
    const entry = { id: '0000000000000001', at: '2026-01-01T08:00:00+08:00' }
    const write = (what: string, make: () => unknown) => {
      const document = tryTo(what, fault, make)
      if (document === undefined) fault(`${what}: nothing is written`)
      else if (typeof document !== 'object') fault(`${what}: no document`)
    }
    for (const courier of servedBy(platform)) {
      for (const { order } of ordersOf(platform, courier)) {
        write('accepted', () =>
          platform.writeVerdict(order, { kind: 'accepted', acceptance: acceptance(order) }, entry),
        )
        for (const code of refusalCodes)
          write(`refused ${code}`, () =>
            platform.writeVerdict(order, { kind: 'refused', reason: { code, raw: '1' } }, entry),
          )
        for (const status of statusNames)
          write(`tracking ${status}`, () =>
            platform.writeTracking(order, eventOf(order, status), entry),
          )
        for (const granted of [true, false])
          write(`cancel ${granted}`, () =>
            platform.writeCancelResult(order, { waybills: ['SF7444463102821'], granted }, entry),
          )
      }
    }
  })

const eventOf = (order: Order, status: (typeof statusNames)[number]) => ({
  ...{ event: 'e_fck7qd6bckys2eiuxjf7u36sdw', order: order.order, courier: order.courier },
  ...{ waybill: 'SF7444463102821', status, at: '2026-01-01T08:00:00+08:00' },
  raw: { system: 'test', code: '1' },
})
