import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CourierSettings } from '../../../lib/couriers/courier.ts'
import { kye } from '../../../lib/couriers/kye/index.ts'
import { checkWaybill, waybill } from '../../../lib/couriers/kye/waybill.ts'
import { GatewayError } from '../../../lib/model/errors.ts'
import type { Order, Party } from '../../../lib/model/validate.ts'
import { fixture, orderOf, settings } from './fixtures.ts'

function write(order: Order, more: Partial<CourierSettings> = {}) {
  return checkWaybill(kye.writeWaybill(order, { ...settings, ...more }))
}

function infoOf(order: Order, more: Partial<CourierSettings> = {}) {
  const [info] = write(order, more).orderInfos
  assert.ok(info)
  return info
}

function receiverOf(party: Partial<Party>, more: Partial<CourierSettings> = {}) {
  const order = orderOf('basic')
  return infoOf({ ...order, receiver: { ...order.receiver, ...party } }, more).preWaybillPickup
}

function refuses(code: string, at: string, order: Order, more: Partial<CourierSettings> = {}) {
  assert.throws(() => kye.writeWaybill(order, { ...settings, ...more }), {
    name: 'GatewayError',
    code,
    at,
  })
}

const display = { name: '张*', phone: '138******00', address: '测试路1号样例小区***' }

test('the worked example of the mappings, byte for byte', () => {
  assert.equal(
    JSON.stringify(write(orderOf('basic'))),
    `{"customerCode":"75500000000","platformFlag":"SZYG","repeatCheck":"20","orderInfos":[{"orderId":"o_fck7qd6bckys2eiuxjf7u36sdw","shippingCode":"6900000000000000001",
 "serviceMode":20,"payMode":10,"paymentCustomer":"75500000000","goodsType":"茶具套装","count":1,"actualWeight":1.25,"insuranceValue":2200,"receiptFlag":20,"dismantling":20,"subscriptionService":"10",
 "extraInfo":[{"key":"lasthop","value":"1.0"}],
 "preWaybillDelivery":{"companyName":"","person":"李*","phone":"","mobile":"139******00","provinceName":"北京市","cityName":"北京市","countyName":"海淀区","address":"中关村街道样例街2号***"},
 "preWaybillPickup":{"companyName":"","person":"张*","phone":"","mobile":"138******00","provinceName":"福建省","cityName":"厦门市","countyName":"思明区","address":"莲前街道测试路1号样例小区***"}}]}`.replace(
      /\n */g,
      '',
    ),
  )
})

for (const name of ['basic', 'merged', 'cipher', 'pickup', 'losses'])
  test(`waybill-${name}: key by key, in the order of the keys`, () => {
    const expected = JSON.stringify(fixture(`waybill-${name}.wire`))
    assert.equal(JSON.stringify(write(orderOf(name))), expected)
  })

test('the example of the format has the form, and its parties stand where its names do not say', () => {
  const example = checkWaybill(fixture('request-example.wire'))
  const { sender, receiver } = waybill.toOurs(example, settings)
  assert.deepEqual([sender?.display?.name, receiver?.display?.name], ['李*', '张*'])
  assert.deepEqual(
    [sender?.region.province.name, receiver?.region.town?.name],
    ['广东省', '莲前街道'],
  )
  const [info] = example.orderInfos
  const written = infoOf(orderOf('basic'))
  for (const [name, value] of Object.entries(info ?? {}))
    assert.equal(typeof Object(written)[name], typeof value, name)
})

test('customer code and flag are put in out of configuration', () => {
  const { customerCode, platformFlag } = write(orderOf('basic'), {
    native: { customerCode: '12345' },
    secret: 'FLAG',
  })
  assert.deepEqual([customerCode, platformFlag], ['12345', 'FLAG'])
})

test('at intake there is no flag yet, and the order is checked all the same', () => {
  assert.equal(write(orderOf('basic'), { secret: '' }).platformFlag, '')
  refuses('PRODUCT_UNMAPPED', '/product', orderOf('basic', { product: '25' }), { secret: '' })
})

