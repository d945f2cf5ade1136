import { createSecretKey, randomUUID } from 'node:crypto'
import { signHttpRequest } from '../../lib/access/http-signature.ts'
import type { RawRequest } from '../../lib/access/request.ts'
import { signAssignment } from '../../lib/custody/assignment.ts'
import { workingDay } from '../../lib/custody/day.ts'
import { checkAssignment, type Group, type Sealed } from '../../lib/model/validate.ts'
import samples from '../../lib/platforms/standard/fixtures/request-clear.wire.json' with {
  type: 'json',
}
import { verifySeal } from '../../lib/seal/index.ts'
import * as keys from './keys.ts'
import type { Gateway, World } from './world.ts'

/** A request as a client sends it, byte for byte the same each time. */
export interface Request {
  readonly name: string
  /** Sends it to a process; what came back, without what differs by chance. */
  send(gateway: Gateway): Promise<string>
}

const key = {
  keyid: 'k1',
  alg: 'hmac-sha256',
  key: createSecretKey(keys.HTTP_SECRET),
} as const

/** A signed HTTP request of either partner. */
export async function signed(
  now: number,
  method: string,
  path: string,
  document?: unknown,
  query: Readonly<Record<string, string>> = {},
): Promise<RawRequest> {
  const body = Buffer.from(document === undefined ? '' : JSON.stringify(document))
  const headers = document === undefined ? {} : { 'content-type': 'application/json' }
  const search = new URLSearchParams(query).toString()
  const url = `${keys.ORIGIN}${path}${search === '' ? '' : `?${search}`}`
  const made = await signHttpRequest({ method, url, headers, body }, key, new Date(now))
  return {
    ...{ method, path, body },
    query: new Map(Object.entries(query)),
    headers: new Map(Object.entries(made)),
  }
}

const [sample] = samples.orders
if (sample === undefined) throw new Error('no sample')

/** The number of the n-th order on its platform. */
export const numberOf = (n: number): string => `ST-${String(n).padStart(7, '0')}`

/** What is posted as the n-th order; other versions differ in what is declared. */
export const orderOf = (n: number, version: number, at: number) => ({
  ...sample,
  platformOrders: [numberOf(n)],
  primaryOrder: numberOf(n),
  declaredFen: 10_000 + version,
  createdAt: new Date(at).toISOString(),
})

/** A platform's request to post orders. */
export async function posting(
  world: World,
  orders: readonly { readonly n: number; readonly version?: number }[],
): Promise<Request> {
  const document = { orders: orders.map(({ n, version = 0 }) => orderOf(n, version, world.now)) }
  const request = await signed(world.now, 'POST', '/v1/platforms/standard/orders', document)
  return {
    name: `post ${orders.map(({ n, version = 0 }) => `${n}.${version}`).join(' ')}`,
    send: async gateway => bodyOf(await gateway.post(request)),
  }
}

/** What a platform wishes of an order. */
export type Wished =
  | { readonly change: 'cancel' }
  | { readonly change: 'hold'; readonly on: boolean }
  | { readonly change: 'receiver-changed'; readonly version: number }

/** A platform's request to cancel, hold or change orders, as of now. */
export async function wishing(world: World, n: number, wished: Wished): Promise<Request> {
  const at = new Date(world.now).toISOString()
  const named = { platformOrder: numberOf(n), parcel: '-', at }
  const wish =
    wished.change === 'receiver-changed'
      ? { change: wished.change, receiver: receiverOf(wished.version) }
      : wished
  const document = { changes: [{ ...wish, ...named }] }
  const request = await signed(world.now, 'POST', '/v1/platforms/standard/cancellations', document)
  return {
    name: `${wished.change} ${n}`,
    send: async gateway => bodyOf(await gateway.change(request)),
  }
}

const receiverOf = (version: number) => ({
  region: sample.receiver.region,
  personal: { name: '王五', phone: '13700000000', address: `样例大道${version}号` },
})

function bodyOf(answer: unknown): string {
  const { status, body } = Object(answer)
  return `${status} ${body}`
}

/** An entry as the courier pulled it. */
export type Offered = Awaited<ReturnType<Gateway['pull']>>['entries'][number]

/** All that is owed to the courier, from the head on, in pages of this size. */
export async function pullAll(gateway: Gateway, limit = 100): Promise<Offered[]> {
  const entries: Offered[] = []
  for (let after: string | undefined, more = true; more; more = after !== undefined) {
    const query = new Map([['limit', String(limit)]])
    if (after !== undefined) query.set('after', after)
    const page = await gateway.pull(query)
    entries.push(...page.entries)
    after = page.next
  }
  return entries
}

/** The courier's reading of its feed. */
export const pulling = (limit: number): Request => ({
  name: `pull ${limit}`,
  send: async gateway =>
    JSON.stringify((await pullAll(gateway, limit)).map(({ id, kind }) => [id, kind])),
})

