import { readJson } from '../access/strict.ts'
import type { OutgoingRequest } from '../platforms/platform.ts'

/** A reply as a client of ours sees it. */
export interface Reply {
  readonly status: number
  readonly text: string
  /** The parsed body, where it is JSON. */
  readonly body: unknown
}

/** Sends one request to a gateway. */
export async function send(
  origin: string,
  { method, path, headers, body }: OutgoingRequest,
): Promise<Reply> {
  const reply = await fetch(`${origin}${path}`, {
    method,
    headers,
    ...(method === 'GET' ? {} : { body }),
  })
  const bytes = new Uint8Array(await reply.arrayBuffer())
  const isJson = /json/.test(reply.headers.get('content-type') ?? '')
  return {
    status: reply.status,
    text: Buffer.from(bytes).toString('utf8'),
    body: isJson ? readJson(bytes) : undefined,
  }
}

/** A member of a JSON object, whatever its type; undefined where there is none. */
export function member(value: unknown, ...path: readonly (string | number)[]): unknown {
  let at = value
  for (const name of path) {
    if (typeof at !== 'object' || at === null) return undefined
    at = (at as Record<string | number, unknown>)[name]
  }
  return at
}

/** The elements of a member that is a list. */
export function list(value: unknown, ...path: readonly (string | number)[]): unknown[] {
  const found = member(value, ...path)
  return Array.isArray(found) ? found : []
}

/** A member that is text; `''` where there is none. */
export function textOf(value: unknown, ...path: readonly (string | number)[]): string {
  const found = member(value, ...path)
  return typeof found === 'string' ? found : ''
}
