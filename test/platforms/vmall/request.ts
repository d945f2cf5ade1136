import { readdirSync, readFileSync } from 'node:fs'
import type { RawRequest } from '../../../lib/access/request.ts'
import type { OutgoingRequest, PlatformCredential } from '../../../lib/platforms/platform.ts'
import { readContract } from '../../../lib/platforms/vmall/contract.ts'
import { vmall } from '../../../lib/platforms/vmall/index.ts'
import { createVmall } from '../../../lib/platforms/vmall/vmall.ts'

/** The secret of the published vectors. */
export const credential: PlatformCredential = {
  appKey: 'vmall-demo-app',
  secrets: ['vmall-demo-secret'],
  md5: false,
  couriers: {},
  ignoreServices: [],
  native: {},
}

/** What a client signs with. */
export const signer = { appKey: credential.appKey, secret: credential.secrets[0] ?? '' }

/** The time of the published vectors. */
export const timestamp = '1767225600000'
export const now = new Date(Number(timestamp))

export type Json = { [name: string]: unknown }

const folder = new URL('../../../lib/platforms/vmall/', import.meta.url)

/** A file of the folder's fixtures, parsed. */
export const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, folder), 'utf8'))

/** Names of all pairs of a table: `order-basic`. */
export const pairs = (table: string): string[] =>
  readdirSync(new URL('fixtures/', folder))
    .filter(file => file.startsWith(`${table}-`) && file.endsWith('.canonical.json'))
    .map(file => file.replace('.canonical.json', ''))

/** The shipped contract, to be changed by a test. */
export const shipped = () => JSON.parse(readFileSync(new URL('contract.json', folder), 'utf8'))

/** A document of which one place, by its pointer, holds another value; `undefined` takes it out. */
export function changed(document: Json, pointer: string, value: unknown): Json {
  const copy = structuredClone(document)
  const names = pointer.split('/').slice(1)
  const last = names.pop() ?? ''
  const parent = names.reduce<object>((here, name) => Reflect.get(here, name), copy)
  if (value === undefined) Reflect.deleteProperty(parent, last)
  else Reflect.set(parent, last, value)
  return copy
}

/** An adapter by the shipped contract with some places changed. */
export const adapterOf = (changes: Readonly<Record<string, unknown>>) =>
  createVmall(
    readContract(
      Object.entries(changes).reduce<Json>(
        (contract, [pointer, value]) => changed(contract, pointer, value),
        shipped(),
      ),
    ),
  )

/** A request with a body and headers, as it arrives. */
export const requestOf = (
  body: string | Json,
  headers: Readonly<Record<string, string>> = {},
): RawRequest => ({
  method: 'POST',
  path: '/v1/platforms/vmall/orders',
  query: new Map(),
  headers: new Map(Object.entries({ 'x-vmall-timestamp': timestamp, ...headers })),
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})

/** What a client sends, as it arrives. */
export const arrived = ({ path, headers, body }: OutgoingRequest): RawRequest => ({
  ...requestOf(body),
  path,
  headers: new Map(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const),
  ),
})

/** The request of the folder's fixtures with some places changed. */
export const orders = (changes: Readonly<Record<string, unknown>> = {}): Json =>
  Object.entries(changes).reduce<Json>(
    (request, [pointer, value]) => changed(request, pointer, value),
    fixture('request-orders.wire'),
  )

type Adapter = typeof vmall

/** Reads the orders of a request. */
export const read = (request: string | Json, by = credential, adapter: Adapter = vmall) =>
  adapter.readOrders(requestOf(request), by)

/** The draft of the one order of a request that must be readable. */
export function draftOf(request: Json, by = credential, adapter: Adapter = vmall) {
  const [posted] = read(request, by, adapter)
  if (posted === undefined || 'error' in posted) throw posted?.error ?? new Error('no order')
  return posted.draft
}
