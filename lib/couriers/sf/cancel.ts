import { GatewayError } from '../../model/errors.ts'
import { checker, type Order } from '../../model/validate.ts'
import { between } from '../../translate/table.ts'
import type { CancelResult } from '../courier.ts'
import { alreadyCancelled } from './codes.ts'
import type { CancelAnswer, CancelOrder } from './generated/types.ts'
import { isCancelAnswer } from './generated/validators.js'
import { agreeOnOrder, failureOf, readInner } from './wire.ts'

const { row, constant, table } = between<CancelOrder, Pick<Order, 'order'>>()

/** `msgData` of `EXP_RECE_UPDATE_ORDER` that cancels. Named by the order, so it works before there is a number. */
export const cancel = table(
  constant('/language', 'zh-CN'),
  row('/orderId', '/order'),
  constant('/dealType', 2, { checked: true }),
)

const checkAnswer = checker(isCancelAnswer, 'WIRE_INVALID')

/**
 * What an answer to the cancellation says: the outer envelope or the inner object. Whatever is no
 * plain "cancelled" leaves the order as it is.
 *
 * @throws {GatewayError} as `readInner`; `WIRE_INVALID` for one to another order
 * @see formats/sf.md section 6, formats/pairs.md section 9
 */
export function readCancelResult(document: unknown, order: Pick<Order, 'order'>): CancelResult {
  return readInner(document, checkAnswer, answer => decide(answer, order.order))
}

function decide(answer: CancelAnswer, order: string): CancelResult {
  agreeOnOrder(answer.msgData?.orderId, order)
  const raw = failureOf(answer)
  if (raw !== undefined)
    return alreadyCancelled.has(raw) ? { result: 'granted' } : { result: 'denied', raw }
  const status = String(answer.msgData?.resStatus ?? '')
  if (status === '') return { result: 'pending' }
  if (status === '2' && !answer.errorCode) throw new GatewayError('WIRE_INVALID', '/errorCode')
  return status === '2' ? { result: 'granted' } : { result: 'denied' }
}
