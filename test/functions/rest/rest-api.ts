import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import { openApi } from '../../../functions/exchange/openapi.ts'
import { BASE_PATH, type Incoming, type Matched, restEvent } from './rest-event.ts'

/** The gateway's functions that answer HTTP. */
export type FunctionName = 'intake' | 'exchange' | 'custody'

/** Invokes a function and takes its result. */
export type Invoke = (name: FunctionName, event: APIGatewayProxyEvent) => Promise<unknown>

/** A small API Gateway on loopback; `origin` has a base path. */
export interface RestApi {
  readonly origin: string
  stop(): void
}

/** Starts it. Every answer is shown to `check` before it goes out. */
export async function startRestApi(
  invoke: () => Invoke,
  check: (matched: Matched, method: string, result: APIGatewayProxyResult) => void,
): Promise<RestApi> {
  const server = createServer((request, response) => {
    const work = async () => {
      const incoming = await read(request)
      const matched = match(incoming)
      const name = functionFor(matched.resource, incoming.method)
      const result = await invoke()(name, restEvent(incoming, matched))
      if (!isResult(result)) throw new Error('no proxy result')
      check(matched, incoming.method, result)
      const { statusCode, headers, body, isBase64Encoded } = result
      response.writeHead(statusCode, textsOf(headers))
      response.end(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'))
    }
    work().catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' })
      response.end(`test: ${error}`)
    })
  })
  return { origin: `${await listen(server)}${BASE_PATH}`, stop: () => close(server) }
}

/** Listens on a free port of loopback. */
export async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

/** Ends a server and its connections. */
export function close(server: Server): void {
  server.close()
  server.closeAllConnections()
}

/** The bytes of a message. */
export async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function read(request: IncomingMessage): Promise<Incoming> {
  const [path = '', query = ''] = (request.url ?? '').split('?')
  const headers = request.rawHeaders.flatMap((name, i, all): [string, string][] =>
    i % 2 === 0 ? [[name, all[i + 1] ?? '']] : [],
  )
  const body = await bytesOf(request)
  return {
    method: request.method ?? '',
    path: path.replace(BASE_PATH, ''),
    query,
    headers,
    ...(body.length === 0 ? {} : { body }),
  }
}

/** The documented path that fits, literal segments first; else a catch-all, so that the function itself says 404. */
export function match({ path, method }: Pick<Incoming, 'path' | 'method'>): Matched {
  const fits = Object.entries(openApi.paths)
    .filter(([, item]) => method.toLowerCase() in item)
    .map(([resource]) => ({ resource, found: patternOf(resource).exec(path) }))
    .filter(({ found }) => found !== null)
    .sort((a, b) => a.resource.split('{').length - b.resource.split('{').length)
  const [first] = fits
  if (first === undefined) return { resource: '/{proxy+}', parameters: { proxy: path.slice(1) } }
  const parameters = Object.entries(first.found?.groups ?? {}).map(
    ([name, value]): [string, string] => [name, decodeURIComponent(value)],
  )
  return {
    resource: first.resource,
    parameters: parameters.length === 0 ? null : Object.fromEntries(parameters),
  }
}

function patternOf(resource: string): RegExp {
  return new RegExp(`^${resource.replaceAll('.', '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`)
}

/** As the stack routes them. */
function functionFor(resource: string, method: string): FunctionName {
  if (/\/(assignments|hops)\b/.test(resource)) return 'custody'
  return method === 'POST' && /\/(orders|cancellations)$/.test(resource) ? 'intake' : 'exchange'
}

function textsOf(headers: APIGatewayProxyResult['headers'] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}

/** Whether a function answered as a proxy integration must. */
export function isResult(value: unknown): value is APIGatewayProxyResult {
  return typeof value === 'object' && value !== null && 'statusCode' in value && 'body' in value
}
