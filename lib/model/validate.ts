import { GatewayError, type GatewayErrorCode } from './errors.ts'
import type { Validator } from './generated/validators.js'
import * as validators from './generated/validators.js'

export type * from './generated/types.ts'

/**
 * A check that turns `unknown` into a checked type.
 *
 * @throws {GatewayError} with the given code and the pointer of the first fault, never a value.
 */
export function checker<T>(is: Validator<T>, code: GatewayErrorCode): (x: unknown) => T {
  return x => {
    if (is(x)) return x
    throw new GatewayError(code, is.errors?.[0]?.instancePath ?? '')
  }
}

/** @throws {GatewayError} `VALUE_INVALID` at the first pointer where this is no order.json document. */
export const checkOrder = checker(validators.isOrder, 'VALUE_INVALID')
/** @throws {GatewayError} `VALUE_INVALID` where this is no acceptance.json document. */
export const checkAcceptance = checker(validators.isAcceptance, 'VALUE_INVALID')
/** @throws {GatewayError} `VALUE_INVALID` where this is no event.json document. */
export const checkEvent = checker(validators.isEvent, 'VALUE_INVALID')
/** @throws {GatewayError} `VALUE_INVALID` where this is no change.json document. */
export const checkChange = checker(validators.isChange, 'VALUE_INVALID')
/** @throws {GatewayError} `VALUE_INVALID` where this is no personal.json document. */
export const checkPersonal = checker(validators.isPersonal, 'VALUE_INVALID')
/** @throws {GatewayError} `SEAL_INVALID` where this is no sealed.json document. */
export const checkSealed = checker(validators.isSealed, 'SEAL_INVALID')
/** @throws {GatewayError} `ASSIGNMENT_INVALID` where this is no assignment.json document. */
export const checkAssignment = checker(validators.isAssignment, 'ASSIGNMENT_INVALID')
