import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { member, textOf } from '../../../lib/cli/send.ts'
import { shredClosed } from '../../../lib/flow/shred.ts'
import { gatewayApp } from '../../../lib/local/server.ts'
import { type Bench, orderOf, startBench } from './bench.ts'
import { fresh, info, outcome, PENDING, request, sf } from './orders.ts'
import { parcelsOn } from './parcels.ts'
import {
  ASKED,
  CANCELLED,
  COLLECTED,
  DENIED,
  OVER,
  STALE,
  said,
  UNKNOWN_NUMBER,
  UNKNOWN_ORDER,
  wishesOn,
} from './wishes.ts'

// A platform cancels: before the courier's answer at once, after it with the courier's consent.

let bench: Bench
let wishes: ReturnType<typeof wishesOn>
before(async () => {
  bench = await startBench()
  wishes = wishesOn(bench)
})
after(() => bench.stop())

const collected = async (number: string, opCode = '50') => {
  const WaybillRoute = { id: fresh(), mailno: number, opCode, acceptTime: '2026-01-01 10:00:00' }
  const { text } = await bench.push({ Body: { WaybillRoute } })
  assert.match(text, /"0000"/)
}

describe('before the courier’s answer', () => {
  test('at once, and the courier is told; a number that comes later is void', async () => {
    const { id, order, document, entry } = await wishes.posted()
    assert.equal(await wishes.cancel({ order_id: id }), CANCELLED)
    assert.equal(await wishes.stateOf(order), 'cancelled')
    const told = await bench.entryOf(order, 'cancel')
    assert.deepEqual(told.document, { language: 'zh-CN', orderId: order, dealType: 2 })
    const [late] = await bench.answer([
      { id: entry.id, document: sf.sandbox.answer(entry.document) },
    ])
    assert.deepEqual([textOf(late, 'code'), textOf(late, 'state')], ['entry-gone', 'cancelled'])
    assert.equal(outcome(await bench.post(document)), '10801')
    assert.equal(await wishes.cancel({ order_id: id }), CANCELLED, 'a repeat')
  })

  test('its keys are deleted', async () => {
    const { id, order } = await wishes.posted()
    const { store } = bench.world.custody
    assert.ok((await store.getKey(order))?.receiver)
    await wishes.cancel({ order_id: id })
    await shredClosed(bench.world.custody)
    assert.equal(await store.getKey(order), undefined)
  })

  test('the trailing A of an older order number is no part of it', async () => {
    const { id, order } = await wishes.posted()
    assert.equal(await wishes.cancel({ order_id: `${id}A` }), CANCELLED)
    assert.equal(await wishes.stateOf(order), 'cancelled')
  })

  test('of several parcels the one that is named, the first where none is', async () => {
    const id = fresh()
    await bench.post(request([info(id), info(id, { pack_id: '1' }), info(id, { pack_id: '2' })]))
    assert.equal(await wishes.cancel({ order_id: id, pack_id: '1' }), CANCELLED)
    const states = () => Promise.all(['-', '1', '2'].map(pack => wishes.stateOf(orderOf(id, pack))))
    assert.deepEqual(await states(), ['posted', 'cancelled', 'posted'])
    assert.equal(await wishes.cancel({ order_id: id, pack_id: '' }), CANCELLED)
    assert.deepEqual(await states(), ['cancelled', 'cancelled', 'posted'])
    assert.equal(await wishes.cancel({ order_id: id, pack_id: '3' }), UNKNOWN_ORDER)
  })

  test('a merged order by any of its numbers', async () => {
    const [id, other] = [fresh(), fresh()]
    await bench.post(request([info(id, { combine_orders: [other] })]))
    assert.equal(await wishes.cancel({ order_id: other }), CANCELLED)
    assert.equal(await wishes.stateOf(orderOf([id, other])), 'cancelled')
  })

  test('the sandbox cancels so, too', async () => {
    const { id } = await wishes.posted()
    assert.equal(await wishes.sandboxCancel({ courier: 'sf', platformOrder: id }), CANCELLED)
  })

  test('ten at once are one cancellation', async () => {
    const { id, order } = await wishes.posted()
    const all = Array.from({ length: 10 }, () => wishes.cancel({ order_id: id }))
    assert.deepEqual(new Set(await Promise.all(all)), new Set([CANCELLED]))
    const told = (await bench.pullAll()).filter(one => one.order === order)
    assert.deepEqual(
      told.map(({ kind }) => kind),
      ['cancel'],
    )
  })
})

