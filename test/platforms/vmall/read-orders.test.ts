import assert from 'node:assert/strict'
import { test } from 'node:test'
import { orderId } from '../../../lib/model/order-id.ts'
import { reveal } from '../../../lib/model/personal-text.ts'
import { adapterOf, changed, credential, draftOf, fixture, orders, read } from './request.ts'

const LINE = '/orders/0'
const RECEIVER = `${LINE}/receiver`

test('the order of the format is read, and has its id', () => {
  const draft = draftOf(orders())
  assert.deepEqual(draft, fixture('order-basic.canonical'))
  assert.equal(draft.createdAt, '2026-01-01T08:00:00+08:00')
  assert.equal(orderId({ platform: 'vmall', ...draft }), 'o_kirm73457myrelbt534zpecn5u')
})

test('an absent parcel means 1, and absent pieces one', () => {
  const draft = draftOf(
    orders({ [`${LINE}/packageNo`]: undefined, [`${LINE}/packageCount`]: undefined }),
  )
  assert.equal(draft.parcel, '1')
  assert.equal(draft.pieces, 1)
})

test('null is absent', () => {
  const draft = draftOf(orders({ [`${LINE}/packageNo`]: null, '/monthlyAccount': null }))
  assert.equal(draft.parcel, '1')
  assert.equal(draft.account, undefined)
})

test('merged orders are listed once, also where the order repeats itself', () => {
  const numbers = ['VM2', 'VM2026010100000001', 'VM2']
  assert.deepEqual(draftOf(orders({ [`${LINE}/mergedOrderCodes`]: numbers })).platformOrders, [
    'VM2',
    'VM2026010100000001',
  ])
})

test('zero and empty amounts are none', () => {
  const draft = draftOf(
    orders({
      [`${LINE}/weight`]: 0,
      [`${LINE}/length`]: '',
      [`${LINE}/insuredAmount`]: '0.00',
      [`${LINE}/codAmount`]: '',
      '/productCode': '',
    }),
  )
  assert.equal(draft.weightGrams, undefined)
  assert.equal(draft.sizeMm, undefined)
  assert.equal(draft.declaredFen, undefined)
  assert.equal(draft.collectFen, undefined)
  assert.equal(draft.product, undefined)
})

test('a landline alone is enough', () => {
  const { personal } = draftOf(
    orders({ [`${RECEIVER}/mobile`]: '', [`${RECEIVER}/phone`]: '0592-0000000' }),
  ).receiver
  assert.equal(personal?.phone, undefined)
  assert.equal(personal?.telephone && reveal(personal.telephone), '0592-0000000')
})

test('a street line in the place of the town is sealed, once', () => {
  const line = orders({ [`${RECEIVER}/town`]: '测试路1号', [`${RECEIVER}/detail`]: '2栋301室' })
  const whole = changed(line, `${RECEIVER}/detail`, '测试路1号2栋301室')
  for (const request of [line, whole]) {
    const { region, personal } = draftOf(request).receiver
    assert.equal(region.town, undefined)
    assert.equal(personal && reveal(personal.address), '测试路1号2栋301室')
  }
})

test('a town in the place of the county is the town', () => {
  const { region } = draftOf(
    orders({
      [RECEIVER]: {
        name: '张三',
        mobile: '13800000000',
        province: '广东省',
        city: '东莞市',
        district: '南城街道',
        detail: '测试路1号',
      },
    }),
  ).receiver
  assert.equal(region.district, undefined)
  assert.equal(region.town?.name, '南城街道')
})

test('a service is dropped where the account says so, else it is refused', () => {
  const request = orders({ [`${LINE}/services`]: [{ code: 'GIFT_WRAP' }] })
  const agreed = { ...credential, ignoreServices: ['GIFT_WRAP'] }
  assert.deepEqual(draftOf(request, agreed).services, [])
  assert.throws(() => draftOf(request), { code: 'SERVICE_UNMAPPED' })
})

test('members that no row names are not carried', () => {
  const more = orders({
    '/buyerIdCard': '标记七十七室',
    [`${LINE}/buyerNick`]: '标记七十七室',
    [`${RECEIVER}/wechat`]: '标记七十七室',
  })
  assert.deepEqual(draftOf(more), draftOf(orders()))
})

