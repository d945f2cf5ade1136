import { eventId } from '../../lib/model/order-id.ts'
import type { Group, Sealed } from '../../lib/model/validate.ts'
import type { Head } from '../../lib/store/index.ts'
import { type Chance, chanceOf } from '../seals/chance.ts'
import { check } from './check.ts'
import * as c from './clients.ts'
import type { Written } from './double.ts'
import type { Outcome } from './enumerate.ts'
import { HOUR, type Hop, PARTNER, ROUTER_TABLE } from './keys.ts'
import { befalls, type Call, type Kind } from './layer.ts'
import { ledgerOf } from './ledger.ts'
import { deliver, type Facts, idOf, noFacts } from './play.ts'
import { waybillOf } from './scenarios.ts'
import { type Bench, createWorld, type World } from './world.ts'

const ORDERS = 4
const STEPS = 24
const MINUTE = 60_000

/** What the store repeats by itself costs no new request; a kill costs all that went before. */
const PASSING = ['before', 'lost', 'late', 'throttled', 'conflict', 'partial', 'stale'] as const
const KINDS: readonly Kind[] = [
  ...Array.from({ length: 12 }, () => PASSING).flat(),
  ...(['killed-before', 'killed-after'] as const),
]

/** How likely a call meets a fault. The router does not repeat by itself: it would never get through. */
const RATE = { store: 0.8, router: 0.06 }

/** What the courier remembers of an order. */
interface Memory {
  readonly seals: Map<Group, Sealed>
  readonly epochs: Map<Group, number>
}

interface Script {
  readonly world: World
  readonly facts: Facts
  readonly chance: Chance
  readonly memory: Map<string, Memory>
  keys: number
  /** The order that all requests of a moment are about; undefined for any. */
  focus: number | undefined
}

/** Decides on faults by chance. */
export function randomFaults(chance: Chance): (call: Call) => Kind | undefined {
  return call => {
    const table =
      Object(call.input).TableName ?? Object.keys(Object(call.input).RequestItems ?? {})[0]
    const isStore =
      call.port === 'store' && table !== ROUTER_TABLE && call.name !== 'DescribeTableCommand'
    if (!chance.happens(isStore ? RATE.store : RATE.router)) return undefined
    const kind = chance.pick(KINDS)
    return befalls(kind, call) ? kind : 'lost'
  }
}

/**
 * Plays the script of a seed, every request until it is acknowledged; with `faults` also twice or more
 * at once, each in a process of its own.
 */
export async function playScript(
  bench: Bench,
  seed: number,
  { faults, together }: { readonly faults: boolean; readonly together: boolean },
): Promise<Outcome> {
  const world = createWorld(bench, seed)
  const { double, layer } = world
  if (double === undefined) throw new Error('no tables in memory')
  const facts = noFacts()
  const journal: Written[] = []
  double.onWrite = written => journal.push(written)
  const script: Script = {
    ...{ world, facts, chance: chanceOf(seed), memory: new Map(), keys: 0, focus: undefined },
  }
  const mishaps = randomFaults(chanceOf(seed + 1))
  const schedule = chanceOf(seed + 2)
  const replies: string[] = []
  for (let step = 0; step < STEPS; step++) {
    script.focus = together ? 1 + script.chance.below(ORDERS) : undefined
    const requests = [await nextRequest(script)]
    if (together) while (script.chance.happens(0.4)) requests.push(await nextRequest(script))
    if (faults) layer.plan = mishaps
    if (requests.length > 1) layer.gate = permuted(schedule)
    replies.push(...(await Promise.all(requests.map(one => deliver(world, one, facts)))))
    layer.plan = () => undefined
    layer.gate = async () => {}
    await layer.settle()
    await look(script)
    world.now += script.chance.below(8) === 0 ? HOUR : MINUTE
  }
  const ledger = ledgerOf(double.items, world.now)
  const problems = (await check(world, double.items, journal, facts)).map(
    ({ what, where }) => `${what}: ${where}`,
  )
  const count = Object.values(layer.injected).reduce((sum, one) => sum + one, 0)
  return { calls: [], replies, ledger, problems, faults: count }
}

/** Lets waiting calls go on one by one, in an order of chance, whenever nothing else can go on. */
export function permuted(chance: Chance): () => Promise<void> {
  const waiting: (() => void)[] = []
  const pump = () => {
    const [next] = waiting.splice(chance.below(waiting.length), 1)
    next?.()
    if (waiting.length > 0) setImmediate(pump)
  }
  return () =>
    new Promise(resolve => {
      waiting.push(resolve)
      if (waiting.length === 1) setImmediate(pump)
    })
}

