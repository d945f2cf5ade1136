import { GatewayError } from '../../model/errors.ts'
import { isChange } from '../../model/generated/validators.js'
import { type Change, checker, type Order } from '../../model/validate.ts'
import type { CancelResult } from '../courier.ts'

const check = checker(isChange, 'WIRE_INVALID')

/** The cancellation as `change.json`, with the numbers where the courier has given any. */
export function writeCancel({ order }: Pick<Order, 'order'>, waybills: readonly string[]): Change {
  return { change: 'cancel', order, ...(waybills.length > 0 ? { waybills: [...waybills] } : {}) }
}

/**
 * Reads `change.json` with its `result`, the answer to a cancellation.
 *
 * @throws {GatewayError} `WIRE_INVALID` where it is none, or one to another order
 */
export function readCancelResult(document: unknown, { order }: Pick<Order, 'order'>): CancelResult {
  const { change, result, raw, ...named } = check(document)
  if (change !== 'cancel') throw new GatewayError('WIRE_INVALID', '/change')
  if (named.order !== order) throw new GatewayError('WIRE_INVALID', '/order')
  if (result === undefined) throw new GatewayError('WIRE_INVALID', '/result')
  if (result !== 'denied') return { result }
  return { result, ...(raw === undefined ? {} : { raw }) }
}
