import assert from 'node:assert/strict'
import { test } from 'node:test'
import { orderId } from '../../../lib/model/order-id.ts'
import { checkPersonal } from '../../../lib/model/validate.ts'
import { kuaishou } from '../../../lib/platforms/kuaishou/index.ts'
import {
  callOf,
  cipherOrder,
  clearOrder,
  credential,
  draftOf,
  fixture,
  type Json,
  read,
  timestamp,
} from './request.ts'

const draftWith = (members: Json) => draftOf({ ...clearOrder(), ...members })

const receiverWith = (address: Json, contact: Json = {}, more: Json = {}) => {
  const order = clearOrder()
  Object.assign(order.receiverAddress, address)
  Object.assign(order.receiverContract, contact)
  return draftOf({ ...order, ...more }).receiver
}

for (const file of ['order-basic', 'order-pieces', 'order-older', 'cipher-order-basic']) {
  test(`${file}: an element of a request is read as its canonical half`, () => {
    const { timestamp: time, ...element } = JSON.parse(fixture(`${file}.wire.json`))
    assert.equal(time, timestamp)
    const native = file === 'order-older' ? { ciphers: 'false' } : {}
    const draft = draftOf(element, { ...credential, native })
    assert.deepEqual(draft, JSON.parse(fixture(`${file}.canonical.json`)))
    checkPersonal(draft.sender.personal)
    if (file.startsWith('order')) checkPersonal(draft.receiver.personal)
    else assert.equal(draft.receiver.personal, undefined)
  })
}

test('what an answer echoes', () => {
  const posted = kuaishou.readOrders(callOf(fixture('request-clear.wire.json')), credential)
  assert.deepEqual(
    posted.map(({ native }) => native),
    [
      { requestId: 'KS-REQ-0001', packageCode: 'P1' },
      { requestId: 'KS-REQ-0002', packageCode: '' },
    ],
  )
})

test('order ids are those of pairs.md section 1', () => {
  const idOf = (members: Json) => orderId({ platform: 'kuaishou', ...draftWith(members) })
  assert.equal(idOf({}), 'o_w5ry5lkigupfmd3sycn6beol3o')
  const others = [
    { packageCode: 'p1' },
    { packageCode: '1' },
    { packageCode: undefined },
    { merchantCode: 'ks-seller-0002' },
    { tradeOrderCode: 'LINE-0002' },
  ]
  assert.equal(new Set([{}, ...others].map(idOf)).size, 6)
  assert.equal(idOf({ packageCode: '' }), idOf({ packageCode: undefined }))
  assert.equal(idOf({ requestId: 'KS-REQ-0009', orderChannel: 'LINE' }), idOf({}))
})

test('numbers may be numbers beyond 2^53, or text', () => {
  const native = { ciphers: 'false' }
  for (const id of ['2400000000000000001', '"2400000000000000001"']) {
    const text = JSON.stringify({ getEbillOrderRequest: [cipherOrder()] })
      .replace('"2400000000000000001"', id)
      .replace('"packageCode":"1"', '"packageCode":1')
    const [posted] = kuaishou.readOrders(callOf(text), { ...credential, native })
    assert.ok(posted && 'draft' in posted)
    assert.equal(posted.draft.primaryOrder, '2400000000000000001')
    assert.equal(posted.draft.parcel, '1')
    assert.equal(posted.native.packageCode, '1')
  }
})

test('only an order of another channel has a shop', () => {
  assert.equal(draftWith({}).shop, 'ks-seller-0001')
  for (const orderChannel of ['KUAI_SHOU', '', undefined, null]) {
    const draft = draftOf({ ...cipherOrder(), orderChannel })
    assert.equal(draft.shop, undefined)
    assert.equal(draft.receiver.protection?.kind, 'platform-cipher')
  }
  assert.equal(draftOf({ ...cipherOrder(), merchantCode: '' }).shop, undefined)
})

test('ciphers are told by channel and account, never by the text', () => {
  const clearText = { ...clearOrder(), orderChannel: 'KUAI_SHOU' }
  clearText.receiverContract.mobile = 'not-a-number'
  const taken = draftOf(clearText)
  assert.deepEqual(taken.receiver.protection, {
    kind: 'platform-cipher',
    fields: {
      name: { value: '张三', authRef: 'LINE-0001' },
      phone: { value: 'not-a-number', authRef: 'LINE-0001' },
      address: { value: '测试路1号样例小区2栋301室', authRef: 'LINE-0001' },
    },
  })
  const elsewhere = draftOf({ ...cipherOrder(), orderChannel: 'LINE' })
  assert.equal(elsewhere.receiver.protection, undefined)
  assert.equal(elsewhere.receiver.personal?.name, 'RkFLRS1OQU1FLUtVQUlTSE9V')
  const clear = draftOf(cipherOrder(), { ...credential, native: { ciphers: 'false' } })
  assert.equal(clear.receiver.protection, undefined)
  const own = draftOf(cipherOrder(), { ...credential, native: { ciphers: 'true' } })
  assert.equal(own.receiver.personal, undefined)
})

