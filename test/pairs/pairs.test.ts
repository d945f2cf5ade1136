import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Courier } from '../../lib/couriers/courier.ts'
import type { Prepared } from '../../lib/flow/prepare.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import { type Accepted, checkEvent, type Order } from '../../lib/model/validate.ts'
import { settingsOf } from '../conformance/client.ts'
import { leavesOf } from '../conformance/document.ts'
import { arrived } from '../conformance/lists.ts'
import { subjects } from '../conformance/subject.ts'
import { casesOf, type Pair, pairs } from './pair.ts'

// Every order of every platform's fixtures to every courier, and all that comes back: answer, refusal,
// tracking, cancellation. Pure functions alone; over HTTP they go in http.test.ts.

const ENTRY = { id: '0000000000000001', at: '2026-01-01T08:00:00+08:00' }

/** Why an order may be refused at the door: the courier has no such thing, or takes no such text. */
const REFUSALS =
  /^(SERVICE_UNMAPPED|PRODUCT_UNMAPPED|PAYER_UNMAPPED|ACCOUNT_INVALID|VALUE_TOO_LONG|DISPLAY_REFUSED)$/

for (const pair of pairs) {
  describe(pair.name, () => {
    const taken: string[] = []
    for (const { name, prepare } of casesOf(pair)) {
      test(name, () => {
        const offered = offer(pair, prepare)
        if (offered === undefined) return
        taken.push(offered.prepared.order.receiver.protection.kind)
        goesThere(pair, offered)
        comesBack(pair, offered)
      })
    }
    test('orders are taken, sealed ones among them', () => assert.ok(taken.includes('sealed')))
  })
}

interface Offered {
  readonly prepared: Prepared
  readonly waybill: unknown
}

/** The waybill of an order; none where the courier's form refuses it, with a code that says so. */
function offer({ courier }: Pair, prepare: () => Prepared): Offered | undefined {
  try {
    const prepared = prepare()
    return { prepared, waybill: courier.writeWaybill(prepared.order, settingsOf(courier)) }
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error))
    assert.match(error.code, REFUSALS, `${error.code} at ${error.at}`)
    return undefined
  }
}

/** The waybill is the courier's own document, and holds nothing of what is sealed. */
function goesThere({ courier }: Pair, { prepared, waybill }: Offered): void {
  const subject = subjects.find(({ name }) => name === `couriers/${courier.name}`)
  const named = subject?.tables.find(({ carries, way }) => carries === 'order' && way === 'written')
  if (named !== undefined)
    assert.equal(subject?.schemas.faultOf(named.document, waybill), undefined)
  hidesPersonal(prepared, waybill)
}

/** Answer, refusal, steps and cancellation, each as the platform is told. */
function comesBack(pair: Pair, { prepared, waybill }: Offered): void {
  const { platform, courier } = pair
  const { sandbox } = courier
  const { order } = prepared
  const accepted = courier.readAnswer(sandbox.answer(waybill), order)
  assert.ok(accepted.outcome === 'accepted')
  assert.equal(accepted.waybills.length, order.pieces)
  const verdict = platform.writeVerdict(order, { kind: 'accepted', acceptance: accepted }, ENTRY)
  names(verdict, accepted.waybills[0])

  const refused = courier.readAnswer(sandbox.refuse(waybill), order)
  assert.ok(refused.outcome === 'refused')
  const reason = platform.writeVerdict(order, { kind: 'refused', reason: refused.reason }, ENTRY)
  const steps = stepsOf(courier, order, accepted).map(event =>
    platform.writeTracking(order, event, ENTRY),
  )
  for (const step of steps) names(step, accepted.waybills[0])
  for (const told of [verdict, reason, ...steps]) hidesPersonal(prepared, told)
  cancels(pair, order, accepted)
}

function stepsOf(courier: Courier, order: Order, { waybills }: Accepted) {
  const [waybill = ''] = waybills
  const [start, now] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-02T12:00:00Z')]
  const pushes = courier.sandbox.pushes({ order: order.order, waybill, start, now, secret: 'x' })
  const events = pushes.flatMap(push => courier.readEvents(arrived(push)))
  assert.equal(events.at(-1)?.status, 'delivered')
  return events.map(({ key: _, ...event }) =>
    checkEvent({
      ...event,
      ...{ event: 'e_fck7qd6bckys2eiuxjf7u36sdw', order: order.order, courier: courier.name },
    }),
  )
}

function cancels({ platform, courier }: Pair, order: Order, { waybills }: Accepted): void {
  const document = courier.writeCancel(order, waybills, settingsOf(courier))
  for (const granted of [true, false]) {
    const answer = courier.sandbox.answerCancel(document, granted)
    const { result } = courier.readCancelResult(answer, order)
    assert.equal(result, granted ? 'granted' : 'denied')
    assert.ok(platform.writeCancelResult(order, { waybills, granted }, ENTRY))
  }
}

const names = (document: unknown, number = '?'): void =>
  assert.ok(JSON.stringify(document).includes(number), 'names the waybill')

/**
 * No name, phone, address or remark of a party stands in the document as it was posted. What the open
 * order shows by GB/T 41833 was checked there: a road and its number, a platform's virtual number.
 */
function hidesPersonal({ personal, order }: Prepared, document: unknown): void {
  const open = JSON.stringify(order)
  const texts = [...leavesOf(document).values()].map(String)
  for (const value of leavesOf(personal).values()) {
    if (typeof value !== 'string' || open.includes(value) || isVirtual(value)) continue
    const isHeld = (text: string) => text === value || (value.length > 4 && text.includes(value))
    assert.deepEqual(texts.filter(isHeld), [])
  }
}

const isVirtual = (phone: string): boolean => /^1\d{10}-\d+$/.test(phone)
