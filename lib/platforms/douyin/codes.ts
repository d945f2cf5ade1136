import type { GatewayErrorCode } from '../../model/errors.ts'
import type { RefusalReason, Status } from '../../model/generated/types.ts'
import { codeList } from '../../translate/codecs.ts'

/**
 * `logistics_code`, `company`, `express` ⇄ courier slug. `shenzhenshishun` is SF's same-city service,
 * another courier, and is not in the list. `standard`, for a courier that speaks the standard itself, is
 * ours.
 *
 * @throws {GatewayError} `COURIER_UNMAPPED`
 */
export const couriers = codeList(
  { shunfeng: 'sf', kuayue: 'kye', standard: 'standard' } as const,
  'COURIER_UNMAPPED',
)

/** `service_code` of what order.json has a field or a service for. */
export const services = {
  insure: 'SVC-INSURE',
  collect: 'SVC-COD',
  homeDelivery: 'SVC-WBHOMEDELIVERY',
} as const

/** A case as Douyin numbers it, `4009`, with the fixed text we give it. */
export interface Case {
  readonly code: string
  readonly text: string
}

/** The courier has not answered: natively "timed out at the courier, repeat the same call". */
export const PENDING: Case = { code: '4009', text: '请求物流服务商超时' }

/** A repeat of an order that was cancelled. */
export const CANCELLED: Case = { code: '10801', text: '已取消' }

/** Said beside the old number when a repeat differs from the first call. */
export const CHANGED_HINT = '参数与首次取号不一致，已返回原运单号'

/**
 * Why an order was refused ⇄ `err_code` and `err_msg`; several reasons share a code, no two share both.
 * The codes are seen ones; which stands for which reason is our assumption.
 */
export const refusals: Readonly<Record<RefusalReason['code'], Case>> = {
  'out-of-range': { code: '817702', text: '派送超范围' },
  'pickup-out-of-range': { code: '817701', text: '揽收超范围' },
  'address-unclear': { code: '1000', text: '地址不详' },
  'contact-invalid': { code: '4006', text: '联系信息异常' },
  'goods-forbidden': { code: '1000', text: '托寄物不可寄' },
  'product-unavailable': { code: '817703', text: '产品不可用' },
  'account-invalid': { code: '10711', text: '月结账号不可用' },
  capacity: { code: '817703', text: '运力受限' },
  'service-unavailable': { code: '1000', text: '增值服务不可用' },
  'too-many-parcels': { code: '1000', text: '子单过多' },
  duplicate: { code: '20001', text: '重复下单' },
  // The order may be posted again, and that is what Douyin's callers do on this code.
  expired: { code: '4009', text: '物流服务商超时未接单，请重新下单' },
  other: { code: '4029', text: '下单失败' },
}

/** An error of ours: the case, and for an error of the whole call its class. */
export interface Fault extends Case {
  /** `code` and `msg` of the call form. */
  readonly class: FaultClass
}

/** `code` of the call form, its `msg`, and what stands before the case in `sub_code`. */
export interface FaultClass {
  readonly code: number
  readonly text: string
  readonly prefix: string
}

const MISSING = { code: 40002, text: '缺少必选参数', prefix: 'isv.missing-parameter' }
const INVALID = { code: 40004, text: '非法的参数', prefix: 'isv.parameter-invalid' }
const BUSINESS = { code: 50002, text: '业务处理失败', prefix: 'isv.business-failed' }
const SERVICE = { code: 20000, text: '服务不可用', prefix: 'isp.service-error' }
const SIGNATURE = { code: 30001, text: '签名校验失败', prefix: 'isv.signature-invalid' }

const missing: Fault = { class: MISSING, code: '400', text: '缺少必选参数' }
const invalid: Fault = { class: INVALID, code: '1000', text: '非法的参数' }
const unmapped: Fault = { class: INVALID, code: '10003', text: '不支持的物流服务商或产品' }
const changed: Fault = { class: BUSINESS, code: '20001', text: '重复请求' }
const busy: Fault = { class: SERVICE, code: '15001', text: '系统错误，稍后重试' }

/** The sender's name is empty: the one field that Douyin has a case of its own for. */
export const SENDER_NAMELESS: Fault = { class: INVALID, code: '4006', text: '寄件人姓名不能为空' }

/** Cases of cancellations and updates, by what became of the wish. */
export const changeFaults = {
  /** The courier was asked; the caller's rule for it is to repeat the call. */
  asked: { class: SERVICE, ...PENDING },
  unknownNumber: { class: INVALID, code: '10014', text: '电子面单号不存在' },
  unknownOrder: { class: BUSINESS, code: '15002', text: '订单信息不存在' },
  cancelled: { class: BUSINESS, ...CANCELLED },
  collected: { class: BUSINESS, code: '10802', text: '已取件，不允许取消' },
  updateOfCancelled: { class: INVALID, code: '10901', text: '已取消，不允许变更' },
  updateAnswered: { class: BUSINESS, code: '10907', text: '状态不允许修改' },
  updateCollected: { class: BUSINESS, code: '200101', text: '已取件，不允许修改' },
} as const satisfies Record<string, Fault>

/** Everything else of ours that no call for new orders should meet. */
export const OTHER: Fault = { class: BUSINESS, ...refusals.other }

/** Our errors → theirs, as far as a platform's call can meet them. */
export const faults: Readonly<Partial<Record<GatewayErrorCode, Fault>>> = {
  UNAUTHENTICATED: { class: SIGNATURE, code: '', text: '签名校验失败' },
  MALFORMED: missing,
  TOO_LARGE: invalid,
  DISPLAY_REFUSED: invalid,
  NOT_FOUND: { class: BUSINESS, code: '15002', text: '订单信息不存在' },
  THROTTLED: busy,
  STORE_AWAY: busy,
  WIRE_INVALID: missing,
  VALUE_INVALID: invalid,
  VALUE_TOO_LONG: invalid,
  CODE_UNKNOWN: invalid,
  COURIER_UNMAPPED: unmapped,
  PRODUCT_UNMAPPED: unmapped,
  PAYER_UNMAPPED: invalid,
  SERVICE_UNMAPPED: invalid,
  ACCOUNT_INVALID: { class: BUSINESS, ...refusals['account-invalid'] },
  SHOWS_TOO_MUCH: invalid,
  ORDER_CHANGED: changed,
  ORDER_LOCKED: changed,
  STATE_CONFLICT: busy,
}

/**
 * Status → `state` of a route: its list is not public, so what is not known stays our word.
 *
 * @see logistics/queryPackageRoute: "1" was seen for a parcel that is out for delivery
 */
export const routeState = (status: Status): string => (status === 'out-for-delivery' ? '1' : status)
