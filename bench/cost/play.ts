import assert from 'node:assert/strict'
import { list, member, type Reply, textOf } from '../../lib/cli/send.ts'
import { openFor, stationPorts } from '../../lib/cli/station-client.ts'
import { sf } from '../../lib/couriers/sf/index.ts'
import { workingDay } from '../../lib/custody/day.ts'
import { sealPinsOf } from '../../lib/flow/keyring.ts'
import cipher from '../../lib/platforms/douyin/fixtures/request-cipher.wire.json' with {
  type: 'json',
}
import clear from '../../lib/platforms/douyin/fixtures/request-clear.wire.json' with {
  type: 'json',
}
import { sealOf } from '../../test/functions/rest/callers.ts'
import type { Usage } from './counts.ts'
import type { Site } from './site.ts'

/** How orders come, and whether anybody opens them. */
export interface Scenario {
  /** How many orders, answers, events or assignments one call holds. */
  readonly batch: number
  /** Whether the receiver came in clear and both groups are opened; else in the platform's cipher. */
  readonly opened: boolean
}

/** Orders that one scenario plays. */
export const ORDERS = 24

/** A step of the way, and what all its orders took. */
export interface Step {
  readonly name: string
  readonly used: Usage
}

/**
 * The whole way of 24 orders of one parcel each, Douyin to SF, ten events each: through API Gateway and
 * the functions. Feeds are read by full pages: what polling in vain costs is no order's.
 *
 * @param run tells the orders of one run from those of another
 */
export async function play(site: Site, { batch, opened }: Scenario, run: number): Promise<Step[]> {
  const { platform } = site.callers
  const steps: Step[] = []
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const done = await work()
    steps.push({ name, used: site.take() })
    return done
  }
  const requests = parts(numbersOf(run), batch).map(some =>
    requestOf(opened ? clear : cipher, some),
  )
  const post = () => inTurn(requests, async text => ok(await platform.post(text)))
  site.take()
  await step('post', post)
  const entries = await step('pull', () => pullAll(site))
  assert.equal(entries.length, ORDERS)
  const parcels = await step('answer', () => answerAll(site, entries, batch))
  await step('repeat', post)
  if (opened) {
    await step('assign', () => assignAll(site, entries, batch))
    await step('open', () => openAll(site, entries))
  }
  await step('events', () => pushAll(site, parcels, batch))
  const told = await step('read events', () => drain(site))
  assert.equal(told, ORDERS * (1 + EVENTS))
  await step('delete keys', () => site.gateway.function('custody').invoke({ shred: 'closed' }))
  return steps
}

/** How many events an order has. */
export const EVENTS = 10

const numbersOf = (run: number): string[] =>
  Array.from({ length: ORDERS }, (_, i) => `69${String(run * 1000 + i).padStart(17, '0')}`)

/** The fixture's first order, as many times as there are numbers. */
function requestOf(request: typeof clear | typeof cipher, numbers: readonly string[]): string {
  const [order] = request.order_infos
  const order_infos = numbers.map(order_id => ({ ...order, order_id }))
  return JSON.stringify({ ...request, order_infos })
}

async function pullAll({ callers: { courier } }: Site): Promise<unknown[]> {
  const entries: unknown[] = []
  for (let after: string | undefined; ; ) {
    const page = ok(await courier.pull(after))
    entries.push(...list(page, 'entries'))
    after = textOf(page, 'next') || undefined
    if (after === undefined) return entries
  }
}

interface Parcel {
  readonly order: string
  readonly waybill: string
}

async function answerAll({ callers }: Site, entries: readonly unknown[], batch: number) {
  const made = entries.map(entry => {
    const waybill = member(entry, 'document')
    const document = sf.sandbox.answer(waybill)
    const number = textOf(document, 'msgData', 'waybillNoInfoList', 0, 'waybillNo')
    return {
      answer: { id: textOf(entry, 'id'), document },
      parcel: { order: textOf(waybill, 'orderId'), waybill: number },
    }
  })
  await inTurn(parts(made, batch), async some =>
    ok(await callers.courier.answer(some.map(({ answer }) => answer))),
  )
  return made.map(({ parcel }) => parcel)
}