/** All that is owed to the platform, from the head on. */
export async function readAll(world: World, gateway: Gateway, limit = 100) {
  const entries: { readonly id: string; readonly kind: string; readonly order: string }[] = []
  for (let after: string | undefined, more = true; more; more = after !== undefined) {
    const query = { limit: String(limit), ...(after === undefined ? {} : { after }) }
    const path = '/v1/platforms/standard/events'
    const page = await gateway.events(await signed(world.now, 'GET', path, undefined, query))
    entries.push(...page.entries)
    after = page.next
  }
  return entries
}

export const reading = (world: World, limit: number): Request => ({
  name: `read ${limit}`,
  send: async gateway =>
    JSON.stringify((await readAll(world, gateway, limit)).map(({ id, kind }) => [id, kind])),
})

/** A courier's answers; `documents` by the id of the entry. */
export function answering(answers: readonly { id: string; document: unknown }[]): Request {
  return {
    name: `answer ${answers.length}`,
    async send(gateway) {
      const { results } = await gateway.answer({ answers })
      return JSON.stringify(results)
    },
  }
}

/** The native acceptance of an order, with a number drawn for it. */
export const accepts = (order: string, waybill: string) => ({
  ...{ outcome: 'accepted', order, courier: keys.PARTNER, waybills: [waybill] },
})

export const refuses = (order: string) => ({
  ...{
    outcome: 'refused',
    order,
    courier: keys.PARTNER,
    reason: { code: 'out-of-range', raw: 'R' },
  },
})

export const answersCancel = (order: string, granted: boolean) => ({
  ...{ change: 'cancel', order, result: granted ? 'granted' : 'denied' },
})

export const acking = (ids: readonly string[]): Request => ({
  name: `ack ${ids.length}`,
  send: async gateway => JSON.stringify(await gateway.ack({ ids })),
})

/** The platform's acknowledgement of what it read. */
export async function ackingEvents(world: World, ids: readonly string[]): Promise<Request> {
  const request = await signed(world.now, 'POST', '/v1/platforms/standard/events/acks', { ids })
  return {
    name: `ack events ${ids.length}`,
    send: async gateway => JSON.stringify(await gateway.ackEvents(request)),
  }
}

/** An event as the courier pushes it. */
export interface Pushed {
  readonly key: string
  readonly waybill: string
  readonly status: string
  readonly at: number
  readonly returnWaybill?: string
}

/** A courier's push. */
export async function pushing(world: World, events: readonly Pushed[]): Promise<Request> {
  const document = {
    events: events.map(({ at, ...told }) => ({
      ...told,
      raw: { system: keys.PARTNER, code: told.status },
      at: new Date(at).toISOString(),
    })),
  }
  const request = await signed(world.now, 'POST', '/v1/couriers/standard/events', document)
  return {
    name: `push ${events.map(({ status }) => status).join(' ')}`,
    send: async gateway => bodyOf(await gateway.push(request)),
  }
}

/** What an assignment says beside the seal that it is of. */
export interface Assigned {
  readonly epoch: number
  readonly hop: keys.Hop
  readonly leg?: 'pickup' | 'delivery' | 'return' | 'done'
}

/** A courier's signed assignment of a seal that it pulled. */
export function statementOf(world: World, seal: Sealed, { epoch, hop, leg }: Assigned): string {
  const { order, group, rev, digest } = verifySeal(seal, world.bench.routerConfig.pins)
  return signAssignment(
    checkAssignment({
      ...{ aud: keys.ROUTER, courier: keys.PARTNER, order, group, rev, hop, epoch, seal: digest },
      leg: leg ?? (group === 'receiver' ? 'delivery' : 'pickup'),
      day: workingDay(new Date(world.now)),
      iat: Math.floor(world.now / 1000),
      jti: randomUUID(),
    }),
    keys.dispatchKey,
  )
}

export const assigning = (assignments: readonly string[]): Request => ({
  name: `assign ${assignments.length}`,
  send: async gateway => JSON.stringify((await gateway.assign({ assignments })).results),
})

/** A station asks for a group of an order. */
export function releasing(world: World, order: string, group: Group, hop: keys.Hop): Request {
  const day = workingDay(new Date(world.now))
  const token = keys.releaseToken(hop, day, world.now)
  return {
    name: `release ${group} ${hop}`,
    async send(gateway) {
      const ask = { courier: keys.PARTNER, hop, order, group, token }
      const { capsule, sealed } = await gateway.release(ask)
      return JSON.stringify([sealed.signature.length, capsule.context])
    },
  }
}

export const shreddingClosed: Request = {
  name: 'shred closed',
  send: async gateway => retryUnless(await gateway.shredClosed()),
}

export const shreddingOutlived: Request = {
  name: 'shred outlived',
  send: async gateway => retryUnless(await gateway.shredOutlived()),
}

export const sweeping: Request = {
  name: 'sweep',
  send: async gateway => retryUnless(await gateway.sweep()),
}

/** What is delayed is tried again; how much a run did depends on the runs before it. */
const retryUnless = ({ delayed }: { delayed: number }): string =>
  delayed === 0 ? 'done' : '"retry":"later"'
