import { GatewayError } from '../model/errors.ts'
import { sha256Base64 } from './digest.ts'
import type { RawRequest } from './request.ts'

/** What a client is about to send; `url` is absolute, header names may be in any case. */
export type OutgoingRequest = {
  readonly method: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

/** What a signature is made over, the same on both sides. */
export type Message = {
  readonly method: string
  /** Lower case, without a default port: `gateway.example`. */
  readonly authority: string
  /** With the prefix of the gateway's address: `/lasthop/v1/health`. */
  readonly path: string
  readonly query: ReadonlyMap<string, string>
  readonly headers: ReadonlyMap<string, string>
  readonly body: Uint8Array
}

/** A request that came, as its sender must have addressed it: `origin` is ours, from configuration. */
export function received(raw: RawRequest, origin: string): Message {
  const { host, pathname } = new URL(origin)
  return { ...raw, authority: host, path: pathname.replace(/\/$/, '') + raw.path }
}

/**
 * A request about to be sent.
 *
 * @throws {GatewayError} `MALFORMED` for a query name that comes twice.
 */
export function outgoing(request: OutgoingRequest): Message {
  const { host, pathname, searchParams } = new URL(request.url)
  const query = new Map(searchParams)
  if (query.size !== searchParams.size) throw new GatewayError('MALFORMED')
  return {
    method: request.method.toUpperCase(),
    authority: host,
    path: pathname,
    query,
    headers: new Map(new Headers(request.headers)),
    body: request.body ?? new Uint8Array(),
  }
}

/**
 * Everything that a signature covers, by component identifier: `"@query-param";name="limit"` → `10`.
 *
 * @throws {GatewayError} `MALFORMED` for a body without `content-type`.
 * @see RFC 9421 section 2; design-storage.md, "API Gateway"
 */
export function componentsOf(message: Message): ReadonlyMap<string, string> {
  const components = new Map([
    ['"@method"', message.method],
    ['"@authority"', message.authority],
    ['"@path"', message.path],
  ])
  for (const [name, value] of message.query) {
    components.set(componentName('@query-param', [['name', formEncode(name)]]), formEncode(value))
  }
  if (message.body.length > 0) {
    const contentType = message.headers.get('content-type')
    if (contentType === undefined) throw new GatewayError('MALFORMED')
    components.set('"content-type"', contentType)
    components.set('"content-digest"', digestOf(message.body))
  }
  return components
}

/** A component identifier: `"@path"`, or with parameters `"@query-param";name="limit"`. */
export function componentName(name: string, parameters: Iterable<[string, unknown]>): string {
  return `"${name}"${[...parameters].map(([key, value]) => `;${key}="${value}"`).join('')}`
}

/** `content-digest` of a body (RFC 9530): `sha-256=:X48E9q…=:`. */
export function digestOf(body: Uint8Array): string {
  return `sha-256=:${sha256Base64(body)}:`
}

/** RFC 9421 section 2.2.8 escapes more than `encodeURIComponent`: all but letters, digits and `* - . _`. */
function formEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()~]/g,
    char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
