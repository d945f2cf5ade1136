import { eventId } from '../../lib/model/order-id.ts'
import * as c from './clients.ts'
import { HOUR, type Hop, KEEP_MS, OFFER_MS, PARTNER } from './keys.ts'
import { entryOf, type Facts, idOf } from './play.ts'
import type { World } from './world.ts'

/** What a scenario plays with. */
export interface Play {
  readonly world: World
  readonly facts: Facts
  /** Sends a request, and nothing happens to it. */
  say(request: c.Request): Promise<string>
  /** Sends the request that the faults are for. */
  test(request: c.Request): Promise<void>
}

/** A story with one request in it that faults befall. */
export type Scenario = (play: Play) => Promise<void>

const MINUTE = 60_000

async function posted(play: Play, ...orders: number[]): Promise<void> {
  await play.say(
    await c.posting(
      play.world,
      orders.map(n => ({ n })),
    ),
  )
  for (const n of orders) play.facts.posted.add(idOf(n))
  play.world.now += MINUTE
}

export const waybillOf = (n: number): string => `ST${String(n).padStart(9, '0')}`

const accepting = async ({ world }: Play, n: number) => {
  const { id, order } = await entryOf(world, n)
  return c.answering([{ id, document: c.accepts(order, waybillOf(n)) }])
}

async function accepted(play: Play, n: number): Promise<void> {
  await posted(play, n)
  await play.say(await accepting(play, n))
}

const asked = async (play: Play, n: number) => {
  await accepted(play, n)
  await play.say(await c.wishing(play.world, n, { change: 'cancel' }))
  const { id, order } = await entryOf(play.world, n, 'cancel')
  return (granted: boolean) => c.answering([{ id, document: c.answersCancel(order, granted) }])
}

/** Posts, keeps the seals of the waybill entry, and has it accepted: what assignments are made of. */
async function sealedOf(play: Play, n: number) {
  await posted(play, n)
  const { sealed } = await entryOf(play.world, n)
  if (!sealed?.receiver || !sealed.sender) throw new Error(`order ${n} is not sealed`)
  await play.say(await accepting(play, n))
  return { receiver: sealed.receiver, sender: sealed.sender }
}

async function assigned(play: Play, n: number) {
  const seals = await sealedOf(play, n)
  const first = c.statementOf(play.world, seals.receiver, { epoch: 1, hop: 'station-1' })
  await play.say(c.assigning([first]))
  return (epoch: number, hop: Hop, leg?: 'done') =>
    c.statementOf(play.world, seals.receiver, { epoch, hop, ...(leg ? { leg } : {}) })
}

/** Requests that one process carries out at the same time. */
const atOnce = (requests: readonly c.Request[]): c.Request => ({
  name: requests.map(({ name }) => name).join(' and '),
  async send(gateway) {
    const replies = await Promise.allSettled(requests.map(one => one.send(gateway)))
    return replies.map(one => (one.status === 'fulfilled' ? one.value : raise(one.reason))).join()
  },
})

const raise = (error: unknown): never => {
  throw error
}

const pushed = (play: Play, n: number, status: string, more: Partial<c.Pushed> = {}) => {
  const key = `${waybillOf(n)}/${status}`
  play.facts.pushed.set(eventId(PARTNER, [key]), idOf(n))
  return { key, waybill: waybillOf(n), status, at: play.world.now, ...more }
}

