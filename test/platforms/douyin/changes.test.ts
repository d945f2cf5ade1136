import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RawRequest } from '../../../lib/access/request.ts'
import { GatewayError } from '../../../lib/model/errors.ts'
import * as validators from '../../../lib/platforms/douyin/generated/validators.js'
import { douyin } from '../../../lib/platforms/douyin/index.ts'
import type { DouyinChange } from '../../../lib/platforms/douyin/read-changes.ts'
import type { ChangeOutcome } from '../../../lib/platforms/platform.ts'
import { credential, fixture, requestOf, timestamp } from './request.ts'

// Cancellations, updates and pushed messages as Douyin writes them.

const call = (method: string, document: object) =>
  requestOf({ app_key: credential.appKey, method, timestamp, v: '2' }, JSON.stringify(document))
const spi = (document: object) =>
  requestOf({ app_key: credential.appKey, timestamp }, JSON.stringify(document))
const cancel = (document: object) => call('logistics.cancelOrder', document)
const update = (document: object) => call('logistics.updateOrder', document)
const pushed = (body: string, sign = ''): RawRequest => ({
  ...requestOf({}, body),
  headers: new Map([
    ['content-type', 'application/json'],
    ['event-sign', sign],
  ]),
})

function readOne(request: RawRequest) {
  const [posted, ...more] = douyin.readChanges(request, credential)
  assert.ok(posted && more.length === 0)
  if ('error' in posted) throw posted.error
  return posted
}

const number = { logistics_code: 'shunfeng', track_no: 'SF7444463102821' }
const [{ receiver_info }] = JSON.parse(fixture('request-clear.wire.json')).order_infos

describe('pushed messages', () => {
  const body =
    '[{"tag":"101","msg_id":"1","data":"{\\"p_id\\":6900000000000000001,\\"shop_id\\":1000001}"}]'
  const sign = '1de13547faf4c01fe3d83ba364edb267'
  const allowing = { ...credential, md5: true }
  const years = new Date('2030-01-01T00:00:00Z')

  test('published vector; no time is signed', () => {
    assert.equal(douyin.authenticate(pushed(body, sign), [allowing], years), allowing)
  })

  test('only where MD5 is allowed, over every byte', () => {
    const refused = { code: 'UNAUTHENTICATED' }
    const by = (text: string, name = sign, account = allowing) =>
      douyin.authenticate(pushed(text, name), [account], years)
    assert.throws(() => by(body, sign, credential), refused)
    assert.throws(() => by(`${body} `), refused)
    assert.throws(() => by(body, ''), refused)
    assert.throws(() => by(body, sign.toUpperCase()), refused)
  })

  test('105 holds, 106 cancels, of all others note is taken', () => {
    const kinds = ['105', '106', '111', '100', '226'].map(tag => {
      const data = '{"p_id":6900000000000000001,"update_time":1767225600}'
      const { wish, parcel, at } = readOne(pushed(JSON.stringify([{ tag, msg_id: '1', data }])))
      if (wish.kind !== 'notice') {
        assert.deepEqual(parcel, { platformOrder: '6900000000000000001' })
        assert.equal(at, '2026-01-01T08:00:00+08:00')
      }
      return wish.kind
    })
    assert.deepEqual(kinds, ['hold', 'cancel', 'notice', 'notice', 'notice'])
  })

  test('a message that cannot be read is its own error', () => {
    const messages = ['{', '{}', '{"p_id":1}', '{"p_id":"1,2","cancel_time":1}'].map(data => ({
      ...{ tag: 106, msg_id: 1, data },
    }))
    const good = { tag: '106', msg_id: 2, data: '{"p_id":1,"cancel_time":1767225600}' }
    const read = douyin.readChanges(pushed(JSON.stringify([...messages, good])), credential)
    assert.deepEqual(
      read.map(one => ('error' in one ? one.error.code : one.wish.kind)),
      ['MALFORMED', 'WIRE_INVALID', 'WIRE_INVALID', 'VALUE_INVALID', 'cancel'],
    )
  })
})

