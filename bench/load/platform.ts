import { Agent, request } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { PlatformIdentity } from '../../lib/local/identities.ts'
import { orderId } from '../../lib/model/order-id.ts'
import { sandbox } from '../../lib/platforms/douyin/sandbox.ts'

/** How one post ended, as its platform saw it. */
export interface Posted {
  readonly status: number
  /** Milliseconds from when it was due: waiting for a turn counts. */
  readonly ms: number
  /** Whether an answer of 429 or 503 says when to come again. */
  readonly saysWhen: boolean
}

/** Posts that arrive at a fixed rate, whatever became of those before. */
export interface Arrivals {
  readonly posted: readonly Posted[]
  /** Orders that the gateway said it has. */
  readonly acknowledged: ReadonlySet<string>
}

const HOUR = 3_600_000

let count = 0

/** Makes a document of so many new orders; the sender and what is bought are always alike. */
function documentMaker(orders: number): () => { document: string; ids: string[] } {
  const seed = Date.now()
  const { order_infos, ...envelope } = JSON.parse(
    JSON.stringify(sandbox.requestFor('sf', { product: '2', account: '7551234567' })),
  )
  const [info] = order_infos
  return () => {
    const ids = Array.from({ length: orders }, () =>
      String(BigInt(seed) * 1_000_000n + BigInt(++count)),
    )
    const infos = ids.map(order_id => ({ ...info, order_id }))
    return { document: JSON.stringify({ ...envelope, order_infos: infos }), ids }
  }
}

const idOf = (order: string): string =>
  orderId({ platform: 'douyin', platformOrders: [order], parcel: '-' })

/** Posts orders at a rate for some seconds; resolves when the last one is answered. */
export async function arrive(
  origin: string,
  identity: PlatformIdentity,
  of: { readonly ratePerSecond: number; readonly seconds: number; readonly orders: number },
  onAnswer: () => void,
): Promise<Arrivals> {
  const agent = new Agent({ keepAlive: true, maxSockets: 512 })
  const make = documentMaker(of.orders)
  const acknowledged = new Set<string>()
  const posted: Posted[] = []
  const one = async (due: number) => {
    const { document, ids } = make()
    const { status, saysWhen, text } = await post(origin, agent, sign(document, identity))
    posted.push({ status, saysWhen, ms: performance.now() - due })
    onAnswer()
    if (status === 200) for (const id of acknowledgedIn(text, ids)) acknowledged.add(idOf(id))
  }
  const gap = (1000 * of.orders) / of.ratePerSecond
  const total = Math.floor((of.seconds * of.ratePerSecond) / of.orders)
  await onTime(total, gap, one)
  agent.destroy()
  return { posted, acknowledged }
}

/** Calls at its due times; late calls are made up for at once. */
async function onTime(total: number, gap: number, one: (due: number) => Promise<void>) {
  const running: Promise<void>[] = []
  const start = performance.now()
  await new Promise<void>(done => {
    const tick = () => {
      while (running.length < total && performance.now() >= start + running.length * gap) {
        running.push(one(start + running.length * gap))
      }
      if (running.length === total) done()
      else setTimeout(tick, 1)
    }
    tick()
  })
  await Promise.all(running)
}

function sign(document: string, identity: PlatformIdentity) {
  return sandbox.sign(document, identity, new Date())
}

/** An order is acknowledged when it waits for its courier, which the platform's form says by 4009. */
function acknowledgedIn(text: string, ids: readonly string[]): string[] {
  const { data } = JSON.parse(text)
  const taken = new Set<string>(
    (data?.err_infos ?? [])
      .filter((one: { err_code: string }) => one.err_code === '4009')
      .map((one: { order_id: string }) => one.order_id),
  )
  return ids.filter(id => taken.has(id))
}

interface Reply {
  readonly status: number
  readonly saysWhen: boolean
  readonly text: string
}

/** A connection that breaks is status 0. */
function post(origin: string, agent: Agent, outgoing: ReturnType<typeof sign>): Promise<Reply> {
  const { method, path, headers, body } = outgoing
  return new Promise(done => {
    const failed = () => done({ status: 0, saysWhen: false, text: '' })
    const length = { 'content-length': Buffer.byteLength(body) }
    const options = { agent, method, headers: { ...headers, ...length }, timeout: HOUR }
    const sent = request(`${origin}${path}`, options, reply => {
      const parts: Buffer[] = []
      reply.on('data', part => parts.push(part))
      reply.on('error', failed)
      reply.on('end', () =>
        done({
          status: reply.statusCode ?? 0,
          saysWhen: reply.headers['retry-after'] !== undefined,
          text: Buffer.concat(parts).toString(),
        }),
      )
    })
    sent.on('error', failed)
    sent.end(body)
  })
}