/** One order is wrong: it has its error, its neighbour is read. */
const one: readonly [at: string, value: unknown, code: string][] = [
  ['orderCode', undefined, 'WIRE_INVALID'],
  ['orderCode', 2026010100000001, 'VALUE_INVALID'],
  ['orderCode', '张三', 'VALUE_INVALID'],
  ['orderCode', 'VM,1', 'VALUE_INVALID'],
  ['orderCode', 'V'.repeat(33), 'VALUE_TOO_LONG'],
  ['packageNo', 1, 'VALUE_INVALID'],
  ['packageNo', '-', 'VALUE_INVALID'],
  ['packageNo', '1~2', 'VALUE_INVALID'],
  ['packageNo', '', 'VALUE_INVALID'],
  ['packageNo', '1'.repeat(16), 'VALUE_TOO_LONG'],
  ['mergedOrderCodes', 'VM2', 'VALUE_INVALID'],
  ['mergedOrderCodes', [1], 'VALUE_INVALID'],
  ['createTime', undefined, 'WIRE_INVALID'],
  ['createTime', 1767225600000, 'VALUE_INVALID'],
  ['createTime', '2026-01-01T08:00:00+08:00', 'VALUE_INVALID'],
  ['createTime', '2026-02-30 08:00:00', 'VALUE_INVALID'],
  ['receiver', undefined, 'WIRE_INVALID'],
  ['receiver', '张三', 'VALUE_INVALID'],
  ['receiver', [], 'VALUE_INVALID'],
  ['receiver/name', undefined, 'WIRE_INVALID'],
  ['receiver/name', ' ', 'WIRE_INVALID'],
  ['receiver/name', '张*', 'VALUE_INVALID'],
  ['receiver/name', '张'.repeat(201), 'VALUE_TOO_LONG'],
  ['receiver/mobile', undefined, 'VALUE_INVALID'],
  ['receiver/mobile', '138****0000', 'VALUE_INVALID'],
  ['receiver/mobile', 13800000000, 'VALUE_INVALID'],
  ['receiver/detail', undefined, 'WIRE_INVALID'],
  ['receiver/detail', '***', 'VALUE_INVALID'],
  ['receiver/province', '张三', 'VALUE_INVALID'],
  ['receiver/city', '13800000000', 'VALUE_INVALID'],
  ['receiver/provinceCode', 350000, 'VALUE_INVALID'],
  ['virtualNumber', '18400000000', 'VALUE_INVALID'],
  ['virtualNumber', { extension: '1234' }, 'WIRE_INVALID'],
  ['virtualNumber', { number: '18400000000-1234' }, 'VALUE_INVALID'],
  ['goods', undefined, 'WIRE_INVALID'],
  ['goods', [], 'WIRE_INVALID'],
  ['goods', {}, 'VALUE_INVALID'],
  ['goods', ['手机壳'], 'VALUE_INVALID'],
  ['goods/0/quantity', undefined, 'WIRE_INVALID'],
  ['goods/0/quantity', 0, 'VALUE_INVALID'],
  ['goods/0/quantity', '1', 'VALUE_INVALID'],
  ['goods/0/weight', '80', 'VALUE_INVALID'],
  ['packageCount', 0, 'VALUE_INVALID'],
  ['packageCount', 1.5, 'VALUE_INVALID'],
  ['weight', '120', 'VALUE_INVALID'],
  ['weight', 120.5, 'VALUE_INVALID'],
  ['weight', -1, 'VALUE_INVALID'],
  ['length', 40, 'VALUE_INVALID'],
  ['length', '25.55', 'VALUE_INVALID'],
  ['insuredAmount', 2200, 'VALUE_INVALID'],
  ['insuredAmount', '22.005', 'VALUE_INVALID'],
  ['codAmount', '-1', 'VALUE_INVALID'],
  ['services', [{ code: 'INSURE' }], 'SERVICE_UNMAPPED'],
  ['services', [{ code: 'SIGN_BACK' }, { code: 'SIGN_BACK' }], 'VALUE_INVALID'],
  ['services', [{}], 'WIRE_INVALID'],
  ['pickupStart', '2026-01-01 09:00:00', 'WIRE_INVALID'],
  ['pickupEnd', '2026-01-01 09:00:00', 'WIRE_INVALID'],
  ['buyerRemark', '放'.repeat(601), 'VALUE_TOO_LONG'],
]

