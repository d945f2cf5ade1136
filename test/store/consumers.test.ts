import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { OwedEntry } from '../../lib/store/index.ts'
import { COURIER_FEED, DAY, kindOf, makeWorld, nameOf, post, readAll, type World } from './world.ts'

let world: World
before(async () => {
  world = await makeWorld()
})
after(() => world.stop())

/** Reads a feed page by page and has every entry answered. */
async function work(shard: number, partner: string): Promise<OwedEntry[]> {
  const seen: OwedEntry[] = []
  for (;;) {
    const page = await world.store.readFeed({ side: 'courier', partner, shard }, { limit: 7 })
    if (page.entries.length === 0) return seen
    for (const entry of page.entries) {
      const waybills = [`W-${entry.order}`] as const
      const document = JSON.stringify({ outcome: 'accepted', waybills })
      const verdict = { outcome: 'accepted', waybills, document } as const
      const answer = { kind: 'answer', courier: partner, entry: entry.id, verdict } as const
      const move = world.move(entry.order, answer)
      assert.equal(kindOf(await world.store.changeOrder(move)), 'accepted')
    }
    seen.push(...page.entries)
  }
}

test('consumers of one courier, one a shard: each entry comes to one of them, once', async () => {
  const shards = 4
  const orders = Array.from({ length: 60 }, (_, n) => 1000 + n)
  const inputs = orders.map(n => post(n, { courier: 'heron', shard: n % shards }))
  await world.store.postOrders(inputs.map(input => world.move(input.order, input)))
  const seen = await Promise.all(Array.from({ length: shards }, (_, shard) => work(shard, 'heron')))
  for (const [shard, entries] of seen.entries()) {
    const own = orders.filter(n => n % shards === shard).map(nameOf)
    assert.deepEqual(entries.map(({ order }) => order).sort(), own.sort())
  }
})

test('a consumer that was away for days finds all that is owed, oldest first, and nothing twice', async () => {
  const days = [0, 1, 2, 3, 4, 5]
  for (const day of days) {
    world.now += DAY
    const inputs = [0, 1, 2].map(n =>
      post(2000 + day * 3 + n, { deadline: world.now + 30 * DAY, expiresAt: world.now + 90 * DAY }),
    )
    await world.store.postOrders(inputs.map(input => world.move(input.order, input)))
  }
  const entries = await readAll(world, COURIER_FEED, 5)
  assert.equal(entries.length, days.length * 3)
  assert.equal(new Set(entries.map(({ order }) => order)).size, entries.length)
  const times = entries.map(({ at }) => at)
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  )
  assert.equal((times.at(-1) ?? 0) - (times[0] ?? 0), (days.length - 1) * DAY)
  assert.equal((await work(0, 'swift')).length, entries.length)
  assert.deepEqual(await readAll(world, COURIER_FEED), [])
})
