import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sf } from '../../../lib/couriers/sf/index.ts'
import { orderOf } from './fixtures.ts'

const { sandbox } = sf
const order = orderOf('merged')

test('its answer to a waybill accepts it, and a repeat has the same numbers', () => {
  const waybill = sf.writeWaybill(order, sandbox.settings)
  const accepted = sf.readAnswer(sandbox.answer(waybill), order)
  assert.ok(accepted.outcome === 'accepted')
  assert.equal(accepted.waybills.length, order.pieces)
  assert.deepEqual(sandbox.answer(waybill), sandbox.answer(waybill))
})

test('its refusal of a waybill is out of range', () => {
  const waybill = sf.writeWaybill(order, sandbox.settings)
  const refused = sf.readAnswer(sandbox.refuse(waybill), order)
  assert.ok(refused.outcome === 'refused')
  assert.deepEqual(refused.reason, { code: 'out-of-range', raw: 'filterResult:3:2' })
})

test('its answer to a cancellation grants it or not', () => {
  const document = sf.writeCancel(order, ['SF7444463102821'], sandbox.settings)
  const read = (granted: boolean) =>
    sf.readCancelResult(sandbox.answerCancel(document, granted), order)
  assert.deepEqual(read(true), { result: 'granted' })
  assert.deepEqual(read(false), { result: 'denied', raw: '8252' })
})

test('it answers no document of another kind', () => {
  const waybill = sf.writeWaybill(order, sandbox.settings)
  for (const work of [sandbox.answer, sandbox.refuse])
    assert.throws(() => work({ orderId: order.order }), { code: 'WIRE_INVALID' })
  assert.throws(() => sandbox.answerCancel(waybill, true), { code: 'WIRE_INVALID' })
})

test('by agreement it takes masked text, and tokens nowhere', () => {
  assert.deepEqual(sf.takes, {
    name: ['masked', 'fixed'],
    phone: ['masked', 'virtual-number', 'placeholder', 'fixed'],
    address: ['masked', 'fixed'],
  })
})

test('its pushes are read, up to the delivery', () => {
  const parcel = { order: order.order, waybill: 'SF7444463102821' }
  const start = new Date('2026-01-02T00:00:00Z')
  const events = sandbox
    .pushes({ ...parcel, start, now: start, secret: '' })
    .flatMap(({ method, path, headers, body }) =>
      sf.readEvents({
        method,
        path,
        query: new Map(),
        headers: new Map(Object.entries(headers)),
        body: new TextEncoder().encode(body),
      }),
    )
  assert.equal(events.at(-1)?.status, 'delivered')
  assert.equal(new Set(events.map(({ key }) => key.join())).size, events.length)
  for (const event of events)
    assert.deepEqual([event.order, event.waybill], [parcel.order, parcel.waybill])
  assert.doesNotMatch(JSON.stringify(events), /示例骑手|1390000000/)
})
