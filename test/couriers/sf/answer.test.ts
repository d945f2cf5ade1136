import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filterReasons, reasons } from '../../../lib/couriers/sf/codes.ts'
import { sf } from '../../../lib/couriers/sf/index.ts'
import { checkAcceptance } from '../../../lib/model/validate.ts'
import { fixture, orderOf } from './fixtures.ts'

const order = orderOf('basic')
const basic = Object(fixture('answer-basic.wire'))
const head = { order: order.order, courier: 'sf' }

const read = (document: unknown) => checkAcceptance(sf.readAnswer(document, order))

const inner = (msgData: object, rest: object = {}) => ({ ...basic, msgData, ...rest })

const withResult = (change: object) => inner({ ...basic.msgData, ...change })

const failed = (errorCode: unknown, rest: object = {}) => ({
  success: false,
  errorCode,
  errorMsg: '样例文字',
  msgData: null,
  ...rest,
})

const outer = (apiResultData: unknown, apiResultCode: unknown = 'A1000') => ({
  apiErrorMsg: '',
  apiResponseID: '00017CFA',
  apiResultCode,
  apiResultData,
})

const throws = (document: unknown, code: string, at: string, retry: string = 'never') =>
  assert.throws(() => sf.readAnswer(document, order), { name: 'GatewayError', code, at, retry })

test('the inner object, the envelope with text, the envelope with an object: all the same', () => {
  const expected = fixture('answer-basic.canonical')
  assert.deepEqual(read(basic), expected)
  assert.deepEqual(read(outer(JSON.stringify(basic))), expected)
  assert.deepEqual(read(outer(basic)), expected)
  assert.deepEqual(read({ ...basic, success: 'true' }), expected)
})

test('marks are carried byte for byte', () => {
  const accepted = read(basic)
  assert.ok(accepted.outcome === 'accepted')
  assert.equal(accepted.label?.product, 'T  标快')
  assert.equal(accepted.sorting?.mark, '710BF-011')
})

test('the name of the product comes before its code', () => {
  assert.deepEqual(read(fixture('answer-losses.wire')), fixture('answer-losses.canonical'))
})

test('mother, children, signed receipt, whatever their order', () => {
  const pieces = orderOf('merged')
  const wire = Object(fixture('answer-pieces.wire'))
  const { waybillNoInfoList } = wire.msgData
  const turned = {
    ...wire,
    msgData: { ...wire.msgData, waybillNoInfoList: waybillNoInfoList.toReversed() },
  }
  assert.deepEqual(sf.readAnswer(turned, pieces), fixture('answer-pieces.canonical'))
})

test('numbers: one mother, one receipt, each once', () => {
  const list = (...pairs: [number | string, string | null][]) =>
    withResult({
      waybillNoInfoList: pairs.map(([waybillType, waybillNo]) => ({ waybillType, waybillNo })),
    })
  const at = '/msgData/waybillNoInfoList'
  throws(list([1, 'SF1'], [2, 'SF1']), 'WIRE_INVALID', at)
  throws(list([1, 'SF1'], [3, 'SF1']), 'WIRE_INVALID', at)
  throws(list([1, 'SF1'], [1, 'SF2']), 'WIRE_INVALID', at)
  throws(list([2, 'SF1'], [2, 'SF2']), 'WIRE_INVALID', at)
  throws(list([1, 'SF1'], [3, 'SF2'], [3, 'SF3']), 'WIRE_INVALID', at)
  throws(list([4, 'SF1']), 'WIRE_INVALID', `${at}/0/waybillType`)
  throws(list([1, 'SF 1']), 'WIRE_INVALID', `${at}/0/waybillNo`)
  const accepted = read(list(['1', 'SF1'], [2, ''], [2, null], ['3', 'SF2']))
  assert.ok(accepted.outcome === 'accepted')
  assert.deepEqual([accepted.waybills, accepted.signBackWaybill], [['SF1'], 'SF2'])
})

test('the label of the mother, else the first that is ready; none is no reason to refuse', () => {
  const label = (waybillNo: string, destRouteLabel: string, code: string | number = '1000') => ({
    code,
    routeLabelData: { waybillNo, destRouteLabel },
  })
  const markOf = (...routeLabelInfo: object[]) => {
    const accepted = read(withResult({ routeLabelInfo }))
    return accepted.outcome === 'accepted' ? accepted.sorting?.mark : 'none'
  }
  assert.equal(markOf(label('SF9', 'A-1'), label('SF7444463102821', 'B-1')), 'B-1')
  assert.equal(markOf(label('SF9', 'A-1', '0010'), label('SF8', 'B-1', 1000)), 'B-1')
  assert.equal(markOf(label('SF9', 'A-1', '0010')), undefined)
  assert.equal(markOf({ code: '1000', routeLabelData: null }), undefined)
  const { sorting, label: none } = Object(read(withResult({ routeLabelInfo: null })))
  assert.deepEqual([sorting, none], [undefined, undefined])
})

test('a mark of one segment is coarse', () => {
  const routeLabelInfo = [{ code: '1000', routeLabelData: { destRouteLabel: '710' } }]
  const accepted = read(withResult({ routeLabelInfo }))
  assert.ok(accepted.outcome === 'accepted')
  assert.deepEqual(accepted.sorting, { mark: '710', coarse: true })
})

