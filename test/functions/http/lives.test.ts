import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { list, member, textOf } from '../../../lib/cli/send.ts'
import { type Bench, orderOf, startBench } from './bench.ts'
import { fresh, info, type Json, outcome, outcomes, PENDING, request, sf } from './orders.ts'
import { ASKED, CANCELLED, wishesOn } from './wishes.ts'

// A cancelled order is final; its parcel goes on in another life, under an id of its own.

let bench: Bench
let wishes: ReturnType<typeof wishesOn>
before(async () => {
  bench = await startBench()
  wishes = wishesOn(bench)
})
after(() => bench.stop())

const GONE = '10801'
/** Seconds from now: the platform's clock has whole ones. */
const at = (seconds: number) => new Date(Date.now() + seconds * 1000)
const life = (id: string, n: number) => orderOf(id, n === 1 ? '-' : `-~${n}`)

/** An order that was posted ten seconds ago and cancelled five seconds ago, by the platform's clock. */
const cancelled = async (change: Json = {}) => {
  const posted = await wishes.posted(change, at(-10))
  assert.equal(await wishes.cancel({ order_id: posted.id }, at(-5)), CANCELLED)
  return posted
}

/** The same parcel as another request has it. */
const other = (id: string, name = '王五', more: Json = {}) =>
  request([info(id, { contact: { name } })], more)

const accept = async (order: string) => {
  const { id, document } = await bench.entryOf(order)
  await bench.answer([{ id, document: sf.sandbox.answer(document) }])
}

test('published vector', () =>
  assert.equal(life('6900000000000000001', 2), 'o_2upckstezqpwnuqgiwmhwsll64'))

describe('posted anew', () => {
  test('by a new request: another order, with seals and a feed entry of its own', async () => {
    const { id, order, entry } = await cancelled()
    assert.equal(outcome(await bench.native(other(id), { at: at(1) })), PENDING)
    const second = await bench.entryOf(life(id, 2))
    assert.equal(textOf(second.document, 'orderId'), life(id, 2))
    assert.equal(bench.sealOf(second, 'receiver').order, life(id, 2))
    assert.notDeepEqual(member(second.sealed, 'receiver'), member(entry.sealed, 'receiver'))
    assert.equal(await wishes.stateOf(order), 'cancelled')
  })

  test('a repeat of the request that opened it finds it, and its number', async () => {
    const { id } = await cancelled()
    const document = other(id)
    for (const seconds of [1, 1, 2])
      assert.equal(outcome(await bench.native(document, { at: at(seconds) })), PENDING)
    await accept(life(id, 2))
    assert.match(outcome(await bench.native(document, { at: at(2) })) ?? '', /^SF/)
  })

  test('the first request again is told that it was cancelled, now and later', async () => {
    const { id, document } = await cancelled()
    assert.equal(outcome(await bench.native(document, { at: at(1) })), GONE)
    await bench.native(other(id), { at: at(1) })
    assert.equal(outcome(await bench.native(document, { at: at(2) })), GONE)
    assert.equal(await wishes.stateOf(life(id, 2)), 'posted')
  })

  test('a request signed before the cancellation opens nothing', async () => {
    const { id } = await cancelled()
    assert.equal(outcome(await bench.native(other(id), { at: at(-4) })), GONE)
    assert.equal(await wishes.stateOf(life(id, 2)), undefined)
  })

  test('another body while the second lives is a changed order', async () => {
    const { id } = await cancelled()
    await bench.native(other(id), { at: at(1) })
    assert.equal(outcome(await bench.native(other(id, '赵六'), { at: at(2) })), '20001')
  })

  test('at another courier', async () => {
    const { id } = await cancelled()
    const kye = {
      ...{ product_type: '20', net_info: { monthly_account: '75500000000' } },
    }
    const document = request([info(id, kye)], { logistics_code: 'kuayue' })
    assert.equal(outcome(await bench.native(document, { at: at(1) })), PENDING)
    const { store } = bench.world.exchange
    const head = (await store.getHeads([life(id, 2)])).get(life(id, 2))
    assert.equal(head?.courier, 'kye')
    const owed = await store.readFeed({ side: 'courier', partner: 'kye', shard: 0 }, { limit: 100 })
    assert.ok(owed.entries.some(({ order }) => order === life(id, 2)))
  })

  test('at another courier while the first lives: a changed order', async () => {
    const { id } = await wishes.posted()
    const kye = { product_type: '20', net_info: { monthly_account: '75500000000' } }
    const document = request([info(id, kye)], { logistics_code: 'kuayue' })
    assert.equal(outcome(await bench.native(document, { at: at(1) })), '20001')
  })

  test('among others of one request, each has its own outcome', async () => {
    const [one, two, three] = [await cancelled(), await wishes.posted(), fresh()]
    const document = request([info(one.id, { remark: 'x' }), info(two.id), info(three)])
    const told = outcomes(await bench.native(document, { at: at(1) }))
    assert.deepEqual(told, [`${one.id}: 4009`, `${two.id}: 4009`, `${three}: 4009`])
    assert.equal(await wishes.stateOf(life(one.id, 2)), 'posted')
    assert.equal(await wishes.stateOf(life(two.id, 2)), undefined)
  })

  test('after a cancellation that the courier granted', async () => {
    const { id, order, number } = await wishes.taken()
    assert.equal(await wishes.cancel({ track_no: number }), ASKED)
    await wishes.decide(order, 2)
    assert.equal(outcome(await bench.native(other(id), { at: at(2) })), PENDING)
    await accept(life(id, 2))
    const again = outcome(await bench.native(other(id), { at: at(2) })) ?? ''
    assert.match(again, /^SF/)
    assert.notEqual(again, number)
    assert.equal(await wishes.cancel({ track_no: number }, at(3)), CANCELLED, 'the old number')
    assert.equal(await wishes.stateOf(life(id, 2)), 'accepted')
  })
})