describe('who is meant', () => {
  const named = (document: object) => readOne(cancel(document)).parcel
  const code = { logistics_code: 'kuayue' }
  test('a number, an order, a parcel, a shop', () => {
    assert.deepEqual(named(number), { courier: 'sf', waybill: 'SF7444463102821' })
    assert.deepEqual(named({ ...code, order_id: '6900000000000000001A' }), {
      ...{ courier: 'kye', platformOrder: '6900000000000000001', parcel: '-' },
    })
    assert.deepEqual(named({ ...number, order_id: '1' }), {
      ...{ courier: 'sf', waybill: 'SF7444463102821', platformOrder: '1' },
    })
    assert.deepEqual(named({ ...code, track_no: '', order_id: 1, pack_id: 'b' }), {
      ...{ courier: 'kye', platformOrder: '1', parcel: 'b' },
    })
    const elsewhere = { order_id: 'A-1', order_channel: 'OTHERS', user_id: 1000001 }
    assert.deepEqual(named({ ...code, ...elsewhere }), {
      ...{ courier: 'kye', platformOrder: 'A-1', shop: '1000001', parcel: '-' },
    })
  })

  const bad: Record<string, [code: string, at: string, document: object]> = {
    nobody: ['WIRE_INVALID', '/track_no', code],
    'no courier': ['WIRE_INVALID', '', { track_no: 'SF1' }],
    'another courier': [
      'COURIER_UNMAPPED',
      '/logistics_code',
      { logistics_code: 'jd', track_no: '1' },
    ],
    'a parcel that is none': ['VALUE_INVALID', '/pack_id', { ...number, pack_id: '1~2' }],
    'an order that is none': ['VALUE_INVALID', '/order_id', { ...code, order_id: 'a,b' }],
  }
  for (const [name, [fault, at, document]] of Object.entries(bad))
    test(`refused: ${name}`, () => assert.throws(() => named(document), { code: fault, at }))
})

describe('which call it is', () => {
  const kind = (request: RawRequest) => readOne(request).wish.kind
  test('by its method; else an update is what only an update has', () => {
    assert.equal(kind(cancel(number)), 'cancel')
    assert.equal(kind(update({ ...number, receiver_info })), 'change')
    assert.equal(kind(spi(number)), 'cancel')
    assert.equal(kind(spi({ ...number, receiver_info })), 'change')
    assert.equal(kind(spi({ ...number, weight: 900 })), 'change')
    assert.throws(() => kind(spi({ ...number, remark: 'x' })), { at: '/remark' })
    assert.throws(() => kind(call('logistics.newCreateOrder', number)), { code: 'VALUE_INVALID' })
  })
})

test('an update holds what it names, and nothing else', () => {
  const parts = (document: object) => {
    const { wish } = readOne(update({ ...number, ...document }))
    return wish.kind === 'change' ? wish.parts : assert.fail()
  }
  assert.deepEqual(Object.keys(parts({ receiver_info })), ['receiver'])
  const { receiver } = parts({ receiver_info, remark: '请放门口' })
  assert.equal(JSON.stringify(receiver?.personal?.remark), '"请放门口"')
  const items = [{ item_name: '杯', item_count: 2 }]
  assert.deepEqual(parts({ items, weight: 900, volume: '8000' }), {
    ...{ goods: [{ name: '杯', quantity: 2 }], weightGrams: 900, volumeCm3: 8000 },
  })
  assert.throws(() => parts({ weight: '1.5' }), { code: 'VALUE_INVALID', at: '/weight' })
  const nameless = { ...receiver_info, contact: { name: '', mobile: '13800000000' } }
  assert.throws(() => parts({ receiver_info: nameless }), { at: '/receiver_info/contact/name' })
})

