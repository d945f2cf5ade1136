import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { type FeedMeasure, type SweepPorts, sweepFeeds } from '../../lib/flow/sweep.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import { checkAcceptance } from '../../lib/model/validate.ts'
import type { Feed } from '../../lib/store/index.ts'
import {
  accepted,
  COURIER_FEED,
  CUSTODY_FEED,
  DAY,
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
  type World,
} from '../store/world.ts'
import { config, courier } from './fixtures.ts'

let world: World
let measured: FeedMeasure[] = []
let counts: Record<string, number> = {}
let ports: SweepPorts

before(async () => {
  world = await makeWorld()
  ports = {
    config: {
      ...config,
      couriers: { swift: { ...courier, shards: 2 } },
      platforms: { lark: { shards: 1 } },
    },
    now: () => new Date(world.now),
    count: (metric, by = 1) => {
      counts[metric] = (counts[metric] ?? 0) + by
    },
    measure: feed => void measured.push(feed),
    store: world.store,
  }
})
after(() => world.stop())
beforeEach(() => {
  measured = []
  counts = {}
  world.fault = () => undefined
  world.interlude = async () => {}
})

/** Names of what a feed owes for an order. */
const kindsOf = async (feed: Feed, order: string) =>
  (await readAll(world, feed)).filter(one => one.order === order).map(({ kind }) => kind)

const stateOf = async (order: string) => (await world.store.getHeads([order])).get(order)?.state

const measureOf = (side: string, shard = 0) =>
  measured.find(one => one.side === side && one.shard === shard) ?? assert.fail()

test('an offer ends at its deadline and not a moment before; courier, platform and custody are told', async () => {
  world.now = START
  const order = nameOf(1)
  await postAll(world, [post(1), post(2, { deadline: START + 2 * DAY })])
  world.now = START + DAY
  assert.deepEqual(await sweepFeeds(ports), { expired: 0, delayed: 0 })
  assert.equal(await stateOf(order), 'posted')

  world.now = START + DAY + 1
  assert.deepEqual(await sweepFeeds(ports), { expired: 1, delayed: 0 })
  assert.equal(await stateOf(order), 'expired')
  assert.equal(await stateOf(nameOf(2)), 'posted')
  assert.equal(counts['offers-expired'], 1)
  assert.deepEqual(await kindsOf(COURIER_FEED, order), ['cancel'])
  assert.deepEqual(await kindsOf(CUSTODY_FEED, order), ['close'])
  const [told] = (await readAll(world, PLATFORM_FEED)).filter(one => one.order === order)
  assert.deepEqual(checkAcceptance(JSON.parse(told?.doc?.answer ?? '')), {
    ...{ outcome: 'refused', order, courier: 'swift', reason: { code: 'expired' } },
  })
  assert.deepEqual(await sweepFeeds(ports), { expired: 0, delayed: 0 })
  assert.deepEqual(await kindsOf(COURIER_FEED, order), ['cancel'])
})

test('each shard of each feed is measured: how much is owed, and for how long', async () => {
  world.now = START + 100_000
  await postAll(world, [post(11, { shard: 1 })])
  world.now += 7_400
  await postAll(world, [post(12, { shard: 1 })])
  world.now += 2_600
  await sweepFeeds(ports)
  assert.deepEqual(
    measured.map(({ side, partner, shard }) => `${side} ${partner} ${shard}`),
    ['courier swift 0', 'courier swift 1', 'platform lark 0', 'custody swift 0'],
  )
  const { ageSeconds, depth, parked } = measureOf('courier', 1)
  assert.deepEqual({ ageSeconds, depth, parked }, { ageSeconds: 10, depth: 2, parked: 0 })
  assert.equal(measureOf('custody').depth, 1)

  const before = measureOf('courier').depth
  await postAccepted(world, 13, ['SW13'])
  measured = []
  await sweepFeeds(ports)
  assert.equal(measureOf('courier').depth, before)
})

test('what nobody can read any more is neither owed nor old', async () => {
  world.now = START
  const feed = { courier: 'swift', shard: 1, deadline: START + 30 * DAY } as const
  await postAll(world, [post(21, { ...feed, expiresAt: START + DAY })])
  await sweepFeeds(ports)
  const { depth } = measureOf('courier', 1)
  measured = []
  world.now = START + DAY + 1
  await sweepFeeds(ports)
  assert.equal(measureOf('courier', 1).depth, depth - 1)
})

