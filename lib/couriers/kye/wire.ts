import { GatewayError, type GatewayErrorCode } from '../../model/errors.ts'
import type { NativeAnswer } from '../../platforms/platform.ts'
import { retryable } from './codes.ts'
import type { Code, Success } from './generated/types.ts'

/**
 * The code with which a call failed; `undefined` for success.
 *
 * @throws {GatewayError} `VALUE_INVALID`, retry `later`, for a code that is no answer: the token
 *   of the call was not valid; `WIRE_INVALID` for a failure with the code of success
 * @see formats/kye.md section 2
 */
export function failureOf(answer: { code: Code; success: Success }): string | undefined {
  const code = String(answer.code)
  if (retryable.has(code)) throw new GatewayError('VALUE_INVALID', '/code', { retry: 'later' })
  if (code !== '10000') return code
  if (String(answer.success) !== 'true') throw new GatewayError('WIRE_INVALID', '/success')
  return undefined
}

/** The acknowledgement of a push. */
export function acknowledge(): NativeAnswer {
  return native(200, { code: 0, msg: 'OK' })
}

/** The refusal of a whole push. What is ours to mend is asked for once more. */
export function fail(error: GatewayError): NativeAnswer {
  const [status, code, msg] = failures.get(error.code) ?? [200, 1010, 'invalid']
  if (status === 503 || error.retry === 'later') return native(503, { code: 1, msg: 'retry' })
  return native(status, { code, msg, success: false })
}

/** HTTP status, native code and text by our code; every other one is a bad push. */
const failures = new Map<GatewayErrorCode, readonly [status: number, code: number, msg: string]>([
  ['UNAUTHENTICATED', [401, 6001, 'unauthenticated']],
  ['TOO_LARGE', [413, 1010, 'too large']],
  ['THROTTLED', [429, 429, 'throttled']],
  ['NOT_FOUND', [200, 10010, 'not found']],
  ['STORE_AWAY', [503, 503, 'store away']],
])

const native = (status: number, body: object): NativeAnswer => ({
  status,
  contentType: 'application/json;charset=UTF-8',
  body: JSON.stringify(body),
})