test('without a flag, or without a customer code, nothing is written', () => {
  const { secret: _, ...unknown } = settings
  assert.throws(() => kye.writeWaybill(orderOf('basic'), unknown), {
    code: 'WIRE_INVALID',
    at: '/platformFlag',
  })
  for (const native of [{}, { customerCode: '' }])
    refuses('WIRE_INVALID', '/customerCode', orderOf('basic'), { native })
})

test('no error says the flag', () => {
  const secret = 'FLAG-OF-THE-CUSTOMER'
  const long = orderOf('basic', { goods: [{ name: '茶'.repeat(201), quantity: 1 }] })
  for (const order of [long, orderOf('basic', { product: '25' })])
    assert.throws(
      () => kye.writeWaybill(order, { ...settings, secret }),
      (error: unknown) =>
        error instanceof GatewayError && !`${error.stack}${error.cause}`.includes(secret),
    )
})

test('no cipher and no reference of one enters the document', () => {
  const text = JSON.stringify(write(orderOf('cipher')))
  assert.doesNotMatch(text, /##|\$\$|FAKE|authRef/)
})

test('a token, the order number alone, and a sender of whom nothing may be shown', () => {
  const token = { kind: 'platform-token', token: 'T', tokenKind: 'oaid', boundTo: '1' } as const
  const { region } = orderOf('cipher').receiver
  for (const protection of [token, { kind: 'order-number' } as const]) {
    const hidden = { region, protection }
    const info = infoOf(orderOf('basic', { sender: hidden, receiver: hidden }))
    const { preWaybillDelivery: sender, preWaybillPickup: receiver } = info
    assert.deepEqual([sender.person, receiver.person], ['寄件人', '收件人'])
    assert.deepEqual([receiver.phone, receiver.mobile], ['', '***********'])
    assert.equal(receiver.address, '莲前街道详细地址保密')
  }
})

test('a virtual number, else the agreed placeholder, else the display', () => {
  const more = { phonePlaceholder: '00000000000' }
  const virtualNumber = { number: '18400000000' }
  const long = { number: '018400000000000', extension: '12345678' }
  assert.equal(receiverOf({}).mobile, '138******00')
  assert.equal(receiverOf({}, more).mobile, '00000000000')
  assert.equal(receiverOf({ virtualNumber }, more).mobile, '18400000000')
  assert.equal(receiverOf({ virtualNumber: long }).mobile, '018400000000000-12345678')
  const landline = { ...display, phone: '0592-*******' }
  assert.deepEqual(
    [receiverOf({ display: landline }, more).phone, receiverOf({ display: landline }, more).mobile],
    ['', '00000000000'],
  )
})

test('a landline stands in the field of landlines', () => {
  const landline = receiverOf({ display: { ...display, phone: '0592-*******' } })
  assert.deepEqual([landline.phone, landline.mobile], ['0592-*******', ''])
  const abroad = receiverOf({ display: { ...display, phone: '0082-******' } })
  assert.deepEqual([abroad.phone, abroad.mobile], ['', '0082-******'])
})

test('a placeholder is not read back as a number', () => {
  const more = { ...settings, phonePlaceholder: '00000000000' }
  const { receiver } = waybill.toOurs(write(orderOf('basic'), more), more)
  assert.deepEqual([receiver?.virtualNumber, receiver?.display?.phone], [undefined, undefined])
})

test('level region shows the town alone', () => {
  const region = { displayLevel: 'region' } as const
  assert.equal(receiverOf({ display }, region).address, '莲前街道')
  const { town: _, ...townless } = orderOf('basic').receiver.region
  assert.equal(receiverOf({ region: townless, display }, region).address, '详细地址保密')
  assert.equal(receiverOf({ region: townless, display }).address, '测试路1号样例小区***')
})

test('municipalities are written twice, and what no city has is left out', () => {
  const written = (province: string, city?: string, district?: string) => {
    const region = {
      country: { name: '中国', code: 'CN' },
      province: { name: province },
      ...(city === undefined ? {} : { city: { name: city } }),
      ...(district === undefined ? {} : { district: { name: district } }),
    }
    const { provinceName, cityName, countyName } = receiverOf({ region })
    return [provinceName, cityName, countyName]
  }
  assert.deepEqual(written('上海市', '市辖区', '黄浦区'), ['上海市', '上海市', '黄浦区'])
  assert.deepEqual(written('天津市', undefined, '和平区'), ['天津市', '天津市', '和平区'])
  assert.deepEqual(written('河南省', '济源市'), ['河南省', '济源市', undefined])
  assert.deepEqual(written('广东省', '东莞市'), ['广东省', '东莞市', undefined])
})

test('another country than China is refused', () => {
  const order = orderOf('basic')
  const abroad = (country: { name: string; code?: string }) => ({
    ...order,
    receiver: { ...order.receiver, region: { ...order.receiver.region, country } },
  })
  for (const country of [{ name: '日本', code: 'JP' }, { name: '日本' }])
    refuses('VALUE_INVALID', '/receiver/region/country/code', abroad(country))
  assert.equal(infoOf(abroad({ name: '中国' })).preWaybillPickup.provinceName, '福建省')
})

test('who pays: 10 sender, 20 receiver, 30 third party; the receiver by no account', () => {
  const paid = (changes: Partial<Order>) => {
    const { payMode, paymentCustomer } = infoOf(orderOf('basic', changes))
    return [payMode, paymentCustomer]
  }
  assert.deepEqual(paid({}), [10, '75500000000'])
  assert.deepEqual(paid({ payer: 'receiver' }), [20, undefined])
  assert.deepEqual(paid({ payer: 'receiver', settlement: 'cash' }), [20, undefined])
  assert.deepEqual(paid({ payer: 'third-party' }), [30, '75500000000'])
})

test('a cash order of a sender or a third party has no payer at KYE, whatever its account', () => {
  for (const payer of ['sender', 'third-party'] as const) {
    const cash = orderOf('basic', { payer, settlement: 'cash' })
    refuses('PAYER_UNMAPPED', '/payer', cash)
    const { account: _, ...none } = cash
    refuses('PAYER_UNMAPPED', '/payer', none)
  }
})

test('who is billed by account has one', () => {
  const { account: _, settlement: __, ...none } = orderOf('basic')
  refuses('ACCOUNT_INVALID', '/account', none)
  refuses('ACCOUNT_INVALID', '/account', { ...none, payer: 'third-party' })
  assert.equal(infoOf({ ...none, payer: 'receiver' }).payMode, 20)
})

test('a product is one that KYE has, and one of those agreed', () => {
  const codes = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 160, 170, 210, 220]
  for (const code of codes)
    assert.equal(infoOf(orderOf('basic', { product: String(code) })).serviceMode, code)
  const { product: _, ...without } = orderOf('basic')
  refuses('PRODUCT_UNMAPPED', '/product', without)
  for (const product of ['2', '25', '120', '020', '20.0', '次日达', 'constructor'])
    refuses('PRODUCT_UNMAPPED', '/product', orderOf('basic', { product }))
  refuses('PRODUCT_UNMAPPED', '/product', orderOf('basic'), { products: ['10'] })
  assert.equal(infoOf(orderOf('basic'), { products: ['10', '20'] }).serviceMode, 20)
  refuses('PRODUCT_UNMAPPED', '/product', orderOf('basic', { product: '25' }), { products: ['25'] })
})

