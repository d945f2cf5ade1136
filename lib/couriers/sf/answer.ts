import { GatewayError } from '../../model/errors.ts'
import { type Acceptance, type Accepted, checker, type Order } from '../../model/validate.ts'
import { textOrAbsent } from '../../translate/codecs.ts'
import { between } from '../../translate/table.ts'
import { type FilterVerdict, filterReasons, filterVerdicts, type Reason, reasons } from './codes.ts'
import type { CreateOrderAnswer, CreateOrderResult, RouteLabel } from './generated/types.ts'
import { isCreateOrderAnswer } from './generated/validators.js'
import { numbers } from './numbers.ts'
import { agreeOnOrder, failureOf, readInner } from './wire.ts'

type Result = NonNullable<CreateOrderResult>

const { row, within, constant, ourConstant, toTheirsOnly, theirLoss, table } = between<
  CreateOrderAnswer,
  Accepted
>()

/**
 * Inner object of an answer that accepts ⇄ acceptance. Sorting marks are opaque: carried byte for
 * byte, never split.
 *
 * @see formats/sf.md section 5, formats/pairs.md section 6
 */
export const answer = table(
  ourConstant('/outcome', 'accepted'),
  constant('/success', true),
  constant('/errorCode', 'S0000'),
  row('/msgData/orderId', '/order', textOrAbsent),
  ourConstant('/courier', 'sf'),
  constant('/msgData/filterResult', 2),
  row('/msgData/waybillNoInfoList', ['/waybills', '/signBackWaybill'], numbers),
  toTheirsOnly(
    '/msgData/routeLabelInfo/0/code',
    ['/sorting', '/label'],
    ([sorting, label]) => (sorting || label ? '1000' : undefined),
    'says that there is a label',
  ),
  within('/msgData/routeLabelInfo/0/routeLabelData', '', ({ row, within, toOursOnly }) => [
    within('', '/sorting', ({ row }) => [
      row('/destRouteLabel', '/mark', textOrAbsent),
      row('/codingMapping', '/inbound', textOrAbsent),
      row('/codingMappingOut', '/outbound', textOrAbsent),
      row('/destCityCode', '/city', textOrAbsent),
      row('/destTransferCode', '/hub', textOrAbsent),
      row('/destDeptCode', '/outlet', textOrAbsent),
      row('/destTeamCode', '/round', textOrAbsent),
    ]),
    toOursOnly('/destRouteLabel', '/sorting/coarse', isCoarse, 'follows from the mark'),
    within('', '/label', ({ row }) => [
      row('/twoDimensionCode', '/qr', textOrAbsent),
      row('/printIcon', '/icons', textOrAbsent),
      row('/abFlag', '/ab', textOrAbsent),
      row('/limitTypeCode', '/timeliness', textOrAbsent),
      row('/sourceTransferCode', '/origin', textOrAbsent),
      row('/checkCode', '/check', textOrAbsent),
    ]),
    row(['/proName', '/proCode'], '/label/product', {
      name: 'product',
      lossy: { theirs: 'the code is printed only where there is no name' },
      to: ([name, code]) => name || code || undefined,
      from: product => [undefined, product],
    }),
  ]),
  theirLoss('/msgData/remark', 'text'),
  theirLoss('/msgData/routeLabelInfo/0/routeLabelData/printFlag', 'nothing clear exists to print'),
  theirLoss('/msgData/routeLabelInfo/0/routeLabelData/waybillNo', 'stands in the list of numbers'),
)

/** A mark of one segment is a city alone. */
function isCoarse(mark: string | undefined): true | undefined {
  return mark && !mark.includes('-') ? true : undefined
}

const checkAnswer = checker(isCreateOrderAnswer, 'WIRE_INVALID')

/**
 * Reads the answer to one order: the outer envelope or the inner object.
 *
 * @throws {GatewayError} `WIRE_INVALID` where it is no answer, contradicts itself or names another
 *   order; `CODE_UNKNOWN` for a `filterResult` that SF does not document; `VALUE_INVALID`, retry
 *   `later`, for a code that is no answer
 */
export function readAnswer(document: unknown, order: Pick<Order, 'order'>): Acceptance {
  return readInner(document, checkAnswer, given => decide(given, order))
}

function decide(given: CreateOrderAnswer, { order }: Pick<Order, 'order'>): Acceptance {
  agreeOnOrder(given.msgData?.orderId, order)
  const head = { order, courier: 'sf' }
  const failure = failureOf(given)
  if (failure !== undefined) return refused(head, reasons.get(failure), failure)
  const result = given.msgData ?? {}
  const verdict = verdictOf(result)
  if (verdict === 'refused') return refusedByFilter(head, String(result.remark ?? ''))
  if (verdict === 'pending' || !hasNumber(result)) return { outcome: 'pending', ...head }
  if (!given.errorCode) throw new GatewayError('WIRE_INVALID', '/errorCode')
  const label = labelOf(result)
  const msgData = { ...result, routeLabelInfo: label === undefined ? null : [label] }
  return { ...answer.toOurs({ ...given, msgData }), ...head }
}

type Head = Pick<Acceptance, 'order' | 'courier'>

function refused(head: Head, code: Reason = 'other', raw?: string): Acceptance {
  return { outcome: 'refused', ...head, reason: { code, ...(raw === undefined ? {} : { raw }) } }
}

/** Why it cannot be delivered: the digit that `remark` begins with, unless a notice of peak days says why. */
function refusedByFilter(head: Head, remark: string): Acceptance {
  const digit = /^\s*(\d)(?!\d)/.exec(remark)?.[1] ?? ''
  const isPeak = /^[14]?$/.test(digit) && remark.includes('高峰')
  const raw = digit === '' ? 'filterResult:3' : `filterResult:3:${digit}`
  return refused(head, isPeak ? 'capacity' : filterReasons.get(digit), raw)
}

function verdictOf({ filterResult }: Result): FilterVerdict {
  const given = String(filterResult ?? '')
  const verdict = given === '' ? 'accepted' : filterVerdicts.get(given)
  if (verdict === undefined) throw new GatewayError('CODE_UNKNOWN', '/msgData/filterResult')
  return verdict
}

function hasNumber({ waybillNoInfoList }: Result): boolean {
  return waybillNoInfoList?.some(({ waybillNo }) => waybillNo) ?? false
}

/** The label of the mother, else the first: children are sorted alike. */
function labelOf({ routeLabelInfo, waybillNoInfoList }: Result): RouteLabel | undefined {
  const mother = waybillNoInfoList?.find(
    ({ waybillType }) => String(waybillType) === '1',
  )?.waybillNo
  const ready = routeLabelInfo?.filter(({ code }) => String(code) === '1000') ?? []
  return ready.find(({ routeLabelData }) => routeLabelData?.waybillNo === mother) ?? ready[0]
}
