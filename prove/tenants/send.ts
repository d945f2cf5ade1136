import { createHash } from 'node:crypto'
import type { Hono } from 'hono'
import { signedBy } from '../../lib/cli/http-key.ts'
import type { OutgoingRequest, ParcelName, Platform } from '../../lib/platforms/platform.ts'
import { type Keys, ORIGIN } from './world.ts'

/** An answer as it came, its headers sorted. */
export interface Answer {
  readonly status: number
  readonly headers: string
  readonly text: string
}

/** Headers that differ though the answer is the same: when it was given, and a signature over that. */
const FLEETING = ['date', 'body-sign', 'x-vmall-timestamp']

/** Sends a call to an app. */
export async function sendTo(
  app: Hono,
  { method, path, headers, body }: OutgoingRequest,
): Promise<Answer> {
  const reply = await app.request(path, { method, headers, ...(method === 'GET' ? {} : { body }) })
  const kept = [...reply.headers].filter(([name]) => !FLEETING.includes(name)).sort()
  return { status: reply.status, headers: JSON.stringify(kept), text: await reply.text() }
}

/** What a platform may ask for. */
export type PlatformCall =
  | { readonly kind: 'post'; readonly document: string }
  | { readonly kind: 'cancel' | 'change'; readonly parcel: ParcelName }
  | { readonly kind: 'events'; readonly after: string }
  | { readonly kind: 'acks'; readonly ids: readonly string[] }
  | { readonly kind: 'state'; readonly platformOrder: string; readonly shop: string | undefined }

/** A call of a platform, signed natively where it has a signature of its own, or as an HTTP message. */
export async function callPlatform(
  { name, calls, sandbox }: Platform,
  keys: Keys,
  call: PlatformCall,
  way: 'own' | 'http' = 'own',
): Promise<OutgoingRequest> {
  const now = new Date()
  const base = `/v1/platforms/${name}`
  const at = (document: string, path: string, method: string, query = ''): OutgoingRequest => {
    const request = sandbox.sign(document, keys, now)
    const all = [request.path.split('?')[1], query].filter(Boolean).join('&')
    return { ...request, method, path: [base + path, all].filter(Boolean).join('?') }
  }
  const made = (): OutgoingRequest => {
    switch (call.kind) {
      case 'post':
        return sandbox.sign(call.document, keys, now)
      case 'cancel':
        return sandbox.cancel(call.parcel, keys, now)
      case 'change':
        return sandbox.changeReceiver(call.parcel, keys, now)
      case 'events':
        return at('', '/events', 'GET', `after=${call.after}`)
      case 'acks':
        return at(JSON.stringify({ ids: call.ids }), '/events/acks', 'POST')
      case 'state': {
        const shop = call.shop === undefined ? '' : `shop=${encodeURIComponent(call.shop)}`
        return at('', `/orders/${call.platformOrder}`, 'GET', shop)
      }
    }
  }
  const request = made()
  return way === 'own' && calls === 'native' ? request : signedBy(ORIGIN, keys.http, request)
}

/** A call of a courier, signed as an HTTP message. */
export function callCourier(
  courier: string,
  keys: Keys,
  method: string,
  path: string,
  document?: unknown,
): Promise<OutgoingRequest> {
  const body = document === undefined ? '' : JSON.stringify(document)
  const request = { method, path: `/v1/couriers/${courier}${path}`, headers: {}, body }
  return signedBy(ORIGIN, keys.http, request)
}

/**
 * An answer with what the call itself named written as X, and with the number that some platforms'
 * answers make from the call's signature written as CALL: all else must be alike, byte for byte.
 */
export function withoutNames(
  { status, headers, text }: Answer,
  { path, body }: OutgoingRequest,
  names: readonly string[],
): string {
  const sign = new URL(path, ORIGIN).searchParams.get('sign')
  const calls = [sign ?? '', body, new URLSearchParams(body).get('sign') ?? '']
    .filter(one => one !== '')
    .map(one => createHash('sha256').update(one).digest('hex').slice(0, 32))
  const named = names.filter(one => one.length > 3).sort((a, b) => b.length - a.length)
  const plain = named.reduce((all, name) => all.replaceAll(name, 'X'), text)
  return `${status} ${headers} ${calls.reduce((all, call) => all.replaceAll(call, 'CALL'), plain)}`
}
