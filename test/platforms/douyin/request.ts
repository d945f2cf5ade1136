import { readFileSync } from 'node:fs'
import { hmacSha256Hex, md5Hex } from '../../../lib/access/digest.ts'
import type { RawRequest } from '../../../lib/access/request.ts'
import { sortedJson } from '../../../lib/access/strict.ts'
import { douyin } from '../../../lib/platforms/douyin/index.ts'
import type { DouyinNative } from '../../../lib/platforms/douyin/read-orders.ts'
import type { PlatformCredential, PostedOrder } from '../../../lib/platforms/platform.ts'

/** The key and secret of the published vectors. */
export const credential: PlatformCredential = {
  appKey: '6800000000000000001',
  secrets: ['00000000-1111-2222-3333-444444444444'],
  md5: false,
  couriers: {},
  ignoreServices: [],
  native: {},
}

export const timestamp = '1767225600'

export type Json = { [name: string]: unknown }

/** A file of the folder's fixtures. */
export const fixture = (name: string) =>
  readFileSync(new URL(`../../../lib/platforms/douyin/fixtures/${name}`, import.meta.url), 'utf8')

/** A request with these query parameters; the body is none if it is not given. */
export function requestOf(
  query: Record<string, string>,
  body: string | Uint8Array = '',
): RawRequest {
  return {
    method: 'POST',
    path: '/v1/platforms/douyin/orders',
    query: new Map(Object.entries(query)),
    headers: new Map([['content-type', 'application/json']]),
    body: Buffer.from(body),
  }
}

/** A create-order call of the call form, not signed. */
export const callOf = (body: string | Json) =>
  requestOf(
    { app_key: credential.appKey, method: 'logistics.newCreateOrder', timestamp, v: '2' },
    typeof body === 'string' ? body : JSON.stringify(body),
  )

/** The same, signed by HMAC-SHA256 as douyin.md section 2 says. */
export function signedCall(body: string, secret = credential.secrets[0] ?? ''): RawRequest {
  const text = `app_key${credential.appKey}methodlogistics.newCreateOrderparam_json${body}timestamp${timestamp}v2`
  const request = callOf(body)
  const sign = hmacSha256Hex(secret, secret + text + secret)
  return {
    ...request,
    query: new Map([...request.query, ['sign_method', 'hmac-sha256'], ['sign', sign]]),
  }
}

/** An SPI call, signed over the sorted text. */
export function spiCall(body: string, method: 'md5' | 'hmac-sha256'): RawRequest {
  const [secret = ''] = credential.secrets
  const text = `${secret}app_key${credential.appKey}param_json${sortedJson(body)}timestamp${timestamp}${secret}`
  const sign = method === 'md5' ? md5Hex(text) : hmacSha256Hex(secret, text)
  return requestOf({ app_key: credential.appKey, timestamp, sign, sign_method: method }, body)
}

/** The clear example, to be changed by a test: its envelope, and its first order alone. */
export function clearOrder(): {
  request: Json
  info: Json
  receiver: { address: Json; contact: Json }
} {
  const request = JSON.parse(fixture('request-clear.wire.json'))
  const [info] = request.order_infos
  request.order_infos = [info]
  return { request, info, receiver: info.receiver_info }
}

/** Reads the orders of a request. */
export const read = (request: Json | string, by: PlatformCredential = credential) =>
  douyin.readOrders(callOf(request), by) as readonly PostedOrder<DouyinNative>[]

/** What is read of one order that must be readable. */
export function draftOf(request: Json) {
  const [posted] = read(request)
  if (posted === undefined || 'error' in posted) throw posted?.error ?? new Error('no order')
  return posted.draft
}