test('the only service is a signed receipt', () => {
  const services = (...given: Order['services']) => orderOf('basic', { services: given })
  const written = infoOf(services({ code: 'sign-back' }))
  assert.deepEqual([written.receiptFlag, written.receiptCount], [10, 1])
  assert.ok(!('receiptCount' in infoOf(services())))
  for (const code of ['home-delivery', 'timed-delivery'] as const)
    refuses('SERVICE_UNMAPPED', '/services/1/code', services({ code: 'sign-back' }, { code }))
  refuses('SERVICE_UNMAPPED', '/services/0/value', services({ code: 'sign-back', value: '1' }))
  refuses('SERVICE_UNMAPPED', '/services/1', services({ code: 'sign-back' }, { code: 'sign-back' }))
})

test('money is yuan as number, two decimals at most', () => {
  const { insuranceValue, collectionAmount } = infoOf(
    orderOf('basic', { declaredFen: 1, collectFen: 2250 }),
  )
  assert.deepEqual([insuranceValue, collectionAmount], [0.01, 22.5])
  assert.equal(infoOf(orderOf('basic', { declaredFen: 1_000_000_000_000 })).insuranceValue, 1e10)
})

test('all three sides, or no element and no volume', () => {
  const sizes = (sizeMm: Order['sizeMm'], volumeCm3?: number) => {
    const { sizeMm: _, volumeCm3: __, ...rest } = orderOf('basic')
    return infoOf({
      ...rest,
      ...(sizeMm && { sizeMm }),
      ...(volumeCm3 !== undefined && { volumeCm3 }),
    }).preWaybillGoodsSizeList
  }
  const whole = { length: 400, width: 305, height: 1 }
  const sides = { length: '40', width: '30.5', height: '0.1', count: '1' }
  assert.deepEqual(sizes(whole), [sides])
  assert.deepEqual(sizes(whole, 1), [{ ...sides, goodsVolume: '0.000001' }])
  assert.equal(sizes({ length: 400, width: 305 }, 6000), undefined)
  assert.equal(sizes(undefined, 6000), undefined)
  assert.equal(sizes(undefined), undefined)
})

