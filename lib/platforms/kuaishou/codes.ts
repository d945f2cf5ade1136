import type { GatewayErrorCode } from '../../model/errors.ts'
import type { RefusalReason } from '../../model/generated/types.ts'
import { codeList } from '../../translate/codecs.ts'

/** Methods of the open platform that are read here. */
export const methods = {
  get: 'open.express.ebill.get',
  cancel: 'open.express.ebill.cancel',
  update: 'open.express.ebill.update',
} as const

/** The platform's own orders; so is an order that names no channel. */
export const OWN_CHANNEL = 'KUAI_SHOU'

/** What is written for an order of another channel: which one it was is not kept. */
export const OTHER_CHANNEL = 'OTHERS'

/**
 * `expressCompanyCode` ⇄ courier slug. `STANDARD`, for a courier that speaks the standard itself, is ours.
 *
 * @throws {GatewayError} `COURIER_UNMAPPED`
 */
export const couriers = codeList(
  { SF: 'sf', KYE: 'kye', STANDARD: 'standard' } as const,
  'COURIER_UNMAPPED',
)

/** Codes of `expressServices` that order.json has a field for. */
export const services = { insure: 'INSURE', collect: 'COD' } as const

/**
 * `scanType` ⇄ status. The platform's list is not public: assumed. @throws {GatewayError} `CODE_UNKNOWN`
 *
 * @see formats/pairs.md section 8
 */
export const scanTypes = codeList({
  ACCEPT: 'accepted',
  DISPATCH_PICKUP: 'pickup-assigned',
  GOT: 'collected',
  DEPARTURE: 'departed',
  ARRIVAL: 'arrived',
  TRANSIT: 'in-transit',
  SENT_SCAN: 'out-for-delivery',
  STA_INBOUND: 'at-pickup-point',
  SIGNED: 'delivered',
  FAILED: 'problem',
  REJECT: 'refused',
  RETURN: 'returning',
  RETURN_SIGNED: 'returned',
  FORWARD: 'redirected',
  CANCEL: 'cancelled',
  LOST: 'lost',
  OTHER: 'unknown',
} as const)

/** `baseResponse.result`: there is a number; repeat the same call; refused. */
export const results = { done: 1, repeat: 2, refused: 0 } as const

/** Fixed texts of `baseResponse.message`. */
export const texts = {
  success: 'success',
  pending: '处理中，请以相同requestId重试',
  busy: '系统繁忙，请以相同requestId重试',
  cancelled: '订单已取消',
  changed: '参数与首次取号不一致',
} as const

/**
 * Why an order was refused ⇄ the fixed text: no list of codes is public. @throws {GatewayError} `CODE_UNKNOWN`
 *
 * @see formats/pairs.md section 7
 */
export const reasons = codeList({
  派送超范围: 'out-of-range',
  揽收超范围: 'pickup-out-of-range',
  地址不详: 'address-unclear',
  联系信息异常: 'contact-invalid',
  托寄物不可寄: 'goods-forbidden',
  产品不可用: 'product-unavailable',
  月结账号不可用: 'account-invalid',
  运力受限: 'capacity',
  增值服务不可用: 'service-unavailable',
  子单过多: 'too-many-parcels',
  重复下单: 'duplicate',
  '快递公司超时未接单，请重新下单': 'expired',
  下单失败: 'other',
} as const)

/** The text of a reason, `派送超范围`. */
export const reasonText = (code: RefusalReason['code']): string => reasons.from(code)

/** Our errors that concern one order → the fixed text; every other one is `下单失败`. */
export const faultTexts: Readonly<Partial<Record<GatewayErrorCode, string>>> = {
  WIRE_INVALID: '缺少必填参数',
  VALUE_INVALID: '参数值不合法',
  VALUE_TOO_LONG: '参数超长',
  CODE_UNKNOWN: '参数值不合法',
  COURIER_UNMAPPED: '不支持的快递公司',
  PRODUCT_UNMAPPED: '不支持的快递产品',
  PAYER_UNMAPPED: '不支持的付款方式',
  SERVICE_UNMAPPED: '不支持的增值服务',
  ACCOUNT_INVALID: reasonText('account-invalid'),
  DISPLAY_REFUSED: reasonText('contact-invalid'),
  SHOWS_TOO_MUCH: '商品信息包含个人信息',
  ORDER_CHANGED: texts.changed,
  ORDER_LOCKED: '重复请求过多，订单已锁定',
}

/** A case of a whole call, as `code`, `sub_code` and the fixed text. */
export interface Fault {
  readonly code: string
  readonly sub: string
  readonly text: string
  /** HTTP status where it is not 200: whoever stands between may act on it. */
  readonly status?: number
}

const invalid: Fault = { code: '400', sub: 'param_invalid', text: '参数不合法' }
const missing: Fault = { ...invalid, text: '缺少必填参数' }

/** Asked of the courier and not settled, or a step that lost a race: the same call again tells. */
export const UNSETTLED: Fault = { code: '409', sub: 'retry_later', text: '处理中，请稍后重试' }

/** Too late, or over. */
export const FIXED: Fault = { code: '409', sub: 'not_changeable', text: '运单已不可取消或修改' }

/** One answer for a parcel that does not exist and for another caller's. */
export const UNKNOWN: Fault = { code: '404', sub: 'waybill_not_found', text: '运单不存在' }

/** Our errors → theirs, for a call as a whole; what is not here is `param_invalid`. Assumed: no list is public. */
export const faults: Readonly<Partial<Record<GatewayErrorCode, Fault>>> = {
  UNAUTHENTICATED: { code: '401', sub: 'sign_invalid', text: '签名校验失败', status: 401 },
  TOO_LARGE: { code: '413', sub: 'param_invalid', text: '请求过大', status: 413 },
  THROTTLED: { code: '429', sub: 'retry_later', text: '请求过于频繁，请稍后重试', status: 429 },
  STORE_AWAY: { code: '503', sub: 'retry_later', text: '系统繁忙，请稍后重试', status: 503 },
  MALFORMED: missing,
  WIRE_INVALID: missing,
  NOT_FOUND: UNKNOWN,
  STATE_CONFLICT: UNSETTLED,
  ORDER_CHANGED: FIXED,
  ORDER_LOCKED: FIXED,
}

/** Everything else that a call may meet. */
export const INVALID = invalid
