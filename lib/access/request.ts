import { GatewayError } from '../model/errors.ts'
import { maxBodyBytes, readPairs } from './strict.ts'

/** One HTTP request as it came: what signatures are checked over, before anything is parsed for meaning. */
export type RawRequest = {
  /** Upper case: `POST`. */
  readonly method: string
  /** The app's own path, without the prefix of the gateway's address: `/v1/couriers/sf/waybills`. */
  readonly path: string
  /** Decoded names and values; each name came once. */
  readonly query: ReadonlyMap<string, string>
  /** Names in lower case; a value that came in several lines is joined by `, `. */
  readonly headers: ReadonlyMap<string, string>
  /** The decoded bytes of the body, none for an absent one. */
  readonly body: Uint8Array
}

/** What a path segment may be. Nothing here needs an escape, so no two spellings mean one path. */
const segment = /^[A-Za-z0-9._~-]+$/

/** Headers that say who calls or what the body is. None of them has a comma in a single value. */
const singleHeaders = [
  'authorization',
  'content-digest',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'signature',
  'signature-input',
] as const

/**
 * A web request → `RawRequest`, refusing what could be read in two ways.
 *
 * @throws {GatewayError} `TOO_LARGE` for a body above `maxBytes`, as soon as that is known; `NOT_FOUND` for a path with
 *   an empty segment or other characters than `A-Z a-z 0-9 . _ ~ -`; `UNAUTHENTICATED` for a query name or a header of
 *   `singleHeaders` that comes twice (no signature can cover it); `MALFORMED` for a compressed or broken body and a
 *   broken query.
 * @see design.md section 7
 */
export async function readRequest(
  request: Request,
  options: { maxBytes?: number } = {},
): Promise<RawRequest> {
  const url = new URL(request.url)
  return {
    method: request.method.toUpperCase(),
    path: checkPath(url.pathname),
    query: readQuery(url.search.slice(1)),
    headers: readHeaders(request.headers),
    body: await readBody(request, options.maxBytes ?? maxBodyBytes),
  }
}

/**
 * A path of plain segments, returned as it is: `/v1/health`.
 *
 * @throws {GatewayError} `NOT_FOUND` for any other, also for `.` and `..` as a segment.
 */
export function checkPath(path: string): string {
  const [first, ...segments] = path.split('/')
  const plain = segments.every(text => segment.test(text) && text !== '.' && text !== '..')
  if (first !== '' || segments.length === 0 || !plain) throw new GatewayError('NOT_FOUND')
  return path
}

function readQuery(text: string): ReadonlyMap<string, string> {
  const pairs = readPairs(text)
  const query = new Map(pairs)
  if (query.size !== pairs.length) throw new GatewayError('UNAUTHENTICATED')
  return query
}

function readHeaders(headers: Headers): ReadonlyMap<string, string> {
  const repeated = singleHeaders.some(name => headers.get(name)?.includes(','))
  if (repeated) throw new GatewayError('UNAUTHENTICATED')
  const encoding = headers.get('content-encoding') ?? 'identity'
  if (encoding.toLowerCase() !== 'identity') throw new GatewayError('MALFORMED')
  return new Map(headers)
}

async function readBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length')) > maxBytes) throw new GatewayError('TOO_LARGE')
  if (request.body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunksOf(request.body)) {
    size += chunk.byteLength
    // Leaving the loop cancels the stream: the rest is never held.
    if (size > maxBytes) throw new GatewayError('TOO_LARGE')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch {
    // The caller went away in the middle, or its framing broke.
    throw new GatewayError('MALFORMED')
  }
}