test('a side of more than 700 cm is refused', () => {
  const sizeMm = { length: 7000, width: 7000, height: 7000 }
  assert.equal(infoOf(orderOf('basic', { sizeMm })).preWaybillGoodsSizeList?.[0]?.height, '700')
  for (const side of ['length', 'width', 'height'] as const) {
    const order = orderOf('basic', { sizeMm: { ...sizeMm, [side]: 7001 } })
    refuses('VALUE_INVALID', `/sizeMm/${side}`, order)
  }
})

test('goods: whole names, at least the first, two hundred characters', () => {
  const goods = (...names: string[]) =>
    orderOf('basic', { goods: names.map(name => ({ name, quantity: 1 })) })
  assert.equal(infoOf(goods('保温杯', '杯刷')).goodsType, '保温杯、杯刷')
  assert.equal(infoOf(goods('茶'.repeat(200), '杯')).goodsType, '茶'.repeat(200))
  assert.equal(infoOf(goods('茶'.repeat(198), '杯')).goodsType, `${'茶'.repeat(198)}、杯`)
  assert.equal(infoOf(goods('茶'.repeat(199), '杯')).goodsType, '茶'.repeat(199))
  refuses('VALUE_TOO_LONG', '/goods/0/name', goods('茶'.repeat(201), '杯'))
})

test('a pickup window: somebody comes, from its first minute on', () => {
  const none = infoOf(orderOf('basic'))
  assert.deepEqual([none.dismantling, none.goodsTime], [20, undefined])
  const from = '2026-01-01T01:00:59Z'
  const some = infoOf(orderOf('basic', { pickup: { from } }))
  assert.deepEqual([some.dismantling, some.goodsTime], [10, '2026-01-01 09:00'])
})

test('an order for another courier is none for KYE', () => {
  refuses('WIRE_INVALID', '/courier', orderOf('basic', { courier: 'sf' }))
})

test('what it takes, by agreement: masked text, and tokens nowhere', () => {
  assert.deepEqual(kye.takes, {
    name: ['masked', 'fixed'],
    phone: ['masked', 'virtual-number', 'placeholder', 'fixed'],
    address: ['masked', 'fixed'],
  })
})
