import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CourierSettings } from '../../../lib/couriers/courier.ts'
import { sf } from '../../../lib/couriers/sf/index.ts'
import { checkWaybill } from '../../../lib/couriers/sf/waybill.ts'
import type { Order, Party } from '../../../lib/model/validate.ts'
import { fixture, orderOf, pairs, settings } from './fixtures.ts'

function write(order: Order, more: Partial<CourierSettings> = {}) {
  return checkWaybill(sf.writeWaybill(order, { ...settings, ...more }))
}

function receiverOf(party: Partial<Party>, more: Partial<CourierSettings> = {}) {
  const order = orderOf('basic')
  return write({ ...order, receiver: { ...order.receiver, ...party } }, more).contactInfoList[1]
}

function refuses(code: string, at: string, order: Order, more: Partial<CourierSettings> = {}) {
  assert.throws(() => sf.writeWaybill(order, { ...settings, ...more }), {
    name: 'GatewayError',
    code,
    at,
  })
}

const display = { name: '张*', phone: '138******00', address: '测试路1号样例小区***' }

for (const pair of pairs('waybill'))
  test(`${pair}: key by key, in the order of the keys`, () => {
    const order = orderOf(pair.replace('waybill-', ''))
    assert.equal(JSON.stringify(write(order)), JSON.stringify(fixture(`${pair}.wire`)))
  })

test('the worked example of the mappings', () => {
  assert.equal(
    JSON.stringify(write(orderOf('basic'))),
    `{"language":"zh-CN","orderId":"o_fck7qd6bckys2eiuxjf7u36sdw","orderSource":"douyin","custReferenceNo":"6900000000000000001",
 "expressTypeId":2,"payMethod":1,"monthlyCard":"7551234567","parcelQty":1,"totalWeight":1.25,"totalVolume":6000,
 "isDocall":0,"isReturnRoutelabel":1,"isUnifiedWaybillNo":1,"isGenWaybillNo":1,
 "cargoDetails":[{"name":"茶具套装","specifications":"白色","count":1,"unit":"件","weight":1.2,"volume":6000}],
 "serviceList":[{"name":"INSURE","value":"2200"}],
 "extraInfoList":[{"attrName":"lasthop","attrVal":"1.0"}],
 "contactInfoList":[
  {"contactType":1,"contact":"李*","mobile":"139******00","country":"CN","province":"北京市","city":"北京市","county":"海淀区","address":"中关村街道样例街2号***"},
  {"contactType":2,"contact":"张*","mobile":"138******00","country":"CN","province":"福建省","city":"厦门市","county":"思明区","address":"莲前街道测试路1号样例小区***"}]}`.replace(
      /\n */g,
      '',
    ),
  )
})

