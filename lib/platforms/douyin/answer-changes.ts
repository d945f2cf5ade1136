import type { RawRequest } from '../../access/request.ts'
import { GatewayError } from '../../model/errors.ts'
import type { ChangeOutcome, ChangeResult, NativeAnswer } from '../platform.ts'
import { fail, failWith, faultOf, succeed, write } from './answers.ts'
import { changeFaults, type Fault } from './codes.ts'
import { isMessagePush } from './envelope.ts'
import type { UpdateResultData } from './generated/types.ts'
import type { DouyinChange } from './read-changes.ts'

/** Before the courier's answer there is no number and no sorting. */
const UPDATED: UpdateResultData = {
  track_no: '',
  sort_code: '',
  package_center_code: '',
  package_center_name: '',
  short_address_code: '',
  short_address_name: '',
  extra_resp: '',
}

/**
 * Answers a cancellation, an update, or pushed messages. A cancellation that the courier denies is a
 * call that went well and says `success: false`.
 *
 * @see formats/douyin.md sections 2, 6 and 7
 */
export function answerChanges(
  results: readonly ChangeResult<DouyinChange>[],
  request: RawRequest,
): NativeAnswer {
  if (isMessagePush(request)) return answerMessages(results, request)
  const [result] = results
  if (result === undefined) return fail(new GatewayError('WIRE_INVALID'), request)
  const { native, outcome } = result
  const { kind } = outcome
  if (kind === 'failed') return fail(outcome.error, request)
  if (native.call === 'update') {
    return kind === 'done' ? succeed(UPDATED, request) : failWith(updateFault(result), request)
  }
  if (kind === 'cancelled' || kind === 'done' || kind === 'denied') {
    return succeed({ cancel_result: { success: kind !== 'denied' } }, request)
  }
  return failWith(cancelFault(outcome, native), request)
}

/** The platform repeats a message until it is taken: so only what may pass later is refused. */
function answerMessages(
  results: readonly ChangeResult<DouyinChange>[],
  request: RawRequest,
): NativeAnswer {
  for (const { outcome } of results) {
    if (outcome.kind === 'failed' && outcome.error.code !== 'ORDER_CHANGED') {
      return failWith(faultOf(outcome.error), request, outcome.error.code)
    }
  }
  return write(200, { code: 0, msg: 'success' })
}

function cancelFault(outcome: ChangeOutcome, { byNumber }: DouyinChange): Fault {
  switch (outcome.kind) {
    case 'asked':
      return changeFaults.asked
    case 'too-late':
      return changeFaults.collected
    case 'unknown':
      return byNumber ? changeFaults.unknownNumber : changeFaults.unknownOrder
    default:
      return changeFaults.cancelled
  }
}

function updateFault({ native, outcome }: ChangeResult<DouyinChange>): Fault {
  if (outcome.kind === 'unknown') return cancelFault(outcome, native)
  const isCancelled = outcome.kind === 'closed' && outcome.state === 'cancelled'
  if (isCancelled || outcome.kind === 'cancelled') return changeFaults.updateOfCancelled
  return outcome.kind === 'too-late' && outcome.collected
    ? changeFaults.updateCollected
    : changeFaults.updateAnswered
}
