import assert from 'node:assert/strict'
import { test } from 'node:test'
import { orderId } from '../../../lib/model/order-id.ts'
import { checkPersonal } from '../../../lib/model/validate.ts'
import { callOf, clearOrder, credential, draftOf, fixture, type Json, read } from './request.ts'

/** The requests that are fixtures, and the pair that each of their orders is. */
const requests = {
  'request-clear': ['order-basic', 'order-merged'],
  'request-cipher': ['order-cipher', 'order-cipher-merged'],
}

/** The draft of the clear example's first order, with other members. */
const draftWith = (info: Json, envelope: Json = {}) => {
  const order = clearOrder()
  Object.assign(order.info, info)
  return draftOf({ ...order.request, ...envelope })
}

const receiverWith = (address: Json, contact: Json = {}, info: Json = {}) => {
  const order = clearOrder()
  Object.assign(order.receiver.address, address)
  Object.assign(order.receiver.contact, contact)
  Object.assign(order.info, info)
  return draftOf(order.request).receiver
}

for (const [file, orders] of Object.entries(requests)) {
  test(`${file}: each order as its canonical half`, () => {
    const posted = read(fixture(`${file}.wire.json`))
    const drafts = posted.map(one => ('draft' in one ? one.draft : one.error))
    const ours = orders.map(order => JSON.parse(fixture(`${order}.canonical.json`)))
    assert.deepEqual(drafts, ours)
    assert.deepEqual(
      posted.map(one => one.native),
      [
        { orderId: '6900000000000000001', packId: '', channel: '' },
        { orderId: '6900000000000000002', packId: '1', channel: '' },
      ],
    )
    for (const draft of drafts) {
      if ('code' in draft) throw draft
      checkPersonal(draft.sender.personal)
      if (file === 'request-clear') checkPersonal(draft.receiver.personal)
      else assert.equal(draft.receiver.personal, undefined)
    }
  })
}

test('order ids are those of pairs.md section 1', () => {
  const idOf = (info: Json, envelope: Json = {}) =>
    orderId({ platform: 'douyin', ...draftWith(info, envelope) })
  assert.equal(idOf({}), 'o_fck7qd6bckys2eiuxjf7u36sdw')
  assert.equal(idOf({ pack_id: '' }), 'o_fck7qd6bckys2eiuxjf7u36sdw')
  assert.equal(idOf({ pack_id: '1' }), 'o_j4b2yxl53e6cdwc4kxfm3lcuab')
  assert.equal(idOf({ order_id: '6900000000000000001A' }), 'o_fck7qd6bckys2eiuxjf7u36sdw')
  const merged = ['6900000000000000003', '6900000000000000002', '6900000000000000003']
  const two = { order_id: '6900000000000000002', pack_id: '1', combine_orders: merged }
  assert.equal(idOf(two), 'o_zy5ftfbihbb6j65dkio6kv55at')
  assert.equal(idOf({ ...two, order_id: merged[0] }), 'o_zy5ftfbihbb6j65dkio6kv55at')
  assert.equal(idOf({}, { user_id: 2 }), idOf({}), 'a shop is no part of it')
})

test('ids may be numbers, numbers beyond 2^53, or text', () => {
  for (const id of ['6900000000000000001', '"6900000000000000001"']) {
    const text = fixture('request-clear.wire.json').replace('"6900000000000000001"', id)
    const [posted] = read(text)
    assert.ok(posted && 'draft' in posted)
    assert.equal(posted.native.orderId, '6900000000000000001')
    assert.deepEqual(posted.draft.platformOrders, ['6900000000000000001'])
  }
  assert.equal(draftWith({ order_id: 42 }).primaryOrder, '42')
  assert.deepEqual(draftWith({ combine_orders: [7, '8'] }).platformOrders, [
    '6900000000000000001',
    '7',
    '8',
  ])
  assert.equal(draftWith({ pack_id: 2 }).parcel, '2')
})

test('a trailing A is no part of a number, and is echoed', () => {
  const order = clearOrder()
  order.info.order_id = '6900000000000000001A'
  order.info.combine_orders = ['6900000000000000002A', '6900000000000000001']
  const [posted] = read(order.request)
  assert.ok(posted && 'draft' in posted)
  assert.equal(posted.native.orderId, '6900000000000000001A')
  assert.equal(posted.draft.primaryOrder, '6900000000000000001A')
  assert.deepEqual(posted.draft.platformOrders, ['6900000000000000001', '6900000000000000002'])
})

test('parcels are told apart by case, and none is not 1', () => {
  assert.equal(draftWith({}).parcel, '-')
  assert.equal(draftWith({ pack_id: 'a' }).parcel, 'a')
  assert.equal(draftWith({ pack_id: 'A' }).parcel, 'A')
})

