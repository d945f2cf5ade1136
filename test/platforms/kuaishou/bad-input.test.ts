import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kuaishou } from '../../../lib/platforms/kuaishou/index.ts'
import { bodyOf, callOf, cipherOrder, clearOrder, type Json, read } from './request.ts'

type Order = ReturnType<typeof clearOrder>
type Change = (order: Order) => void

/** What the order is refused with: code and place. */
type Expected = string

/** What the platform is told. */
const messages: Readonly<Record<string, string>> = {
  WIRE_INVALID: '缺少必填参数',
  VALUE_INVALID: '参数值不合法',
  VALUE_TOO_LONG: '参数超长',
  COURIER_UNMAPPED: '不支持的快递公司',
  PRODUCT_UNMAPPED: '不支持的快递产品',
  PAYER_UNMAPPED: '不支持的付款方式',
  SERVICE_UNMAPPED: '不支持的增值服务',
  ACCOUNT_INVALID: '月结账号不可用',
}

const put = (members: Json) => (order: Order) => void Object.assign(order, members)
const part =
  (name: 'receiverContract' | 'receiverAddress' | 'senderContract' | 'senderAddress') =>
  (members: Json) =>
  (order: Order) =>
    void Object.assign(order[name], members)
const contact = part('receiverContract')
const address = part('receiverAddress')
const sender = part('senderContract')
const item = (members: Json) =>
  put({ itemList: [{ itemTitle: '茶', itemQuantity: 1, ...members }] })
const service = (members: Json) => put({ expressServices: [members] })

