import { GatewayError } from '../../model/errors.ts'
import { isAcceptance } from '../../model/generated/validators.js'
import { type Acceptance, checker, type Order } from '../../model/validate.ts'
import { NAME } from './wire.ts'

const check = checker(isAcceptance, 'WIRE_INVALID')

/**
 * Reads `acceptance.json`, the answer to one order.
 *
 * @throws {GatewayError} `WIRE_INVALID` where it is none, or one to another order or of another courier
 */
export function readAnswer(document: unknown, { order }: Pick<Order, 'order'>): Acceptance {
  const acceptance = check(document)
  if (acceptance.order !== order) throw new GatewayError('WIRE_INVALID', '/order')
  if (acceptance.courier !== NAME) throw new GatewayError('WIRE_INVALID', '/courier')
  return acceptance
}