/** Every flow, each in the places where it differs. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  'post one': async play => {
    await play.test(await c.posting(play.world, [{ n: 1 }]))
    play.facts.posted.add(idOf(1))
  },
  'post several': async play => {
    await play.test(await c.posting(play.world, [{ n: 1 }, { n: 2 }, { n: 3 }]))
    for (const n of [1, 2, 3]) play.facts.posted.add(idOf(n))
  },
  'post some anew': async play => {
    await posted(play, 1)
    await play.test(await c.posting(play.world, [{ n: 1 }, { n: 2 }, { n: 3 }]))
  },
  repeat: async play => {
    await posted(play, 1)
    await play.test(await c.posting(play.world, [{ n: 1 }]))
  },
  'another body': async play => {
    await posted(play, 1)
    await play.test(await c.posting(play.world, [{ n: 1, version: 1 }]))
  },
  'repeat once accepted': async play => {
    await accepted(play, 1)
    await play.test(await c.posting(play.world, [{ n: 1 }]))
  },
  'second life': async play => {
    await posted(play, 1)
    await play.say(await c.wishing(play.world, 1, { change: 'cancel' }))
    play.world.now += MINUTE
    await play.test(await c.posting(play.world, [{ n: 1 }]))
  },
  'post anew after expiry': async play => {
    await posted(play, 1)
    play.world.now += OFFER_MS + HOUR
    await play.say(c.sweeping)
    play.world.now += MINUTE
    await play.test(await c.posting(play.world, [{ n: 1 }]))
  },
  pull: async play => {
    await posted(play, 1, 2, 3)
    await play.test(c.pulling(2))
  },
  accept: async play => {
    await posted(play, 1)
    await play.test(await accepting(play, 1))
  },
  'accept several': async play => {
    await posted(play, 1, 2)
    const entries = await c.pullAll(play.world.start())
    const answers = entries.map(({ id, order }, n) => ({
      id,
      document: c.accepts(order, waybillOf(n)),
    }))
    await play.test(c.answering(answers))
  },
  refuse: async play => {
    await posted(play, 1)
    const { id, order } = await entryOf(play.world, 1)
    await play.test(c.answering([{ id, document: c.refuses(order) }]))
  },
  'the number of another': async play => {
    await accepted(play, 1)
    await posted(play, 2)
    const { id, order } = await entryOf(play.world, 2)
    await play.test(c.answering([{ id, document: c.accepts(order, waybillOf(1)) }]))
  },
  'another answer': async play => {
    await posted(play, 1)
    const { id, order } = await entryOf(play.world, 1)
    await play.say(c.answering([{ id, document: c.accepts(order, waybillOf(1)) }]))
    await play.test(c.answering([{ id, document: c.accepts(order, waybillOf(2)) }]))
  },
  'cancel before the answer': async play => {
    await posted(play, 1)
    await play.test(await c.wishing(play.world, 1, { change: 'cancel' }))
  },
  'ack of a cancellation': async play => {
    await posted(play, 1)
    await play.say(await c.wishing(play.world, 1, { change: 'cancel' }))
    const { id } = await entryOf(play.world, 1, 'cancel')
    play.facts.acked.add(id)
    await play.test(c.acking([id]))
  },
  'cancel after the answer': async play => {
    await accepted(play, 1)
    await play.test(await c.wishing(play.world, 1, { change: 'cancel' }))
  },
  'cancellation granted': async play => play.test((await asked(play, 1))(true)),
  'cancellation denied': async play => play.test((await asked(play, 1))(false)),
  'receiver changed': async play => {
    await posted(play, 1)
    await play.test(await c.wishing(play.world, 1, { change: 'receiver-changed', version: 2 }))
  },
  hold: async play => {
    await posted(play, 1)
    await play.test(await c.wishing(play.world, 1, { change: 'hold', on: true }))
  },
  resume: async play => {
    await accepted(play, 1)
    await play.say(await c.wishing(play.world, 1, { change: 'hold', on: true }))
    play.world.now += MINUTE
    await play.test(await c.wishing(play.world, 1, { change: 'hold', on: false }))
  },
  event: async play => {
    await accepted(play, 1)
    await play.test(await c.pushing(play.world, [pushed(play, 1, 'collected')]))
  },
  'several events': async play => {
    await accepted(play, 1)
    const returnWaybill = 'ST-R-1'
    await play.test(
      await c.pushing(play.world, [
        pushed(play, 1, 'out-for-delivery'),
        pushed(play, 1, 'returning', { returnWaybill }),
      ]),
    )
  },
  'read and ack events': async play => {
    await accepted(play, 1)
    await play.say(await c.pushing(play.world, [pushed(play, 1, 'collected')]))
    const ids = (await c.readAll(play.world, play.world.start())).map(({ id }) => id)
    for (const id of ids) play.facts.acked.add(id)
    await play.test(await c.ackingEvents(play.world, ids))
  },
  'read events': async play => {
    await accepted(play, 1)
    await play.test(c.reading(play.world, 2))
  },
  'assign a group': async play => {
    const { receiver } = await sealedOf(play, 1)
    const jws = c.statementOf(play.world, receiver, { epoch: 1, hop: 'station-1' })
    await play.test(c.assigning([jws]))
  },
  'assign both groups': async play => {
    const { receiver, sender } = await sealedOf(play, 1)
    await play.test(
      c.assigning([
        c.statementOf(play.world, receiver, { epoch: 1, hop: 'station-1' }),
        c.statementOf(play.world, sender, { epoch: 1, hop: 'pickup-1' }),
      ]),
    )
  },
  'assign both groups, each by itself': async play => {
    const { receiver, sender } = await sealedOf(play, 1)
    await play.test(
      atOnce([
        c.assigning([c.statementOf(play.world, receiver, { epoch: 1, hop: 'station-1' })]),
        c.assigning([c.statementOf(play.world, sender, { epoch: 1, hop: 'pickup-1' })]),
      ]),
    )
  },
  reassign: async play => {
    const statement = await assigned(play, 1)
    await play.test(c.assigning([statement(2, 'station-2')]))
  },
  done: async play => {
    const statement = await assigned(play, 1)
    await play.test(c.assigning([statement(2, 'station-1', 'done')]))
  },
  release: async play => {
    await assigned(play, 1)
    await play.test(c.releasing(play.world, idOf(1), 'receiver', 'station-1'))
  },
  'release refused': async play => {
    await assigned(play, 1)
    await play.test(c.releasing(play.world, idOf(1), 'receiver', 'station-2'))
  },
  'shred once cancelled': async play => {
    await assigned(play, 1)
    await play.say(await c.wishing(play.world, 1, { change: 'cancel' }))
    const { id, order } = await entryOf(play.world, 1, 'cancel')
    await play.say(c.answering([{ id, document: c.answersCancel(order, true) }]))
    await play.test(c.shreddingClosed)
  },
  'shred what outlived': async play => {
    await assigned(play, 1)
    play.world.now += KEEP_MS + HOUR
    await play.test(c.shreddingOutlived)
  },
  expire: async play => {
    await posted(play, 1, 2)
    play.world.now += OFFER_MS + HOUR
    await play.test(c.sweeping)
  },
}