describe('after the courier’s answer', () => {
  test('the courier is asked; the same call again brings the outcome', async () => {
    const { order, number } = await wishes.taken()
    assert.equal(await wishes.cancel({ track_no: number }), ASKED)
    assert.equal(await wishes.cancel({ track_no: number }), ASKED)
    assert.equal(await wishes.stateOf(order), 'cancelling')
    const { document } = await bench.entryOf(order, 'cancel')
    assert.equal(textOf(document, 'orderId'), order)
    await wishes.decide(order, 2)
    assert.equal(await wishes.cancel({ track_no: number }), CANCELLED)
    const { entries } = await bench.events()
    const told = entries.find(one => one.order === order && one.kind === 'cancel')
    assert.deepEqual(member(told, 'document', 'data'), {
      track_no: number,
      cancel_result: { success: true },
    })
  })

  test('the courier says no: the order goes on', async () => {
    const { order, number } = await wishes.taken()
    await wishes.cancel({ track_no: number })
    await wishes.decide(order, 1)
    assert.equal(await wishes.cancel({ track_no: number }), DENIED)
    assert.equal(await wishes.stateOf(order), 'accepted')
  })

  test('by the order’s number, and by both, which agree', async () => {
    const { id, number } = await wishes.taken()
    assert.equal(await wishes.cancel({ order_id: id }), ASKED)
    assert.equal(await wishes.cancel({ order_id: id, track_no: number }), ASKED)
  })

  test('by the number of a child', async () => {
    const { entry, document } = await wishes.posted({ total_pack_count: 2 })
    const [mother, child] = [`SF${fresh()}`.slice(0, 15), `SF${fresh()}`.slice(0, 14)]
    const waybillNoInfoList = [
      { waybillType: 1, waybillNo: mother },
      { waybillType: 2, waybillNo: child },
    ]
    const answer = sf.sandbox.answer(entry.document)
    const msgData = { ...Object(member(answer, 'msgData')), waybillNoInfoList }
    await bench.answer([{ id: entry.id, document: { ...Object(answer), msgData } }])
    assert.equal(outcome(await bench.post(document)), mother)
    assert.equal(await wishes.cancel({ track_no: child }), ASKED)
  })

  test('a forged push "cancelled" cancels nothing', async () => {
    const { order, number } = await wishes.taken()
    await collected(number, '70')
    assert.equal(await wishes.stateOf(order), 'accepted')
  })
})

describe('too late', () => {
  test('collected: refused at once, and nobody is asked', async () => {
    const { order, number } = await wishes.taken()
    await collected(number)
    assert.equal(await wishes.cancel({ track_no: number }), COLLECTED)
    const owed = (await bench.pullAll()).filter(one => one.order === order)
    assert.deepEqual(owed, [])
  })

  test('refused by the courier, or never answered: there is nothing to cancel', async () => {
    const { id, entry } = await wishes.posted()
    const refusal = { success: false, errorCode: '20036', msgData: null }
    await bench.answer([{ id: entry.id, document: refusal }])
    assert.equal(await wishes.cancel({ order_id: id }), OVER)
  })
})