const HOP = { receiver: 'station-1', sender: 'pickup-1' } as const
const GROUPS = ['receiver', 'sender'] as const

async function assignAll(
  { callers: { courier } }: Site,
  entries: readonly unknown[],
  batch: number,
) {
  const leg = { receiver: 'delivery', sender: 'pickup' } as const
  await inTurn(parts(entries, batch), async some => {
    const assigned = some.flatMap(entry =>
      GROUPS.map(group => ({
        ...{ seal: courier.check(sealOf(entry, group)), leg: leg[group] },
        ...{ hop: HOP[group], epoch: 1 },
      })),
    )
    ok(await courier.assign(assigned))
  })
}

/** Each hop signs in, fetches seal and capsule, and has KMS decrypt once. */
async function openAll({ gateway, callers }: Site, entries: readonly unknown[]): Promise<void> {
  const { world, api } = gateway
  const [contract, keys] = [world.config.couriers.sf, world.couriers.sf]
  assert.ok(contract && keys)
  const ports = stationPorts(api.origin, keys, world.aws, sealPinsOf(world.config, contract))
  const day = workingDay(new Date())
  await inTurn(entries, async entry => {
    for (const group of GROUPS) {
      const of = { order: textOf(entry, 'order'), group, rev: 1 }
      const { name } = await openFor(ports, callers.issuer.tokens(HOP[group], day), of)
      assert.equal(name, group === 'receiver' ? '张三' : '李四')
    }
  })
}

/** Which of the sandbox's five pushes each event is made like: collected, on the way, out, delivered. */
const WAY = [0, 1, 2, 1, 2, 1, 2, 1, 3, 4]

async function pushAll({ callers: { courier } }: Site, parcels: readonly Parcel[], batch: number) {
  const start = new Date(Date.now() - 2 * 86_400_000)
  const expected = sf.acknowledge().body
  for (const [n, like] of WAY.entries()) {
    const pushes = parcels.map(parcel => courier.pushes({ ...parcel, start })[like])
    await inTurn(parts(pushes, batch), async some => {
      const [first] = some
      assert.ok(first)
      const WaybillRoute = some.flatMap(push => routesOf(push?.body, n, start))
      const reply = await courier.push({
        ...first,
        body: JSON.stringify({ Body: { WaybillRoute } }),
      })
      assert.equal(reply.text, expected)
    })
  }
}

/** The push's node as the n-th event: its own id, and a minute of its own. */
function routesOf(body: unknown, n: number, start: Date): unknown[] {
  const at = new Date(start.getTime() + (n * 60 + 8 * 60) * 60_000).toISOString()
  const acceptTime = at.slice(0, 19).replace('T', ' ')
  return list(JSON.parse(String(body)), 'Body', 'WaybillRoute').map(node => ({
    ...Object(node),
    id: `${n}${textOf(node, 'id').slice(1)}`,
    acceptTime,
  }))
}

/** Reads all that is owed to the platform by full pages, and acknowledges each page. */
async function drain({ callers: { platform } }: Site): Promise<number> {
  for (let read = 0; ; ) {
    const owed = list(ok(await platform.events()), 'entries')
    if (owed.length === 0) return read
    read += owed.length
    ok(await platform.ack(owed.map(entry => textOf(entry, 'id'))))
  }
}

function ok(reply: Reply): unknown {
  assert.equal(reply.status, 200, reply.text)
  const wrong = list(reply.body, 'results').filter(one => member(one, 'status') !== 200)
  assert.deepEqual(wrong, [])
  return reply.body
}

function parts<T>(all: readonly T[], most: number): T[][] {
  const count = Math.ceil(all.length / most)
  return Array.from({ length: count }, (_, i) => all.slice(i * most, (i + 1) * most))
}

/** One after the other: nobody meets anybody else's write. */
async function inTurn<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  for (const one of all) await work(one)
}
