import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import type { Input } from '../../lib/flow/next.ts'
import { phaseOf } from '../../lib/store/index.ts'
import {
  accepted,
  COURIER_FEED,
  CUSTODY_FEED,
  cancelled,
  DAY,
  eventOf,
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
  refused,
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

const names = (sent: { command: string }[]) => sent.map(one => one.command)
const range = (count: number) => Array.from({ length: count }, (_, i) => i)

async function change(order: string, input: Input): Promise<string> {
  return (await world.store.changeOrder(world.move(order, input))).outcome.kind
}

/** As a client does: again until there is an answer. */
async function untilAnswered(order: string, input: Input): Promise<string> {
  for (;;) {
    const [result] = await world.store.changeOrders([world.move(order, input)])
    if (result && 'outcome' in result) return result.outcome.kind
  }
}

async function kindsOf(
  feed: typeof COURIER_FEED | typeof PLATFORM_FEED | typeof CUSTODY_FEED,
  order: string,
) {
  const entries = await readAll(world, feed)
  return entries.filter(entry => entry.order === order).map(entry => entry.kind)
}

async function item(order: string, sk: string) {
  const Key = { pk: { S: `order#${order}` }, sk: { S: sk } }
  return (await world.client.send(new GetItemCommand({ TableName: TABLES.orders, Key }))).Item
}

describe('round trips', () => {
  test('a batch of answers takes two: the heads, then the write', async () => {
    const at = fresh()
    const posts = range(10).map(i => post(at + i))
    await postAll(world, posts)
    const owed = await Promise.all(posts.map(one => owedOf(world, one.order)))
    const sent = await world.count(async () => {
      const results = await world.store.changeOrders(
        posts.map(({ order }, i) => world.move(order, accepted(owed[i] ?? '', [`A${at}-${i}`]))),
      )
      assert.ok(results.every(result => kindOf(result) === 'accepted'))
    })
    assert.deepEqual(names(sent), ['BatchGetItemCommand', 'TransactWriteItemsCommand'])
  })

  test('a batch of events takes two, three when only the waybills are named', async () => {
    const orders = [
      await postAccepted(world, fresh(), [`B${n}`]),
      await postAccepted(world, fresh(), [`B${n}`]),
    ]
    const numbers = [`B${n - 1000}`, `B${n}`]
    const sent = await world.count(async () => {
      const found = await world.store.findByWaybill('swift', [...numbers, 'unknown'])
      assert.deepEqual(
        numbers.map(number => found.get(number)?.order),
        orders,
      )
      assert.equal(found.size, 2)
      const results = await world.store.changeOrders(
        orders.flatMap(order => range(5).map(i => world.move(order, eventOf(n + i)))),
      )
      assert.ok(results.every(result => kindOf(result) === 'tracked'))
    })
    assert.deepEqual(names(sent), [
      ...['BatchGetItemCommand', 'BatchGetItemCommand', 'TransactWriteItemsCommand'],
    ])
    for (const order of orders) {
      const owed = await kindsOf(PLATFORM_FEED, order)
      assert.deepEqual(owed, ['ebill', ...Array(5).fill('tracking')])
    }
  })

  test('orders with large documents are packed to three megabytes', async () => {
    const at = fresh()
    const posts = range(25).map(i => post(at + i, { doc: 'x'.repeat(64 * 1024) }))
    await postAll(world, posts)
    for (const [i, { order }] of posts.entries()) {
      const answer = accepted(await owedOf(world, order), [`Z${at + i}`], 'x'.repeat(64 * 1024))
      await change(order, answer)
    }
    const sent = await world.count(async () => {
      const delivered = eventOf(1, { status: 'delivered' })
      const results = await world.store.changeOrders(
        posts.map(({ order }) => world.move(order, delivered)),
      )
      assert.ok(results.every(result => kindOf(result) === 'tracked'))
    })
    assert.deepEqual(
      sent.map(one => one.actions),
      [0, 92, 8],
    )
  })

  test('what changes nothing takes one', async () => {
    const order = await postAccepted(world, fresh(), [`C${n}`])
    await change(order, eventOf(1))
    const sent = await world.count(() => change(order, eventOf(1)))
    assert.deepEqual(names(sent), ['BatchGetItemCommand'])
  })
})

describe('races', () => {
  test('of two different answers one stands, and the other learns of it', async () => {
    const at = fresh()
    await postAll(world, [post(at)])
    const entry = await owedOf(world, nameOf(at))
    const kinds = await Promise.all(
      ['E1', 'E2'].map(number => change(nameOf(at), accepted(entry, [`${number}-${at}`]))),
    )
    assert.deepEqual(kinds.toSorted(), ['accepted', 'conflict'])
    assert.deepEqual(await kindsOf(PLATFORM_FEED, nameOf(at)), ['ebill'])
    assert.deepEqual(await kindsOf(COURIER_FEED, nameOf(at)), [])
  })

  test('an acceptance and a cancellation: one wins, both sides are told the same', async () => {
    for (const i of range(10)) {
      const at = fresh()
      const order = nameOf(at)
      await postAll(world, [post(at)])
      const entry = await owedOf(world, order)
      const answering = change(order, accepted(entry, [`F${at}-${i}`]))
      const cancelling = change(order, { kind: 'cancel', platform: 'lark' })
      const kinds = await Promise.all(i % 2 ? [cancelling, answering] : [answering, cancelling])
      const head = (await world.store.getHeads([order])).get(order)
      const won = head?.state === 'cancelled' ? ['cancelled', 'gone'] : ['accepted', 'cancel-asked']
      assert.deepEqual(kinds.toSorted(), won.toSorted())
      const numbers = await world.store.findByWaybill('swift', [`F${at}-${i}`])
      assert.equal(numbers.size, head?.state === 'cancelled' ? 0 : 1)
    }
  })

  test('fifty parallel events are all owed, once each', async () => {
    const order = await postAccepted(world, fresh(), [`G${n}`])
    const events = range(50).map(i => eventOf(i))
    const before = (await world.store.getHeads([order])).get(order)
    const kinds = await Promise.all(events.map(event => untilAnswered(order, event)))
    assert.ok(kinds.every(kind => kind === 'tracked'))
    const entries = (await readAll(world, PLATFORM_FEED)).filter(
      entry => entry.order === order && entry.kind === 'tracking',
    )
    assert.deepEqual(
      entries.map(entry => entry.body).toSorted(),
      events.map(event => event.document).toSorted(),
    )
    const sequences = entries.map(entry => entry.sequence)
    assert.deepEqual(
      sequences,
      sequences.toSorted((a, b) => a - b),
    )
    assert.equal(new Set(sequences).size, 50)
    const head = (await world.store.getHeads([order])).get(order)
    assert.equal(head?.version, (before?.version ?? 0) + 50)
  })

  test('the same event pushed many times at once is one event', async () => {
    const order = await postAccepted(world, fresh(), [`H${n}`])
    const kinds = await Promise.all(range(10).map(() => untilAnswered(order, eventOf(1))))
    assert.equal(kinds.filter(kind => kind === 'tracked').length, 1)
    assert.equal((await kindsOf(PLATFORM_FEED, order)).length, 2)
  })

  test('more events of one order than one write takes are all owed', async () => {
    const order = await postAccepted(world, fresh(), [`I${n}`])
    const results = await world.store.changeOrders(
      range(30).map(i => world.move(order, eventOf(i))),
    )
    assert.ok(results.every(result => kindOf(result) === 'tracked'))
    assert.equal((await kindsOf(PLATFORM_FEED, order)).length, 31)
  })
})

describe('waybill numbers', () => {
  test('a number of another live order is refused, and nothing is written', async () => {
    const holder = await postAccepted(world, fresh(), [`J${n}`])
    const number = `J${n}`
    const at = fresh()
    const order = nameOf(at)
    await postAll(world, [post(at), post(at + 1)])
    const results = await world.store.changeOrders([
      world.move(order, accepted(await owedOf(world, order), [`J${at}`, number])),
      world.move(nameOf(at + 1), accepted(await owedOf(world, nameOf(at + 1)), [`J${at}b`])),
    ])
    assert.ok(results[0] && 'error' in results[0])
    assert.equal(results[0].error.code, 'STATE_CONFLICT')
    assert.equal(kindOf(results[1]), 'accepted')
    assert.equal((await world.store.getHeads([order])).get(order)?.state, 'posted')
    const found = await world.store.findByWaybill('swift', [number, `J${at}`])
    assert.deepEqual([...found], [[number, { order: holder, role: 'box' }]])
    await assert.rejects(
      world.store.changeOrder(world.move(order, accepted(await owedOf(world, order), [number]))),
      { code: 'STATE_CONFLICT', at: '/waybills' },
    )
  })

  test('a number of an order that is over may be given again', async () => {
    const number = `K${fresh()}`
    const holder = await postAccepted(world, n, [number])
    await change(holder, eventOf(1, { status: 'delivered' }))
    const order = await postAccepted(world, fresh(), [number])
    assert.equal((await world.store.findByWaybill('swift', [number])).get(number)?.order, order)
  })

  test('two orders that are given one number in one call: one has it', async () => {
    const at = fresh()
    await postAll(world, [post(at), post(at + 1)])
    const moves = await Promise.all(
      [at, at + 1].map(async i =>
        world.move(nameOf(i), accepted(await owedOf(world, nameOf(i)), [`L${at}`])),
      ),
    )
    const results = await world.store.changeOrders(moves)
    assert.equal(results.filter(result => 'outcome' in result).length, 1)
    assert.equal(results.filter(result => 'error' in result).length, 1)
  })

  test('an event is kept although the number of its way back is another order’s', async () => {
    const number = `M${fresh()}`
    const holder = await postAccepted(world, n, [number])
    const order = await postAccepted(world, fresh(), [`M${n}`])
    const event = eventOf(1, { status: 'returning', returnWaybill: number })
    assert.equal(await change(order, event), 'tracked')
    assert.equal((await world.store.findByWaybill('swift', [number])).get(number)?.order, holder)
    const back = eventOf(2, { status: 'returning', returnWaybill: `M${n}back` })
    assert.equal(await change(order, back), 'tracked')
    const found = await world.store.findByWaybill('swift', [`M${n}back`])
    assert.deepEqual(found.get(`M${n}back`), { order, role: 'return' })
  })

  test('a thousand numbers: look-ups first, the order last, all found', async () => {
    const at = fresh()
    const order = nameOf(at)
    await postAll(world, [post(at, { boxes: 1000 })])
    const entry = await owedOf(world, order)
    const numbers = range(1000).map(i => `N${at}-${i}`)
    const answer = accepted(entry, [`N${at}`, ...numbers.slice(1)])
    const sent = await world.count(() => change(order, answer))
    const writes = sent.filter(one => one.command === 'TransactWriteItemsCommand')
    assert.deepEqual(
      writes.map(one => one.actions),
      [...Array(9).fill(100), 20, 84],
    )
    const found = await world.store.findByWaybill('swift', [`N${at}`, ...numbers.slice(1)])
    assert.equal(found.size, 1000)
    assert.ok(JSON.stringify(await item(order, 'head')).length < 1024)
    for (const i of [998, 999]) {
      await change(order, eventOf(i, { waybill: `N${at}-${i}`, status: 'delivered' }))
    }
    const head = (await world.store.getHeads([order])).get(order)
    assert.ok(head)
    assert.equal(phaseOf(head), 'accepted')
  })

  test('a thousand numbers, one of them another’s: refused, the order is as before', async () => {
    const number = `O${fresh()}`
    await postAccepted(world, n, [number])
    const at = fresh()
    const order = nameOf(at)
    await postAll(world, [post(at)])
    const numbers = range(500).map(i => `O${at}-${i}`)
    const answer = accepted(await owedOf(world, order), [`O${at}`, ...numbers, number])
    await assert.rejects(world.store.changeOrder(world.move(order, answer)), {
      code: 'STATE_CONFLICT',
    })
    assert.equal((await world.store.getHeads([order])).get(order)?.state, 'posted')
    assert.deepEqual(await kindsOf(PLATFORM_FEED, order), [])
  })
})

describe('what the database may delete', () => {
  test('nothing of a live order; head and documents once it is closed; nothing again when revoked', async () => {
    const order = await postAccepted(world, fresh(), [`P${n}`])
    const ttls = async () => [
      (await item(order, 'head'))?.ttl?.N,
      (await item(order, 'doc#1'))?.ttl?.N,
    ]
    assert.deepEqual(await ttls(), [undefined, undefined])
    await change(order, eventOf(1, { status: 'delivered' }))
    const end = String((START + 90 * DAY) / 1000)
    assert.deepEqual(await ttls(), [end, end])
    await change(order, eventOf(2, { status: 'returning' }))
    assert.deepEqual(await ttls(), [undefined, undefined])
    assert.ok((await item(order, 'doc#1'))?.answer)
  })

  test('a refused order keeps the refusal, and custody is asked to look', async () => {
    const at = fresh()
    await postAll(world, [post(at)])
    assert.equal(await change(nameOf(at), refused(await owedOf(world, nameOf(at)))), 'refused')
    assert.equal((await item(nameOf(at), 'doc#1'))?.answer?.S, '{"outcome":"refused"}')
    assert.ok((await item(nameOf(at), 'doc#1'))?.ttl)
    assert.deepEqual(await kindsOf(CUSTODY_FEED, nameOf(at)), ['close'])
  })

  test('an order that nobody answers is found late, expires, and owes its platform a refusal', async () => {
    const at = fresh()
    await postAll(world, [post(at, { courier: 'slow' })])
    const feed = { side: 'courier', partner: 'slow', shard: 0 } as const
    const overdue = async () => (await world.store.surveyFeed(feed)).overdue
    assert.deepEqual(await overdue(), [])
    world.now = START + DAY + 1
    assert.deepEqual(await overdue(), [nameOf(at)])
    const document = '{"outcome":"refused","reason":{"code":"expired"}}'
    assert.equal(await change(nameOf(at), { kind: 'deadline', document }), 'expired')
    assert.deepEqual(await overdue(), [])
    const owed = (await readAll(world, PLATFORM_FEED)).filter(one => one.order === nameOf(at))
    assert.deepEqual(
      owed.map(entry => [entry.kind, entry.doc?.answer]),
      [['ebill', document]],
    )
    assert.deepEqual(
      (await readAll(world, feed)).map(entry => entry.kind),
      ['cancel'],
    )
  })
})

/** The `n`th change of an order, signed that many seconds after it. */
const replacing = (tag: string, n: number) =>
  ({
    kind: 'replace',
    platform: 'lark',
    at: START + n * 1000,
    rev: n + 1,
    tags: [tag],
    replaced: 'open',
  }) as const

describe('a receiver change', () => {
  test('replaces document, key and entry, and leaves the other group’s key', async () => {
    const at = fresh()
    const order = nameOf(at)
    await postAll(world, [post(at)])
    const old = await owedOf(world, order)
    const keys = { receiver: { wrapped: Buffer.alloc(384, 7), signed: 'new' } }
    const doc = '{"rev":2}'
    const sealed = ['receiver', 'sender'] as const
    const input = { ...replacing('new', 1), sealed, doc, keys }
    assert.equal(await change(order, input), 'replaced')
    assert.notEqual(await owedOf(world, order), old)
    const entries = (await readAll(world, COURIER_FEED)).filter(one => one.order === order)
    assert.deepEqual(
      entries.map(entry => [entry.kind, entry.doc?.body]),
      [['waybill', doc]],
    )
    const kept = await world.store.getKey(order)
    assert.deepEqual([kept?.receiver?.signed, kept?.sender?.signed], ['new', 'signed-sender'])
    assert.equal(kept?.certificate, 'certificate')
    assert.equal(await change(order, accepted(old, ['Q1'])), 'gone')
  })

  test('two in one call leave the entry of the second', async () => {
    const at = fresh()
    const order = nameOf(at)
    await postAll(world, [post(at)])
    const inputs = ['first', 'second'].map((tag, n) => ({
      ...replacing(tag, n + 1),
      sealed: [],
      doc: tag,
    }))
    await world.store.changeOrders(inputs.map(input => world.move(order, input)))
    const entries = (await readAll(world, COURIER_FEED)).filter(one => one.order === order)
    assert.deepEqual(
      entries.map(entry => [entry.id, entry.doc?.body]),
      [[await owedOf(world, order), 'second']],
    )
  })
})

describe('faults while changing', () => {
  const faults = {
    'fails before': ['before'],
    'loses the reply': ['after'],
    'loses the reply and forgets the token': ['forget-token'],
    'conflicts, then loses the reply': [cancelled(Array(2).fill('TransactionConflict')), 'after'],
  } as const
  for (const [name, list] of Object.entries(faults)) {
    test(`an event whose write ${name} is owed once`, async () => {
      const order = await postAccepted(world, fresh(), [`R${n}`])
      world.fault = firstFaults('TransactWriteItemsCommand', list)
      assert.equal(await change(order, eventOf(1)), 'tracked')
      assert.deepEqual(await kindsOf(PLATFORM_FEED, order), ['ebill', 'tracking'])
    })
  }

  test('an answer whose reply never comes is the same when it is given again', async () => {
    const at = fresh()
    const order = nameOf(at)
    await postAll(world, [post(at)])
    const answer = accepted(await owedOf(world, order), [`S${at}`])
    let failing = true
    world.fault = ({ command }) =>
      failing && command === 'TransactWriteItemsCommand' ? 'forget-token' : undefined
    const [result] = await world.store.changeOrders([world.move(order, answer)])
    assert.equal(kindOf(result), 'accepted')
    failing = false
    assert.equal(await change(order, answer), 'same')
    assert.deepEqual(await kindsOf(PLATFORM_FEED, order), ['ebill'])
  })

  test('five conflicts in a row: the store is away, the order unharmed', async () => {
    const order = await postAccepted(world, fresh(), [`T${n}`])
    let races = 0
    let inside = false
    const decide = world.move(order, eventOf(1)).decide
    world.interlude = async ({ command }) => {
      if (inside || command !== 'TransactWriteItemsCommand') return
      inside = true
      races += 1
      await change(order, eventOf(100 + races))
      inside = false
    }
    const [result] = await world.store.changeOrders([{ order, decide }])
    world.interlude = async () => {}
    assert.ok(result && 'error' in result)
    assert.equal(result.error.code, 'STORE_AWAY')
    assert.equal(races, 5)
    assert.equal(await change(order, eventOf(1)), 'tracked')
    assert.equal((await kindsOf(PLATFORM_FEED, order)).length, 7)
  })
})

test('a head with sixteen events and three boxes takes less than 1 KB', async () => {
  const order = await postAccepted(world, fresh(), [`U${n}`, `U${n}b`, `U${n}c`])
  for (const i of range(20)) {
    await change(order, eventOf(i, { status: 'delivered', waybill: `U${n}` }))
  }
  const { pk, sk, by, head, version } = (await item(order, 'head')) ?? {}
  const values = [pk?.S, sk?.S, by?.S, head?.S, version?.N, 'pkskbyheadversion']
  assert.ok(values.join('').length < 1024)
})