test('every byte of a cipher is kept', () => {
  const order = cipherOrder()
  const odd = ' a+/= **\u2028é𠮷 '
  Object.assign(order.receiverContract, { name: odd, mobile: odd })
  order.receiverAddress.detailAddress = odd
  const { protection } = draftOf(order).receiver
  assert.ok(protection?.kind === 'platform-cipher')
  const values = Object.values(protection.fields).map(field => field?.value)
  assert.deepEqual(values, [odd, odd, odd])
})

test('beside ciphers a remark and a street line are dropped', () => {
  const order = cipherOrder()
  order.receiverAddress.streetName = '样例街2号'
  const { receiver } = draftOf({ ...order, tradeOrderRemark: '请放门口' })
  assert.equal(receiver.region.town, undefined)
  assert.ok(!JSON.stringify(receiver).match(/样例街|门口/))
})

test('two generations of an address', () => {
  const newer = receiverWith({}).region
  const older = { streetName: undefined, streetCode: undefined, townName: '莲前街道' }
  assert.deepEqual(receiverWith({ ...older, townCode: 350203010 }).region, newer)
  assert.deepEqual(
    receiverWith({ townName: '莲前街道', townCode: 350203010, streetCode: 0 }).region,
    newer,
  )
  assert.deepEqual(
    receiverWith({ provinceCode: 350000, cityCode: 350200, districtCode: 350203 }).region,
    newer,
  )
  for (const country of ['CN', 'CHN', 86, '156', ''])
    assert.deepEqual(receiverWith({ countryCode: country, countryName: '中国' }).region, newer)
})

test('a street line in the place of the town is personal', () => {
  const line = receiverWith({ streetName: '样例街2号', detailAddress: '3栋1室' })
  assert.equal(line.personal?.address, '样例街2号3栋1室')
  assert.equal(line.region.town, undefined)
  const twice = receiverWith({
    townName: '样例街2号',
    streetName: '',
    detailAddress: '样例街2号3栋',
  })
  assert.equal(twice.personal?.address, '样例街2号3栋')
  const digit = receiverWith({ streetName: '2号样例镇', detailAddress: '3栋1室' })
  assert.equal(digit.personal?.address, '2号样例镇3栋1室')
  const order = clearOrder()
  order.senderAddress.streetName = '样例街2号'
  const { sender } = draftOf(order)
  assert.equal(sender.personal?.address, '样例街2号样例仓库')
  assert.equal(sender.region.town, undefined)
})

test('a county that is a town, fillers, and codes that do not agree', () => {
  const dongguan = {
    provinceName: '广东省',
    provinceCode: '440000',
    cityName: '东莞市',
    cityCode: '441900',
    districtName: '南城街道',
    districtCode: '441900004',
    streetName: '',
    streetCode: '',
  }
  const { region } = receiverWith(dongguan)
  assert.equal(region.district, undefined)
  assert.deepEqual(region.town, { name: '南城街道', code: '441900004' })
  for (const districtName of ['区', '其它区', '其他区', '市辖区'])
    assert.equal(receiverWith({ ...dongguan, districtName }).region.district, undefined)
  const wrong = receiverWith({ provinceCode: '110000', districtCode: '350000' }).region
  assert.equal(wrong.province.code, '350000')
  assert.equal(wrong.district?.code, '350203')
})

test('mobile, landline, virtual number', () => {
  const landline = receiverWith({}, { mobile: '', telephone: '0592-0000000' })
  assert.equal(landline.personal?.phone, undefined)
  assert.equal(landline.personal?.telephone, '0592-0000000')
  const virtual = receiverWith({}, { mobile: '18400000000-1234' })
  assert.deepEqual(virtual.virtualNumber, { number: '18400000000', extension: '1234' })
  assert.equal(virtual.personal?.phone, '18400000000-1234')
})

test('personal text is carried byte for byte', () => {
  for (const name of [
    ' 张三 ',
    '𠮷野家',
    '葛󠄀',
    '👨‍👩‍👧',
    'O’Brien',
    '阿卜杜拉·买买提',
    'é',
    '王\n二',
  ]) {
    const more = { tradeOrderRemark: name }
    const { personal } = receiverWith({ detailAddress: `${name}1号` }, { name }, more)
    assert.deepEqual([personal?.name, personal?.remark], [name, name])
    assert.equal(personal?.address, `${name}1号`)
  }
})

