import { sha256Hex } from '../../access/digest.ts'
import type { RawRequest } from '../../access/request.ts'
import type { GatewayError, GatewayErrorCode } from '../../model/errors.ts'
import type { NativeAnswer, OrderOutcome, OrderResult } from '../platform.ts'
import { accepted, type Parcel, refused } from './answer-mapping.ts'
import {
  CANCELLED,
  type Case,
  type Fault,
  faults,
  OTHER,
  PENDING,
  SENDER_NAMELESS,
} from './codes.ts'
import { isCallForm, isMessagePush } from './envelope.ts'
import type {
  CreateOrderAnswer,
  CreateOrderData,
  ErrInfo,
  MessageAnswer,
  SpiAnswer,
} from './generated/types.ts'
import type { DouyinNative } from './read-orders.ts'

/** `code` of the SPI form for a bad signature; its other codes are those of the call form. */
const SPI_UNAUTHENTICATED = 10001

/** Errors that keep their HTTP status: whoever stands between may act on them. */
const statuses: Readonly<Partial<Record<GatewayErrorCode, number>>> = {
  UNAUTHENTICATED: 401,
  TOO_LARGE: 413,
  THROTTLED: 429,
  STORE_AWAY: 503,
}

/**
 * Answers every order of a call, each in one of the two lists. The call itself succeeds, even if none
 * of its orders does.
 *
 * @see formats/douyin.md section 5
 */
export function answerOrders(
  results: readonly OrderResult<DouyinNative>[],
  request: RawRequest,
): NativeAnswer {
  const data: CreateOrderData = { ebill_infos: [], err_infos: [] }
  for (const { native, outcome } of results) {
    const parcel = {
      primaryOrder: native.orderId,
      parcel: native.packId || '-',
      channel: native.channel,
    }
    if (outcome.kind === 'accepted') {
      data.ebill_infos.push(accepted.toTheirs({ ...parcel, ...outcome }))
    } else data.err_infos.push(errInfo(parcel, outcome))
  }
  return succeed(data, request)
}

/** The native form of a call that went well. */
export function succeed(data: CreateOrderAnswer['data'], request: RawRequest): NativeAnswer {
  return isCallForm(request)
    ? write(
        200,
        callForm(request, { code: 10000, msg: 'success', sub_code: '', sub_msg: '', data }),
      )
    : write(200, { code: 0, message: 'success', data })
}

/**
 * The native form of an error that concerns the whole call: fixed texts, never a value.
 *
 * @see formats/douyin.md section 7
 */
export function fail(error: GatewayError, request: RawRequest): NativeAnswer {
  return failWith(faultOf(error), request, error.code)
}

/** The native form of a case that concerns the whole call. */
export function failWith(
  { class: kind, code, text }: Fault,
  request: RawRequest,
  why?: GatewayErrorCode,
): NativeAnswer {
  const status = (why && statuses[why]) ?? 200
  if (isMessagePush(request)) return write(status, { code: kind.code, msg: text })
  if (!isCallForm(request)) {
    const spiCode = why === 'UNAUTHENTICATED' ? SPI_UNAUTHENTICATED : kind.code
    return write(status, { code: spiCode, message: text, data: {} })
  }
  const sub_code = code === '' ? kind.prefix : `${kind.prefix}:${code}`
  const answer = { code: kind.code, msg: kind.text, sub_code, sub_msg: text, data: {} }
  return write(status, callForm(request, answer))
}

function errInfo(
  parcel: Parcel,
  outcome: Exclude<OrderOutcome, { readonly kind: 'accepted' }>,
): ErrInfo {
  if (outcome.kind === 'refused') return refused.toTheirs({ ...parcel, reason: outcome.reason })
  const { code, text } = caseOf(outcome)
  return {
    order_id: parcel.primaryOrder,
    pack_id: parcel.parcel === '-' ? '' : parcel.parcel,
    err_code: code,
    err_msg: text,
    order_channel: parcel.channel ?? '',
  }
}

function caseOf(
  outcome: Extract<OrderOutcome, { readonly kind: 'pending' | 'cancelled' | 'failed' }>,
): Case {
  if (outcome.kind === 'failed') return faultOf(outcome.error)
  return outcome.kind === 'pending' ? PENDING : CANCELLED
}

/** The case of an error of ours. */
export function faultOf({ code, at }: Pick<GatewayError, 'code' | 'at'>): Fault {
  if (code === 'WIRE_INVALID' && at === '/sender_info/contact/name') return SENDER_NAMELESS
  return faults[code] ?? OTHER
}

/** `log_id` follows from the signature: the platform can find a call by it, and a repeat has the same. */
function callForm(
  request: RawRequest,
  answer: Omit<CreateOrderAnswer, 'log_id'>,
): CreateOrderAnswer {
  return { log_id: sha256Hex(request.query.get('sign') ?? '').slice(0, 32), ...answer }
}

/** An answer as JSON. */
export function write(
  status: number,
  answer: CreateOrderAnswer | SpiAnswer | MessageAnswer,
): NativeAnswer {
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(answer) }
}
