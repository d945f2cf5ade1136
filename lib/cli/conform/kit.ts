import { type SignatureKey, signHttpRequest } from '../../access/http-signature.ts'
import { readJson } from '../../access/strict.ts'
import { isChangeOutcomes, isOutcomes, type Validator } from '../../model/generated/validators.js'
import { orderId } from '../../model/order-id.ts'
import type { SealPins } from '../../seal/index.ts'
import { list, member, textOf } from '../send.ts'
import { expect, Mismatch, present, same } from './check.ts'
import { type Json, openInvention } from './invent.ts'

/** One side of the server under test: its slug there, and the key that signs its calls. */
export interface Caller {
  readonly slug: string
  readonly key: SignatureKey
}

/** The server under test, and who calls it. */
export interface Target {
  /** Scheme, host and path prefix, without a slash at the end: `https://gateway.example/lasthop`. */
  readonly origin: string
  readonly platform: Caller
  readonly courier: Caller
  /** A product code that the courier takes. */
  readonly product: string
  /** The server's public signing keys, to verify seals; without them signatures are not checked. */
  readonly gatewayKeys?: SealPins['gatewayKeys']
}

/** An answer as it came. */
export interface Answer {
  readonly status: number
  readonly type: string
  /** The parsed body, where it is JSON. */
  readonly body: unknown
}

/** A call; what is not said is as the standard wants it. */
export interface Call {
  readonly method?: 'GET' | 'POST'
  /** With its query. */
  readonly path: string
  readonly body?: unknown
  /** Whose key signs; nobody's: `null`. */
  readonly as: 'platform' | 'courier' | null
  readonly key?: SignatureKey
  readonly at?: Date
  /** For whom it is signed. */
  readonly origin?: string
  /** What is sent in the place of what was signed. */
  readonly instead?: { readonly path?: string; readonly body?: string }
}

/** An entry of a feed. */
export type Entry = Json & { readonly id: string; readonly order: string; readonly kind: string }

/** All that the checks do with a server. */
export type Kit = ReturnType<typeof openKit>

const PAGES = 1000

