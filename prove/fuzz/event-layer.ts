import type { APIGatewayProxyEvent } from 'aws-lambda'
import { openApi } from '../../functions/exchange/openapi.ts'
import { type Incoming, type Matched, restEvent } from '../../test/functions/rest/rest-event.ts'
import type { Chance } from '../seals/chance.ts'
import { foreign } from './fault.ts'
import type { Layer } from './json-layer.ts'
import { markOf } from './mutate.ts'
import type { Code } from './subject.ts'

const LARGEST = 1_048_576
const PLAIN = /^[A-Za-z0-9._~-]+$/

/** Resources of the API, a catch-all among them, as API Gateway hands out requests for other paths. */
export const resources = [...Object.keys(openApi.paths), '/{proxy+}']

const segments = [
  ...['douyin', 'kuaishou', 'vmall', 'standard', 'sf', 'kye', 'nobody', 'order.json', 'station-1'],
  ...['.', '..', '', 'a/b', '%2e%2e', '..%2f', '%2F', '\\', 'x y', '?a=1', '#', ';', ':courier'],
  ...['__proto__', 'constructor', '张三', 'x'.repeat(3000), '\u0000', '*', '~', '-', 'o_a', '%00'],
]

const headerNames = [
  ...['content-type', 'Content-Type', 'content-encoding', 'Content-Encoding', 'content-length'],
  ...['signature', 'Signature-Input', 'content-digest', 'authorization', 'host', 'event-sign'],
  ...['x-kye-timestamp', 'x-kye-sign', 'x-forwarded-for', 'transfer-encoding', 'expect', 'cookie'],
  ...['x y', '', '张', 'x-amz-security-token', '__proto__', 'connection', 'x'.repeat(500)],
]

const headerValues = [
  ...[
    'application/json',
    'application/x-www-form-urlencoded',
    'gzip',
    'identity',
    'IDENTITY',
    'br',
  ],
  ...['text/plain; charset=gbk', '2097152', '-1', '1e9', 'a, b', '', ' ', 'sig=:AAAA:', 'Bearer x'],
  ...['sig=("@method");created=1;keyid="x";tag="lasthop"', 'sha-256=:AAAA:', '张三', 'a\r\nb: c'],
  ...['multipart/form-data; boundary=x', 'x'.repeat(9000), '\u0000', 'application/json, text/html'],
]

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE', 'get', 'A B']

/** An event as nobody sends it twice: what was matched, headers, query and body by chance. */
export function oddEvent(chance: Chance, mark: string): APIGatewayProxyEvent {
  const resource = chance.pick(resources)
  const named = [...resource.matchAll(/\{(\w+)\+?\}/g)].map(([, name = '']): [string, string] => [
    name,
    chance.happens(0.2) ? mark : chance.pick(segments),
  ])
  const matched: Matched = {
    resource,
    parameters: named.length === 0 ? null : Object.fromEntries(named),
  }
  const incoming: Incoming = {
    method: chance.happens(0.9) ? chance.pick(['GET', 'POST']) : chance.pick(methods),
    path: resource,
    ...(chance.happens(0.5) ? { body: oddBody(chance, mark) } : {}),
  }
  const headers = Array.from({ length: chance.below(5) }, (): [string, string] => [
    chance.pick(headerNames),
    chance.happens(0.15) ? mark : chance.pick(headerValues),
  ])
  const query = chance.happens(0.4) ? oddQuery(chance, mark) : []
  const event = {
    ...restEvent(incoming, matched),
    multiValueHeaders: grouped(headers),
    multiValueQueryStringParameters: query.length === 0 ? null : grouped(query),
  }
  return withGaps(event, chance)
}

/** Values by name, as own members whatever the names are. */
function grouped(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const groups = Map.groupBy(pairs, ([name]) => name)
  const entries = [...groups].map(([name, all]) => [name, all.map(([, value]) => value)])
  return Object.fromEntries(entries)
}

