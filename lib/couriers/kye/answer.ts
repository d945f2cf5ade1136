import { GatewayError } from '../../model/errors.ts'
import { type Acceptance, type Accepted, checker, type Order } from '../../model/validate.ts'
import { between } from '../../translate/table.ts'
import type { PlannedOrder, PlanOrderAnswer } from './generated/types.ts'
import { isPlanOrderAnswer } from './generated/validators.js'
import { failureOf } from './wire.ts'

const { row, constant, ourConstant, theirLoss, table } = between<PlanOrderAnswer, Accepted>()

/**
 * Answer to `planOrder` that accepts ⇄ acceptance. KYE gives numbers and nothing to sort by.
 *
 * @see formats/kye.md section 5, formats/pairs.md section 6
 */
export const answer = table(
  ourConstant('/outcome', 'accepted'),
  constant('/code', 10000),
  constant('/success', true),
  row('/data', ['/order', '/waybills'], {
    name: 'numbers',
    to: planned => [planned[0]?.orderId ?? undefined, numbersOf(planned)],
    from: ([orderId, waybills]) => waybills?.map(waybillNumber => written(orderId, waybillNumber)),
  }),
  ourConstant('/courier', 'kye'),
  theirLoss('/msg', 'text'),
)

/** Every number once, the mother first: the same again is the same answer. */
function numbersOf(planned: readonly PlannedOrder[]): string[] {
  return [...new Set(planned.flatMap(({ waybillNumber }) => waybillNumber || []))]
}

function written(orderId: string | undefined, waybillNumber: string): PlannedOrder {
  return orderId === undefined ? { waybillNumber } : { orderId, waybillNumber }
}

const checkAnswer = checker(isPlanOrderAnswer, 'WIRE_INVALID')

/**
 * Reads the answer to one order.
 *
 * @throws {GatewayError} `WIRE_INVALID` where it is no answer, contradicts itself or names another
 *   order; `VALUE_INVALID`, retry `later`, for a code that is no answer
 */
export function readAnswer(document: unknown, { order }: Pick<Order, 'order'>): Acceptance {
  const given = checkAnswer(document)
  const planned = given.data ?? []
  agreeOnOrder(planned, order)
  const head = { order, courier: 'kye' }
  const raw = failureOf(given)
  // What its codes mean is not public.
  if (raw !== undefined) return { outcome: 'refused', ...head, reason: { code: 'other', raw } }
  if (numbersOf(planned).length === 0) return { outcome: 'pending', ...head }
  return { ...answer.toOurs(given), ...head }
}

/** An element that names an order names this one, byte for byte, so that no answer meets another's order. */
function agreeOnOrder(planned: readonly PlannedOrder[], order: string): void {
  const other = planned.findIndex(({ orderId }) => orderId && orderId !== order)
  if (other >= 0) throw new GatewayError('WIRE_INVALID', `/data/${other}/orderId`)
}
