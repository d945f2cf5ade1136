import { GatewayError, type GatewayErrorCode } from '../../model/errors.ts'
import type { Validator } from './generated/validators.js'

/** A document of the given form. What is missing or empty is told from what is wrong. */
export function checked<T>(is: Validator<T>, document: unknown): T {
  if (is(document)) return document
  const [fault] = is.errors ?? []
  throw new GatewayError(faults[fault?.keyword ?? ''] ?? 'VALUE_INVALID', fault?.instancePath)
}

const faults: Readonly<Record<string, GatewayErrorCode>> = {
  required: 'WIRE_INVALID',
  minLength: 'WIRE_INVALID',
  minItems: 'WIRE_INVALID',
  maxLength: 'VALUE_TOO_LONG',
  maxItems: 'VALUE_TOO_LONG',
}

/** Callers write `null` for what they leave out. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]))
}

/** A step inside a document: its errors point to where the document stands in the whole. */
export function inside<T>(at: string, step: () => T): T {
  try {
    return step()
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    throw new GatewayError(error.code, at + error.at, { cause: error })
  }
}