test('a third life, and who is meant by a cancellation', async () => {
  const { id } = await cancelled()
  const start = Date.now()
  const at = (seconds: number) => new Date(start + seconds * 1000)
  await bench.native(other(id), { at: at(1) })
  const old = await wishes.cancel({ order_id: id }, at(-5))
  assert.equal(old, CANCELLED, 'replayed: of the first, which is cancelled')
  assert.equal(await wishes.stateOf(life(id, 2)), 'posted')
  assert.equal(await wishes.cancel({ order_id: id }, at(2)), CANCELLED)
  assert.equal(await wishes.stateOf(life(id, 2)), 'cancelled')
  assert.equal(outcome(await bench.native(other(id), { at: at(3) })), GONE)
  const third = other(id, '赵六')
  assert.equal(outcome(await bench.native(third, { at: at(3) })), PENDING)
  assert.equal(await wishes.stateOf(life(id, 3)), 'posted')
  assert.equal(outcome(await bench.native(third, { at: at(3) })), PENDING)
  assert.equal(await wishes.cancel({ order_id: id }, at(2)), CANCELLED, 'of the second')
  assert.equal(await wishes.stateOf(life(id, 3)), 'posted')
})

test('no native document shows which life it is', async () => {
  const { id } = await cancelled()
  await bench.native(other(id), { at: at(1) })
  const order = life(id, 2)
  await accept(order)
  const number = outcome(await bench.native(other(id), { at: at(1) }))
  const WaybillRoute = { id: `n${id}`, mailno: number, opCode: '50' }
  const acceptTime = '2026-01-01 10:00:00'
  await bench.push({ Body: { WaybillRoute: { ...WaybillRoute, acceptTime } } })
  const { entries } = await bench.events()
  const own = entries.filter(one => one.order === order)
  assert.deepEqual(own.map(({ kind }) => kind).toSorted(), ['ebill', 'tracking'])
  const path = `/v1/platforms/douyin/orders/${id}`
  const state = await bench.native('', { path, method: 'GET' })
  const parcels = list(state.body, 'parcels')
  assert.deepEqual(
    parcels.map(one => `${textOf(one, 'parcel')} ${textOf(one, 'state')}`).toSorted(),
    ['- accepted', '- cancelled'],
  )
  const answer = await bench.native(other(id), { at: at(1) })
  for (const text of [answer.text, state.text, JSON.stringify(own)]) assert.doesNotMatch(text, /~2/)
})

test('no fault was a bug of ours', () => assert.deepEqual(bench.bugs, []))
