import { isChange, isOrder } from '../../model/generated/validators.js'
import { member, textOf } from '../send.ts'
import { type Check, expect, same } from './check.ts'
import type { Json } from './invent.ts'
import type { Entry, Kit } from './kit.ts'

const ended = async ({ change }: Kit, wish: Json) => textOf((await change(wish))[0], 'outcome')

/** An order that waits for its courier. */
async function waiting({ post, order, idOf, entryOf }: Kit) {
  const posted = order()
  await post(posted)
  return { order: posted, entry: await entryOf(idOf(posted)) }
}

function isCancellation(entry: Entry): boolean {
  const { document } = entry
  return isChange(document) && document.change === 'cancel' && document.order === entry.order
}

/** An accepted order whose courier was asked to cancel it. */
async function asked(kit: Kit) {
  const taken = await kit.accepted()
  const wish = kit.wish('cancel', taken.order)
  same(await ended(kit, wish), 'asked', 'outcome of the wish')
  const entry = await kit.entryOf(taken.id, 'cancel')
  expect(isCancellation(entry), 'a document that satisfies change.json')
  same(member(entry.document, 'waybills'), [taken.waybill], 'numbers')
  return { ...taken, wish, entry }
}

/** Cancellations, changes, holds. */
export const changeChecks: readonly Check<Kit>[] = [
  {
    name: 'before the answer a cancellation is done at once',
    async run(kit) {
      const { order, entry } = await waiting(kit)
      const wish = kit.wish('cancel', order)
      same(await ended(kit, wish), 'cancelled', 'outcome')
      same(await ended(kit, wish), 'cancelled', 'outcome of a repeat')
      same(textOf((await kit.post(order))[0], 'outcome'), 'cancelled', 'outcome of the order')
      const late = await kit.answer(entry.id, kit.acceptance(entry.order))
      same([member(late, 'status'), textOf(late, 'code')], [409, 'entry-gone'], 'a late acceptance')
      same(textOf(late, 'state'), 'cancelled', 'state')
      const told = await kit.entryOf(entry.order, 'cancel')
      expect(isCancellation(told), 'a document that satisfies change.json')
      const acks = { as: 'courier', path: `${kit.paths.courier}/waybills/acks` } as const
      const { body } = await kit.call({ ...acks, body: { ids: [told.id] } })
      same(member(body, 'acknowledged'), 1, 'acknowledged')
    },
  },
  {
    name: 'after the answer the courier is asked, and its yes cancels',
    async run(kit) {
      const { order, id, wish, entry } = await asked(kit)
      const granted = { change: 'cancel', order: id, result: 'granted' }
      same(member(await kit.answer(entry.id, granted), 'status'), 200, 'status of the yes')
      same(await ended(kit, wish), 'cancelled', 'outcome of a repeat')
      same(textOf((await kit.post(order))[0], 'outcome'), 'cancelled', 'outcome of the order')
      const told = (await kit.eventsOf(id)).find(({ kind }) => kind === 'cancel')
      expect(isChange(told?.document), 'an event that satisfies change.json')
      same(told.document.result, 'granted', 'result')
    },
  },
  {
    name: 'after the answer the courier is asked, and its no lets the order stand',
    async run(kit) {
      const { order, id, wish, entry } = await asked(kit)
      const denied = { change: 'cancel', order: id, result: 'denied', raw: 'GONE' }
      same(member(await kit.answer(entry.id, denied), 'status'), 200, 'status of the no')
      same(await ended(kit, wish), 'denied', 'outcome of a repeat')
      same(textOf((await kit.post(order))[0], 'outcome'), 'accepted', 'outcome of the order')
      const told = (await kit.eventsOf(id)).find(({ kind }) => kind === 'cancel')
      same(member(told?.document, 'result'), 'denied', 'result')
    },
  },
  {
    name: 'a wish about an order that is unknown is unknown',
    async run(kit) {
      const never = kit.order()
      const receiver = kit.otherReceiver()
      const wishes = [
        kit.wish('cancel', never),
        kit.wish('hold', never, { on: true }),
        kit.wish('receiver-changed', never, { receiver }),
      ]
      for (const wish of wishes) same(await ended(kit, wish), 'unknown', 'outcome')
    },
  },
  {
    name: 'before the answer the receiver changes: a new seal, rev 2, the entry replaced',
    async run(kit) {
      const { order, entry } = await waiting(kit)
      const receiver = kit.otherReceiver()
      const wish = kit.wish('receiver-changed', order, { receiver })
      same(await ended(kit, wish), 'done', 'outcome')
      const changed = await kit.entryOf(entry.order)
      expect(changed.id !== entry.id, 'another entry')
      expect(isOrder(changed.document), 'a document that satisfies order.json')
      same(changed.document.rev, 2, 'rev')
      same(changed.document.receiver.region, receiver.region, 'region')
      const old = await kit.answer(entry.id, kit.acceptance(entry.order))
      same(textOf(old, 'code'), 'entry-gone', 'an answer to the replaced entry')
    },
  },
  {
    name: 'after the answer a change of the receiver is too late',
    async run(kit) {
      const { order } = await kit.accepted()
      const wish = kit.wish('receiver-changed', order, { receiver: kit.otherReceiver() })
      const [outcome] = await kit.change(wish)
      same(textOf(outcome, 'outcome'), 'too-late', 'outcome')
      same(member(outcome, 'collected'), false, 'collected')
    },
  },
  {
    name: 'an order is held and goes on',
    async run(kit) {
      const { order } = await kit.accepted()
      for (const on of [true, true, false]) {
        same(await ended(kit, kit.wish('hold', order, { on })), 'done', 'outcome')
      }
    },
  },
  {
    name: 'wishes of one request are judged one by one',
    async run(kit) {
      const { order } = await waiting(kit)
      const outcomes = await kit.change(
        kit.wish('burn', order),
        kit.wish('hold', order, { on: 1 }),
        kit.wish('cancel', order),
      )
      const kinds = outcomes.map(one => textOf(one, 'outcome'))
      same(kinds, ['failed', 'failed', 'cancelled'], 'outcomes')
      same(textOf(outcomes[1], 'problem', 'at'), '/changes/1/on', 'pointer')
    },
  },
]
