import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import { toProblem } from '../lib/access/problem.ts'
import { checkPath } from '../lib/access/request.ts'
import { GatewayError } from '../lib/model/errors.ts'

/** What a hono app is to its host. */
export type App = { fetch(request: Request): Response | Promise<Response> }

/**
 * Hosts an app behind an API Gateway REST API (v1, Lambda proxy integration, every media type binary).
 *
 * The app sees the path of the matched resource, without stage or base path; the decoded parameters are put in as plain
 * segments or refused, so nothing is decoded twice. Bytes in are the bytes sent; bytes out are text where they are
 * UTF-8, else base64. `report` gets the class name of an error that is our own bug.
 *
 * @see lib/access/README.md for why this is not hono's own adapter
 */
export function handleRest(
  app: App,
  report: (className: string) => void,
): (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult> {
  return async event => {
    try {
      return await toResult(await app.fetch(toRequest(event)))
    } catch (error) {
      return toResult(toProblem(error, report))
    }
  }
}

/**
 * An event as the web request that caused it. Its host is a placeholder: who is addressed comes from configuration.
 *
 * @throws {GatewayError} `NOT_FOUND` for a path that is not of plain segments, `MALFORMED` for what is no HTTP request.
 */
export function toRequest(event: APIGatewayProxyEvent): Request {
  const url = new URL(pathOf(event), 'https://gateway.invalid')
  url.search = queryOf(event)
  const body = bodyOf(event)
  try {
    return new Request(url, {
      method: event.httpMethod,
      headers: headersOf(event),
      ...(body.length > 0 ? { body } : {}),
    })
  } catch {
    // A GET with a body, or a header value that HTTP cannot carry; the library's text would quote it.
    throw new GatewayError('MALFORMED')
  }
}

/**
 * `event.path` holds the base path of a custom domain and `requestContext.path` the stage; the resource holds neither:
 * `/v1/couriers/{courier}/waybills` with `courier: 'sf'`.
 */
function pathOf({ resource, pathParameters }: APIGatewayProxyEvent): string {
  const path = resource.replace(/\{([^{}+]+)(\+?)\}/g, (_match, name: string, greedy: string) => {
    const value = pathParameters?.[name] ?? ''
    if (greedy === '' && value.includes('/')) throw new GatewayError('NOT_FOUND')
    return value
  })
  return checkPath(path)
}

function queryOf({ multiValueQueryStringParameters: query }: APIGatewayProxyEvent): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, values]) =>
    (values ?? []).map((value): [string, string] => [name, value]),
  )
  return String(new URLSearchParams(pairs))
}

function headersOf({ multiValueHeaders }: APIGatewayProxyEvent): [string, string][] {
  return Object.entries(multiValueHeaders ?? {}).flatMap(([name, values]) =>
    (values ?? []).map((value): [string, string] => [name, value]),
  )
}

function bodyOf({ body, isBase64Encoded }: APIGatewayProxyEvent): Buffer {
  return Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8')
}

async function toResult(response: Response): Promise<APIGatewayProxyResult> {
  const bytes = Buffer.from(await response.arrayBuffer())
  const text = bytes.toString('utf8')
  const isText = Buffer.from(text, 'utf8').equals(bytes)
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: isText ? text : bytes.toString('base64'),
    isBase64Encoded: !isText,
  }
}