const orders: readonly [string, Change, Expected][] = [
  ['unknown courier', put({ expressCompanyCode: 'YTO' }), 'COURIER_UNMAPPED /expressCompanyCode'],
  [
    'courier in small letters',
    put({ expressCompanyCode: 'sf' }),
    'COURIER_UNMAPPED /expressCompanyCode',
  ],
  ['no courier', put({ expressCompanyCode: '' }), 'WIRE_INVALID /expressCompanyCode'],
  ['no request id', put({ requestId: undefined }), 'WIRE_INVALID '],
  ['empty request id', put({ requestId: '' }), 'WIRE_INVALID /requestId'],
  ['request id of 129', put({ requestId: 'a'.repeat(129) }), 'VALUE_TOO_LONG /requestId'],
  ['name in the place of a request id', put({ requestId: '张三' }), 'VALUE_INVALID /requestId'],
  ['no order number', put({ tradeOrderCode: undefined }), 'WIRE_INVALID '],
  ['empty order number', put({ tradeOrderCode: '' }), 'VALUE_INVALID /tradeOrderCode'],
  ['order number of 33', put({ tradeOrderCode: '1'.repeat(33) }), 'VALUE_INVALID /tradeOrderCode'],
  ['comma in an order number', put({ tradeOrderCode: '1,2' }), 'VALUE_INVALID /tradeOrderCode'],
  [
    'control character in an order number',
    put({ tradeOrderCode: '1\n2' }),
    'VALUE_INVALID /tradeOrderCode',
  ],
  [
    'name in the place of an order number',
    put({ tradeOrderCode: '张三' }),
    'VALUE_INVALID /tradeOrderCode',
  ],
  ['no shop', put({ merchantCode: undefined }), 'WIRE_INVALID '],
  ['empty shop of another channel', put({ merchantCode: '' }), 'WIRE_INVALID /merchantCode'],
  ['shop that is none', put({ merchantCode: '样例小店' }), 'VALUE_INVALID /merchantCode'],
  ['parcel `-`', put({ packageCode: '-' }), 'VALUE_INVALID /packageCode'],
  ['parcel with `~`', put({ packageCode: '1~2' }), 'VALUE_INVALID /packageCode'],
  ['parcel of 65', put({ packageCode: 'a'.repeat(65) }), 'VALUE_INVALID /packageCode'],
  ['no receiver', put({ receiverContract: undefined }), 'WIRE_INVALID '],
  ['no goods', put({ itemList: [] }), 'WIRE_INVALID /itemList'],
  ['goods without a name', item({ itemTitle: undefined }), 'WIRE_INVALID /itemList/0'],
  ['endless goods', item({ itemTitle: '茶'.repeat(513) }), 'VALUE_TOO_LONG /itemList/0/itemTitle'],
  ['half a piece of goods', item({ itemQuantity: 0.5 }), 'VALUE_INVALID /itemList/0/itemQuantity'],
  [
    'weight of goods with its unit',
    item({ itemWeight: '1kg' }),
    'VALUE_INVALID /itemList/0/itemWeight',
  ],
  ['masked name', contact({ name: '张*' }), 'VALUE_INVALID /receiverContract/name'],
  [
    'name masked with a wide star',
    contact({ name: '张＊' }),
    'VALUE_INVALID /receiverContract/name',
  ],
  ['blank name', contact({ name: ' ' }), 'WIRE_INVALID /receiverContract/name'],
  ['endless name', contact({ name: '张'.repeat(201) }), 'VALUE_TOO_LONG /receiverContract/name'],
  ['masked phone', contact({ mobile: '138****1234' }), 'VALUE_INVALID /receiverContract/mobile'],
  [
    'masked landline',
    contact({ telephone: '0592-***' }),
    'VALUE_INVALID /receiverContract/telephone',
  ],
  [
    'neither mobile nor landline',
    contact({ mobile: '', telephone: ' ' }),
    'VALUE_INVALID /receiverContract/mobile',
  ],
  [
    'no phone member at all',
    contact({ mobile: undefined }),
    'VALUE_INVALID /receiverContract/mobile',
  ],
  ['endless phone', contact({ mobile: '1'.repeat(65) }), 'VALUE_TOO_LONG /receiverContract/mobile'],
  [
    'masked address',
    address({ detailAddress: '测试路1号***' }),
    'VALUE_INVALID /receiverAddress/detailAddress',
  ],
  [
    'masked street line',
    address({ streetName: '样例街*号' }),
    'VALUE_INVALID /receiverAddress/detailAddress',
  ],
  [
    'blank address',
    address({ detailAddress: ' ', streetName: '' }),
    'WIRE_INVALID /receiverAddress/detailAddress',
  ],
  [
    'endless address',
    address({ detailAddress: '路'.repeat(601) }),
    'VALUE_TOO_LONG /receiverAddress/detailAddress',
  ],
  ['another country', address({ countryCode: 'US' }), 'VALUE_INVALID /receiverAddress/countryCode'],
  [
    'another country by name',
    address({ countryName: '日本' }),
    'VALUE_INVALID /receiverAddress/countryName',
  ],
  [
    'street line as a province',
    address({ provinceName: '测试路1号' }),
    'VALUE_INVALID /receiverAddress/provinceName',
  ],
  [
    'phone as a city',
    address({ cityName: '13800000000' }),
    'VALUE_INVALID /receiverAddress/cityName',
  ],
  [
    'street line as a county',
    address({ districtName: '测试路1号' }),
    'VALUE_INVALID /receiverAddress/districtName',
  ],
  ['two towns', address({ townName: '前埔街道' }), 'VALUE_INVALID /receiverAddress/streetName'],
  [
    'two codes of towns',
    address({ townCode: 350203011 }),
    'VALUE_INVALID /receiverAddress/townCode',
  ],
  ['masked sender', sender({ name: '李*' }), 'VALUE_INVALID /senderContract/name'],
  ['sender without phone', sender({ mobile: '' }), 'VALUE_INVALID /senderContract/mobile'],
  [
    'masked address of the sender',
    part('senderAddress')({ detailAddress: '*' }),
    'VALUE_INVALID /senderAddress/detailAddress',
  ],
  [
    'remark of 129',
    put({ tradeOrderRemark: '门'.repeat(129) }),
    'VALUE_TOO_LONG /tradeOrderRemark',
  ],
  ['unknown service', service({ code: 'NEW' }), 'SERVICE_UNMAPPED /expressServices/0/code'],
  [
    'unknown service in the older form',
    service({ serviceCode: 'NEW' }),
    'SERVICE_UNMAPPED /expressServices/0/serviceCode',
  ],
  ['service without a code', service({ name: '保价' }), 'SERVICE_UNMAPPED /expressServices/0/code'],
  [
    'both forms in one service',
    service({ code: 'COD', serviceCode: 'COD' }),
    'VALUE_INVALID /expressServices/0',
  ],
  [
    'forms mixed in one service',
    service({ code: 'COD', serviceValue: '1' }),
    'VALUE_INVALID /expressServices/0',
  ],
  ['half a fen', service({ code: 'COD', value: '22.5' }), 'VALUE_INVALID /expressServices/0'],
  ['negative value', service({ code: 'COD', value: -1 }), 'VALUE_INVALID /expressServices/0'],
  [
    'service twice',
    put({ expressServices: [{ code: 'COD' }, { serviceCode: 'COD' }] }),
    'VALUE_INVALID /expressServices/1/serviceCode',
  ],
  ['payment by the receiver', put({ payMethod: 2 }), 'PAYER_UNMAPPED /payMethod'],
  ['account that is none', put({ settleAccount: '月结' }), 'ACCOUNT_INVALID /settleAccount'],
  [
    'product that is none',
    put({ expressProductCode: '标快' }),
    'PRODUCT_UNMAPPED /expressProductCode',
  ],
  [
    'weight with its unit',
    put({ totalPackageWeight: '1250g' }),
    'VALUE_INVALID /totalPackageWeight',
  ],
  ['negative volume', put({ totalPackageVolume: -1 }), 'VALUE_INVALID /totalPackageVolume'],
  ['half a box', put({ totalPackageQuantity: 1.5 }), 'VALUE_INVALID /totalPackageQuantity'],
  ['sign-back that is no boolean', put({ isSignBack: 1 }), 'VALUE_INVALID /isSignBack'],
  ['pickup without a start', put({ reserveTime: undefined }), 'VALUE_INVALID /reserveEndTime'],
  ['pickup at no time', put({ reserveTime: 'morning' }), 'VALUE_INVALID /reserveTime'],
]

