import { sha256Hex } from '../../access/digest.ts'
import type { RawRequest } from '../../access/request.ts'
import type { GatewayError } from '../../model/errors.ts'
import type {
  ChangeOutcome,
  ChangeResult,
  NativeAnswer,
  OrderOutcome,
  OrderResult,
} from '../platform.ts'
import { accepted, refused } from './answer-mapping.ts'
import {
  type Fault,
  FIXED,
  faults,
  faultTexts,
  INVALID,
  reasonText,
  results,
  texts,
  UNKNOWN,
  UNSETTLED,
} from './codes.ts'
import { isPush } from './envelope.ts'
import type { Answer, EbillResult } from './generated/types.ts'
import type { KuaishouChange } from './read-changes.ts'
import type { KuaishouNative } from './read-orders.ts'

/** Errors of one order that the same call may get over. */
const passing: readonly GatewayError['code'][] = ['STORE_AWAY', 'STATE_CONFLICT', 'THROTTLED']

/**
 * Answers every order of a call, each `requestId` once. The call itself succeeds, even if none of its
 * orders does.
 *
 * @see formats/kuaishou.md section 5
 */
export function answerOrders(
  posted: readonly OrderResult<KuaishouNative>[],
  request: RawRequest,
): NativeAnswer {
  const data = posted.map(({ native, outcome }) => resultOf(native, outcome))
  return write(200, { ...succeeded(request), data })
}

/**
 * Answers a cancellation, a change, or a pushed message.
 *
 * @see formats/pairs.md section 9
 */
export function answerChanges(
  changes: readonly ChangeResult<KuaishouChange>[],
  request: RawRequest,
): NativeAnswer {
  for (const { outcome } of changes) {
    if (outcome.kind === 'failed') return fail(outcome.error, request)
    const fault = faultOf(outcome)
    if (fault !== undefined) return failed(fault, request)
  }
  return isPush(request) ? write(200, { result: results.done }) : write(200, succeeded(request))
}

/**
 * The native form of an error that concerns the whole call: fixed texts, never a value.
 *
 * @see formats/kuaishou.md section 6
 */
export function fail({ code }: GatewayError, request: RawRequest): NativeAnswer {
  return failed(faults[code] ?? INVALID, request)
}

function faultOf({ kind }: ChangeOutcome): Fault | undefined {
  switch (kind) {
    case 'cancelled':
    case 'done':
      return undefined
    case 'asked':
      return UNSETTLED
    case 'unknown':
      return UNKNOWN
    default:
      return FIXED
  }
}

function resultOf({ requestId, packageCode }: KuaishouNative, outcome: OrderOutcome): EbillResult {
  const without = (result: number, message: string): EbillResult => ({
    requestId,
    baseResponse: { result, message, success: false },
    data: [],
  })
  switch (outcome.kind) {
    case 'accepted':
      // The same request gets its old number, a new one must not take it for its own.
      if (outcome.changed && outcome.order.requestId !== requestId)
        return without(results.refused, texts.changed)
      return accepted.toTheirs({
        requestId,
        parcel: packageCode || '-',
        acceptance: outcome.acceptance,
      })
    case 'refused':
      return refused.toTheirs({ requestId, reason: outcome.reason })
    case 'pending':
      return without(results.repeat, texts.pending)
    case 'cancelled':
      return without(results.refused, texts.cancelled)
    default:
      return passing.includes(outcome.error.code)
        ? without(results.repeat, texts.busy)
        : without(results.refused, faultTexts[outcome.error.code] ?? reasonText('other'))
  }
}

function succeeded(request: RawRequest): Answer {
  return {
    result: results.done,
    msg: texts.success,
    error_msg: '',
    code: '',
    sub_code: '',
    sub_msg: '',
    requestId: callId(request),
  }
}

function failed({ code, sub, text, status = 200 }: Fault, request: RawRequest): NativeAnswer {
  return write(status, {
    result: results.refused,
    msg: text,
    error_msg: text,
    code,
    sub_code: sub,
    sub_msg: text,
    requestId: callId(request),
  })
}

/** Follows from the signature: the platform can find a call by it, and a repeat has the same. */
function callId({ query, body }: RawRequest): string {
  return sha256Hex(query.get('sign') ?? body).slice(0, 32)
}

function write(status: number, answer: Answer | { readonly result: number }): NativeAnswer {
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(answer) }
}
