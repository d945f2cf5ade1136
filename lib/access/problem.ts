import { GatewayError, type GatewayErrorCode } from '../model/errors.ts'

/** The HTTP status of every code; the one table of it. */
export const statusOf: Readonly<Record<GatewayErrorCode, number>> = {
  MALFORMED: 400,
  UNAUTHENTICATED: 401,
  RELEASE_REFUSED: 403,
  NOT_FOUND: 404,
  ORDER_CHANGED: 409,
  ORDER_LOCKED: 409,
  ENTRY_GONE: 409,
  STATE_CONFLICT: 409,
  EPOCH_STALE: 409,
  NOTHING_SEALED: 409,
  TOO_LARGE: 413,
  WIRE_INVALID: 422,
  VALUE_INVALID: 422,
  VALUE_TOO_LONG: 422,
  CODE_UNKNOWN: 422,
  COURIER_UNMAPPED: 422,
  PRODUCT_UNMAPPED: 422,
  PAYER_UNMAPPED: 422,
  SERVICE_UNMAPPED: 422,
  ACCOUNT_INVALID: 422,
  SHOWS_TOO_MUCH: 422,
  DISPLAY_REFUSED: 422,
  SEAL_INVALID: 422,
  SEAL_TAMPERED: 422,
  SIGNATURE_INVALID: 422,
  ASSIGNMENT_INVALID: 422,
  THROTTLED: 429,
  STORE_AWAY: 503,
}

/** What `Retry-After` says with 429 and 503, in seconds. */
export const retryAfterSeconds = 5

/** An RFC 9457 problem as we write it: nothing in it is made from the input but the pointer. */
export type Problem = {
  /** `https://lasthop.dev/problems/entry-gone` */
  readonly type: string
  /** `Entry gone` */
  readonly title: string
  readonly status: number
  readonly code: GatewayErrorCode
  /** JSON Pointer, `''` for the whole request. */
  readonly at: string
  readonly retry: 'never' | 'later'
}

/**
 * A code as it stands in addresses and in per-entry answers: `ENTRY_GONE` → `entry-gone`.
 */
export function problemName(code: GatewayErrorCode): string {
  return code.toLowerCase().replaceAll('_', '-')
}

/**
 * What was thrown, as the one kind of error that may leave. What is not ours is our bug: it becomes `STORE_AWAY`, and
 * `report` gets its class name (`TypeError`), never its text, which may hold what was sent.
 */
export function toGatewayError(error: unknown, report: (className: string) => void): GatewayError {
  if (error instanceof GatewayError) return error
  report(error instanceof Error ? error.constructor.name : typeof error)
  return new GatewayError('STORE_AWAY', '', { retry: 'later' })
}

/** An error as a problem document. */
export function problemOf(error: GatewayError): Problem {
  const name = problemName(error.code)
  const status = statusOf[error.code]
  return {
    type: `https://lasthop.dev/problems/${name}`,
    title: name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' '),
    status,
    code: error.code,
    at: error.at,
    retry: comesBack(status) ? 'later' : error.retry,
  }
}

/**
 * `Retry-After` where a status asks to come back, as headers to spread, also for native answers: `{ 'retry-after': '5' }`.
 */
export function retryHeaders(status: number): Record<string, string> {
  return comesBack(status) ? { 'retry-after': String(retryAfterSeconds) } : {}
}

/**
 * What was thrown → the answer of every endpoint that is not native: `application/problem+json` (RFC 9457). Never 500.
 *
 * @see design.md section 7
 */
export function toProblem(error: unknown, report: (className: string) => void): Response {
  const problem = problemOf(toGatewayError(error, report))
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...retryHeaders(problem.status),
    },
  })
}

function comesBack(status: number): boolean {
  return status === 429 || status === 503
}