test('two elements of one parcel stay two', () => {
  const { request, info } = clearOrder()
  assert.equal(read({ ...request, order_infos: [info, { ...info, remark: 'other' }] }).length, 2)
})

test('an order of another channel has a shop and keeps its A', () => {
  const draft = draftWith({ order_id: 'LINE-0001/A' }, { order_channel: 'OTHERS' })
  assert.equal(draft.shop, '1000001')
  assert.deepEqual(draft.platformOrders, ['LINE-0001/A'])
  assert.equal(draftWith({ order_id: '12A' }, { order_channel: 'X' }).platformOrders[0], '12A')
  assert.equal(draftWith({}).shop, undefined)
  for (const user_id of [-1, '-1', 0, null, undefined]) {
    assert.equal(draftWith({}, { order_channel: 'X', user_id }).shop, undefined)
  }
  const long = draftWith({}, { order_channel: 'X', user_id: '9007199254740993' })
  assert.equal(long.shop, '9007199254740993')
})

test('a street line in the place of the town is personal', () => {
  const line = receiverWith({ street_name: '样例街2号', detail_address: '3栋1室' })
  assert.equal(line.personal?.address, '样例街2号3栋1室')
  assert.equal(line.region.town, undefined)
  const twice = receiverWith({ street_name: '样例街2号', detail_address: '样例街2号3栋1室' })
  assert.equal(twice.personal?.address, '样例街2号3栋1室')
  const digit = receiverWith({ street_name: '2号样例镇', detail_address: '3栋1室' })
  assert.equal(digit.personal?.address, '2号样例镇3栋1室')
  const { request } = clearOrder()
  const sender = { ...(request.sender_info as Json) }
  sender.address = { ...(sender.address as Json), street_name: '样例街2号' }
  const draft = draftOf({ ...request, sender_info: sender })
  assert.equal(draft.sender.personal?.address, '样例街2号样例仓库')
  assert.equal(draft.sender.region.town, undefined)
})

test('beside ciphers a street line and a remark are dropped', () => {
  const request = JSON.parse(fixture('request-cipher.wire.json'))
  request.order_infos[0].receiver_info.address.street_name = '样例街2号'
  request.order_infos[0].remark = '请放门口'
  const { receiver } = draftOf(request)
  assert.equal(receiver.region.town, undefined)
  assert.equal(receiver.personal, undefined)
  assert.ok(!JSON.stringify(receiver).includes('样例街'))
  assert.ok(!JSON.stringify(receiver).includes('门口'))
})

test('older ciphers are known by their shape, and every byte is kept', () => {
  const contact = { name: '#QQ==*eA==#1##', mobile: '$ MTM4*eA==$1$$' }
  const receiver = receiverWith({ detail_address: ' #YWRkcg==*eA==#1##'.trim() }, contact)
  assert.deepEqual(receiver.protection, {
    kind: 'platform-cipher',
    fields: {
      name: { value: contact.name, authRef: '6900000000000000001' },
      phone: { value: contact.mobile, authRef: '6900000000000000001' },
      address: { value: '#YWRkcg==*eA==#1##', authRef: '6900000000000000001' },
    },
  })
})

test('a county that is a town, and fillers', () => {
  const dongguan = {
    province_name: '广东省',
    province_code: '44',
    city_name: '东莞市',
    city_code: '441900',
    district_name: '南城街道',
    district_code: '441900004',
    street_name: '',
    street_code: '',
  }
  const { region } = receiverWith(dongguan)
  assert.equal(region.district, undefined)
  assert.deepEqual(region.town, { name: '南城街道', code: '441900004' })
  const filler = receiverWith({
    ...dongguan,
    district_name: '其它区',
    district_code: '441900',
  }).region
  assert.equal(filler.district, undefined)
  assert.equal(filler.town, undefined)
  const codes = { province_code: '110000', city_code: '110000', district_code: '110000' }
  const sample = receiverWith({ ...codes, street_code: '110000' }).region
  assert.equal(sample.province.code, '350000')
  assert.equal(sample.town?.code, undefined)
  const beijing = {
    province_name: '北京市',
    city_name: '市辖区',
    district_name: '海淀区',
    street_name: '',
  }
  assert.equal(receiverWith(beijing).region.district?.name, '海淀区')
})

test('mobile, landline, virtual number', () => {
  const landline = receiverWith({}, { mobile: '', phone: '0592-0000000' })
  assert.equal(landline.personal?.phone, undefined)
  assert.equal(landline.personal?.telephone, '0592-0000000')
  const both = receiverWith({}, { phone: '0592-0000000' })
  assert.equal(both.personal?.phone, '13800000000')
  assert.equal(both.personal?.telephone, '0592-0000000')
  const virtual = receiverWith({}, { mobile: '18400000000-1234' })
  assert.deepEqual(virtual.virtualNumber, { number: '18400000000', extension: '1234' })
  assert.equal(virtual.personal?.phone, '18400000000-1234')
  assert.equal(receiverWith({}, { mobile: '18400000000-1' }).virtualNumber, undefined)
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
    const { personal } = receiverWith({ detail_address: `${name}1号` }, { name }, { remark: name })
    assert.equal(personal?.name, name)
    assert.equal(personal?.address, `${name}1号`)
    assert.equal(personal?.remark, name)
  }
})