test('an answer that comes between the look and the write wins; nothing is said twice', async () => {
  world.now = START
  const order = nameOf(31)
  await postAll(world, [post(31)])
  const entry = await owedOf(world, order)
  world.now = START + DAY + 1
  let raced = false
  world.interlude = async ({ command }) => {
    if (raced || command !== 'TransactWriteItemsCommand') return
    raced = true
    await world.store.changeOrder(world.move(order, accepted(entry, ['SW31'])))
  }
  const { delayed } = await sweepFeeds(ports)
  assert.equal(raced, true)
  assert.equal(delayed, 0)
  assert.equal(await stateOf(order), 'accepted')
  assert.deepEqual(await kindsOf(COURIER_FEED, order), [])
  assert.deepEqual(await kindsOf(PLATFORM_FEED, order), ['ebill'])
})

test('the deadline that comes between an answer’s look and its write wins; the number is void', async () => {
  world.now = START
  const order = nameOf(32)
  await postAll(world, [post(32)])
  const entry = await owedOf(world, order)
  world.now = START + DAY + 1
  let raced = false
  world.interlude = async ({ command }) => {
    if (raced || command !== 'TransactWriteItemsCommand') return
    raced = true
    await sweepFeeds(ports)
  }
  const late = await world.store.changeOrder(world.move(order, accepted(entry, ['SW32'])))
  assert.deepEqual(late.outcome, { kind: 'gone', state: 'expired' })
  assert.deepEqual(await kindsOf(COURIER_FEED, order), ['cancel'])
  assert.deepEqual(await kindsOf(PLATFORM_FEED, order), ['ebill'])
})

test('two sweeps at once and an answer: exactly one of them moves the order', async () => {
  world.now = START
  const order = nameOf(33)
  await postAll(world, [post(33)])
  const entry = await owedOf(world, order)
  world.now = START + DAY + 1
  const [one, two, answer] = await Promise.all([
    sweepFeeds(ports),
    sweepFeeds(ports),
    world.store.changeOrders([world.move(order, accepted(entry, ['SW33']))]),
  ])
  const isAccepted = kindOf(answer[0]) === 'accepted'
  assert.equal(one.expired + two.expired, isAccepted ? 0 : 1)
  assert.equal(await stateOf(order), isAccepted ? 'accepted' : 'expired')
  assert.deepEqual(await kindsOf(PLATFORM_FEED, order), ['ebill'])
})

test('many late offers go in one run, also behind what is not late', async () => {
  world.now = START
  const feed = { shard: 1, deadline: START + 2 * DAY }
  await postAll(world, [post(400, { shard: 1, deadline: START + 9 * DAY })])
  await postAll(
    world,
    Array.from({ length: 120 }, (_, i) => post(401 + i, feed)),
  )
  world.now = START + 2 * DAY + 1
  const { expired } = await sweepFeeds(ports)
  assert.ok(expired >= 120)
  assert.equal(await stateOf(nameOf(520)), 'expired')
  assert.equal(await stateOf(nameOf(400)), 'posted')
})

test('a feed that cannot be read is counted and left; the others are measured', async () => {
  const away = new GatewayError('STORE_AWAY', '', { retry: 'later' })
  const surveyFeed = (feed: Feed) =>
    feed.side === 'platform' ? Promise.reject(away) : world.store.surveyFeed(feed)
  const store = { ...world.store, surveyFeed }
  assert.equal((await sweepFeeds({ ...ports, store })).delayed, 1)
  assert.equal(counts['sweeps-delayed'], 1)
  assert.deepEqual(
    measured.map(({ side }) => side),
    ['courier', 'courier', 'custody'],
  )
  const broken = { ...store, surveyFeed: () => Promise.reject(new TypeError('a bug')) }
  await assert.rejects(sweepFeeds({ ...ports, store: broken }), TypeError)
})

test('a store that is away while offers end delays them: the next run ends them', async () => {
  world.now = START
  await postAll(world, [post(601)])
  world.now = START + DAY + 1
  const changeOrders = () => Promise.reject(new GatewayError('STORE_AWAY', '', { retry: 'later' }))
  const store = { ...world.store, changeOrders }
  assert.deepEqual(await sweepFeeds({ ...ports, store }), { expired: 0, delayed: 1 })
  assert.equal(counts['expiries-delayed'], 1)
  assert.deepEqual(await sweepFeeds(ports), { expired: 1, delayed: 0 })
})
