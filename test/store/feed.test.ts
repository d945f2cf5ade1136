import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { DeleteItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import fc from 'fast-check'
import { entryId } from '../../lib/store/entry.ts'
import { type Feed, parseEntryId } from '../../lib/store/index.ts'
import {
  accepted,
  DAY,
  eventOf,
  kindOf,
  makeWorld,
  nameOf,
  owedOf,
  post,
  postAll,
  readAll,
  START,
  TABLES,
  type World,
} from './world.ts'

let world: World
let n = 0
const fresh = (): number => (n += 1000)

before(async () => {
  world = await makeWorld()
})
afterEach(() => {
  world.fault = () => undefined
  world.now = START
})
after(() => world.stop())

const range = (count: number) => Array.from({ length: count }, (_, i) => i)
const courierFeed = (partner: string, shard = 0): Feed => ({ side: 'courier', partner, shard })
const platformFeed = (partner: string): Feed => ({ side: 'platform', partner, shard: 0 })

/** Posts orders for a courier of this test alone. */
async function owe(courier: string, count: number, changes: Parameters<typeof post>[1] = {}) {
  const at = fresh()
  const posts = range(count).map(i => post(at + i, { courier, ...changes }))
  const results = await postAll(world, posts)
  assert.ok(results.every(result => kindOf(result) === 'posted'))
  return posts.map(one => one.order)
}

describe('reading', () => {
  test('a page takes two round trips', async () => {
    await owe('two-trips', 150)
    const nothing = await world.store.readFeed(courierFeed('nobody'), { limit: 100 })
    assert.deepEqual(nothing, { entries: [], withheld: 0 })
    const sent = await world.count(async () => {
      const page = await world.store.readFeed(courierFeed('two-trips'), { limit: 100 })
      assert.equal(page.entries.length, 100)
      assert.ok(page.next)
    })
    assert.deepEqual(
      sent.map(one => one.command),
      ['QueryCommand', 'BatchGetItemCommand'],
    )
  })

  test('moves nothing: the same page comes again', async () => {
    await owe('again', 5)
    const first = await world.store.readFeed(courierFeed('again'), { limit: 3 })
    const second = await world.store.readFeed(courierFeed('again'), { limit: 3 })
    assert.deepEqual(first, second)
  })

  test('pages of any size bring every entry once, in the order they were made', async () => {
    const orders: string[] = []
    for (const _ of range(5)) {
      world.now += 10
      orders.push(...(await owe('paged', 10)))
    }
    for (const limit of [1, 7, 49, 50, 100]) {
      const entries = await readAll(world, courierFeed('paged'), limit)
      assert.deepEqual(entries.map(entry => entry.order).toSorted(), orders.toSorted())
      const ids = entries.map(entry => entry.id)
      assert.deepEqual(ids, ids.toSorted())
    }
  })

  test('pages while acknowledging, posting and reading on: nothing is skipped', async () => {
    const feed = platformFeed('busy')
    const at = fresh()
    const changes = { platform: 'busy', courier: 'swift' }
    const posts = range(20).map(i => post(at + i, changes))
    await postAll(world, posts)
    for (const [i, one] of posts.entries()) {
      const answer = accepted(await owedOf(world, one.order), [`BUSY${at + i}`])
      await world.store.changeOrder(world.move(one.order, answer))
    }
    const got = new Set<string>()
    let posted = 0
    for (let rounds = 0; rounds < 40; rounds += 1) {
      let after: string | undefined
      do {
        const page = await world.store.readFeed(feed, { limit: 3, ...(after ? { after } : {}) })
        for (const entry of page.entries) {
          assert.ok(!got.has(entry.id), 'an acknowledged entry came again')
          got.add(entry.id)
        }
        await world.store.ack(
          feed,
          page.entries.map(entry => entry.id),
        )
        if (posted < 30) {
          const one = posts[posted % posts.length]
          assert.ok(one)
          await world.store.changeOrder(world.move(one.order, eventOf(posted)))
          posted += 1
        }
        after = page.next
      } while (after !== undefined)
    }
    assert.equal(got.size, 50)
    assert.deepEqual((await world.store.readFeed(feed, { limit: 10 })).entries, [])
  })

  test('a page holds at most four megabytes of documents', async () => {
    await owe('heavy', 90, { doc: 'x'.repeat(64 * 1024), keys: {} })
    const page = await world.store.readFeed(courierFeed('heavy'), { limit: 100 })
    assert.equal(page.entries.length, 64)
    assert.ok(page.next)
    assert.equal((await readAll(world, courierFeed('heavy'))).length, 90)
  })

  test('entries whose time is over are passed over, in four queries at most', async () => {
    await owe('late', 30, { expiresAt: START + DAY })
    world.now += 1
    const orders = await owe('late', 3)
    world.now = START + 2 * DAY
    const sent = await world.count(async () => {
      const page = await world.store.readFeed(courierFeed('late'), { limit: 5 })
      assert.deepEqual(page.entries, [])
      assert.ok(page.next)
    })
    assert.deepEqual(
      sent.map(one => one.command),
      Array(4).fill('QueryCommand'),
    )
    const entries = await readAll(world, courierFeed('late'), 5)
    assert.deepEqual(entries.map(entry => entry.order).toSorted(), orders.toSorted())
  })

  test('an entry whose documents are missing stays owed and is counted', async () => {
    const [order, other] = await owe('missing', 2)
    const Key = { pk: { S: `order#${order}` }, sk: { S: 'doc#1' } }
    await world.client.send(new DeleteItemCommand({ TableName: TABLES.orders, Key }))
    const page = await world.store.readFeed(courierFeed('missing'), { limit: 10 })
    assert.deepEqual(
      page.entries.map(entry => entry.order),
      [other],
    )
    assert.equal(page.withheld, 1)
    const again = await world.store.readFeed(courierFeed('missing'), { limit: 10 })
    assert.equal(again.withheld, 1)
  })

  test('documents of another courier are never shown', async () => {
    const [order] = await owe('mine', 1)
    await world.client.send(
      new UpdateItemCommand({
        TableName: TABLES.orders,
        Key: { pk: { S: `order#${order}` }, sk: { S: 'doc#1' } },
        UpdateExpression: 'SET courier = :other',
        ExpressionAttributeValues: { ':other': { S: 'other' } },
      }),
    )
    const page = await world.store.readFeed(courierFeed('mine'), { limit: 10 })
    assert.deepEqual([page.entries, page.withheld], [[], 1])
  })

  test('documents older than their entry end the page', async () => {
    const orders = await owe('stale', 3)
    const [first, second, third] = (await readAll(world, courierFeed('stale'))).map(
      entry => entry.order,
    )
    assert.equal(new Set([first, second, third]).size, orders.length)
    await world.client.send(
      new UpdateItemCommand({
        TableName: TABLES.orders,
        Key: { pk: { S: `order#${second}` }, sk: { S: 'doc#1' } },
        UpdateExpression: 'SET version = :old',
        ExpressionAttributeValues: { ':old': { N: '0' } },
      }),
    )
    const page = await world.store.readFeed(courierFeed('stale'), { limit: 10 })
    assert.deepEqual(
      page.entries.map(entry => entry.order),
      [first],
    )
    assert.equal(page.next, undefined)
  })

  test('keys that the service leaves over are asked for again', async () => {
    await owe('partial', 10)
    let cut = 0
    world.client.middlewareStack.add(
      nextHandler => async args => {
        const input = args.input
        const keys = 'RequestItems' in input ? input.RequestItems?.[TABLES.orders] : undefined
        if (cut > 0 || !keys || !('Keys' in keys) || !keys.Keys) return nextHandler(args)
        cut += 1
        const left = keys.Keys.splice(4)
        const result = await nextHandler(args)
        const output = { ...result.output, UnprocessedKeys: { [TABLES.orders]: { Keys: left } } }
        return { ...result, output }
      },
      { step: 'initialize', name: 'cut' },
    )
    const page = await world.store.readFeed(courierFeed('partial'), { limit: 10 })
    world.client.middlewareStack.remove('cut')
    assert.equal(page.entries.length, 10)
    assert.equal(cut, 1)
  })

  test('custody reads pointers without documents, in one round trip', async () => {
    const [order] = await owe('keeper', 1)
    await world.store.changeOrder(world.move(order ?? '', { kind: 'cancel', platform: 'lark' }))
    const feed = { side: 'custody', partner: 'keeper', shard: 0 } as const
    const sent = await world.count(async () => {
      const { entries } = await world.store.readFeed(feed, { limit: 10 })
      assert.deepEqual(
        entries.map(entry => [entry.kind, entry.order, entry.life, entry.doc]),
        [['close', order, 1, undefined]],
      )
    })
    assert.equal(sent.length, 1)
  })
})

describe('acknowledging', () => {
  test('leaves entries that want an answer', async () => {
    await owe('answers', 2)
    const entries = await readAll(world, courierFeed('answers'))
    const ids = entries.map(entry => entry.id)
    assert.deepEqual(await world.store.ack(courierFeed('answers'), ids), { unanswered: ids })
    const disguised = ids.map(id => id.replace(/a$/, 'k'))
    await world.store.ack(courierFeed('answers'), disguised)
    assert.equal((await readAll(world, courierFeed('answers'))).length, 2)
  })

  test('may be repeated, and takes a hundred at a time', async () => {
    const [order] = await owe('acks', 1, { platform: 'acks' })
    const kept = range(100).map(i => world.move(order ?? '', eventOf(i, { courier: 'acks' })))
    const results = await world.store.changeOrders(kept)
    assert.ok(results.every(result => kindOf(result) === 'tracked'))
    const ids = (await readAll(world, platformFeed('acks'))).map(entry => entry.id)
    assert.equal(ids.length, 100)
    for (const _ of range(2)) {
      const acked = await world.store.ack(
        platformFeed('acks'),
        ids.flatMap(id => [id, id]),
      )
      assert.deepEqual(acked, { unanswered: [] })
    }
    assert.deepEqual(await readAll(world, platformFeed('acks')), [])
  })

  test('a lost reply or a throttled deletion does no harm', async () => {
    const [order] = await owe('lossy', 1, { platform: 'lossy' })
    await world.store.changeOrder(world.move(order ?? '', eventOf(1, { courier: 'lossy' })))
    const [entry] = await readAll(world, platformFeed('lossy'))
    const faults = ['before', 'after'] as const
    let at = 0
    world.fault = () => faults[at++]
    await world.store.ack(platformFeed('lossy'), [entry?.id ?? ''])
    assert.deepEqual(await readAll(world, platformFeed('lossy')), [])
  })
})

describe('strangers', () => {
  test('read, acknowledge and page in their own feed only', async () => {
    const at = fresh()
    await postAll(world, [post(at, { courier: 'owner', platform: 'owner' })])
    await world.store.changeOrder(world.move(nameOf(at), eventOf(1, { courier: 'owner' })))
    const [waybill] = await readAll(world, courierFeed('owner'))
    const [tracking] = await readAll(world, platformFeed('owner'))
    const ids = [waybill?.id ?? '', tracking?.id ?? '']
    for (const stranger of ['stranger', 'owner#0', 'owne']) {
      for (const feed of [courierFeed(stranger), platformFeed(stranger)]) {
        const page = await world.store.readFeed(feed, { limit: 10, after: ids[0] ?? '' })
        assert.deepEqual(page, { entries: [], withheld: 0 })
        const invented = ids.map(id => id.replace('.1.', '.9.'))
        for (const some of [ids, invented]) {
          const unanswered = some.filter(id => id.endsWith('a'))
          assert.deepEqual(await world.store.ack(feed, some), { unanswered })
        }
      }
    }
    assert.equal((await readAll(world, courierFeed('owner'))).length, 1)
    assert.equal((await readAll(world, platformFeed('owner'))).length, 1)
  })

  test('meet another’s order as one that does not exist', async () => {
    const at = fresh()
    await postAll(world, [post(at)])
    const entry = await owedOf(world, nameOf(at))
    const inputs = [
      { ...accepted(entry, ['X']), courier: 'stranger' },
      eventOf(1, { courier: 'stranger' }),
      { kind: 'cancel', platform: 'stranger' },
      { kind: 'redrive', courier: 'stranger' },
    ] as const
    for (const order of [nameOf(at), nameOf(at + 1)]) {
      for (const input of inputs) {
        const result = await world.store.changeOrder(world.move(order, input))
        assert.deepEqual([result.outcome, result.wrote], [{ kind: 'unknown' }, false])
      }
    }
    assert.equal((await world.store.findByWaybill('stranger', ['X'])).size, 0)
    const number = { shop: '', platformOrder: post(at).platformOrders[0] ?? '' }
    assert.deepEqual(await world.store.findByPlatformOrder({ platform: 'stranger', ...number }), [])
    assert.deepEqual(
      await world.store.findByPlatformOrder({
        platform: 'lark',
        shop: '#',
        platformOrder: '\ud800',
      }),
      [],
    )
  })
})

describe('cursors and ids', () => {
  test('a cursor that no page gave is refused', async () => {
    for (const after of ['x', '../..', `${'9'.repeat(14)}.o_x.1.0k`, 'order#x', '\u0000']) {
      await assert.rejects(world.store.readFeed(courierFeed('x'), { limit: 1, after }), {
        code: 'VALUE_INVALID',
        at: '/after',
      })
    }
  })

  test('an entry id says where it belongs and is safe in a path', () => {
    const names = fc.record({
      at: fc.integer({ min: 1e12, max: 9_999_999_999_999 }),
      order: fc.nat().map(nameOf),
      sequence: fc.integer({ min: 1, max: 999_999_999 }),
      shard: fc.integer({ min: 0, max: 999 }),
      due: fc.boolean(),
    })
    fc.assert(
      fc.property(names, name => {
        const id = entryId(name)
        assert.match(id, /^[A-Za-z0-9._~-]+$/)
        assert.deepEqual(parseEntryId(id), { ...name })
      }),
    )
    fc.assert(
      fc.property(fc.string(), text => {
        const name = parseEntryId(text)
        assert.ok(name === undefined || entryId(name) === text)
      }),
    )
  })
})