describe('what is not this order', () => {
  test('unknown numbers', async () => {
    assert.equal(await wishes.cancel({ track_no: 'SF0000000000000' }), UNKNOWN_NUMBER)
    assert.equal(await wishes.cancel({ order_id: fresh() }), UNKNOWN_ORDER)
  })

  test('the number of one order beside another order: as unknown, and neither moves', async () => {
    const [one, two] = [await wishes.taken(), await wishes.taken()]
    assert.equal(await wishes.cancel({ track_no: one.number, order_id: two.id }), UNKNOWN_NUMBER)
    const pack = { track_no: one.number, order_id: one.id, pack_id: '1' }
    assert.equal(await wishes.cancel(pack), UNKNOWN_NUMBER)
    assert.deepEqual(
      [await wishes.stateOf(one.order), await wishes.stateOf(two.order)],
      ['accepted', 'accepted'],
    )
  })

  test('another courier’s number, or the order at another courier', async () => {
    const { id, number } = await wishes.taken()
    const kye = { logistics_code: 'kuayue' }
    assert.equal(await wishes.cancel({ ...kye, track_no: number }), UNKNOWN_NUMBER)
    assert.equal(await wishes.cancel({ ...kye, order_id: id }), UNKNOWN_ORDER)
    assert.equal(
      await wishes.cancel({ logistics_code: 'yuantong', order_id: id }),
      '40004 isv.parameter-invalid:10003',
    )
  })

  test('another platform’s order answers as one that is not there', async () => {
    const { order, number, id } = await wishes.taken()
    const { intake } = bench.world
    const { store } = intake
    const foreign: typeof store = {
      ...store,
      async getHeads(orders) {
        const heads = await store.getHeads(orders)
        return new Map([...heads].map(([key, head]) => [key, { ...head, platform: 'lark' }]))
      },
    }
    const via = gatewayApp({ ...bench.world, intake: { ...intake, store: foreign } }, () => {})
    for (const [named, expected] of [
      [{ track_no: number }, UNKNOWN_NUMBER],
      [{ order_id: id }, UNKNOWN_ORDER],
    ] as const) {
      const request = wishes.signed('logistics.cancelOrder', named, new Date())
      assert.equal(said(await bench.send(request, via)), expected)
    }
    assert.equal(await wishes.stateOf(order), 'accepted')
  })

  test('another shop’s order of another channel', async () => {
    const id = fresh()
    await bench.post(request([info(id)], { order_channel: 'OTHERS', user_id: 1000001 }))
    const other = { order_channel: 'OTHERS', user_id: 1000002 }
    assert.equal(await wishes.cancel({ order_id: id, ...other }), UNKNOWN_ORDER)
    assert.equal(await wishes.cancel({ order_id: id }), UNKNOWN_ORDER)
    const own = { order_channel: 'OTHERS', user_id: 1000001 }
    assert.equal(await wishes.cancel({ order_id: id, ...own }), CANCELLED)
  })

  test('nothing is named', async () => {
    assert.equal(await wishes.cancel({}), '40002 isv.missing-parameter:400')
  })
})

test('a cancellation signed before the order was posted undoes nothing', async () => {
  const { id, order } = await wishes.posted()
  assert.equal(await wishes.cancel({ order_id: id }, new Date(Date.now() - 60_000)), STALE)
  assert.equal(await wishes.stateOf(order), 'posted')
})

describe('who may not', () => {
  test('a signature of another secret, of another time, or none', async () => {
    const { id, order } = await wishes.posted()
    const late = await wishes.cancel({ order_id: id }, new Date(Date.now() - 301_000))
    assert.equal(late, '401 30001 isv.signature-invalid')
    const good = wishes.signed('logistics.cancelOrder', { order_id: id }, new Date())
    const bad = [
      { ...good, path: good.path.replace(/sign=\w{8}/, 'sign=00000000') },
      { ...good, body: good.body.replace(id, `${id}1`) },
      { ...good, path: '/v1/platforms/douyin/cancellations' },
    ]
    for (const request of bad) assert.equal((await bench.send(request)).status, 401)
    assert.equal(await wishes.stateOf(order), 'posted')
    const nobody = good.path.replace('/douyin/', '/nobody/')
    assert.equal((await bench.send({ ...good, path: nobody })).status, 404)
  })

  test('another method posts no change', async () => {
    const { id } = await wishes.posted()
    const request = wishes.signed('logistics.newCreateOrder', { order_id: id }, new Date())
    assert.equal(said(await bench.send(request)), '40004 isv.parameter-invalid:1000')
  })
})

test('a cancelled parcel is opened by nobody', async () => {
  const parcels = parcelsOn(bench)
  const parcel = await parcels.released()
  const { entries } = await bench.events()
  const ebill = entries.find(one => one.order === parcel.order)
  const number = textOf(member(ebill, 'document', 'data', 'ebill_infos', 0), 'track_no')
  assert.equal(await wishes.cancel({ track_no: number }), ASKED)
  await parcels.opens(parcel)
  await wishes.decide(parcel.order, 2)
  await parcels.shutOut(parcel)
})

test('the courier that could not answer before is asked for nothing else', async () => {
  const { id, order } = await wishes.posted()
  assert.equal(outcome(await bench.post(request([info(id)]))), PENDING)
  await wishes.cancel({ order_id: id })
  const owed = (await bench.pullAll()).filter(one => one.order === order)
  assert.deepEqual(
    owed.map(({ kind }) => kind),
    ['cancel'],
  )
})

test('no fault was a bug of ours', () => assert.deepEqual(bench.bugs, []))
