import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { type CourierClient, courierClient } from '../../lib/cli/courier-client.ts'
import { type PlatformClient, platformClient } from '../../lib/cli/platform-client.ts'
import { list, member, textOf } from '../../lib/cli/send.ts'
import { openFor, stationPorts, tokenIssuer } from '../../lib/cli/station-client.ts'
import { workingDay } from '../../lib/custody/day.ts'
import { sealPinsOf } from '../../lib/flow/keyring.ts'
import { type LocalGateway, startGateway } from '../../lib/local/server.ts'
import { orderId } from '../../lib/model/order-id.ts'
import { postedBy } from '../conformance/client.ts'
import { type Pair, pairs } from './pair.ts'

// One gateway, every pair over its true calls: post, pull, answer, repeat, push, events, cancel. A push
// moves what is shown and no key, and its courier is owed the assignment that is missing.

let gateway: LocalGateway
before(async () => {
  gateway = await startGateway({ port: 0, report: name => assert.fail(name) })
})
after(() => gateway.stop())

interface Players {
  readonly platform: PlatformClient
  readonly courier: CourierClient
  /** Tries to open an order at a hop that nobody assigned. */
  readonly open: (order: string) => Promise<unknown>
}

function playersOf({ platform, courier }: Pair): Players {
  const { origin, identities, config, couriers, aws } = gateway
  const contract = config.couriers[courier.name]
  const keys = couriers[courier.name]
  const identity = identities.couriers[courier.name]
  const caller = identities.platforms[platform.name]
  assert.ok(contract && keys && identity && caller)
  const pins = sealPinsOf(config, contract)
  const station = stationPorts(origin, keys, aws, pins)
  const issuer = tokenIssuer(contract.issuer.url, identity)
  return {
    platform: platformClient(origin, platform.name, caller),
    courier: courierClient(origin, courier.name, identity, { pins, router: contract.router }),
    open: order => {
      const tokens = issuer.tokens('station-1', workingDay(new Date()))
      return openFor(station, tokens, { order, group: 'receiver', rev: 1 })
    },
  }
}

let turn = 0

/** The platform's sample for this courier, under numbers that nobody used before; its orders, by what they are. */
function sampleOf({ platform, courier }: Pair) {
  turn += 1
  const drafts = postedBy(platform, courier).map(one => {
    assert.ok('draft' in one)
    return one.draft
  })
  const numbers = [...new Set(drafts.flatMap(draft => draft.platformOrders))]
  const renamed = new Map(numbers.map(number => [number, renumbered(number, turn)]))
  const rename = (text: string) =>
    [...renamed].reduce((all, [old, fresh]) => all.replaceAll(old, fresh), text)
  const document = rename(
    JSON.stringify(platform.sandbox.requestFor(courier.name, courier.sandbox)),
  )
  const orders = drafts.map(draft => {
    const platformOrders = draft.platformOrders.map(rename)
    const { personal } = draft.receiver
    const id = orderId({ ...draft, platform: platform.name, platformOrders })
    const [platformOrder = ''] = platformOrders
    const next = orderId({
      ...draft,
      ...{ platform: platform.name, platformOrders, parcel: `${draft.parcel}~2` },
    })
    return {
      id,
      next,
      platformOrder,
      parcel: draft.parcel,
      isSealed: personal !== undefined,
      draft,
    }
  })
  return { document, orders }
}

/** The same length, other digits in its middle. */
const renumbered = (number: string, by: number): string => {
  const at = Math.floor(number.length / 2) - 2
  return number.slice(0, at) + String(by).padStart(4, '0') + number.slice(at + 4)
}

/** All entries that the courier is owed of these orders. */
async function owed(courier: CourierClient, kind: string, orders: readonly string[]) {
  const entries: { id: string; order: string; entry: unknown }[] = []
  let cursor: string | undefined
  do {
    const { status, body } = await courier.pull(cursor)
    assert.equal(status, 200)
    for (const entry of list(body, 'entries')) {
      const [id, order] = [textOf(entry, 'id'), textOf(entry, 'order')]
      if (textOf(entry, 'kind') === kind && orders.includes(order))
        entries.push({ id, order, entry })
    }
    cursor = textOf(body, 'next') || undefined
  } while (cursor !== undefined)
  return entries
}

