import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError } from '../../../lib/model/errors.ts'
import { kuaishou } from '../../../lib/platforms/kuaishou/index.ts'
import type { ChangeOutcome, ParcelName } from '../../../lib/platforms/platform.ts'
import {
  arrived,
  bodyOf,
  changeOf,
  cipherOrder,
  clearOrder,
  credential,
  type Json,
  now,
} from './request.ts'

const NUMBER = { expressCompanyCode: 'SF', waybillCode: 'SF7444463102821' }
const ORDER = { expressCompanyCode: 'SF', tradeOrderCode: '2400000000000000001' }
const OTHER = { ...ORDER, orderChannel: 'LINE', merchantCode: 'ks-seller-0001' }
const at = '2026-01-01T08:00:00+08:00'

function readOne(method: 'cancel' | 'update', param: Json, by = credential) {
  const [posted, ...more] = kuaishou.readChanges(changeOf(method, param), by)
  assert.deepEqual(more, [])
  assert.ok(posted && 'wish' in posted)
  return posted
}

const refusal = (method: 'cancel' | 'update', param: Json) => {
  try {
    kuaishou.readChanges(changeOf(method, param), credential)
  } catch (error) {
    assert.ok(error instanceof GatewayError)
    const { sub_code } = bodyOf(kuaishou.fail(error, changeOf(method, param)))
    assert.equal(sub_code, 'param_invalid')
    return `${error.code} ${error.at}`
  }
  return 'read'
}

test('a cancellation names a number, an order, or both', () => {
  const named = (param: Json) => {
    const { native, wish, at: when, parcel } = readOne('cancel', param)
    assert.deepEqual([native, wish, when], ['cancel', { kind: 'cancel' }, at])
    return parcel
  }
  const number = { courier: 'sf', waybill: 'SF7444463102821' }
  const order = { courier: 'sf', platformOrder: '2400000000000000001' }
  assert.deepEqual(named(NUMBER), number)
  assert.deepEqual(named({ ...NUMBER, tradeOrderCode: '' }), number)
  assert.deepEqual(named(ORDER), { ...order, parcel: '-' })
  assert.deepEqual(named({ ...ORDER, packageCode: '' }), { ...order, parcel: '-' })
  assert.deepEqual(named({ ...ORDER, packageCode: 1, waybillCode: '' }), { ...order, parcel: '1' })
  assert.deepEqual(named({ ...ORDER, orderChannel: 'KUAI_SHOU', merchantCode: 'x' }), {
    ...order,
    parcel: '-',
  })
  const shop = 'ks-seller-0001'
  assert.deepEqual(named({ ...OTHER, packageCode: 'P1' }), { ...order, shop, parcel: 'P1' })
  assert.deepEqual(named({ ...NUMBER, ...ORDER }), { ...order, ...number })
  assert.deepEqual(named({ ...NUMBER, ...OTHER, packageCode: '1' }), {
    ...order,
    ...number,
    shop,
    parcel: '1',
  })
})

test('a wish that names no parcel, or one that can be none', () => {
  const { waybillCode, ...none } = NUMBER
  const bad: readonly [Json, string][] = [
    [none, 'WIRE_INVALID /waybillCode'],
    [{ ...none, waybillCode: '', tradeOrderCode: '' }, 'WIRE_INVALID /waybillCode'],
    [{ ...none, packageCode: 'P1' }, 'WIRE_INVALID /waybillCode'],
    [{ waybillCode }, 'WIRE_INVALID '],
    [{ ...NUMBER, expressCompanyCode: 'YTO' }, 'COURIER_UNMAPPED /expressCompanyCode'],
    [{ ...NUMBER, waybillCode: 'SF 1' }, 'VALUE_INVALID /waybillCode'],
    [{ ...NUMBER, waybillCode: 'S'.repeat(41) }, 'VALUE_INVALID /waybillCode'],
    [{ ...NUMBER, waybillCode: 7 }, 'VALUE_INVALID /waybillCode'],
    [{ ...ORDER, tradeOrderCode: '1,2' }, 'VALUE_INVALID /tradeOrderCode'],
    [{ ...ORDER, packageCode: '1~2' }, 'VALUE_INVALID /packageCode'],
    [{ ...ORDER, orderChannel: 'LINE' }, 'WIRE_INVALID /merchantCode'],
  ]
  for (const [param, expected] of bad) {
    assert.equal(refusal('cancel', param), expected)
    assert.equal(refusal('update', { ...param, totalPackageWeight: 1 }), expected)
  }
})

