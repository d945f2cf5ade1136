import assert from 'node:assert/strict'
import { test } from 'node:test'
import { prepareOrder } from '../../../lib/flow/prepare.ts'
import { checkAcceptance, checkEvent } from '../../../lib/model/validate.ts'
import { isEventDocument } from '../../../lib/platforms/vmall/generated/validators.js'
import { vmall } from '../../../lib/platforms/vmall/index.ts'
import { adapterOf, draftOf, fixture, orders } from './request.ts'

const entry = { id: 'e_demo', at: '2026-01-01T10:00:00+08:00' }
const { order } = prepareOrder(draftOf(orders()), {
  platform: 'vmall',
  terms: {},
  courier: { settings: { displayLevel: 'street', native: {} } },
})
const own = { orderCode: 'VM2026010100000001', packageNo: '1', courierCode: 'SF' }
const head = { eventId: 'e_demo', eventTime: 1767232800000, assumed: true }

test('tracking is the event of the format', () => {
  const { event } = fixture('trace-basic.canonical')
  const document = vmall.writeTracking(order, checkEvent(event), entry)
  assert.ok(isEventDocument(document))
  assert.deepEqual(document, {
    ...{ eventId: 'e_demo', eventType: 'LOGISTICS_TRACE', eventTime: 1767232800000, assumed: true },
    data: fixture('trace-basic.wire'),
  })
})

test('a verdict is an event', () => {
  const acceptance = checkAcceptance(fixture('accepted-basic.canonical').acceptance)
  assert.ok(acceptance.outcome === 'accepted')
  assert.deepEqual(vmall.writeVerdict(order, { kind: 'accepted', acceptance }, entry), {
    ...{ ...head, eventType: 'WAYBILL_ACCEPTED' },
    data: fixture('accepted-basic.wire'),
  })
  const reason = { code: 'capacity', raw: '8177' } as const
  assert.deepEqual(vmall.writeVerdict(order, { kind: 'refused', reason }, entry), {
    ...{ ...head, eventType: 'WAYBILL_REFUSED' },
    data: { ...own, code: 'CAPACITY', message: '运力受限' },
  })
})

test('the outcome of a cancellation is an event', () => {
  const denied = { waybills: ['SF7444463102821'], granted: false, raw: '8019' }
  assert.deepEqual(vmall.writeCancelResult(order, denied, entry), {
    ...{ ...head, eventType: 'CANCEL_RESULT' },
    data: { ...own, waybillNo: 'SF7444463102821', success: false, code: '8019' },
  })
  const before = { waybills: [], granted: true }
  assert.deepEqual(vmall.writeCancelResult(order, before, entry), {
    ...{ ...head, eventType: 'CANCEL_RESULT' },
    data: { ...own, success: true },
  })
})

test('which life of a parcel it is, is never shown', () => {
  const second = { ...order, parcel: '1~2' }
  const document = vmall.writeCancelResult(second, { waybills: [], granted: true }, entry)
  assert.ok(!JSON.stringify(document).includes('~'))
})

const places: readonly [name: string, kind: 'region' | 'hub', member: string][] = [
  ['福建省', 'region', 'province'],
  ['广西壮族自治区', 'region', 'province'],
  ['香港特别行政区', 'region', 'province'],
  ['厦门市', 'region', 'city'],
  ['北京市', 'region', 'city'],
  ['阿里地区', 'region', 'city'],
  ['恩施土家族苗族自治州', 'region', 'city'],
  ['思明区', 'region', 'district'],
  ['安溪县', 'region', 'district'],
  ['厦门市', 'hub', 'nodeName'],
]

for (const [name, kind, member] of places) {
  test(`a place: ${name} as ${kind} is the ${member}`, () => {
    const event = { ...fixture('trace-basic.canonical').event, place: { name, kind } }
    const document = vmall.writeTracking(order, checkEvent(event), entry)
    assert.ok(isEventDocument(document))
    const { city: _city, ...basic } = fixture('trace-basic.wire')
    assert.deepEqual(document.data, { ...basic, [member]: name })
  })
}

test('a contract decides status words, courier codes and the form of times', () => {
  const other = adapterOf({
    '/codes/courier': { SHUNFENG: 'sf' },
    '/codes/status/out-for-delivery': '301',
    '/units/time': 'ms',
  })
  const event = checkEvent(fixture('trace-basic.canonical').event)
  const document = other.writeTracking(order, event, entry)
  assert.ok(isEventDocument(document))
  assert.deepEqual(document.data, {
    ...fixture('trace-basic.wire'),
    courierCode: 'SHUNFENG',
    status: '301',
    time: 1767232800000,
  })
})
