import assert from 'node:assert/strict'
import { test } from 'node:test'
import { vmall } from '../../../lib/platforms/vmall/index.ts'
import { arrived, changed, credential, fixture, now, requestOf, signer } from './request.ts'

const cancel = fixture('request-cancel.wire')
const change = fixture('change-receiver.wire')

const read = (document: Parameters<typeof requestOf>[0]) =>
  vmall.readChanges(requestOf(document), credential)

test('a cancellation is one wish, as of its signature', () => {
  assert.deepEqual(read(cancel), [
    {
      native: undefined,
      parcel: { courier: 'sf', platformOrder: 'VM2026010100000001', parcel: '1' },
      wish: { kind: 'cancel' },
      at: '2026-01-01T08:00:00+08:00',
    },
  ])
})

test('an absent parcel means 1; a number is named too', () => {
  const [posted] = read(
    changed({ ...cancel, waybillNo: 'SF7444463102821' }, '/packageNo', undefined),
  )
  assert.ok(posted && 'parcel' in posted)
  assert.deepEqual(posted.parcel, {
    courier: 'sf',
    platformOrder: 'VM2026010100000001',
    parcel: '1',
    waybill: 'SF7444463102821',
  })
})

test('a change brings the whole receiver, and nothing else', () => {
  const [posted] = read(change)
  assert.ok(posted && 'wish' in posted)
  const { receiver } = fixture('change-receiver.canonical')
  assert.deepEqual(posted.wish, { kind: 'change', parts: { receiver } })
})

const refused: readonly [about: string, at: string, value: unknown, code: string][] = [
  ['no request id', '/requestId', undefined, 'WIRE_INVALID'],
  ['no action', '/action', undefined, 'WIRE_INVALID'],
  ['an unknown action', '/action', 'HOLD', 'CODE_UNKNOWN'],
  ['another courier', '/courierCode', 'YTO', 'COURIER_UNMAPPED'],
  ['no order', '/orderCode', undefined, 'WIRE_INVALID'],
  ['a parcel that is a number', '/packageNo', 1, 'VALUE_INVALID'],
  ['a parcel of a second life', '/packageNo', '1~2', 'VALUE_INVALID'],
  ['a broken number', '/waybillNo', 'SF 7444', 'VALUE_INVALID'],
  ['a receiver of a cancellation', '/receiver', change.receiver, 'VALUE_INVALID'],
  ['an empty receiver of a cancellation', '/receiver', {}, 'WIRE_INVALID'],
]

for (const [about, at, value, code] of refused) {
  test(`refused: ${about}`, () => {
    assert.throws(() => read(changed(cancel, at, value)), { code })
  })
}

const incomplete: readonly [about: string, at: string, value: unknown, code: string][] = [
  ['no receiver', '/receiver', undefined, 'WIRE_INVALID'],
  ['a name alone', '/receiver', { name: '王五' }, 'WIRE_INVALID'],
  ['no phone', '/receiver/mobile', undefined, 'VALUE_INVALID'],
  ['a masked name', '/receiver/name', '王*', 'VALUE_INVALID'],
  ['a text', '/receiver', '王五', 'VALUE_INVALID'],
]

for (const [about, at, value, code] of incomplete) {
  test(`a change of the receiver is refused: ${about}`, () => {
    assert.throws(() => read(changed(change, at, value)), { code })
  })
}

test('the sandbox cancels and changes as it is read', () => {
  const parcel = { courier: 'kye', platformOrder: 'VM1', parcel: 'P_2', waybill: 'KY1' }
  const kinds = (['cancel', 'changeReceiver'] as const).map(name => {
    const request = arrived(vmall.sandbox[name](parcel, signer, now))
    assert.equal(vmall.authenticate(request, [credential], now), credential)
    assert.equal(request.path, '/v1/platforms/vmall/cancellations')
    const [posted] = vmall.readChanges(request, credential)
    assert.ok(posted && 'wish' in posted)
    assert.deepEqual(posted.parcel, parcel)
    return posted.wish.kind
  })
  assert.deepEqual(kinds, ['cancel', 'change'])
})

test('the sandbox leaves out a parcel without a name', () => {
  const { body } = vmall.sandbox.cancel({ platformOrder: 'VM1', parcel: '-' }, signer, now)
  assert.deepEqual(JSON.parse(body), {
    requestId: 'VM-REQ-0002',
    action: 'CANCEL',
    courierCode: 'SF',
    orderCode: 'VM1',
  })
})
