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

test('its pushes are read, up to the delivery', () => {
  const parcel = { order: order.order, waybill: 'SF7444463102821' }
  const start = new Date('2026-01-02T00:00:00Z')
  const events = sandbox.pushes({ ...parcel, start }).flatMap(({ method, path, headers, body }) =>
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
