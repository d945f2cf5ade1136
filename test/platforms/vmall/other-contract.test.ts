import assert from 'node:assert/strict'
import { test } from 'node:test'
import { vmall } from '../../../lib/platforms/vmall/index.ts'
import {
  adapterOf,
  arrived,
  credential,
  draftOf,
  fixture,
  now,
  read,
  requestOf,
  signer,
} from './request.ts'

/** A private document as it might be: nothing has the shipped name, nesting, unit or code. */
const other = adapterOf({
  '/units': { weight: 'kg', volume: 'm3', length: 'mm', money: 'fen', time: 'ms' },
  '/request': {
    orders: '/payload/order_list',
    requestId: '/header/request_no',
    shop: '/header/shop_id',
    courier: '/payload/express/code',
    product: '/payload/express/product',
    payer: '/payload/express/pay',
    account: '/payload/express/account',
    sender: '/payload/from',
    maxOrders: 2,
  },
  '/order': {
    order: '/ids/main',
    parcel: '/ids/box',
    merged: '/ids/others',
    createdAt: '/created',
    receiver: '/to',
    virtualNumber: '/vn',
    virtualExtension: '/vx',
    virtualExpires: '/vt',
    pieces: '/size/boxes',
    weight: '/size/kg',
    volume: '/size/m3',
    length: '/size/l',
    width: '/size/w',
    height: '/size/h',
    declared: '/money/insured',
    collect: '/money/cod',
    services: '/extras',
    serviceCode: '/kind/id',
    serviceValue: '/kind/value',
    pickupFrom: '/pickup/0',
    pickupUntil: '/pickup/1',
    remarks: ['/note'],
    goods: '/lines',
    goodsName: '/sku/title',
    goodsSpec: '/sku/variant',
    goodsQuantity: '/count',
    goodsWeight: '/kg',
    goodsVolume: '/m3',
  },
  '/party': {
    name: '/person/name',
    phone: '/person/tel',
    company: '/person/firm',
    detail: '/address/line',
    province: '/address/p/name',
    provinceCode: '/address/p/code',
    city: '/address/c/name',
    district: '/address/d/name',
    town: '/address/t/name',
    townCode: '/address/t/a~1b',
  },
  '/change': {
    action: '/what/do',
    courier: '/what/express',
    order: '/which/main',
    parcel: '/which/box',
    receiver: '/which/to',
  },
  '/codes/courier': { SHUNFENG: 'sf' },
  '/codes/payer': { SELLER: 'sender', BUYER: 'receiver' },
  '/codes/service': { '7': 'sign-back', '8': 'timed-delivery' },
  '/codes/action': { stop: 'cancel', move: 'receiver-changed' },
})

const party = (name: string) => ({
  person: { name, tel: '13800000000' },
  address: {
    line: '测试路1号样例小区2栋301室',
    p: { name: '福建省', code: '350000' },
    c: { name: '厦门市' },
    d: { name: '思明区' },
    t: { name: '莲前街道', 'a/b': '350203010' },
  },
})

const order = {
  ids: { main: 'VM2026010100000001', box: 'B2', others: ['VM2'] },
  created: 1767225600000,
  to: party('张三'),
  vn: '18400000000',
  vx: '1234',
  vt: '1769788800000',
  size: { boxes: 2, kg: 1.25, m3: '0.006', l: 400, w: 300, h: 255 },
  money: { insured: 220000, cod: 9950 },
  extras: [{ kind: { id: '7' } }, { kind: { id: '8', value: '1' } }],
  pickup: ['1767229200000', 1767236400000],
  note: '放门口',
  lines: [{ sku: { title: '茶具套装', variant: '白色' }, count: 1, kg: '1.2', m3: '0.006' }],
}

const request = {
  header: { request_no: 'R1', shop_id: 'S1' },
  payload: {
    express: { code: 'SHUNFENG', product: '2', pay: 'SELLER', account: '7551234567' },
    from: party('李四'),
    order_list: [order],
  },
}

const basic = fixture('order-basic.canonical')
const expected = {
  ...{ courier: 'sf', product: '2', payer: 'sender', account: '7551234567' },
  sender: {
    region: basic.receiver.region,
    personal: { ...basic.receiver.personal, name: '李四' },
  },
  primaryOrder: 'VM2026010100000001',
  platformOrders: ['VM2', 'VM2026010100000001'],
  parcel: 'B2',
  createdAt: '2026-01-01T08:00:00+08:00',
  receiver: {
    region: basic.receiver.region,
    personal: { ...basic.receiver.personal, remark: '放门口' },
    virtualNumber: {
      number: '18400000000',
      extension: '1234',
      expiresAt: '2026-01-31T00:00:00+08:00',
    },
  },
  goods: [{ name: '茶具套装', spec: '白色', quantity: 1, weightGrams: 1200, volumeCm3: 6000 }],
  ...{ pieces: 2, weightGrams: 1250, volumeCm3: 6000 },
  sizeMm: { length: 400, width: 300, height: 255 },
  ...{ declaredFen: 220000, collectFen: 9950 },
  services: [{ code: 'sign-back' }, { code: 'timed-delivery', value: '1' }],
  pickup: { from: '2026-01-01T09:00:00+08:00', until: '2026-01-01T11:00:00+08:00' },
}

