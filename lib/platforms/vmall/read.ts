import { GatewayError, type GatewayErrorCode } from '../../model/errors.ts'
import type { Validator } from './generated/validators.js'

/**
 * A document of the given form. What is missing or empty is told from what is wrong.
 *
 * @throws {GatewayError} `WIRE_INVALID`, `VALUE_TOO_LONG` or `VALUE_INVALID` at the first fault
 */
export function check<T>(is: Validator<T>, document: unknown): T {
  if (is(document)) return document
  const [fault] = is.errors ?? []
  throw new GatewayError(faults[fault?.keyword ?? ''] ?? 'VALUE_INVALID', fault?.instancePath)
}

const faults: Readonly<Record<string, GatewayErrorCode>> = {
  required: 'WIRE_INVALID',
  dependentRequired: 'WIRE_INVALID',
  minLength: 'WIRE_INVALID',
  minItems: 'WIRE_INVALID',
  maxLength: 'VALUE_TOO_LONG',
  maxItems: 'VALUE_TOO_LONG',
}

/** The result of a step, or the error that keeps it out; what is no error of ours is a bug and flies on. */
export function attempt<T extends object>(step: () => T): T | { readonly error: GatewayError } {
  try {
    return step()
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return { error }
  }
}
