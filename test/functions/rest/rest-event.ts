import type { APIGatewayProxyEvent } from 'aws-lambda'

/** A request as it reaches API Gateway. */
export interface Incoming {
  readonly method: string
  /** Without the base path: `/v1/health`. */
  readonly path: string
  readonly query?: string
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly body?: Uint8Array
}

/** Where a request was routed to. */
export interface Matched {
  /** `/v1/schemas/{name}` */
  readonly resource: string
  /** Decoded, as API Gateway gives them. */
  readonly parameters: Readonly<Record<string, string>> | null
}

/** The path that a custom domain puts before ours; callers sign with it. */
export const BASE_PATH = '/lasthop'

/**
 * The event of a REST API (v1) with every media type binary, at stage `prod` behind a custom domain
 * with a base path: `path` holds the base path, `requestContext.path` the stage too, and bodies are
 * base64.
 */
export function restEvent(from: Incoming, { resource, parameters }: Matched): APIGatewayProxyEvent {
  const headers = groupedBy(from.headers ?? [])
  const query = groupedBy([...new URLSearchParams(from.query)])
  const body = from.body === undefined ? null : Buffer.from(from.body).toString('base64')
  return {
    resource,
    path: `${BASE_PATH}${from.path}`,
    httpMethod: from.method,
    headers: lastOf(headers),
    multiValueHeaders: headers,
    queryStringParameters: lastOf(query),
    multiValueQueryStringParameters: Object.keys(query).length === 0 ? null : query,
    pathParameters: parameters === null ? null : { ...parameters },
    stageVariables: null,
    body,
    isBase64Encoded: body !== null,
    requestContext: {
      ...{ accountId: '111122223333', apiId: 'abc1234567', authorizer: null },
      ...{ httpMethod: from.method, path: `/prod${from.path}`, stage: 'prod' },
      ...{ protocol: 'HTTP/1.1', requestId: 'c6af9ac6', requestTimeEpoch: Date.now() },
      ...{ resourceId: '123456', resourcePath: resource, identity },
    },
  }
}

const identity = {
  ...{ accessKey: null, accountId: null, apiKey: null, apiKeyId: null, caller: null },
  ...{ clientCert: null, cognitoAuthenticationProvider: null, cognitoAuthenticationType: null },
  ...{ cognitoIdentityId: null, cognitoIdentityPoolId: null, principalOrgId: null },
  ...{ sourceIp: '192.0.2.1', user: null, userAgent: 'test', userArn: null },
}

function groupedBy(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const groups: Record<string, string[]> = {}
  for (const [name, value] of pairs) groups[name] = [...(groups[name] ?? []), value]
  return groups
}

function lastOf(groups: Readonly<Record<string, string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, all]) => [name, all.at(-1) ?? '']))
}