/** What the partners see when nothing is in the way: the courier keeps the newest seals. */
async function look({ world, memory }: Script): Promise<void> {
  for (const { order, kind, sealed } of await c.pullAll(world.start())) {
    if (kind !== 'waybill' || !sealed) continue
    const known = memory.get(order) ?? { seals: new Map(), epochs: new Map() }
    for (const group of ['receiver', 'sender'] as const) {
      const seal = sealed[group]
      if (seal !== undefined) known.seals.set(group, seal)
    }
    memory.set(order, known)
  }
}

async function headOf({ world }: Script, order: string): Promise<Head | undefined> {
  return (await world.start().store.getHeads([order])).get(order)
}

/** A request that somebody may send now. */
async function nextRequest(script: Script): Promise<c.Request> {
  const { world, chance, facts } = script
  const n = script.focus ?? 1 + chance.below(ORDERS)
  const order = idOf(n)
  switch (chance.below(14)) {
    case 0:
    case 1:
    case 2: {
      const numbers = [...new Set([n, 1 + chance.below(ORDERS), 1 + chance.below(ORDERS)])]
      for (const one of numbers) facts.posted.add(idOf(one))
      return c.posting(
        world,
        numbers.map(one => ({ n: one, version: chance.below(8) === 0 ? 1 : 0 })),
      )
    }
    case 3:
      return c.wishing(world, n, { change: 'cancel' })
    case 4:
      return c.wishing(world, n, { change: 'receiver-changed', version: chance.below(3) })
    case 5:
      return c.wishing(world, n, { change: 'hold', on: chance.happens(0.5) })
    case 6:
    case 7:
    case 8:
      return answerNext(script)
    case 9:
      return pushNext(script, n)
    case 10:
      return assignNext(script, order)
    case 11:
      return ackNext(script)
    case 12:
      return c.releasing(world, order, 'receiver', chance.pick(['station-1', 'station-2']))
    default:
      return chance.pick([c.sweeping, c.shreddingClosed, c.pulling(2), c.shreddingOutlived])
  }
}

async function answerNext({ world, chance }: Script): Promise<c.Request> {
  const due = (await c.pullAll(world.start())).filter(({ id }) => id.endsWith('a'))
  const answers = due.slice(0, 1 + chance.below(3)).map(({ id, order, kind }) => {
    if (kind === 'cancel') return { id, document: c.answersCancel(order, chance.happens(0.6)) }
    const number = waybillOf(
      Number(BigInt(`0x${Buffer.from(order).toString('hex').slice(-8)}`) % 10n ** 9n),
    )
    return { id, document: chance.happens(0.8) ? c.accepts(order, number) : c.refuses(order) }
  })
  return answers.length === 0 ? c.pulling(3) : c.answering(answers)
}

async function pushNext(script: Script, n: number): Promise<c.Request> {
  const { world, chance, facts } = script
  const head = await headOf(script, idOf(n))
  if (head?.waybill === undefined) return c.reading(world, 2)
  const status = chance.pick(['collected', 'arrived', 'out-for-delivery', 'delivered', 'returning'])
  const key = `event ${chance.happens(0.2) ? script.keys : ++script.keys}`
  if (!facts.pushed.has(eventId(PARTNER, [key]))) {
    facts.pushed.set(eventId(PARTNER, [key]), head.order)
  }
  return c.pushing(world, [{ key, waybill: head.waybill, status, at: world.now }])
}

async function assignNext({ world, chance, memory }: Script, order: string): Promise<c.Request> {
  const known = memory.get(order)
  const group = chance.pick(['receiver', 'sender'] as const)
  const seal = known?.seals.get(group)
  if (known === undefined || seal === undefined) return c.pulling(3)
  const held = await world.start().store.getCustody(order, group)
  const epoch = (held?.epoch ?? 0) + 1
  const hop: Hop = group === 'sender' ? 'pickup-1' : chance.pick(['station-1', 'station-2'])
  const leg = chance.happens(0.1) ? { leg: 'done' as const } : {}
  return c.assigning([c.statementOf(world, seal, { epoch, hop, ...leg })])
}

async function ackNext({ world, chance, facts }: Script): Promise<c.Request> {
  const gateway = world.start()
  const isCouriers = chance.happens(0.5)
  const owed = isCouriers ? await c.pullAll(gateway) : await c.readAll(world, gateway)
  const ids = owed.map(({ id }) => id).filter(id => id.endsWith('k') && chance.happens(0.7))
  for (const id of ids) facts.acked.add(id)
  return isCouriers ? c.acking(ids) : c.ackingEvents(world, ids)
}