for (const [place, value, code] of one) {
  test(`one order is refused: ${place} = ${JSON.stringify(value)?.slice(0, 40) ?? 'missing'}`, () => {
    const request = orders()
    const [first] = Array.isArray(request.orders) ? request.orders : []
    const two = { ...request, orders: [structuredClone(first), { ...first, orderCode: 'VM2' }] }
    const [wrong, right] = read(changed(two, `/orders/0/${place}`, value))
    assert.ok(wrong && 'error' in wrong && right && 'draft' in right)
    assert.equal(wrong.error.code, code)
    assert.deepEqual(right.native, { orderCode: 'VM2', packageNo: '1' })
  })
}

test('two remarks that are too long together are refused', () => {
  const remarks = {
    [`${LINE}/buyerRemark`]: '放'.repeat(400),
    [`${LINE}/sellerRemark`]: '轻'.repeat(400),
  }
  assert.throws(() => draftOf(orders(remarks)), { code: 'VALUE_TOO_LONG' })
})

/** What all orders share is unknown to us: each of them is refused. */
const shared = [
  ['/courierCode', 'YTO', 'COURIER_UNMAPPED'],
  ['/courierCode', 'sf', 'COURIER_UNMAPPED'],
  ['/payType', '4', 'PAYER_UNMAPPED'],
  ['/productCode', '标快', 'PRODUCT_UNMAPPED'],
  ['/monthlyAccount', '755 123', 'ACCOUNT_INVALID'],
] as const

for (const [at, value, code] of shared) {
  test(`every order is refused: ${at} = ${value}`, () => {
    const [posted] = read(orders({ [at]: value }))
    assert.ok(posted && 'error' in posted)
    assert.equal(posted.error.code, code)
    assert.equal(posted.error.at, at)
  })
}

/** The request as a whole is refused. */
const whole: readonly [at: string, value: unknown, code: string][] = [
  ['/requestId', undefined, 'WIRE_INVALID'],
  ['/requestId', 1, 'VALUE_INVALID'],
  ['/requestId', 'R'.repeat(65), 'VALUE_TOO_LONG'],
  ['/merchantId', undefined, 'WIRE_INVALID'],
  ['/courierCode', undefined, 'WIRE_INVALID'],
  ['/payType', undefined, 'WIRE_INVALID'],
  ['/payType', 1, 'VALUE_INVALID'],
  ['/monthlyAccount', 7551234567, 'VALUE_INVALID'],
  ['/sender', undefined, 'WIRE_INVALID'],
  ['/sender', '李四', 'VALUE_INVALID'],
  ['/sender/name', undefined, 'WIRE_INVALID'],
  ['/orders', undefined, 'WIRE_INVALID'],
  ['/orders', [], 'WIRE_INVALID'],
  ['/orders', {}, 'VALUE_INVALID'],
]

for (const [at, value, code] of whole) {
  test(`the request is refused: ${at} = ${JSON.stringify(value)?.slice(0, 40) ?? 'missing'}`, () => {
    assert.throws(() => read(orders({ [at]: value })), { code })
  })
}

test('the request is refused: more than fifty orders, no object, no JSON, a name twice', () => {
  const fifty = Array.from({ length: 50 }, () => ({}))
  assert.equal(read(orders({ '/orders': fifty })).length, 50)
  assert.throws(() => read(orders({ '/orders': [...fifty, {}] })), { code: 'VALUE_TOO_LONG' })
  for (const body of ['[]', '1', 'null']) assert.throws(() => read(body), { code: 'VALUE_INVALID' })
  for (const body of ['', '{', '{"a":1,"a":2}'])
    assert.throws(() => read(body), { code: 'MALFORMED' })
})

test('a courier of the standard has a code of ours, or the one that a contract gives it', () => {
  assert.equal(draftOf(orders({ '/courierCode': 'STANDARD' })).courier, 'standard')
  const own = adapterOf({ '/codes/courier': { X9: 'standard', STANDARD: 'acme' } })
  const courier = (code: string) =>
    draftOf(orders({ '/courierCode': code }), credential, own).courier
  assert.deepEqual(['X9', 'STANDARD'].map(courier), ['standard', 'acme'])
})
