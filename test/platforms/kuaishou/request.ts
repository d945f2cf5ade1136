import { readFileSync } from 'node:fs'
import { hmacSha256Base64, md5Hex } from '../../../lib/access/digest.ts'
import type { RawRequest } from '../../../lib/access/request.ts'
import { readPairs } from '../../../lib/access/strict.ts'
import { kuaishou } from '../../../lib/platforms/kuaishou/index.ts'
import type {
  NativeAnswer,
  OutgoingRequest,
  PlatformCredential,
} from '../../../lib/platforms/platform.ts'

/** The key and secret of the published vectors. */
export const credential: PlatformCredential = {
  appKey: 'ks123',
  secrets: ['sign-secret'],
  md5: false,
  couriers: {},
  ignoreServices: [],
  native: {},
}

export const timestamp = '1767225600000'

/** The same moment. */
export const now = new Date(1767225600000)

export type Json = { [name: string]: unknown }

/** A file of the folder's fixtures. */
export const fixture = (name: string) =>
  readFileSync(new URL(`../../../lib/platforms/kuaishou/fixtures/${name}`, import.meta.url), 'utf8')

/** A form as it arrives. */
export function formOf(
  fields: Readonly<Record<string, string>> | string,
  call: 'orders' | 'cancellations' = 'orders',
): RawRequest {
  return {
    method: 'POST',
    path: `/v1/platforms/kuaishou/${call}`,
    query: new Map(),
    headers: new Map([['content-type', 'application/x-www-form-urlencoded']]),
    body: Buffer.from(typeof fields === 'string' ? fields : new URLSearchParams(fields).toString()),
  }
}

/** An `ebill.get`, not signed. */
export const callOf = (param: Json | string) =>
  formOf({
    method: 'open.express.ebill.get',
    timestamp,
    param: typeof param === 'string' ? param : JSON.stringify(param),
  })

/** An `ebill.cancel` or `ebill.update`, not signed. */
export const changeOf = (method: 'cancel' | 'update' | 'get', param: Json | string) =>
  formOf(
    {
      method: `open.express.ebill.${method}`,
      timestamp,
      param: typeof param === 'string' ? param : JSON.stringify(param),
    },
    'cancellations',
  )

/** The fields with their signature, as kuaishou.md section 2 says. */
export function signed(
  fields: Readonly<Record<string, string>>,
  secret = 'sign-secret',
): Record<string, string> {
  const names = Object.keys(fields).sort()
  const text = `${names.map(name => `${name}=${fields[name]}`).join('&')}&signSecret=${secret}`
  const sign = fields.signMethod === 'MD5' ? md5Hex(text) : hmacSha256Base64(secret, text)
  return { ...fields, sign }
}

/** A request of a client as it arrives. */
export function arrived({ method, path, headers, body }: OutgoingRequest): RawRequest {
  const [own = '', search = ''] = path.split('?')
  return {
    method,
    path: own,
    query: new Map(readPairs(search)),
    headers: new Map(Object.entries(headers)),
    body: Buffer.from(body),
  }
}

/** One element of the clear example, to be changed by a test. */
export function clearOrder(): Json & {
  receiverContract: Json
  receiverAddress: Json
  senderContract: Json
  senderAddress: Json
} {
  return JSON.parse(fixture('request-clear.wire.json')).getEbillOrderRequest[0]
}

/** The same with a receiver in ciphers. */
export function cipherOrder(): ReturnType<typeof clearOrder> {
  return JSON.parse(fixture('request-cipher.wire.json')).getEbillOrderRequest[0]
}

/** Reads the orders of a request. */
export const read = (orders: readonly unknown[], by: PlatformCredential = credential) =>
  kuaishou.readOrders(callOf({ getEbillOrderRequest: orders }), by)

/** What is read of one order that must be readable. */
export function draftOf(order: unknown, by?: PlatformCredential) {
  const [posted] = read([order], by)
  if (posted === undefined || 'error' in posted) throw posted?.error ?? new Error('no order')
  return posted.draft
}

/** The body of an answer, parsed. */
export const bodyOf = ({ body }: NativeAnswer) => JSON.parse(body)
