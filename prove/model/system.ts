import { lifeOf, nativeParcel } from '../../lib/model/order-id.ts'
import type { Group, Sealed } from '../../lib/model/validate.ts'
import * as c from '../faults/clients.ts'
import type { Item } from '../faults/expressions.ts'
import { type Hop, TABLES } from '../faults/keys.ts'
import { deliver, type Facts, idOf, noFacts } from '../faults/play.ts'
import type { World } from '../faults/world.ts'
import type { Command, Owed } from './commands.ts'
import type { Reference } from './reference.ts'

/** The real gateway, and what its partners have seen of it. */
export interface System {
  readonly world: World
  readonly facts: Facts
  /** Newest seals that the courier saw, by order and group. */
  readonly seals: Map<string, Sealed>
  events: number
}

export const newSystem = (world: World): System => ({
  ...{ world, facts: noFacts(), seals: new Map(), events: 0 },
})

/** What the tables hold that anybody may observe. */
export interface Seen {
  /** `1~2 accepted held`; keys that are gone stand behind. */
  readonly orders: readonly string[]
  /** Entries by id and side: whose, what and of which order. */
  readonly owed: ReadonlyMap<string, Omit<Owed, 'due'>>
}

/** Looks at all orders and all that is owed. */
export function look({ world, seals }: System): Seen {
  const items = world.double?.items(TABLES.orders) ?? []
  const names = new Map<string, string>()
  for (const item of items) if (item.sk?.S?.startsWith('doc#')) nameIn(item, names, seals)
  const orders: string[] = []
  const owed = new Map<string, Omit<Owed, 'due'>>()
  for (const item of items) {
    const [pk = '', sk = ''] = [item.pk?.S, item.sk?.S]
    if (sk === 'head') {
      const { order, ...head } = JSON.parse(item.head?.S ?? '{}')
      orders.push(sayOrder(names.get(order) ?? '', head))
    }
    const [, side, order] =
      /^feed#(courier|platform)#.*\n.*(o_[a-z2-7]{26})/.exec(`${pk}\n${sk}`) ?? []
    const kind = item.kind?.S ?? ''
    if (order === undefined || kind === 'assignment-missing') continue
    owed.set(`${sk} ${side}`, {
      to: side === 'courier' ? 'courier' : 'platform',
      kind,
      name: names.get(order) ?? '',
    })
  }
  return { orders: orders.sort(), owed }
}

function nameIn(item: Item, names: Map<string, string>, seals: Map<string, Sealed>): void {
  const { order, sealed } = JSON.parse(item.body?.S ?? '{}')
  const life = lifeOf(order.parcel === nativeParcel(order.parcel) ? '-' : order.parcel)
  const n = Number(order.primaryOrder.slice(3))
  names.set(order.order, life === 1 ? `${n}` : `${n}~${life}`)
  for (const [group, seal] of Object.entries<Sealed>(sealed))
    seals.set(`${order.order} ${group}`, seal)
}

/** The request that carries a command, as whoever sends it sees things now. */
export async function requestOf(
  system: System,
  command: Command,
  ids: ReadonlyMap<Owed, string>,
): Promise<c.Request> {
  const { world, seals } = system
  switch (command.do) {
    case 'post':
      return c.posting(world, [{ n: command.n, version: command.body }])
    case 'cancel':
      return c.wishing(world, command.n, { change: 'cancel' })
    case 'change':
      return c.wishing(world, command.n, { change: 'receiver-changed', version: command.to })
    case 'hold':
      return c.wishing(world, command.n, { change: 'hold', on: command.on })
    case 'answer': {
      const [id = ''] = ids.get(command.due)?.split(' ') ?? []
      const order = id.split('.')[1] ?? ''
      if (command.due.kind === 'cancel') {
        return c.answering([{ id, document: c.answersCancel(order, command.yes) }])
      }
      const number = `ST${order.slice(2, 14).toUpperCase()}`
      const document = command.yes ? c.accepts(order, number) : c.refuses(order)
      return c.answering([{ id, document }])
    }
    case 'ack':
      return c.acking(command.owed.flatMap(one => ids.get(one)?.split(' ')[0] ?? []))
    case 'push':
      return pushing(system, command.n)
    case 'assign': {
      const seal = seals.get(`${idOf(command.n)} ${command.group}`)
      if (seal === undefined) throw new Error('no such seal was seen')
      const leg = command.done ? { leg: 'done' as const } : {}
      const { epoch, hop } = command
      return c.assigning([c.statementOf(world, seal, { epoch, hop: hop as Hop, ...leg })])
    }
    case 'release':
      return c.releasing(world, idOf(command.n), command.group, command.hop as Hop)
    case 'expire':
      return c.sweeping
    case 'shred':
      return c.shreddingClosed
  }
}

function pushing(system: System, n: number): Promise<c.Request> {
  const key = `event ${++system.events}`
  const waybill = `ST${idOf(n).slice(2, 14).toUpperCase()}`
  const event = { key, waybill, order: idOf(n), status: 'collected', at: system.world.now }
  return c.pushing(system.world, [event])
}

/** Sends it, and the word that its sender hears. */
export async function send(system: System, command: Command, request: c.Request): Promise<string> {
  const reply = await deliver(system.world, request, system.facts)
  return wordOf(command, reply)
}

function wordOf(command: Command, reply: string): string {
  if (reply.startsWith('error '))
    return reply.split(' ')[1]?.toLowerCase().replaceAll('_', '-') ?? ''
  const json = reply.startsWith('200 ') ? reply.slice(4) : reply
  switch (command.do) {
    case 'post':
    case 'cancel':
    case 'change':
    case 'hold': {
      const { outcome, problem, state, collected, changed, reason } = JSON.parse(json).outcomes[0]
      const more = [
        problem?.code.toLowerCase().replaceAll('_', '-'),
        state,
        collected && 'collected',
        changed && 'changed',
        reason?.code,
      ]
      return [outcome, ...more].filter(Boolean).join(' ')
    }
    case 'answer':
    case 'assign': {
      const [{ outcome, code }] = JSON.parse(json)
      return outcome ?? code
    }
    case 'push':
      return 'taken'
    case 'release':
      return 'released'
    default:
      return 'done'
  }
}

interface Shown {
  readonly state: string
  readonly held?: boolean
  readonly shredded?: readonly Group[]
}

const sayOrder = (name: string, { state, held, shredded = [] }: Shown): string =>
  [name, state, held ? 'held' : '', ...shredded.toSorted()].join(' ')

/** What a reference holds, in the same words. */
export function wordsOf({ orders }: Reference): string[] {
  return [...orders].map(([name, known]) => sayOrder(name, known)).sort()
}