test('filterResult 1 and 4 are pending, also beside a number', () => {
  for (const filterResult of [1, 4, '1', '4'])
    assert.deepEqual(read(withResult({ filterResult })), { outcome: 'pending', ...head })
})

test('filterResult 2, or none, accepts', () => {
  for (const filterResult of [2, '2', null, undefined, ''])
    assert.equal(read(withResult({ filterResult })).outcome, 'accepted')
})

test('filterResult 3 refuses, also beside a number', () => {
  const reasonOf = (remark: unknown) => {
    const refused = read(withResult({ filterResult: 3, remark }))
    return refused.outcome === 'refused' ? refused.reason : undefined
  }
  for (const [digit, code] of filterReasons)
    assert.deepEqual(reasonOf(digit), { code, raw: `filterResult:3:${digit}` })
  assert.deepEqual(reasonOf(2), { code: 'out-of-range', raw: 'filterResult:3:2' })
  assert.equal(reasonOf('1：高峰期运力受限')?.code, 'capacity')
  assert.equal(reasonOf('2：高峰期')?.code, 'out-of-range')
  assert.deepEqual(reasonOf('13800000000'), { code: 'other', raw: 'filterResult:3' })
  assert.deepEqual(reasonOf(null), { code: 'other', raw: 'filterResult:3' })
})

test('another filterResult is unknown, not guessed', () => {
  throws(withResult({ filterResult: 5 }), 'CODE_UNKNOWN', '/msgData/filterResult')
  throws(
    outer(withResult({ filterResult: '02' })),
    'CODE_UNKNOWN',
    '/apiResultData/msgData/filterResult',
  )
})

test('every error code has its reason, and the code alone is kept', () => {
  for (const [raw, code] of reasons)
    assert.deepEqual(read(failed(raw)), { outcome: 'refused', ...head, reason: { code, raw } })
  assert.deepEqual(read(failed('99999')), {
    outcome: 'refused',
    ...head,
    reason: { code: 'other', raw: '99999' },
  })
  assert.deepEqual(read(failed(8016)), read(failed('8016')))
  assert.doesNotMatch(JSON.stringify(read(failed('8052'))), /样例/)
})

test('an error code beside success is an error', () => {
  assert.equal(read({ ...basic, errorCode: '8016' }).outcome, 'refused')
})

test('codes that are no answer: once more, later', () => {
  for (const code of ['A1005', 'A1009', 'A1099']) {
    throws(failed(code), 'VALUE_INVALID', '/errorCode', 'later')
    throws(outer('', code), 'VALUE_INVALID', '/apiResultCode', 'later')
  }
  throws(outer(null, 'A1006'), 'VALUE_INVALID', '/apiResultCode', 'later')
  throws(
    outer(JSON.stringify(failed('A1099'))),
    'VALUE_INVALID',
    '/apiResultData/errorCode',
    'later',
  )
})

test('no number and no error: pending', () => {
  const empty = [null, [], [{ waybillType: 1, waybillNo: '' }], undefined]
  for (const waybillNoInfoList of empty)
    assert.deepEqual(read(withResult({ waybillNoInfoList })), { outcome: 'pending', ...head })
  for (const msgData of [null, {}])
    assert.deepEqual(read({ success: true, errorCode: 'S0000', msgData }).outcome, 'pending')
  assert.equal(read({ success: true, errorCode: '', msgData: null }).outcome, 'pending')
})

test('what contradicts itself is no answer', () => {
  throws({ ...basic, success: false }, 'WIRE_INVALID', '/errorCode')
  throws(failed(null), 'WIRE_INVALID', '/errorCode')
  throws({ ...basic, errorCode: null }, 'WIRE_INVALID', '/errorCode')
})

test('another order, also if only the case differs, is refused', () => {
  const at = '/msgData/orderId'
  throws(withResult({ orderId: order.order.toUpperCase() }), 'WIRE_INVALID', at)
  throws(withResult({ orderId: `${order.order} ` }), 'WIRE_INVALID', at)
  throws(outer(JSON.stringify(withResult({ orderId: 'X' }))), 'WIRE_INVALID', `/apiResultData${at}`)
  const other = failed('8016', { msgData: { orderId: 'X' } })
  throws(other, 'WIRE_INVALID', at)
  for (const orderId of [undefined, null, ''])
    assert.equal(Object(read(withResult({ orderId }))).order, order.order)
})

test('bad input', () => {
  for (const document of [null, undefined, '', 'x', 1, [], {}, [basic], { success: 'yes' }])
    assert.throws(() => sf.readAnswer(document, order), { code: 'WIRE_INVALID' })
  throws(outer('{'), 'WIRE_INVALID', '/apiResultData')
  throws(outer('{"success":true,"success":false}'), 'WIRE_INVALID', '/apiResultData')
  throws(outer('[]'), 'WIRE_INVALID', '/apiResultData')
  throws(outer(null), 'WIRE_INVALID', '/apiResultData')
  throws(outer(basic, 1000), 'WIRE_INVALID', '/apiResultCode')
  throws(failed('13800000000 张三'), 'WIRE_INVALID', '/errorCode')
  const routeLabelInfo = [{ code: '1000', routeLabelData: { destRouteLabel: 'A\n-1' } }]
  throws(
    withResult({ routeLabelInfo }),
    'WIRE_INVALID',
    '/msgData/routeLabelInfo/0/routeLabelData/destRouteLabel',
  )
})
