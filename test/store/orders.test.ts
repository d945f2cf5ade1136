import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb'
import {
  accepted,
  COURIER_FEED,
  cancelled,
  DAY,
  firstFaults,
  kindOf,
  makeWorld,
  nameOf,
  owedOf,
  PLATFORM_FEED,
  post,
  postAccepted,
  postAll,
  readAll,
  START,
  TABLES,
  type World,
} from './world.ts'

let world: World
let n = 0
/** Each test has its own orders. */
const fresh = (): number => (n += 1000)

before(async () => {
  world = await makeWorld()
})
afterEach(() => {
  world.fault = () => undefined
  world.interlude = async () => {}
  world.now = START
})
after(() => world.stop())

const names = (sent: { command: string }[]) => sent.map(one => one.command)
const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i)

async function entriesOf(order: string) {
  const entries = await readAll(world, COURIER_FEED)
  return entries.filter(entry => entry.order === order)
}

describe('posting', () => {
  test('an answer that comes between two tries is told with its documents', async () => {
    const at = fresh()
    await postAll(world, [post(at)])
    const owed = await owedOf(world, nameOf(at))
    let transactions = 0
    world.interlude = async ({ command }) => {
      if (command !== 'TransactWriteItemsCommand' || ++transactions !== 2) return
      world.interlude = async () => {}
      await world.store.changeOrder(world.move(nameOf(at), accepted(owed, [`SW${at}`])))
    }
    const [result] = await postAll(world, [post(at, { hmacs: ['another body'] })])
    assert.ok(result && 'outcome' in result)
    assert.deepEqual(result.outcome, { kind: 'repeat', compared: 'open' })
    assert.match(result.doc?.answer ?? 'no answer', /accepted/)
  })

  test('a new order is one transaction that keeps all of it', async () => {
    const at = fresh()
    const order = nameOf(at)
    const sent = await world.count(() => postAll(world, [post(at)]))
    assert.deepEqual(sent, [{ command: 'TransactWriteItemsCommand', actions: 5 }])
    const [entry] = await entriesOf(order)
    assert.equal(entry?.kind, 'waybill')
    assert.equal(entry?.doc?.body, post(at).doc)
    const found = await world.store.findByPlatformOrder({
      platform: 'lark',
      shop: '',
      platformOrder: post(at).platformOrders[0] ?? '',
    })
    assert.deepEqual(found, [order])
    const keys = await world.store.getKey(order)
    assert.deepEqual(Buffer.from(keys?.receiver?.wrapped ?? []), Buffer.alloc(384, at))
    assert.equal(keys?.sender?.signed, 'signed-sender')
    assert.equal(keys?.certificate, 'certificate')
  })

  test('a repeat takes one round trip and brings the order and its documents', async () => {
    const order = await postAccepted(world, fresh(), [`SW${n}`])
    let results: Awaited<ReturnType<typeof postAll>> = []
    const sent = await world.count(async () => {
      results = await postAll(world, [post(n)])
    })
    assert.deepEqual(names(sent), ['TransactWriteItemsCommand'])
    const [result] = results
    assert.ok(result && 'outcome' in result)
    assert.deepEqual(result.outcome, { kind: 'repeat', compared: 'open' })
    assert.equal(result.wrote, false)
    assert.equal(result.head?.order, order)
    assert.equal(result.doc?.body, post(n).doc)
    assert.deepEqual(JSON.parse(result.doc?.answer ?? '').waybills, [`SW${n}`])
  })

  test('twenty orders share one transaction, twenty-four take two at once', async () => {
    const first = await world.count(() =>
      postAll(
        world,
        range(fresh(), 20).map(i => post(i)),
      ),
    )
    assert.deepEqual(first, [{ command: 'TransactWriteItemsCommand', actions: 100 }])
    const second = await world.count(() =>
      postAll(
        world,
        range(fresh(), 24).map(i => post(i)),
      ),
    )
    assert.deepEqual(second.map(one => one.actions).toSorted(), [100, 20])
  })

  test('repeats inside a batch are taken out and the rest is posted', async () => {
    const some = range(fresh(), 6).map(i => post(i))
    await postAll(
      world,
      some.filter((_, i) => i % 2 === 0),
    )
    let results: Awaited<ReturnType<typeof postAll>> = []
    const sent = await world.count(async () => {
      results = await postAll(world, some)
    })
    assert.equal(sent.length, 2)
    assert.deepEqual(results.map(kindOf), [
      ...['repeat', 'posted', 'repeat', 'posted', 'repeat', 'posted'],
    ])
    assert.deepEqual(
      results.map(result => result.order),
      some.map(one => one.order),
    )
    for (const one of some) assert.equal((await entriesOf(one.order)).length, 1)
  })

  test('the same order twice in one call is posted once', async () => {
    const at = fresh()
    const results = await postAll(world, [
      post(at),
      post(at + 1),
      post(at),
      post(at, { hmacs: ['x'] }),
    ])
    assert.deepEqual(results.map(kindOf), ['posted', 'posted', 'repeat', 'changed'])
    assert.equal((await entriesOf(nameOf(at))).length, 1)
  })

  test('a hundred parallel posts of one order make one order', async () => {
    const at = fresh()
    const results = await Promise.all(range(0, 100).map(() => postAll(world, [post(at)])))
    const kinds = results.map(([result]) => kindOf(result))
    assert.equal(kinds.filter(kind => kind === 'posted').length, 1)
    assert.equal(kinds.filter(kind => kind === 'repeat').length, 99)
    assert.equal((await entriesOf(nameOf(at))).length, 1)
  })

  test('a document that is too long is refused alone, before anything is written', async () => {
    const at = fresh()
    const results = await postAll(world, [
      post(at),
      post(at + 1, { doc: '名'.repeat(22_000) }),
      post(at + 2),
    ])
    assert.ok(results[1] && 'error' in results[1])
    assert.equal(results[1].error.code, 'VALUE_TOO_LONG')
    assert.equal(kindOf(results[0]), 'posted')
    assert.equal(kindOf(results[2]), 'posted')
    const kept = await world.store.getHeads([nameOf(at), nameOf(at + 1), nameOf(at + 2)])
    assert.deepEqual([...kept.keys()].toSorted(), [nameOf(at), nameOf(at + 2)].toSorted())
    assert.equal(await world.store.getKey(nameOf(at + 1)), undefined)
  })

  test('wrong bodies are counted once each, and lock the order after five', async () => {
    const at = fresh()
    await postAll(world, [post(at)])
    const bodies = ['a', 'b', 'a', 'c', 'b', 'd', 'e', 'f', `body-${at}`]
    const kinds: string[] = []
    for (const body of bodies) {
      const [result] = await postAll(world, [post(at, { hmacs: [body] })])
      kinds.push(kindOf(result))
    }
    assert.deepEqual(kinds, [...Array(7).fill('changed'), 'locked', 'locked'])
  })

  test('a body is compared under both keys of a rotation', async () => {
    const at = fresh()
    await postAll(world, [post(at, { hmacs: ['old'] })])
    assert.equal(kindOf((await postAll(world, [post(at, { hmacs: ['new', 'old'] })]))[0]), 'repeat')
  })
})