/** Opens the calls of both sides to a server. */
export function openKit(target: Target) {
  const heard: string[] = []
  const invention = openInvention(target)
  const paths = {
    platform: `/v1/platforms/${target.platform.slug}`,
    courier: `/v1/couriers/${target.courier.slug}`,
  }

  const call = async (request: Call): Promise<Answer> => {
    const { path, headers, body, method } = await signed(target, request)
    const reply = await fetch(`${target.origin}${path}`, {
      method,
      // One connection a call: a server may end one at will after it refused a body.
      headers: { ...headers, connection: 'close' },
      ...(body.length > 0 ? { body } : {}),
    })
    const bytes = new Uint8Array(await reply.arrayBuffer())
    const type = reply.headers.get('content-type') ?? ''
    const parsed = /json/.test(type) ? parse(bytes) : undefined
    heard.push(JSON.stringify([...reply.headers]), Buffer.from(bytes).toString('utf8'))
    heard.push(JSON.stringify(parsed) ?? '')
    return { status: reply.status, type, body: parsed }
  }

  /** Every element of a feed, page by page. */
  const drain = async (as: 'platform' | 'courier', path: string, limit = 100): Promise<Entry[]> => {
    const entries: Entry[] = []
    let after = ''
    for (let page = 0; page < PAGES; page++) {
      const cursor = after === '' ? '' : `&after=${encodeURIComponent(after)}`
      const { status, body } = await call({ as, path: `${path}?limit=${limit}${cursor}` })
      same(status, 200, 'status of a page')
      const found = list(body, 'entries')
      expect(found.length <= limit, `a page of at most ${limit} entries`)
      entries.push(...found.filter(isEntry))
      after = textOf(body, 'next')
      if (after === '') return entries
    }
    throw new Mismatch('a feed that ends')
  }

  const outcomesOf = async (path: string, body: Json, is: Validator<{ outcomes: object[] }>) => {
    const reply = await call({ as: 'platform', path: `${paths.platform}/${path}`, body })
    same(reply.status, 200, `status of ${path}`)
    const answered = reply.body
    expect(is(answered), `an answer to ${path} that satisfies its schema`)
    const [sent] = Object.values(body)
    same(answered.outcomes.length, Array.isArray(sent) ? sent.length : 0, 'number of outcomes')
    return answered.outcomes
  }

  const post = (...orders: readonly Json[]) => outcomesOf('orders', { orders }, isOutcomes)
  const change = (...changes: readonly Json[]) =>
    outcomesOf('cancellations', { changes }, isChangeOutcomes)
  const pull = () => drain('courier', `${paths.courier}/waybills`)
  const events = () => drain('platform', `${paths.platform}/events`)

  /** The entry of an order that is owed to the courier. */
  const entryOf = async (order: string, kind = 'waybill'): Promise<Entry> => {
    const found = (await pull()).filter(one => one.order === order && one.kind === kind)
    expect(found.length < 2, `one ${kind} entry for an order, not several`)
    return present(found[0], `the ${kind} entry of an order`)
  }

  const answer = async (id: string, document: unknown): Promise<unknown> => {
    const path = `${paths.courier}/answers`
    const reply = await call({ as: 'courier', path, body: { answers: [{ id, document }] } })
    same(reply.status, 200, 'status of answers')
    return present(list(reply.body, 'results')[0], 'the result of an answer')
  }

  const push = (...pushed: readonly Json[]) =>
    call({ as: 'courier', path: `${paths.courier}/events`, body: { events: pushed } })

  const idOf = ({ platformOrders, parcel }: Json): string =>
    orderId({
      platform: target.platform.slug,
      platformOrders: list(platformOrders).map(String),
      parcel: String(parcel),
    })

  /** An order that its courier has accepted, with its number. */
  const accepted = async (order = invention.order()) => {
    await post(order)
    const id = idOf(order)
    const entry = await entryOf(id)
    const acceptance = invention.acceptance(id)
    same(member(await answer(entry.id, acceptance), 'status'), 200, 'status of an acceptance')
    return { order, id, entry, acceptance, waybill: textOf(acceptance, 'waybills', 0) }
  }

  return {
    ...{ target, paths, heard, ...invention },
    ...{ call, post, change, pull, drain, events, entryOf, answer, push, idOf, accepted },
    /** What the platform is owed of one order. */
    eventsOf: async (order: string) => (await events()).filter(one => one.order === order),
  }
}

async function signed(target: Target, request: Call) {
  const { as, body, path, at = new Date(), origin = target.origin, instead = {} } = request
  const method = request.method ?? (body === undefined ? 'GET' : 'POST')
  const bytes = bytesOf(body)
  const given = bytes.length > 0 ? { 'content-type': 'application/json' } : {}
  const key = request.key ?? (as === null ? undefined : target[as].key)
  const url = `${origin}${path}`
  const headers =
    key === undefined
      ? given
      : await signHttpRequest({ method, url, headers: given, body: bytes }, key, at)
  const sent = instead.body === undefined ? bytes : Buffer.from(instead.body)
  return { method, path: instead.path ?? path, headers, body: sent }
}

function bytesOf(body: unknown): Uint8Array<ArrayBuffer> {
  if (body === undefined) return new Uint8Array()
  if (body instanceof Uint8Array) return new Uint8Array(body)
  return new Uint8Array(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)))
}

function parse(bytes: Uint8Array): unknown {
  try {
    return readJson(bytes)
  } catch {
    throw new Mismatch('an answer that is strict JSON')
  }
}

function isEntry(value: unknown): value is Entry {
  const isNamed = textOf(value, 'id') !== '' && textOf(value, 'order') !== ''
  expect(isNamed && textOf(value, 'kind') !== '', 'an entry with id, order and kind')
  return true
}