/** Posts the sample, and has the courier take every order of it: the numbers, by order. */
async function taken(pair: Pair, { platform, courier }: Players) {
  const sample = sampleOf(pair)
  const posted = await platform.post(sample.document)
  assert.equal(posted.status, 200, posted.text)
  const ids = sample.orders.map(({ id }) => id)
  const entries = await owed(courier, 'waybill', ids)
  assert.deepEqual(entries.map(({ order }) => order).sort(), [...ids].sort())
  const answers = entries.map(({ id, entry }) => {
    return { id, document: pair.courier.sandbox.answer(member(entry, 'document')) }
  })
  const { body } = await courier.answer(answers)
  const results = list(body, 'results')
  for (const result of results) assert.equal(textOf(result, 'outcome'), 'accepted')
  const waybills = new Map(
    answers.map(({ document }, n) => {
      const order = entries[n]?.order ?? ''
      const read = pair.courier.readAnswer(document, { order })
      assert.ok(read.outcome === 'accepted')
      return [order, read.waybills] as const
    }),
  )
  return { sample, waybills }
}

/** What the platform is told of these orders, taken off as it is read. */
async function told(platform: PlatformClient, orders: readonly string[]) {
  const entries: unknown[] = []
  for (;;) {
    const { status, body, text } = await platform.events()
    assert.equal(status, 200, text)
    const page = list(body, 'entries')
    if (page.length === 0) return entries.filter(entry => orders.includes(textOf(entry, 'order')))
    entries.push(...page)
    await platform.ack(page.map(entry => textOf(entry, 'id')))
  }
}

const ofKind = (entries: readonly unknown[], kind: string) =>
  entries.filter(entry => textOf(entry, 'kind') === kind)

for (const pair of pairs) {
  describe(pair.name, () => {
    test('post, pull, answer, repeat, push, events: and no push moves custody', async () => {
      const players = playersOf(pair)
      const { platform, courier } = players
      const { sample, waybills } = await taken(pair, players)
      const ids = sample.orders.map(({ id }) => id)
      const repeated = await platform.post(sample.document)
      for (const [number = '?'] of waybills.values()) assert.ok(repeated.text.includes(number))

      for (const [order, [waybill = '']] of waybills) {
        const start = new Date(Date.now() - 2 * 86_400_000)
        for (const push of courier.pushes({ order, waybill, start })) {
          const { text } = await courier.push(push)
          assert.equal(text, pair.courier.acknowledge().body)
        }
      }
      const entries = await told(platform, ids)
      for (const { id, isSealed } of sample.orders) {
        const own = entries.filter(entry => textOf(entry, 'order') === id)
        const [number = '?'] = waybills.get(id) ?? []
        assert.equal(ofKind(own, 'ebill').length, 1)
        assert.ok(ofKind(own, 'tracking').length >= 2)
        for (const entry of own) assert.ok(JSON.stringify(entry).includes(number))
        const missing = await owed(courier, 'assignment-missing', [id])
        assert.equal(missing.length > 0, isSealed, 'owed where there is something to open')
        await assert.rejects(players.open(id), { code: 'RELEASE_REFUSED' })
      }
    })

    test('a cancellation goes to the courier, and its answer comes back', async () => {
      const players = playersOf(pair)
      const { platform, courier } = players
      const { sample, waybills } = await taken(pair, players)
      const [first] = sample.orders
      assert.ok(first)
      const { id, platformOrder, parcel, draft } = first
      const [waybill = ''] = waybills.get(id) ?? []
      const shop = draft.shop === undefined ? {} : { shop: draft.shop }
      const named = { courier: pair.courier.name, waybill, platformOrder, parcel, ...shop }
      const asked = await platform.cancel(named)
      assert.ok(asked.status < 500, asked.text)
      const [entry] = await owed(courier, 'cancel', [id])
      assert.ok(entry, `the courier is asked: ${asked.text}`)
      const document = pair.courier.sandbox.answerCancel(member(entry.entry, 'document'), true)
      const answered = await courier.answer([{ id: entry.id, document }])
      assert.equal(answered.status, 200, answered.text)
      const cancelled = ofKind(await told(platform, [id]), 'cancel')
      assert.equal(cancelled.length, 1)
    })
  })
}

/** Signed times of some platforms have whole seconds. */
const nextSecond = () => wait(1010 - (Date.now() % 1000))

for (const pair of pairs.filter(({ courier }) => courier.name === 'sf')) {
  test(`${pair.platform.name}: a parcel that was cancelled is posted anew as another order`, async () => {
    const { platform, courier } = playersOf(pair)
    const { document, orders } = sampleOf(pair)
    await platform.post(document)
    for (const { platformOrder, parcel, draft } of orders) {
      const shop = draft.shop === undefined ? {} : { shop: draft.shop }
      await platform.cancel({ courier: 'sf', platformOrder, parcel, ...shop })
    }
    const ids = orders.map(({ id }) => id)
    assert.equal((await owed(courier, 'cancel', ids)).length, ids.length)
    await nextSecond()
    await platform.post(JSON.stringify(JSON.parse(document), null, 1))
    const again = await owed(courier, 'waybill', [...ids, ...orders.map(({ next }) => next)])
    assert.deepEqual(again.map(({ order }) => order).sort(), orders.map(({ next }) => next).sort())
  })
}
