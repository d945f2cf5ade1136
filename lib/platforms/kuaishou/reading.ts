import { readJsonText } from '../../access/strict.ts'
import { GatewayError, type GatewayErrorCode } from '../../model/errors.ts'
import type { PlatformCredential } from '../platform.ts'
import type { Fields } from './envelope.ts'
import type { Validator } from './generated/validators.js'
import { isOwn } from './identity.ts'

/**
 * Whether the receiver comes as ciphers: in the platform's own orders, unless the account says that
 * it posts clear text. Nothing is guessed from the text.
 *
 * @see formats/kuaishou.md section 4
 */
export function carriesCiphers(
  channel: string | undefined,
  { native }: Pick<PlatformCredential, 'native'>,
): boolean {
  return isOwn(channel) && native.ciphers !== 'false'
}

/**
 * The business JSON of a call, `null` taken for absent.
 *
 * @throws {GatewayError} `MALFORMED`
 */
export function readParam(fields: Fields): unknown {
  return withoutNulls(readJsonText(fields.get('param') ?? ''))
}

/**
 * A document of the given form. What is missing or empty is told from what is wrong.
 *
 * @throws {GatewayError} `WIRE_INVALID`, `VALUE_TOO_LONG`, `VALUE_INVALID`
 */
export function check<T>(is: Validator<T>, document: unknown): T {
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
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]))
}