test('another contract reads another document as the same order', () => {
  assert.deepEqual(draftOf(request, credential, other), expected)
})

test('another contract does not read the shipped form, nor the shipped one this', () => {
  assert.throws(() => read(fixture('request-orders.wire'), credential, other), {
    code: 'WIRE_INVALID',
  })
  assert.throws(() => read(request), { code: 'WIRE_INVALID' })
})

test('another contract answers with the numbers as posted', () => {
  const [posted] = read(request, credential, other)
  assert.deepEqual(posted?.native, { orderCode: 'VM2026010100000001', packageNo: 'B2' })
})

test('another contract refuses what it does not say', () => {
  const three = {
    ...request,
    payload: { ...request.payload, order_list: [order, order, order] },
  }
  assert.throws(() => read(three, credential, other), { code: 'VALUE_TOO_LONG' })
  const broken = { ...request, payload: { ...request.payload, from: '李四' } }
  assert.throws(() => read(broken, credential, other), {
    code: 'VALUE_INVALID',
    at: '/payload/from',
  })
})

/** One unit is kept, the value is of another one. */
const wrong: readonly [changes: object, code: string][] = [
  [{ size: { kg: '1.2345' } }, 'VALUE_INVALID'],
  [{ size: { l: '40' } }, 'VALUE_INVALID'],
  [{ money: { insured: '2200' } }, 'VALUE_INVALID'],
  [{ created: '2026-01-01 08:00:00' }, 'VALUE_INVALID'],
  [{ extras: [{ kind: { id: 'SIGN_BACK' } }] }, 'SERVICE_UNMAPPED'],
  [{ extras: [{ kind: '7' }] }, 'VALUE_INVALID'],
  [{ ids: 'VM2026010100000001' }, 'VALUE_INVALID'],
]

for (const [changes, code] of wrong) {
  test(`another contract refuses ${JSON.stringify(changes)}`, () => {
    const payload = { ...request.payload, order_list: [{ ...order, ...changes }] }
    assert.throws(() => draftOf({ ...request, payload }, credential, other), { code })
  })
}

test('another contract reads its own cancellations and changes', () => {
  const which = { main: 'VM1', box: 'B2' }
  const header = { request_no: 'R2' }
  const kinds = [
    { header, what: { do: 'stop', express: 'SHUNFENG' }, which },
    { header, what: { do: 'move', express: 'SHUNFENG' }, which: { ...which, to: party('王五') } },
  ].map(document => {
    const [posted] = other.readChanges(requestOf(document), credential)
    assert.ok(posted && 'wish' in posted)
    assert.deepEqual(posted.parcel, { courier: 'sf', platformOrder: 'VM1', parcel: 'B2' })
    return posted.wish.kind
  })
  assert.deepEqual(kinds, ['cancel', 'change'])
})

test("another contract's sandbox speaks it: the same invented order, the same wishes", () => {
  const document = JSON.stringify(other.sandbox.request)
  const call = arrived(other.sandbox.sign(document, signer, now))
  assert.equal(other.authenticate(call, [credential], now), credential)
  const [posted] = other.readOrders(call, credential)
  const [same] = read(JSON.stringify(vmall.sandbox.request))
  assert.ok(posted && 'draft' in posted && same && 'draft' in same)
  assert.deepEqual(posted.draft, same.draft)
  const parcel = { courier: 'sf', platformOrder: 'VM1', parcel: 'B2' }
  const change = arrived(other.sandbox.changeReceiver(parcel, signer, now))
  const [wish] = other.readChanges(change, credential)
  assert.ok(wish && 'wish' in wish)
  assert.equal(wish.wish.kind, 'change')
})

test('seconds are a unit of time, too', () => {
  const seconds = adapterOf({ '/units/time': 's' })
  const draft = draftOf(
    { ...fixture('request-orders.wire'), orders: [{ ...firstLine(), createTime: 1767225600 }] },
    credential,
    seconds,
  )
  assert.equal(draft.createdAt, '2026-01-01T08:00:00+08:00')
})

const firstLine = () => fixture('request-orders.wire').orders[0]