/** The courier's no, after which an order may be posted anew. */
const refusal = (entry: string) =>
  ({
    kind: 'answer',
    courier: 'swift',
    entry,
    verdict: { outcome: 'refused', document: '{"outcome":"refused","reason":{"code":"other"}}' },
  }) as const

describe('a second life', () => {
  test('opens only for a new and later request, and goes on counting', async () => {
    const at = fresh()
    const order = nameOf(at)
    await postAll(world, [post(at)])
    world.now = START + 1000
    const entry = await owedOf(world, order)
    const { head: old } = await world.store.changeOrder(world.move(order, refusal(entry)))
    const again = { request: 'another', signedAt: START + 2000 }
    for (const change of [{}, { request: 'another' }, { signedAt: START + 2000 }]) {
      assert.equal(kindOf((await postAll(world, [post(at, change)]))[0]), 'repeat')
    }
    let results: Awaited<ReturnType<typeof postAll>> = []
    const sent = await world.count(async () => {
      results = await postAll(world, [post(at, again)])
    })
    assert.equal(sent.length, 2)
    const [result] = results
    assert.ok(result && 'head' in result && result.head && old)
    assert.equal(result.head.life, 2)
    assert.ok(result.head.version > old.version)
    assert.ok(result.head.last > old.last)
    const entries = await entriesOf(order)
    assert.deepEqual(
      entries.map(entry => [entry.kind, entry.life]),
      [['waybill', 2]],
    )
  })

  test('leaves what an unread entry of the first life points to', async () => {
    const at = fresh()
    const order = nameOf(at)
    await postAll(world, [post(at)])
    const entry = await owedOf(world, order)
    await world.store.changeOrder(world.move(order, refusal(entry)))
    const doc = '{"second":true}'
    await postAll(world, [post(at, { request: 'another', signedAt: START + 1, doc })])
    const owed = await readAll(world, PLATFORM_FEED)
    const ebill = owed.find(one => one.order === order && one.kind === 'ebill')
    assert.equal(ebill?.doc?.body, post(at).doc)
    assert.equal(ebill?.doc?.answer, refusal(entry).verdict.document)
    const repeat = await postAll(world, [post(at, { request: 'another', doc })])
    assert.ok(repeat[0] && 'doc' in repeat[0])
    assert.equal(repeat[0].doc?.body, doc)
    const heads = await world.store.getHeads([order])
    assert.equal((await world.store.getDocs([...heads.values()])).get(order)?.body, doc)
  })

  test('is open to anybody once the time of the first is over', async () => {
    const at = fresh()
    await postAccepted(world, at, [`SW${at}`])
    world.now = START + 91 * DAY
    assert.equal((await world.store.getHeads([nameOf(at)])).size, 0)
    const later = { deadline: world.now + DAY, expiresAt: world.now + 90 * DAY }
    const [result] = await postAll(world, [post(at, later)])
    assert.ok(result && 'head' in result)
    assert.equal(result.head?.life, 2)
  })

  test('documents without a head do not stand in the way', async () => {
    const at = fresh()
    await postAll(world, [post(at)])
    const Key = { pk: { S: `order#${nameOf(at)}` }, sk: { S: 'head' } }
    await world.client.send(new DeleteItemCommand({ TableName: TABLES.orders, Key }))
    assert.equal(kindOf((await postAll(world, [post(at, { doc: '{"new":1}' })]))[0]), 'posted')
    const [entry] = (await entriesOf(nameOf(at))).slice(-1)
    assert.equal(entry?.doc?.body, '{"new":1}')
  })
})

