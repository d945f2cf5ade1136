import type { GatewayErrorCode } from '../../model/errors.ts'
import type { Order, RefusalReason, Status } from '../../model/generated/types.ts'
import { type CodeList, codeList } from '../../translate/codecs.ts'
import type { Contract } from './generated/types.ts'

/** Which services order.json knows. */
type Service = Order['services'][number]['code']

/** What may be wished of an order. */
export type Action = Contract['codes']['action'][string]

/** The code lists of a contract. */
export interface Codes {
  /** @throws {GatewayError} `COURIER_UNMAPPED` */
  readonly courier: CodeList<string, string>
  /** @throws {GatewayError} `PAYER_UNMAPPED` */
  readonly payer: CodeList<string, Order['payer']>
  /** @throws {GatewayError} `SERVICE_UNMAPPED` */
  readonly service: CodeList<string, Service>
  /** @throws {GatewayError} `CODE_UNKNOWN` */
  readonly action: CodeList<string, Action>
  readonly status: CodeList<string, Status>
}

/** The code lists of a contract, both ways. */
export function codesOf({ courier, payer, service, action, status }: Contract['codes']): Codes {
  const statuses: Record<string, Status> = Object.fromEntries(
    namesOf(status).map(ours => [status[ours], ours]),
  )
  return {
    courier: codeList(withStandard(courier), 'COURIER_UNMAPPED'),
    payer: codeList(payer, 'PAYER_UNMAPPED'),
    service: codeList(service, 'SERVICE_UNMAPPED'),
    action: codeList(action),
    status: codeList(statuses),
  }
}

/** `STANDARD`, for a courier that speaks the standard itself, is ours, unless a contract has its own code for it. */
function withStandard(courier: Contract['codes']['courier']): Contract['codes']['courier'] {
  const own = Object.hasOwn(courier, 'STANDARD') || Object.values(courier).includes('standard')
  return own ? courier : { ...courier, STANDARD: 'standard' }
}

/** The reason's words as `code`, `OUT_OF_RANGE`, with the fixed text beside it. */
export const refusals: Readonly<Record<RefusalReason['code'], string>> = {
  'out-of-range': '派送超范围',
  'pickup-out-of-range': '揽收超范围',
  'address-unclear': '地址不详',
  'contact-invalid': '联系信息异常',
  'goods-forbidden': '托寄物不可寄',
  'product-unavailable': '产品不可用',
  'account-invalid': '月结账号不可用',
  capacity: '运力受限',
  'service-unavailable': '增值服务不可用',
  'too-many-parcels': '子单过多',
  duplicate: '重复下单',
  expired: '物流服务商超时未接单',
  other: '下单失败',
}

/** `code` and `message` of an order that failed. */
export interface Case {
  readonly code: string
  readonly message: string
}

/** The case of a courier's reason: `{ code: 'OUT_OF_RANGE', message: '派送超范围' }`. */
export function caseOfReason(reason: RefusalReason['code']): Case {
  return { code: upperSnake(reason), message: refusals[reason] }
}

/** The reason of a `code`, if it is one. */
export function reasonOfCode(code: string): RefusalReason['code'] | undefined {
  return namesOf(refusals).find(reason => upperSnake(reason) === code)
}

/** A repeat of an order that was cancelled. */
export const CANCELLED: Case = { code: 'CANCELLED', message: '订单已取消' }

/** A repeat that differs from the first call. */
export const ORDER_CHANGED: Case = { code: 'ORDER_CHANGED', message: '与首次下单内容不一致' }

const valueInvalid: Case = { code: 'VALUE_INVALID', message: '参数缺失或非法' }

/** Our errors → what is said of the one order that has them; others are `OTHER`. */
export const orderFaults: Readonly<Partial<Record<GatewayErrorCode, Case>>> = {
  WIRE_INVALID: valueInvalid,
  VALUE_INVALID: valueInvalid,
  CODE_UNKNOWN: valueInvalid,
  SHOWS_TOO_MUCH: valueInvalid,
  VALUE_TOO_LONG: { code: 'VALUE_TOO_LONG', message: '参数超长' },
  COURIER_UNMAPPED: { code: 'COURIER_UNMAPPED', message: '不支持的物流服务商' },
  PRODUCT_UNMAPPED: { code: 'PRODUCT_UNMAPPED', message: '不支持的产品' },
  PAYER_UNMAPPED: { code: 'PAYER_UNMAPPED', message: '不支持的付款方式' },
  SERVICE_UNMAPPED: { code: 'SERVICE_UNMAPPED', message: '不支持的增值服务' },
  ACCOUNT_INVALID: caseOfReason('account-invalid'),
  DISPLAY_REFUSED: caseOfReason('contact-invalid'),
  ORDER_CHANGED,
  ORDER_LOCKED: ORDER_CHANGED,
}

/** `resultCode` and `resultMsg` of a whole call, and the HTTP status where it is not 200. */
export interface Fault {
  readonly resultCode: string
  readonly resultMsg: string
  readonly status?: number
}

/** The request as a whole has a value that is missing or wrong. */
export const INVALID: Fault = { resultCode: '422001', resultMsg: '参数缺失或非法' }

/** The order was posted before, and differently. */
export const CHANGED: Fault = { resultCode: '409001', resultMsg: ORDER_CHANGED.message }

/** The order can be neither cancelled nor changed any more. */
export const TOO_LATE: Fault = { resultCode: '409002', resultMsg: '订单已不可取消或修改' }

/** No such order, or another caller's. */
export const UNKNOWN: Fault = { resultCode: '404001', resultMsg: '订单不存在' }

const away: Fault = { resultCode: '503001', resultMsg: '系统繁忙，请稍后重试', status: 503 }

/** Our errors → theirs, of a whole call; all others are `INVALID`. */
export const faults: Readonly<Partial<Record<GatewayErrorCode, Fault>>> = {
  UNAUTHENTICATED: { resultCode: '401001', resultMsg: '鉴权失败', status: 401 },
  MALFORMED: { resultCode: '400001', resultMsg: '请求体不是合法的JSON' },
  TOO_LARGE: { resultCode: '413001', resultMsg: '请求体过大', status: 413 },
  THROTTLED: { resultCode: '429001', resultMsg: '请求过于频繁', status: 429 },
  STORE_AWAY: away,
  NOT_FOUND: UNKNOWN,
  ORDER_CHANGED: CHANGED,
  ORDER_LOCKED: CHANGED,
  STATE_CONFLICT: TOO_LATE,
  ENTRY_GONE: TOO_LATE,
}

/** The members' names of a record whose names are a closed list. */
function namesOf<K extends string>(record: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(record).filter((name): name is K => name in record)
}

function upperSnake(word: string): string {
  return word.toUpperCase().replaceAll('-', '_')
}