describe('answers', () => {
  const answer = (native: DouyinChange, outcome: ChangeOutcome, request: RawRequest) => {
    const { status, body } = douyin.answerChanges([{ native, outcome }], request)
    const { code, sub_code = '', data } = JSON.parse(body)
    return `${status} ${code} ${sub_code} ${JSON.stringify(data)}`
  }
  const failed = { kind: 'failed', error: new GatewayError('STORE_AWAY') } as const
  const cancels: [ChangeOutcome, string][] = [
    [{ kind: 'cancelled' }, '200 10000  {"cancel_result":{"success":true}}'],
    [{ kind: 'denied' }, '200 10000  {"cancel_result":{"success":false}}'],
    [{ kind: 'asked' }, '200 20000 isp.service-error:4009 {}'],
    [{ kind: 'too-late', collected: true }, '200 50002 isv.business-failed:10802 {}'],
    [{ kind: 'closed', state: 'refused' }, '200 50002 isv.business-failed:10801 {}'],
    [{ kind: 'unknown' }, '200 40004 isv.parameter-invalid:10014 {}'],
    [failed, '503 20000 isp.service-error:15001 {}'],
  ]
  for (const [outcome, expected] of cancels)
    test(`a cancellation that is ${outcome.kind}`, () =>
      assert.equal(answer({ call: 'cancel', byNumber: true }, outcome, cancel(number)), expected))

  const updates: [ChangeOutcome, string][] = [
    [{ kind: 'too-late', collected: false }, '200 50002 isv.business-failed:10907 {}'],
    [{ kind: 'too-late', collected: true }, '200 50002 isv.business-failed:200101 {}'],
    [{ kind: 'closed', state: 'cancelled' }, '200 40004 isv.parameter-invalid:10901 {}'],
    [{ kind: 'closed', state: 'expired' }, '200 50002 isv.business-failed:10907 {}'],
    [{ kind: 'unknown' }, '200 50002 isv.business-failed:15002 {}'],
  ]
  for (const [outcome, expected] of updates)
    test(`an update that is ${JSON.stringify(outcome)}`, () =>
      assert.equal(answer({ call: 'update', byNumber: false }, outcome, update(number)), expected))

  test('each has the form that the schema says, in both envelopes', () => {
    const native = { call: 'update', byNumber: true } as const
    for (const [kind, is] of [
      [update(number), validators.isCreateOrderAnswer],
      [spi(number), validators.isSpiAnswer],
    ] as const) {
      const { body } = douyin.answerChanges([{ native, outcome: { kind: 'done' } }], kind)
      assert.ok(is(JSON.parse(body)))
      assert.match(body, /"sort_code":""/)
    }
  })

  test('messages are taken, unless they may pass later', () => {
    const native = { call: 'message', byNumber: false } as const
    const to = (...outcomes: ChangeOutcome[]) =>
      douyin.answerChanges(
        outcomes.map(outcome => ({ native, outcome })),
        pushed('[]'),
      )
    const taken = to({ kind: 'unknown' }, { kind: 'too-late', collected: true }, { kind: 'done' })
    assert.deepEqual([taken.status, taken.body], [200, '{"code":0,"msg":"success"}'])
    const away = to({ kind: 'done' }, failed)
    assert.equal(away.status, 503)
    assert.ok(validators.isMessageAnswer(JSON.parse(away.body)))
    const refused = douyin.fail(new GatewayError('UNAUTHENTICATED'), pushed('[]'))
    assert.deepEqual([refused.status, JSON.parse(refused.body).code], [401, 30001])
  })
})

test('the outcome of a cancellation as an event', () => {
  const [order] = [JSON.parse(fixture('order-basic.canonical.json'))]
  const entry = { id: 'x', at: '2026-01-01T00:00:00.000Z' }
  const verdict = { waybills: ['SF1', 'SF2'], granted: false, raw: '8019' }
  const event = douyin.writeCancelResult(order, verdict, entry)
  assert.ok(validators.isCancelEvent(event))
  assert.deepEqual(event, {
    type: 'cancel',
    data: { track_no: 'SF1', cancel_result: { success: false } },
  })
})

test('the sandbox: its order for another courier, its cancellation, its change', () => {
  const asKye: unknown = douyin.sandbox.requestFor('kye', { product: '20', account: '75500000000' })
  const sent = requestOf(
    { app_key: credential.appKey, method: 'logistics.newCreateOrder', timestamp, v: '2' },
    JSON.stringify(asKye),
  )
  for (const one of douyin.readOrders(sent, credential)) {
    assert.ok('draft' in one)
    const { courier, product, account } = one.draft
    assert.deepEqual([courier, product, account], ['kye', '20', '75500000000'])
  }
  const now = new Date(Number(timestamp) * 1000)
  const by = { appKey: credential.appKey, secret: credential.secrets[0] ?? '' }
  const parcel = { courier: 'sf', waybill: 'SF1', platformOrder: '1', parcel: 'a' }
  for (const [kind, request] of [
    ['cancel', douyin.sandbox.cancel(parcel, by, now)],
    ['change', douyin.sandbox.changeReceiver(parcel, by, now)],
  ] as const) {
    const [, query] = request.path.split('?')
    const raw = requestOf(Object.fromEntries(new URLSearchParams(query)), request.body)
    assert.equal(douyin.authenticate(raw, [credential], now), credential)
    const read = readOne(raw)
    assert.deepEqual([read.wish.kind, read.parcel], [kind, parcel])
  }
})