function oddQuery(chance: Chance, mark: string): [string, string][] {
  const names = [
    'limit',
    'after',
    'shard',
    'shop',
    'group',
    'sign',
    'method',
    'timestamp',
    mark,
    '',
  ]
  const values = ['1', '0', '-1', '101', '1e2', 'receiver', mark, '张三', 'a&b', '%', '\u0000', ' ']
  return Array.from({ length: 1 + chance.below(4) }, (): [string, string] => [
    chance.pick(names),
    chance.pick(values),
  ])
}

function oddBody(chance: Chance, mark: string): Buffer {
  if (chance.below(150) === 0) return Buffer.alloc(LARGEST + chance.below(2), 'x')
  return Buffer.from(
    chance.pick(['{}', '[]', '', `{"ids":["${mark}"]}`, 'a=1&b=2', '\u0000', mark]),
  )
}

/** API Gateway gives `null` for what is not there; other senders of events leave it out. */
function withGaps(event: APIGatewayProxyEvent, chance: Chance): APIGatewayProxyEvent {
  if (chance.happens(0.8)) return event
  const gap = chance.pick([
    { multiValueHeaders: null },
    { multiValueHeaders: undefined, headers: undefined },
    { multiValueQueryStringParameters: undefined },
    { pathParameters: null },
    { pathParameters: undefined },
    { body: undefined },
    { body: '{"a":1}', isBase64Encoded: false },
    { body: '%%%', isBase64Encoded: true },
    { multiValueHeaders: { 'content-type': undefined } },
    { multiValueHeaders: { 'content-type': [], Accept: ['a', 'b'] } },
    { multiValueHeaders: { 'content-encoding': ['identity', 'gzip'] } },
    { multiValueHeaders: { signature: ['a=:AA==:', 'b=:AA==:'] } },
    { multiValueQueryStringParameters: { limit: ['1', '2'] } },
    { multiValueQueryStringParameters: { limit: [] } },
    { requestContext: undefined },
    { isBase64Encoded: undefined },
  ])
  // What comes is not what the types promise.
  return Object.assign({}, event, gap)
}

/** Events as requests: whatever is taken has a plain path, one reading, and the bytes that were sent. */
export function eventLayer({ lambda, request }: Code): Layer {
  return async chance => {
    const event = oddEvent(chance, markOf(chance))
    try {
      const raw = await request.readRequest(lambda.toRequest(event))
      const lax = laxness(event, raw)
      return lax === undefined ? undefined : { broken: 'lax', what: lax, input: event }
    } catch (error) {
      return foreign(error, event)
    }
  }
}

type Raw = Awaited<ReturnType<Code['request']['readRequest']>>

/** Why a request should not have been taken as it was. */
function laxness(event: APIGatewayProxyEvent, raw: Raw): string | undefined {
  const path = event.resource.replace(/\{(\w+)\+?\}/g, (_all, name: string) => {
    return event.pathParameters?.[name] ?? ''
  })
  const parts = path.split('/').slice(1)
  if (raw.path !== path) return 'another path than the one that was matched'
  if (parts.some(part => !PLAIN.test(part) || part === '.' || part === '..')) return 'a path taken'
  const sent = Object.entries(event.multiValueHeaders ?? {})
  const encodings = sent.filter(([name]) => name.toLowerCase() === 'content-encoding')
  const isPlain = encodings.every(([, all = []]) =>
    all.every(one => /^\s*(identity)?\s*$/i.test(one)),
  )
  if (!isPlain) return 'a compressed body taken'
  const query = Object.values(event.multiValueQueryStringParameters ?? {})
  if (query.some((all = []) => all.length > 1)) return 'a query name taken twice'
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8')
  if (!bytes.equals(raw.body)) return 'another body than was sent'
  return bytes.length > LARGEST ? 'a body that is too large taken' : undefined
}