test('payment: 1 is the account, absent is as agreed', () => {
  const paid = (payMethod: unknown, settleAccount: unknown = '7551234567') => {
    const { payer, settlement, account } = draftWith({ payMethod, settleAccount })
    return [payer, settlement, account]
  }
  assert.deepEqual(paid(1), ['sender', 'monthly', '7551234567'])
  assert.deepEqual(paid('1', 7551234567), ['sender', 'monthly', '7551234567'])
  assert.deepEqual(paid(1, ''), ['sender', 'monthly', undefined])
  assert.deepEqual(paid(undefined), [undefined, undefined, '7551234567'])
})

test('doubles are rounded up; 0, "" and absent are unknown', () => {
  const draft = draftWith({
    totalPackageWeight: 1250.01,
    totalPackageVolume: 0.5,
    totalPackageLength: 25.51,
    totalPackageWidth: '20',
    totalPackageHeight: 0.01,
  })
  assert.equal(draft.weightGrams, 1251)
  assert.equal(draft.volumeCm3, 1)
  assert.deepEqual(draft.sizeMm, { length: 256, width: 200, height: 1 })
  for (const none of [0, '', undefined, null]) {
    const empty = draftWith({
      totalPackageWeight: none,
      totalPackageVolume: none,
      totalPackageLength: none,
      totalPackageWidth: none,
      totalPackageHeight: none,
      totalPackageQuantity: none,
    })
    assert.deepEqual(
      [empty.weightGrams, empty.volumeCm3, empty.sizeMm, empty.pieces],
      [undefined, undefined, undefined, 1],
    )
  }
  const items = [{ itemTitle: '茶', itemQuantity: 1, itemWeight: 0.1, itemVolume: 6000.001 }]
  assert.deepEqual(draftWith({ itemList: items }).goods, [
    { name: '茶', quantity: 1, weightGrams: 1, volumeCm3: 6001 },
  ])
})

test('services in either form, in fen; what is dropped by agreement', () => {
  const services = (expressServices: unknown, more: Json = {}) => {
    const { services: codes, declaredFen, collectFen } = draftWith({ expressServices, ...more })
    return [codes.map(({ code }) => code), declaredFen, collectFen]
  }
  assert.deepEqual(services([{ code: 'INSURE', value: '220000' }]), [[], 220000, undefined])
  assert.deepEqual(services([{ serviceCode: 'COD', serviceValue: 9900 }]), [[], undefined, 9900])
  const both = [
    { code: 'INSURE', value: 1 },
    { serviceCode: 'COD', serviceValue: '2' },
  ]
  assert.deepEqual(services(both, { isSignBack: true }), [['sign-back'], 1, 2])
  for (const none of [undefined, null, [], [{ code: 'INSURE', value: '0' }], [{ code: 'COD' }]])
    assert.deepEqual(services(none), [[], undefined, undefined])
  const order = { ...clearOrder(), expressServices: [{ code: 'NEW', value: 'x' }] }
  const draft = draftOf(order, { ...credential, ignoreServices: ['NEW'] })
  assert.deepEqual([draft.services, draft.declaredFen], [[], undefined])
})

test('product, pickup, time', () => {
  assert.equal(draftWith({ expressProductCode: 2 }).product, '2')
  assert.equal(draftWith({ expressProductCode: '' }).product, undefined)
  assert.deepEqual(draftWith({}).pickup, {
    from: '2026-01-01T09:00:00+08:00',
    until: '2026-01-01T11:00:00+08:00',
  })
  assert.deepEqual(draftWith({ reserveEndTime: 0 }).pickup, { from: '2026-01-01T09:00:00+08:00' })
  assert.equal(draftWith({ reserveTime: 0, reserveEndTime: null }).pickup, undefined)
  assert.equal(draftWith({}).createdAt, '2026-01-01T08:00:00+08:00')
})

test('no password is read, and what no row names is not carried', () => {
  const warehouse = { consignType: 2, secretKey: 'hunter2' }
  const more = {
    warehouse,
    extData: 'hunter2',
    buyerWords: 'hunter2',
    desensitiseMobile: 'hunter2',
  }
  assert.ok(!JSON.stringify(read([{ ...clearOrder(), ...more }])).includes('hunter2'))
})

test('one to ten orders, and one of other ids twice stays two', () => {
  const many = Array.from({ length: 10 }, (_, n) => ({ ...clearOrder(), requestId: `R${n}` }))
  assert.equal(read(many).filter(one => 'draft' in one).length, 10)
})
