import type { GatewayError } from '../../model/errors.ts'
import type { Table } from '../../translate/table.ts'
import type {
  ChangeOutcome,
  ChangeResult,
  NativeAnswer,
  OrderOutcome,
  OrderResult,
} from '../platform.ts'
import type { AcceptedParcel } from './answer-mapping.ts'
import {
  CANCELLED,
  type Case,
  CHANGED,
  caseOfReason,
  type Fault,
  faults,
  INVALID,
  ORDER_CHANGED,
  orderFaults,
  TOO_LATE,
  UNKNOWN,
} from './codes.ts'
import type { ChangeAnswer, OrderAnswer, OrderLists, WaybillAccepted } from './generated/types.ts'
import type { VmallNative } from './read-orders.ts'

/** Said in every answer and event where the contract is a guess: `{ assumed: true }`, else nothing. */
export type Mark = Pick<ChangeAnswer, 'assumed'>

const TAKEN: Fault = { resultCode: '0', resultMsg: 'success' }

/**
 * Answers every order of a request, each in exactly one of the three lists. If all of them were posted
 * before and differently, the answer as a whole says so too.
 *
 * @see formats/vmall.md section 3
 */
export function answerOrders(
  accepted: Table<WaybillAccepted, AcceptedParcel>,
  results: readonly OrderResult<VmallNative>[],
  mark: Mark,
): NativeAnswer {
  const data: OrderLists = { accepted: [], pending: [], failed: [] }
  for (const { native, outcome } of results) {
    const kase = caseOf(outcome)
    if (kase === 'pending') data.pending.push({ ...native })
    else if (kase !== undefined) data.failed.push({ ...native, ...kase })
    else if (outcome.kind === 'accepted') data.accepted.push(taken(accepted, native, outcome))
  }
  const changed = data.failed.filter(({ code }) => code === ORDER_CHANGED.code).length
  const all = results.length > 0 && changed === results.length
  return write(all ? CHANGED : TAKEN, { ...mark, data })
}

function taken(
  table: Table<WaybillAccepted, AcceptedParcel>,
  { orderCode, packageNo }: VmallNative,
  { acceptance }: Extract<OrderOutcome, { readonly kind: 'accepted' }>,
): WaybillAccepted {
  const parcel = { primaryOrder: orderCode, parcel: packageNo, acceptance }
  const { courierCode: _named, ...element } = table.toTheirs(parcel)
  return element
}

/** Why an order is not accepted; none if it is. What may pass by itself is asked for again. */
function caseOf(outcome: OrderOutcome): Case | 'pending' | undefined {
  switch (outcome.kind) {
    case 'accepted':
      return outcome.changed ? ORDER_CHANGED : undefined
    case 'refused':
      return caseOfReason(outcome.reason.code)
    case 'pending':
      return 'pending'
    case 'cancelled':
      return CANCELLED
    case 'failed': {
      if (outcome.error.retry === 'later') return 'pending'
      return orderFaults[outcome.error.code] ?? caseOfReason('other')
    }
  }
}

/**
 * Answers a request for a cancellation or a change: done, asked, or the error's form.
 *
 * @see formats/vmall.md section 4
 */
export function answerChanges(
  results: readonly ChangeResult<undefined>[],
  mark: Mark,
): NativeAnswer {
  // A request holds one wish.
  const [result] = results
  return result === undefined ? write(INVALID, mark) : answerChange(result.outcome, mark)
}

function answerChange(outcome: ChangeOutcome, mark: Mark): NativeAnswer {
  switch (outcome.kind) {
    case 'cancelled':
    case 'done':
      return write(TAKEN, { ...mark, data: { state: 'DONE' } })
    case 'asked':
      return write(TAKEN, { ...mark, data: { state: 'PENDING' } })
    case 'denied':
    case 'too-late':
    case 'closed':
      return write(TOO_LATE, mark)
    case 'unknown':
      return write(UNKNOWN, mark)
    case 'failed':
      return fail(outcome.error, mark)
  }
}

/**
 * The native form of an error that concerns the whole call: fixed texts, never a value.
 *
 * @see formats/vmall.md section 6
 */
export function fail(error: GatewayError, mark: Mark): NativeAnswer {
  return write(faults[error.code] ?? INVALID, mark)
}

function write(
  { resultCode, resultMsg, status = 200 }: Fault,
  more: Omit<OrderAnswer | ChangeAnswer, 'resultCode' | 'resultMsg'>,
): NativeAnswer {
  const answer = { resultCode, resultMsg, ...more }
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(answer) }
}
