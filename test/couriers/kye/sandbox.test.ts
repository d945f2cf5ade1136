import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kye } from '../../../lib/couriers/kye/index.ts'
import { orderOf } from './fixtures.ts'

const { sandbox } = kye
const order = orderOf('merged')
const settings = { ...sandbox.settings, secret: 'invented' }

test('its answer to a waybill accepts it, and a repeat has the same numbers', () => {
  const waybill = kye.writeWaybill(order, settings)
  const accepted = kye.readAnswer(sandbox.answer(waybill), order)
  assert.ok(accepted.outcome === 'accepted')
  assert.equal(accepted.waybills.length, order.pieces)
  for (const number of accepted.waybills) assert.match(number, /^KY[1-9]\d{12}$/)
  assert.deepEqual(sandbox.answer(waybill), sandbox.answer(waybill))
})

test('its refusal has a code that is public', () => {
  const refused = kye.readAnswer(sandbox.refuse(kye.writeWaybill(order, settings)), order)
  assert.ok(refused.outcome === 'refused')
  assert.deepEqual(refused.reason, { code: 'other', raw: '10010' })
})

test('its answer to a cancellation grants it or not', () => {
  const document = kye.writeCancel(order, ['KY4000000000001'], settings)
  const read = (granted: boolean) =>
    kye.readCancelResult(sandbox.answerCancel(document, granted), order)
  assert.deepEqual(read(true), { result: 'granted' })
  assert.deepEqual(read(false), { result: 'denied', raw: '10010' })
})

test('it answers no document of another kind', () => {
  const cancel = kye.writeCancel(order, [], settings)
  for (const work of [sandbox.answer, sandbox.refuse])
    assert.throws(() => work(cancel), { code: 'WIRE_INVALID' })
  assert.throws(() => sandbox.answerCancel({}, true), { code: 'WIRE_INVALID' })
})

test('its pushes are signed with the given secret, and read up to the delivery', () => {
  const [start, now] = [new Date('2026-01-02T00:00:00Z'), new Date('2026-01-04T00:00:00Z')]
  const waybill = 'KY4000000000001'
  const requests = sandbox.pushes({
    order: order.order,
    waybill,
    start,
    now,
    secret: 'of this test',
  })
  const events = requests.flatMap(({ method, path, headers, body }) => {
    const names = new Map(Object.entries(headers))
    const request = { method, path, query: new Map(), headers: names, body: Buffer.from(body) }
    kye.authenticateEvents?.(request, ['of this test'], now)
    assert.throws(() => kye.authenticateEvents?.(request, ['other'], now), {
      code: 'UNAUTHENTICATED',
    })
    return kye.readEvents(request)
  })
  assert.deepEqual(
    events.map(({ status }) => status),
    ['pickup-assigned', 'collected', 'in-transit', 'out-for-delivery', 'delivered'],
  )
  for (const event of events) assert.equal(event.waybill, waybill)
  assert.doesNotMatch(JSON.stringify(events), /示例|1390000000/)
})
