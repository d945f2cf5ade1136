import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway'

/** An answer that API Gateway gives by itself, in the form of ours. */
interface OwnAnswer {
  readonly types: readonly ResponseType[]
  readonly status: number
  readonly code: string
}

const ANSWERS: readonly OwnAnswer[] = [
  { types: [ResponseType.DEFAULT_4XX], status: 400, code: 'MALFORMED' },
  // So it answers for a path that nobody serves, with or without an `Authorization` header.
  {
    types: [
      ResponseType.MISSING_AUTHENTICATION_TOKEN,
      ResponseType.INVALID_SIGNATURE,
      ResponseType.ACCESS_DENIED,
      ResponseType.RESOURCE_NOT_FOUND,
    ],
    status: 404,
    code: 'NOT_FOUND',
  },
  { types: [ResponseType.REQUEST_TOO_LARGE], status: 413, code: 'TOO_LARGE' },
  {
    types: [ResponseType.THROTTLED, ResponseType.QUOTA_EXCEEDED],
    status: 429,
    code: 'THROTTLED',
  },
  {
    types: [
      ResponseType.DEFAULT_5XX,
      ResponseType.INTEGRATION_FAILURE,
      ResponseType.INTEGRATION_TIMEOUT,
    ],
    status: 503,
    code: 'STORE_AWAY',
  },
]

/** As `Retry-After` of the functions says, in seconds. */
const RETRY_AFTER = '5'

/**
 * Makes API Gateway's own answers problem documents like those of the functions: never 500, and never
 * its own message, which quotes headers.
 */
export function addGatewayResponses(api: RestApi): void {
  for (const { types, status, code } of ANSWERS) {
    const later = status === 429 || status === 503
    const headers = {
      'Content-Type': "'application/problem+json'",
      ...(later ? { 'Retry-After': `'${RETRY_AFTER}'` } : {}),
    }
    const templates = { 'application/json': JSON.stringify(problem(status, code, later)) }
    for (const type of types) {
      const options = { type, statusCode: String(status), responseHeaders: headers, templates }
      api.addGatewayResponse(type.responseType, options)
    }
  }
}

function problem(status: number, code: string, later: boolean): object {
  const name = code.toLowerCase().replaceAll('_', '-')
  return {
    type: `https://lasthop.dev/problems/${name}`,
    title: name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' '),
    status,
    code,
    at: '',
    retry: later ? 'later' : 'never',
  }
}