const ciphers: readonly [string, Change, Expected][] = [
  [
    'clear mobile beside ciphers',
    contact({ mobile: '13800000000' }),
    'VALUE_INVALID /receiverContract/mobile',
  ],
  ['no mobile beside ciphers', contact({ mobile: '' }), 'VALUE_INVALID /receiverContract/mobile'],
  [
    'no mobile member beside ciphers',
    contact({ mobile: undefined }),
    'VALUE_INVALID /receiverContract/mobile',
  ],
  [
    'landline beside ciphers',
    contact({ telephone: '0592-0000000' }),
    'VALUE_INVALID /receiverContract/telephone',
  ],
  ['no cipher of the name', contact({ name: '' }), 'WIRE_INVALID /receiverContract/name'],
  [
    'no cipher of the address',
    address({ detailAddress: undefined }),
    'WIRE_INVALID /receiverAddress',
  ],
  ['endless cipher', contact({ name: 'a'.repeat(4097) }), 'VALUE_TOO_LONG /receiverContract/name'],
]

for (const [name, make, all] of [
  ['', clearOrder, orders],
  ['ciphers: ', cipherOrder, ciphers],
] as const) {
  for (const [what, change, expected] of all) {
    test(`refused: ${name}${what}`, () => {
      const order = make()
      change(order)
      const [posted] = read([order])
      assert.ok(posted && 'error' in posted, 'must not be read')
      const at = posted.error.at.replace(/^\/getEbillOrderRequest\/0/, '')
      assert.equal(`${posted.error.code} ${at}`, expected)
      const message = messages[posted.error.code]
      const { result, data } = bodyOf(
        kuaishou.answerOrders(
          [{ native: posted.native, outcome: { kind: 'failed', error: posted.error } }],
          callOf('{}'),
        ),
      )
      assert.equal(result, 1)
      assert.deepEqual(data, [
        {
          requestId: posted.native.requestId,
          baseResponse: { result: 0, message, success: false },
          data: [],
        },
      ])
    })
  }
}

test('a wrong order leaves its neighbours alone', () => {
  const bad: unknown[] = [null, 1, 'x', [], {}, { requestId: 'R7', packageCode: 'p' }]
  const posted = read([clearOrder(), ...bad, { ...clearOrder(), requestId: 'R9' }])
  assert.deepEqual(
    posted.map(one => 'draft' in one),
    [true, ...bad.map(() => false), true],
  )
  assert.deepEqual(posted.at(-2)?.native, { requestId: 'R7', packageCode: 'p' })
  assert.deepEqual(posted[1]?.native, { requestId: '', packageCode: '' })
})

test('no value of the input is in an error or an answer', () => {
  const marks: readonly Change[] = [
    contact({ name: '张*FAKEMARK' }),
    contact({ mobile: 'FAKEMARK*' }),
    address({ detailAddress: 'FAKEMARK***' }),
    put({ tradeOrderCode: 'FAKEMARK 1' }),
    put({ FAKEMARK: 1, requestId: undefined }),
  ]
  for (const change of marks) {
    const order = clearOrder()
    change(order)
    const [posted] = read([order])
    assert.ok(posted && 'error' in posted)
    const outcome = { kind: 'failed', error: posted.error } as const
    const { body } = kuaishou.answerOrders([{ native: posted.native, outcome }], callOf('{}'))
    assert.ok(!`${posted.error.stack}${JSON.stringify(posted)}${body}`.includes('FAKEMARK'))
  }
})
