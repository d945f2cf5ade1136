import { type Change, checker } from '../../model/validate.ts'
import { between } from '../../translate/table.ts'
import type { CancelResult, CourierSettings } from '../courier.ts'
import { customerCode, platformFlag } from './customer.ts'
import type { CancelOrder } from './generated/types.ts'
import { isCancelAnswer, isCancelOrder } from './generated/validators.js'
import { failureOf } from './wire.ts'

/** What a cancellation is made of; the document itself names neither the order nor the time. */
type Cancellation = Pick<Change, 'change' | 'waybills'> & Partial<Pick<Change, 'order' | 'at'>>

const { row, ourConstant, toTheirsOnly, ourLoss, table } = between<
  CancelOrder,
  Cancellation,
  CourierSettings
>()

/** Body of `cancelOrder`. While there is no number the entry around it names the order. */
export const cancel = table(
  ourConstant('/change', 'cancel', { checked: true }),
  toTheirsOnly('/customerCode', '', (_, settings) => customerCode(settings), 'is configured'),
  row('/waybillNumber', '/waybills', {
    name: 'mother',
    lossy: { ours: 'the mother takes her children along' },
    to: number => [number],
    from: ([mother]) => mother,
  }),
  toTheirsOnly('/platformFlag', '', (_, settings) => platformFlag(settings), 'is configured'),
  ourLoss('/order', 'KYE has no field'),
  ourLoss('/at', 'KYE has no field'),
)

/** @throws {GatewayError} `WIRE_INVALID` where this is no body of `cancelOrder` */
export const checkCancel = checker(isCancelOrder, 'WIRE_INVALID')

const checkAnswer = checker(isCancelAnswer, 'WIRE_INVALID')

/**
 * What an answer to the cancellation says. Whatever is no plain success leaves the order as it is.
 *
 * @throws {GatewayError} `WIRE_INVALID` where it is no answer; `VALUE_INVALID`, retry `later`, for a
 *   code that is none
 * @see formats/kye.md section 6
 */
export function readCancelResult(document: unknown): CancelResult {
  const raw = failureOf(checkAnswer(document))
  return raw === undefined ? { result: 'granted' } : { result: 'denied', raw }
}