const { receiverContract, receiverAddress, senderContract, senderAddress } = clearOrder()
const receiver = { receiverContract, receiverAddress }
const sender = { senderContract, senderAddress }

test('an update replaces a party whole, and what else is there', () => {
  const { wish, parcel } = readOne('update', {
    ...OTHER,
    ...receiver,
    tradeOrderRemark: '请放门口',
  })
  assert.equal(parcel.shop, 'ks-seller-0001')
  assert.ok(wish.kind === 'change')
  assert.deepEqual(Object.keys(wish.parts), ['receiver'])
  assert.deepEqual(wish.parts.receiver?.personal, {
    name: '张三',
    phone: '13800000000',
    address: '测试路1号样例小区2栋301室',
    remark: '请放门口',
  })
  const all = {
    ...OTHER,
    ...receiver,
    ...sender,
    itemList: [{ itemTitle: '茶', itemQuantity: 2 }],
    totalPackageWeight: 1300.5,
    totalPackageVolume: 6000,
    totalPackageHeight: 25.5,
  }
  const { wish: more } = readOne('update', all)
  assert.ok(more.kind === 'change')
  const { receiver: r, sender: s, ...rest } = more.parts
  assert.ok(r?.personal && s?.personal)
  assert.deepEqual(rest, {
    weightGrams: 1301,
    volumeCm3: 6000,
    sizeMm: { height: 255 },
    goods: [{ name: '茶', quantity: 2 }],
  })
})

test('ciphers of an update are told as those of an order', () => {
  const { receiverContract: contact, receiverAddress: place } = cipherOrder()
  const parts = { receiverContract: contact, receiverAddress: place }
  const protectionOf = (param: Json, native: Record<string, string> = {}) => {
    const { wish } = readOne('update', { ...param, ...parts }, { ...credential, native })
    assert.ok(wish.kind === 'change')
    const { protection, personal } = wish.parts.receiver ?? {}
    assert.ok((protection === undefined) !== (personal === undefined))
    return protection?.kind === 'platform-cipher' ? protection.fields.name?.authRef : undefined
  }
  assert.equal(protectionOf(ORDER), '2400000000000000001')
  assert.equal(protectionOf({ ...ORDER, orderChannel: 'KUAI_SHOU' }), '2400000000000000001')
  assert.equal(protectionOf(NUMBER), 'SF7444463102821')
  assert.equal(protectionOf(OTHER), undefined)
  assert.equal(protectionOf(ORDER, { ciphers: 'false' }), undefined)
})

test('a receiver named by number alone is clear if its mobile number is', () => {
  const { wish } = readOne('update', { ...NUMBER, ...receiver })
  assert.ok(wish.kind === 'change')
  assert.equal(wish.parts.receiver?.personal?.name, '张三')
  assert.equal(wish.parts.receiver?.protection, undefined)
  const byOrder = { ...ORDER, ...receiver }
  assert.equal(refusal('update', byOrder), 'VALUE_INVALID /receiverContract/mobile')
  const both = { ...NUMBER, ...byOrder }
  assert.equal(refusal('update', both), 'VALUE_INVALID /receiverContract/mobile')
})