describe('faults while posting', () => {
  const cases = {
    'the request fails before it is carried out': ['before'],
    'the reply is lost': ['after'],
    'the reply is lost and the token forgotten': ['forget-token'],
    'the reply is lost twice': ['after', 'after'],
    'throttled, then the reply is lost': [
      cancelled(Array(10).fill('ThrottlingError')),
      'forget-token',
    ],
  } as const
  for (const [name, faults] of Object.entries(cases)) {
    test(`${name}: posted once, and said so`, async () => {
      const at = fresh()
      world.fault = firstFaults('TransactWriteItemsCommand', faults)
      const results = await postAll(world, [post(at), post(at + 1)])
      assert.deepEqual(results.map(kindOf), ['posted', 'posted'])
      assert.equal((await entriesOf(nameOf(at))).length, 1)
      assert.equal((await entriesOf(nameOf(at + 1))).length, 1)
    })
  }

  test('a lost reply, another step, then a repeat of the call: nothing is owed anew', async () => {
    const at = fresh()
    const order = nameOf(at)
    world.fault = firstFaults('TransactWriteItemsCommand', ['forget-token'])
    assert.equal(kindOf((await postAll(world, [post(at)]))[0]), 'posted')
    await world.store.changeOrder(world.move(order, { kind: 'cancel', platform: 'lark' }))
    assert.equal(kindOf((await postAll(world, [post(at)]))[0]), 'repeat')
    assert.deepEqual(
      (await entriesOf(order)).map(entry => entry.kind),
      ['cancel'],
    )
  })

  test('a batch that is blocked three times is split in half', async () => {
    const some = range(fresh(), 8).map(i => post(i))
    const conflict = cancelled(['TransactionConflict', ...Array(39).fill('None')])
    world.fault = firstFaults('TransactWriteItemsCommand', [conflict, conflict, conflict])
    let results: Awaited<ReturnType<typeof postAll>> = []
    const sent = await world.count(async () => {
      results = await postAll(world, some)
    })
    assert.deepEqual(
      sent.map(one => one.actions),
      [40, 40, 40, 20, 20],
    )
    assert.ok(results.every(result => kindOf(result) === 'posted'))
  })

  test('a store that stays away is said to be away, for each order', async () => {
    const at = fresh()
    world.fault = () => 'before'
    const results = await postAll(world, [post(at), post(at + 1)])
    for (const result of results) {
      assert.ok('error' in result)
      assert.equal(result.error.code, 'STORE_AWAY')
      assert.equal(result.error.retry, 'later')
    }
    await assert.rejects(world.store.getHeads([nameOf(at)]), { code: 'STORE_AWAY' })
  })

  test('a request that is wrong is not sent again', async () => {
    world.fault = () => cancelled(['ValidationError', ...Array(4).fill('None')])
    const sent = await world.count(async () => {
      const [result] = await postAll(world, [post(fresh())])
      assert.ok(result && 'error' in result)
      assert.equal(result.error.code, 'STORE_AWAY')
    })
    assert.equal(sent.length, 1)
  })

  test('an error of the decision itself stops its own order only', async () => {
    const at = fresh()
    const bad = {
      order: nameOf(at),
      decide: () => {
        throw new TypeError('a bug')
      },
    }
    await assert.rejects(world.store.postOrders([bad]), TypeError)
  })
})