test('payment: 1 is the account, 2 is cash, absent is as agreed', () => {
  const paid = (pay_method: unknown, net_info: Json = { monthly_account: '7551234567' }) => {
    const { payer, settlement, account } = draftWith({ pay_method, net_info })
    return [payer, settlement, account]
  }
  assert.deepEqual(paid(1), ['sender', 'monthly', '7551234567'])
  assert.deepEqual(paid(2), ['sender', 'cash', undefined])
  assert.deepEqual(paid(undefined), [undefined, undefined, '7551234567'])
  assert.deepEqual(paid(1, { secret_key: 'hunter2' }), ['sender', 'monthly', undefined])
  assert.deepEqual(paid(1, { monthly_account: 7551234567 }), ['sender', 'monthly', '7551234567'])
})

test('no password is read', () => {
  const net_info = { monthly_account: '1', secret_key: 'hunter2' }
  const { request, info } = clearOrder()
  Object.assign(info, { net_info, extra: 'hunter2', warehouse: { wh_code: 'hunter2' } })
  assert.ok(!JSON.stringify(read(request)).includes('hunter2'))
})

test('services: values in fen, flags, what is dropped by agreement', () => {
  const services = (service_list: unknown, more: Json = {}) => {
    const { services: codes, declaredFen, collectFen } = draftWith({ service_list, ...more })
    return [codes.map(service => service.code), declaredFen, collectFen]
  }
  const insure = (service_value?: string) => ({ service_code: 'SVC-INSURE', service_value })
  assert.deepEqual(services([insure('{"value":2200}')]), [[], 2200, undefined])
  assert.deepEqual(services([insure('{"value":0}')]), [[], undefined, undefined])
  assert.deepEqual(services([insure()]), [[], undefined, undefined])
  assert.deepEqual(services([]), [[], undefined, undefined])
  assert.deepEqual(services(undefined), [[], undefined, undefined])
  const all = [
    insure('{"value":1}'),
    { service_code: 'SVC-COD', service_value: '{"value":9900}' },
    { service_code: 'SVC-WBHOMEDELIVERY', service_value: '{}' },
  ]
  assert.deepEqual(services(all, { is_sign_back: 1 }), [['home-delivery', 'sign-back'], 1, 9900])
  assert.deepEqual(services([], { is_sign_back: 0 }), [[], undefined, undefined])
  const { request, info } = clearOrder()
  info.service_list = [{ service_code: 'SVC-NEW' }]
  const [posted] = read(request, { ...credential, ignoreServices: ['SVC-NEW'] })
  assert.ok(posted && 'draft' in posted)
})

test('amounts: text or number, whole; 0, "" and absent are unknown', () => {
  const draft = draftWith({ total_weight: 1250, volume: '6000', total_height: '25.5' })
  assert.deepEqual(
    [draft.weightGrams, draft.volumeCm3, draft.sizeMm],
    [1250, 6000, { height: 255 }],
  )
  for (const none of ['0', '', 0, undefined, null]) {
    const empty = draftWith({ total_weight: none, volume: none, total_length: none })
    assert.deepEqual(
      [empty.weightGrams, empty.volumeCm3, empty.sizeMm],
      [undefined, undefined, undefined],
    )
  }
  assert.equal(draftWith({}).pieces, 1)
  assert.equal(draftWith({ total_pack_count: 0 }).pieces, 1)
  assert.equal(draftWith({ total_pack_count: 3 }).pieces, 3)
})

test('product, pickup, time', () => {
  assert.equal(draftWith({ product_type: 2 }).product, '2')
  assert.equal(draftWith({ product_type: '' }).product, undefined)
  assert.deepEqual(draftWith({ sender_fetch_time: '2026-01-01 09:00:00' }).pickup, {
    from: '2026-01-01T09:00:00+08:00',
  })
  assert.equal(draftWith({ sender_fetch_time: 'tomorrow' }).pickup, undefined)
  assert.equal(draftWith({}).createdAt, '2026-01-01T08:00:00+08:00')
})

test('null is absent, and unknown members are let through, not carried', () => {
  const draft = draftWith({ product_type: null, net_info: null, buyer_words: '13800000000' })
  assert.equal(draft.product, undefined)
  assert.equal(draft.account, undefined)
  assert.ok(!JSON.stringify(draft).includes('buyer_words'))
  assert.equal(callOf('{}').method, 'POST')
})
