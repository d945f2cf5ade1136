import { problemOf } from '../../access/problem.ts'
import type { GatewayError } from '../../model/errors.ts'
import type { NativeAnswer } from '../../platforms/platform.ts'

/** The slug, as it stands in acceptances. */
export const NAME = 'standard'

/** The acknowledgement of a push, the same for all. */
export function acknowledge(): NativeAnswer {
  return { status: 200, contentType: 'application/json', body: '{"taken":true}' }
}

/** A problem document (RFC 9457), as everywhere outside native endpoints. */
export function fail(error: GatewayError): NativeAnswer {
  const problem = problemOf(error)
  const body = JSON.stringify(problem)
  return { status: problem.status, contentType: 'application/problem+json', body }
}
