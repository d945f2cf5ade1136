import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CourierConfig } from '../../lib/flow/config.ts'
import { prepareOrder } from '../../lib/flow/prepare.ts'
import type { Draft } from '../../lib/model/draft.ts'
import type { CourierTerms } from '../../lib/platforms/platform.ts'
import { clearOrder, draftOf } from '../platforms/douyin/request.ts'
import { courier, draft } from './fixtures.ts'

const prepare = (
  change: Partial<Draft> = {},
  terms: CourierTerms = {},
  settings: Partial<CourierConfig['settings']> = {},
) =>
  prepareOrder(
    { ...draft, ...change },
    {
      platform: 'douyin',
      terms,
      courier: { ...courier, settings: { ...courier.settings, ...settings } },
    },
  )
const { payer: _p, ...unpaid } = draft
const { product: _q, ...unnamed } = draft
const { account: _a, ...unbilled } = draft

test('a draft becomes an open order, and beside it what is to be sealed', () => {
  const { order, personal, sealed } = prepare()
  assert.equal(order.order, 'o_fck7qd6bckys2eiuxjf7u36sdw')
  assert.deepEqual([order.rev, order.platform, order.courier], [1, 'douyin', 'sf'])
  assert.deepEqual(order.receiver.protection, { kind: 'sealed' })
  assert.deepEqual(order.receiver.display, {
    name: '张*',
    phone: '138******00',
    address: '测试路1号样例小区***',
  })
  assert.deepEqual(personal, { sender: draft.sender.personal, receiver: draft.receiver.personal })
  assert.deepEqual(sealed, {})
  assert.doesNotMatch(JSON.stringify(order), /张三|13800000000|301室|请放门口/)
})

test('a courier that shows regions shows no street', () => {
  const { order } = prepare({}, {}, { displayLevel: 'region' })
  assert.equal(order.receiver.display?.address, '***')
  assert.equal(order.receiver.region.district?.name, '思明区')
})

describe('terms: what is posted, else what was agreed, else refused', () => {
  const prepareFrom = (from: Draft, terms: CourierTerms = {}, products = {}) =>
    prepareOrder(from, {
      platform: 'douyin',
      terms,
      courier: { ...courier, settings: { ...courier.settings, defaultProducts: products } },
    }).order

  test('product', () => {
    assert.equal(prepareFrom(draft, {}, { douyin: '1' }).product, '2')
    assert.equal(prepareFrom(unnamed, {}, { douyin: '1' }).product, '1')
    assert.throws(() => prepareFrom(unnamed, {}, { other: '1' }), { code: 'PRODUCT_UNMAPPED' })
  })
  test('payer', () => {
    assert.equal(prepareFrom(draft, { payer: 'receiver' }).payer, 'sender')
    const { settlement: _, ...free } = unpaid
    assert.equal(prepareFrom(free, { payer: 'receiver' }).payer, 'receiver')
    assert.throws(() => prepareFrom(free), { code: 'PAYER_UNMAPPED', at: '/payer' })
  })
  test('account', () => {
    const agreed = { account: '7550000000' }
    assert.equal(prepareFrom(draft, agreed).account, '7551234567')
    assert.equal(prepareFrom(unbilled, agreed).account, '7550000000')
    assert.throws(() => prepareFrom(unbilled), { code: 'ACCOUNT_INVALID', at: '/account' })
    assert.equal(prepareFrom({ ...draft, settlement: 'cash' }, agreed).account, undefined)
  })
})

describe('every open order is checked, whoever wrote its displays', () => {
  const { personal: _, ...open } = draft.receiver
  const own = { name: '张*', phone: '138******00', address: '测试路1号***' }
  const token = { kind: 'order-number' } as const
  const shows: Record<string, Partial<typeof own>> = {
    '/receiver/display/name': { name: '张*12345' },
    '/receiver/display/phone': { phone: '138****0000' },
    '/receiver/display/address': { address: '测试路1号301室***' },
  }
  for (const [at, change] of Object.entries(shows)) {
    test(`a platform's own display shows too much: ${at}`, () => {
      const receiver = { ...open, protection: token, display: own }
      assert.deepEqual(prepare({ receiver }).order.receiver.display, own)
      assert.throws(() => prepare({ receiver: { ...receiver, display: { ...own, ...change } } }), {
        code: 'SHOWS_TOO_MUCH',
        at,
      })
    })
  }
  test('goods', () => {
    const goods = [{ name: '茶具', quantity: 1 }]
    assert.equal(prepare({ goods }).order.goods[0]?.name, '茶具')
    for (const [member, at] of [
      ['name', '/goods/1/name'],
      ['spec', '/goods/1/spec'],
    ] as const) {
      const bad = { name: '茶具', quantity: 1, [member]: '电话13800000000' }
      assert.throws(() => prepare({ goods: [...goods, bad] }), { code: 'SHOWS_TOO_MUCH', at })
    }
  })
})

test('ciphers have nothing to seal; platform orders are sorted, each once', () => {
  const { request, info } = clearOrder()
  const receiver = Object(info.receiver_info)
  receiver.contact = { name: '##TkFNRQ==*Q0lQSEVS=#1##', mobile: '$$UEhPTkU=*Q0lQSEVS=$1$$' }
  receiver.address.detail_address = '##QUREUg==*Q0lQSEVS=#1##'
  info.combine_orders = ['6900000000000000003', '6900000000000000001', '6900000000000000003']
  const { order, personal } = prepareOrder(draftOf(request), {
    platform: 'douyin',
    terms: {},
    courier,
  })
  assert.deepEqual(Object.keys(personal), ['sender'])
  assert.equal(order.receiver.protection.kind, 'platform-cipher')
  assert.equal(order.receiver.display, undefined)
  assert.deepEqual(order.platformOrders, ['6900000000000000001', '6900000000000000003'])
})

test('what the standard cannot hold is refused, with its place', () => {
  assert.throws(() => prepare({ pieces: 0 }), { code: 'VALUE_INVALID', at: '/pieces' })
  assert.throws(() => prepare({ parcel: '-~' }), { code: 'VALUE_INVALID', at: '/parcel' })
  assert.throws(() => prepare({ platformOrders: ['a,b'] }), { code: 'VALUE_INVALID' })
  assert.throws(() => prepare({ goods: [] }), { code: 'VALUE_INVALID', at: '/goods' })
})
