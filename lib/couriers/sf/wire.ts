import { readJsonText } from '../../access/strict.ts'
import { GatewayError } from '../../model/errors.ts'
import { checker } from '../../model/validate.ts'
import type { NativeAnswer } from '../../platforms/platform.ts'
import { under } from '../under.ts'
import { retryable } from './codes.ts'
import type { ErrorCode, Success } from './generated/types.ts'
import { isEnvelope } from './generated/validators.js'

const checkEnvelope = checker(isEnvelope, 'WIRE_INVALID')

/**
 * Reads an answer of SF: the outer envelope, whose inner object is text on the wire and an object in
 * the documents, or the inner object alone. Errors point into the document as it was given.
 *
 * @throws {GatewayError} `WIRE_INVALID` where it is neither; `VALUE_INVALID`, retry `later`, where the
 *   outer code says that the business was not reached, such as "throttled" or "bad signature"
 * @see formats/sf.md section 2
 */
export function readInner<T, R>(
  document: unknown,
  check: (inner: unknown) => T,
  read: (inner: T) => R,
): R {
  if (!isOuter(document)) return read(check(document))
  const { apiResultCode, apiResultData } = checkEnvelope(document)
  if (apiResultCode !== 'A1000')
    throw new GatewayError('VALUE_INVALID', '/apiResultCode', { retry: 'later' })
  return under('/apiResultData', () => read(check(parsed(apiResultData))))
}

/**
 * The code with which the business failed; `undefined` for success, also for one without a code.
 *
 * @throws {GatewayError} `VALUE_INVALID`, retry `later`, for a code that is no answer; `WIRE_INVALID`
 *   for a failure that has no code, or the code of success
 */
export function failureOf(answer: { success: Success; errorCode?: ErrorCode }): string | undefined {
  const code = String(answer.errorCode ?? '')
  if (retryable.has(code)) throw new GatewayError('VALUE_INVALID', '/errorCode', { retry: 'later' })
  const isFailure = code !== '' && code !== 'S0000'
  if (String(answer.success) !== 'true' && !isFailure)
    throw new GatewayError('WIRE_INVALID', '/errorCode')
  return isFailure ? code : undefined
}

/**
 * An answer that names an order names this one, byte for byte, so that no answer meets another's order.
 *
 * @throws {GatewayError} `WIRE_INVALID`
 */
export function agreeOnOrder(named: string | null | undefined, order: string): void {
  if (named && named !== order) throw new GatewayError('WIRE_INVALID', '/msgData/orderId')
}

/** The acknowledgement of a push, byte for byte; anything else is repeated. */
export function acknowledge(): NativeAnswer {
  return native(200, '{"return_code":"0000","return_msg":"成功"}')
}

/** The refusal of a whole push: SF repeats it. */
export function fail(error: GatewayError): NativeAnswer {
  return native(keptStatus.get(error.code) ?? 200, '{"return_code":"1000","return_msg":"系统异常"}')
}

const keptStatus = new Map<GatewayError['code'], number>([
  ['UNAUTHENTICATED', 401],
  ['TOO_LARGE', 413],
  ['THROTTLED', 429],
  ['STORE_AWAY', 503],
])

const native = (status: number, body: string): NativeAnswer => ({
  status,
  contentType: 'application/json;charset=UTF-8',
  body,
})

function isOuter(document: unknown): boolean {
  return (
    typeof document === 'object' && document !== null && Object.hasOwn(document, 'apiResultCode')
  )
}

function parsed(data: unknown): unknown {
  if (typeof data !== 'string') return data
  try {
    return readJsonText(data)
  } catch (cause) {
    throw new GatewayError('WIRE_INVALID', '', { cause })
  }
}