test('no cipher and no reference of one enters the document', () => {
  const text = JSON.stringify(write(orderOf('cipher')))
  assert.doesNotMatch(text, /##|\$\$|FAKE|authRef/)
})

test('a token, the order number alone, and a sender of whom nothing may be shown', () => {
  const token = { kind: 'platform-token', token: 'T', tokenKind: 'oaid', boundTo: '1' } as const
  const { receiver } = orderOf('cipher')
  for (const protection of [token, { kind: 'order-number' } as const]) {
    const hidden = { region: receiver.region, protection }
    const [sender, other] = write(
      orderOf('basic', { sender: hidden, receiver: hidden }),
    ).contactInfoList
    assert.equal(sender?.contact, '寄件人')
    assert.equal(other?.contact, '收件人')
    assert.equal(other?.mobile, '***********')
    assert.equal(other?.address, '莲前街道详细地址保密')
  }
})

test('a placeholder that was agreed stands for every phone but virtual numbers', () => {
  const more = { phonePlaceholder: '00000000000' }
  assert.equal(receiverOf({}, more)?.mobile, '00000000000')
  assert.equal(
    receiverOf({ virtualNumber: { number: '18400000000' } }, more)?.mobile,
    '18400000000',
  )
  const [sender, receiver] = write(orderOf('cipher'), more).contactInfoList
  assert.deepEqual([sender?.mobile, receiver?.mobile], ['00000000000', '00000000000'])
})

test('a landline stands in the field of landlines', () => {
  const landline = receiverOf({ display: { ...display, phone: '0592-*******' } })
  assert.deepEqual([landline?.tel, landline?.mobile], ['0592-*******', undefined])
  const abroad = receiverOf({ display: { ...display, phone: '0082-******' } })
  assert.deepEqual([abroad?.tel, abroad?.mobile], [undefined, '0082-******'])
})

test('virtual number: with its extension or without, twenty characters at most', () => {
  const mobile = (number: string, extension?: string) =>
    receiverOf({ virtualNumber: extension === undefined ? { number } : { number, extension } })
      ?.mobile
  assert.equal(mobile('18400000000'), '18400000000')
  assert.equal(mobile('18400000000', '12345678'), '18400000000-12345678')
  const order = orderOf('merged')
  const virtualNumber = { number: '018400000000', extension: '12345678' }
  const receiver = { ...order.receiver, virtualNumber }
  refuses('VALUE_TOO_LONG', '/receiver/virtualNumber', { ...order, receiver })
})

test('level region shows the town alone', () => {
  const region = { displayLevel: 'region' } as const
  assert.equal(receiverOf({ display }, region)?.address, '莲前街道')
  const { town: _, ...townless } = orderOf('basic').receiver.region
  assert.equal(receiverOf({ region: townless, display }, region)?.address, '详细地址保密')
  assert.equal(receiverOf({ region: townless, display })?.address, '测试路1号样例小区***')
  assert.equal(write(orderOf('cipher'), region).contactInfoList[1]?.address, '莲前街道详细地址保密')
})

test('municipalities are written twice, and what no city has is left out', () => {
  const regionOf = (province: string, city?: string, district?: string) => ({
    country: { name: '中国', code: 'CN' },
    province: { name: province },
    ...(city === undefined ? {} : { city: { name: city } }),
    ...(district === undefined ? {} : { district: { name: district } }),
  })
  const written = (...names: Parameters<typeof regionOf>) => {
    const { province, city, county } = receiverOf({ region: regionOf(...names) }) ?? {}
    return [province, city, county]
  }
  assert.deepEqual(written('上海市', '市辖区', '黄浦区'), ['上海市', '上海市', '黄浦区'])
  assert.deepEqual(written('重庆市', '县', '城口县'), ['重庆市', '重庆市', '城口县'])
  assert.deepEqual(written('天津市', undefined, '和平区'), ['天津市', '天津市', '和平区'])
  assert.deepEqual(written('河南省', '济源市'), ['河南省', '济源市', undefined])
  assert.deepEqual(written('海南省', '儋州市'), ['海南省', '儋州市', undefined])
})

test('another country than China is refused', () => {
  const order = orderOf('basic')
  const abroad = (country: { name: string; code?: string }) => ({
    ...order,
    receiver: { ...order.receiver, region: { ...order.receiver.region, country } },
  })
  refuses('VALUE_INVALID', '/receiver/region/country/code', abroad({ name: '日本', code: 'JP' }))
  refuses('VALUE_INVALID', '/receiver/region/country/code', abroad({ name: '日本' }))
  assert.equal(write(abroad({ name: '中国' })).contactInfoList[1]?.country, 'CN')
})

test('who pays: 1 sender, 2 receiver, 3 third party', () => {
  const { payMethod, monthlyCard } = write(orderOf('basic', { payer: 'receiver' }))
  assert.deepEqual([payMethod, monthlyCard], [2, '7551234567'])
  assert.equal(write(orderOf('basic', { payer: 'third-party' })).payMethod, 3)
})

test('a cash order is billed to no account', () => {
  const cash = write(orderOf('basic', { settlement: 'cash' }))
  assert.deepEqual([cash.payMethod, 'monthlyCard' in cash], [1, false])
})

test('an account that is missing or not ten digits is refused', () => {
  const { account: _, ...without } = orderOf('basic')
  refuses('ACCOUNT_INVALID', '/account', without)
  refuses('ACCOUNT_INVALID', '/account', { ...without, payer: 'third-party' })
  const thirdInCash = orderOf('basic', { payer: 'third-party', settlement: 'cash' })
  refuses('ACCOUNT_INVALID', '/account', thirdInCash)
  for (const account of ['755123456', '75512345678', '755123456A', '７５５１２３４５６７'])
    refuses('ACCOUNT_INVALID', '/account', orderOf('basic', { account }))
})

test('a product is digits, and one of those agreed', () => {
  const { product: _, ...without } = orderOf('basic')
  refuses('PRODUCT_UNMAPPED', '/product', without)
  for (const product of ['standard', '02', '2.0', '1e3', '1234567890123456'])
    refuses('PRODUCT_UNMAPPED', '/product', orderOf('basic', { product }))
  refuses('PRODUCT_UNMAPPED', '/product', orderOf('basic'), { products: ['1', '6'] })
  assert.equal(write(orderOf('basic'), { products: ['1', '2'] }).expressTypeId, 2)
  assert.equal(write(orderOf('basic', { product: '276' }), { products: [] }).expressTypeId, 276)
})

test('services: what SF does not have, or cannot say, is refused', () => {
  const services = (...given: Order['services']) => orderOf('basic', { services: given })
  refuses('SERVICE_UNMAPPED', '/services/0/code', services({ code: 'home-delivery' }))
  refuses('SERVICE_UNMAPPED', '/services/0/value', services({ code: 'sign-back', value: '1' }))
  const twice = services({ code: 'timed-delivery', value: '1' }, { code: 'timed-delivery' })
  refuses('SERVICE_UNMAPPED', '/services/1', twice)
  const signBack = write(services({ code: 'sign-back' }))
  assert.equal(signBack.isSignBack, 1)
  assert.deepEqual(write(services({ code: 'timed-delivery' })).serviceList?.[1], { name: 'IN26' })
  assert.ok(!('isSignBack' in write(services())))
})

test('money is yuan as text, with two decimals or none', () => {
  const values = (declaredFen: number, collectFen: number) =>
    write(orderOf('basic', { declaredFen, collectFen })).serviceList?.map(({ value }) => value)
  assert.deepEqual(values(1, 2250), ['0.01', '22.50'])
  assert.deepEqual(values(1_000_000_000_000, 100), ['10000000000', '1'])
})

test('without a pickup window nobody is called, with one its end is an extension field', () => {
  const from = '2026-01-01T01:00:00Z'
  const open = write(orderOf('basic', { pickup: { from } }))
  assert.deepEqual([open.sendStartTm, open.isDocall], ['2026-01-01 09:00:00', 1])
  assert.equal(open.extraInfoList?.length, 1)
  assert.equal(write(orderOf('pickup')).extraInfoList?.[1]?.attrVal, '2026-01-01 11:00:00')
})

test('limits: nothing is cut, longer is refused; only whole order numbers are left out', () => {
  const goods = (name: string, spec?: string) =>
    orderOf('basic', { goods: [{ name, ...(spec === undefined ? {} : { spec }), quantity: 1 }] })
  assert.equal(write(goods('茶'.repeat(128), '白'.repeat(60))).cargoDetails[0]?.name.length, 128)
  refuses('VALUE_TOO_LONG', '/goods/0/name', goods('茶'.repeat(129)))
  refuses('VALUE_TOO_LONG', '/goods/0/spec', goods('茶', '白'.repeat(61)))
  assert.equal(write(orderOf('basic', { pieces: 307 })).parcelQty, 307)
  refuses('VALUE_INVALID', '/pieces', orderOf('basic', { pieces: 308 }))
  const numbers = Array.from({ length: 9 }, (_, n) => `690000000000000000${n}`)
  const reference = write(orderOf('basic', { platformOrders: numbers })).custReferenceNo
  assert.equal(reference, numbers.slice(0, 5).join(','))
})

test('limits of a party', () => {
  const order = orderOf('basic')
  const { receiver } = order
  const shown = (change: Partial<typeof display>, town = '莲前街道') => ({
    ...order,
    receiver: {
      ...receiver,
      region: { ...receiver.region, town: { name: town } },
      display: { ...display, ...change },
    },
  })
  const { contactInfoList } = write(shown({ address: `${'路'.repeat(195)}*` }))
  assert.equal(contactInfoList[1]?.address.length, 200)
  refuses('VALUE_TOO_LONG', '/receiver/display/address', shown({ address: `${'路'.repeat(196)}*` }))
  refuses('VALUE_TOO_LONG', '/receiver/display/phone', shown({ phone: '*'.repeat(21) }))
  refuses('VALUE_TOO_LONG', '/receiver/display/name', shown({ name: '*'.repeat(101) }))
  const long = { ...receiver.region, province: { name: '省'.repeat(31) } }
  refuses('VALUE_TOO_LONG', '/receiver/region/province/name', {
    ...order,
    receiver: { ...receiver, region: long },
  })
})

test('an order for another courier is none for SF', () => {
  refuses('WIRE_INVALID', '/courier', orderOf('basic', { courier: 'kye' }))
})