test('part of a party, a remark alone, nothing at all: refused, each at its place', () => {
  const bad: readonly [Json, string][] = [
    [{}, 'WIRE_INVALID '],
    [{ totalPackageWeight: 0 }, 'WIRE_INVALID '],
    [{ expressProductCode: '2' }, 'WIRE_INVALID '],
    [{ receiverContract }, 'VALUE_INVALID /receiverContract'],
    [{ receiverAddress }, 'VALUE_INVALID /receiverAddress'],
    [{ senderContract, ...receiver }, 'VALUE_INVALID /senderContract'],
    [{ senderAddress, ...receiver }, 'VALUE_INVALID /senderAddress'],
    [{ tradeOrderRemark: '请放门口' }, 'VALUE_INVALID /tradeOrderRemark'],
    [{ tradeOrderRemark: '请放门口', totalPackageWeight: 1 }, 'VALUE_INVALID /tradeOrderRemark'],
    [{ tradeOrderRemark: '请放门口', ...sender }, 'VALUE_INVALID /tradeOrderRemark'],
    [
      { receiverContract: { name: '张*', mobile: '13800000000' }, receiverAddress },
      'VALUE_INVALID /receiverContract/name',
    ],
    [{ itemList: [] }, 'WIRE_INVALID /itemList'],
  ]
  for (const [param, expected] of bad)
    assert.equal(refusal('update', { ...OTHER, ...param }), expected)
})

const answers: readonly [ChangeOutcome, readonly unknown[]][] = [
  [{ kind: 'cancelled' }, [200, 1, '', '']],
  [{ kind: 'done' }, [200, 1, '', '']],
  [{ kind: 'asked' }, [200, 0, '409', 'retry_later']],
  [{ kind: 'denied' }, [200, 0, '409', 'not_changeable']],
  [{ kind: 'too-late', collected: true }, [200, 0, '409', 'not_changeable']],
  [{ kind: 'too-late', collected: false }, [200, 0, '409', 'not_changeable']],
  [{ kind: 'closed', state: 'refused' }, [200, 0, '409', 'not_changeable']],
  [{ kind: 'closed', state: 'expired' }, [200, 0, '409', 'not_changeable']],
  [{ kind: 'closed', state: 'cancelled' }, [200, 0, '409', 'not_changeable']],
  [{ kind: 'unknown' }, [200, 0, '404', 'waybill_not_found']],
  [{ kind: 'failed', error: new GatewayError('NOT_FOUND') }, [200, 0, '404', 'waybill_not_found']],
  [{ kind: 'failed', error: new GatewayError('VALUE_INVALID') }, [200, 0, '400', 'param_invalid']],
  [{ kind: 'failed', error: new GatewayError('STORE_AWAY') }, [503, 0, '503', 'retry_later']],
  [{ kind: 'failed', error: new GatewayError('STATE_CONFLICT') }, [200, 0, '409', 'retry_later']],
]

for (const native of ['cancel', 'update'] as const) {
  test(`answers to ${native}`, () => {
    const request = changeOf(native, NUMBER)
    for (const [outcome, expected] of answers) {
      const answer = kuaishou.answerChanges([{ native, outcome }], request)
      const { result, code, sub_code, data } = bodyOf(answer)
      assert.deepEqual([answer.status, result, code, sub_code], expected)
      assert.equal(data, undefined)
    }
  })
}

test('the sandbox’s wishes are signed and read as what they are', () => {
  const { sandbox } = kuaishou
  const by = { ...credential, appKey: sandbox.appKey, secrets: ['s'] }
  const parcels: readonly ParcelName[] = [
    { courier: 'sf', waybill: 'SF7444463102821' },
    { courier: 'kye', platformOrder: '2400000000000000001', parcel: '-' },
    { courier: 'sf', platformOrder: 'LINE-0001', shop: 'ks-seller-0001', parcel: 'P1' },
  ]
  for (const parcel of parcels) {
    for (const [wish, call] of [
      ['cancel', sandbox.cancel(parcel, { appKey: by.appKey, secret: 's' }, now)],
      ['change', sandbox.changeReceiver(parcel, { appKey: by.appKey, secret: 's' }, now)],
    ] as const) {
      const request = arrived(call)
      assert.equal(kuaishou.authenticate(request, [by], now), by)
      const [posted] = kuaishou.readChanges(request, by)
      assert.ok(posted && 'wish' in posted)
      assert.equal(posted.wish.kind, wish)
      assert.deepEqual(posted.parcel, parcel)
      if (posted.wish.kind !== 'change') continue
      const { personal, protection } = posted.wish.parts.receiver ?? {}
      const isOwn = parcel.platformOrder !== undefined && parcel.shop === undefined
      assert.equal(isOwn ? protection?.kind : personal?.name, isOwn ? 'platform-cipher' : '王五')
    }
  }
})
