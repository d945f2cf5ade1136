import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { member, textOf } from '../../lib/cli/send.ts'
import { sf } from '../../lib/couriers/sf/index.ts'
import { type FeedMeasure, sweepFeeds } from '../../lib/flow/sweep.ts'
import type { Feed } from '../../lib/store/index.ts'
import { type Bench, orderOf, startBench } from '../functions/http/bench.ts'
import { fresh, info, request } from '../functions/http/orders.ts'

let bench: Bench
before(async () => {
  bench = await startBench()
})
after(() => bench.stop())

const park = (ids: readonly unknown[]) =>
  bench.signed('POST', '/v1/couriers/sf/waybills/parked', { ids })

const FEED = { side: 'courier', partner: 'sf', shard: 0 } as const

async function posted() {
  const id = fresh()
  await bench.post(request([info(id)]))
  return bench.entryOf(orderOf(id))
}

const shown = async () => (await bench.pullAll()).map(({ id }) => id)

test('an entry that is moved aside is not pulled, and its neighbours are; given back, it is', async () => {
  const [poison, other] = [await posted(), await posted()]
  const reply = await park([poison.id, poison.id])
  assert.deepEqual([reply.status, reply.body], [200, { parked: 1 }])
  assert.deepEqual(await shown(), [other.id])
  const { store } = bench.world.exchange
  const aside = await store.readFeed(FEED, { limit: 9, parked: true })
  assert.deepEqual(
    aside.entries.map(({ id }) => id),
    [poison.id],
  )
  const owner = { side: 'courier', partner: 'sf' } as const
  assert.deepEqual(await store.parkEntries(owner, [poison.id], false), [poison.id])
  assert.deepEqual(await shown(), [poison.id, other.id])
  await bench.answer(
    [poison, other].map(({ id, document }) => ({ id, document: sf.sandbox.answer(document) })),
  )
})

test('it stays owed: an answer by its id is taken, and leaves nothing behind', async () => {
  const entry = await posted()
  await park([entry.id])
  const document = sf.sandbox.answer(entry.document)
  const [result] = await bench.answer([{ id: entry.id, document }])
  assert.equal(textOf(result, 'outcome'), 'accepted')
  const { entries } = await bench.world.exchange.store.readFeed(FEED, { limit: 9, parked: true })
  assert.deepEqual(entries, [])
})

test('its deadline counts, and it is measured by itself', async () => {
  const entry = await posted()
  await park([entry.id])
  const { sweep } = bench.world
  const measured: FeedMeasure[] = []
  const surveyFeed = async (feed: Feed) => {
    const survey = await sweep.store.surveyFeed(feed)
    return feed.partner === 'sf' && feed.side === 'courier'
      ? { ...survey, overdue: [entry.order] }
      : survey
  }
  const { expired } = await sweepFeeds({
    ...sweep,
    now: () => new Date(Date.now() + 4 * 86_400_000),
    store: { changeOrders: proposals => sweep.store.changeOrders(proposals), surveyFeed },
    measure: feed => void measured.push(feed),
  })
  assert.equal(expired, 1)
  const own = measured.find(({ side, partner }) => side === 'courier' && partner === 'sf')
  assert.deepEqual([own?.depth, own?.parked], [0, 1])
  await bench.entryOf(entry.order, 'cancel')
})

test('what is gone, no id at all, or another’s is passed over; what is no list is refused', async () => {
  const entry = await posted()
  const gone = entry.id.replace(/^\d{13}/, '1700000000000')
  assert.deepEqual((await park([gone, 'x', entry.id])).body, { parked: 1 })
  const items = await bench.itemsOf(entry.order)
  assert.equal(items.filter(item => item.endsWith(' entry')).length, 1, 'none was made')
  assert.deepEqual((await park([])).body, { parked: 0 })
  for (const ids of [undefined, 'x', [1], Array.from({ length: 501 }, () => 'x')]) {
    const reply = await bench.signed('POST', '/v1/couriers/sf/waybills/parked', { ids })
    assert.equal(reply.status, 422)
    assert.equal(member(reply.body, 'code'), 'WIRE_INVALID')
  }
  const unsigned = { method: 'POST', path: '/v1/couriers/sf/waybills/parked', headers: {} }
  assert.equal((await bench.send({ ...unsigned, body: '{"ids":[]}' })).status, 401)
})

test('a courier moves its own entries only', async () => {
  const entry = await posted()
  const { store } = bench.world.exchange
  assert.deepEqual(
    await store.parkEntries({ side: 'courier', partner: 'kye' }, [entry.id], true),
    [],
  )
  assert.ok((await shown()).includes(entry.id))
})
