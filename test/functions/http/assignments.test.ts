import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { member } from '../../../lib/cli/send.ts'
import { workingDay } from '../../../lib/custody/day.ts'
import { assignHops } from '../../../lib/flow/assign.ts'
import { next } from '../../../lib/flow/next.ts'
import { GatewayError } from '../../../lib/model/errors.ts'
import { verifyChain } from '../../../lib/store/index.ts'
import { type Bench, orderOf, startBench } from './bench.ts'
import { cipher, fresh, info, request, SENDER } from './orders.ts'
import { type Changes, parcelsOn, today } from './parcels.ts'

// The courier says who holds a parcel: each hop in its turn, one at a time. Attacks 25 and 37.

let bench: Bench
let parcels: ReturnType<typeof parcelsOn>
before(async () => {
  bench = await startBench()
  parcels = parcelsOn(bench)
})
after(() => bench.stop())

const post = (id: string) => bench.post(request([info(id)]))

/** What a platform or the sweep does to an order. */
const cause = (order: string, input: Parameters<typeof next>[1]) =>
  bench.world.exchange.store.changeOrder({ order, decide: head => next(head, input, Date.now()) })

const places: Record<string, [expected: string, changes: Changes]> = {
  'the receiver to a delivery hop': ['200 released', {}],
  'the sender to a pickup hop': ['200 released', { group: 'sender' }],
  'the sender to a delivery hop, on the way back': [
    '200 released',
    { group: 'sender', leg: 'return', hop: 'station-1' },
  ],
  'the sender to a delivery hop, on delivery': [
    '422 assignment-invalid at /group',
    { group: 'sender', leg: 'delivery', hop: 'station-1' },
  ],
  'the receiver to a pickup hop, on pickup': [
    '422 assignment-invalid at /group',
    { leg: 'pickup', hop: 'pickup-1' },
  ],
  'the receiver to a pickup hop': ['403 release-refused', { hop: 'pickup-1' }],
  'the receiver to a hub': ['403 release-refused', { hop: 'hub-1' }],
  'the sender to a hub': ['403 release-refused', { group: 'sender', hop: 'hub-1' }],
}
for (const [name, [expected, changes]] of Object.entries(places)) {
  test(`attack 25: ${name}: ${expected}`, async () => {
    const parcel = await parcels.taken()
    assert.equal(await parcels.assigned(parcel, changes), expected)
    const { group = 'receiver' } = changes
    const custody = await bench.world.custody.store.getCustody(parcel.order, group)
    assert.equal(custody?.capsule !== undefined, expected === '200 released')
    const right = { group, epoch: (custody?.epoch ?? 0) + 1 }
    assert.equal(await parcels.assigned(parcel, right), '200 released')
  })
}

const hours = (count: number) => Math.floor(Date.now() / 1000) + count * 3600
const day = (count: number) => workingDay(new Date(Date.now() + count * 86_400_000))
const wrong: Record<string, [expected: string, changes: () => Changes]> = {
  'for another router': ['422 assignment-invalid at /aud', () => ({ epoch: 2, aud: 'another' })],
  'of another courier': [
    '422 assignment-invalid at /courier',
    () => ({ epoch: 2, courier: 'kye' }),
  ],
  'a skipped epoch': ['409 epoch-stale', () => ({ epoch: 3 })],
  'the epoch again, another hop': ['409 epoch-stale', () => ({ epoch: 1, hop: 'station-2' })],
  'the epoch again, another day': ['409 epoch-stale', () => ({ epoch: 1, day: day(1) })],
  'an epoch that can be none': ['422 assignment-invalid at /epoch', () => ({ epoch: 0 })],
  'a past day': ['422 assignment-invalid at /day', () => ({ epoch: 2, day: day(-1) })],
  'the day after the next': ['422 assignment-invalid at /day', () => ({ epoch: 2, day: day(2) })],
  'signed 25 hours ago': ['422 assignment-invalid at /iat', () => ({ epoch: 2, iat: hours(-25) })],
  'signed in the future': ['422 assignment-invalid at /iat', () => ({ epoch: 2, iat: hours(1) })],
  'another revision': ['422 assignment-invalid at /rev', () => ({ epoch: 2, rev: 2 })],
}
for (const [name, [expected, changes]] of Object.entries(wrong)) {
  test(`attack 37: ${name}`, async () => {
    const parcel = await parcels.released()
    assert.equal(await parcels.assigned(parcel, changes()), expected)
    await parcels.opens(parcel)
    assert.equal(await parcels.assigned(parcel, { epoch: 2, hop: 'station-2' }), '200 released')
    await parcels.opens(parcel, 'station-2')
  })
}

describe('one holder at a time', () => {
  test('reassigned: the former hop is shut out, its assignment counts no more', async () => {
    const parcel = await parcels.taken()
    const first = parcels.statementOf(parcel)
    assert.equal(await parcels.outcomeOf(first), '200 released')
    assert.equal(await parcels.assigned(parcel, { epoch: 2, hop: 'station-2' }), '200 released')
    await parcels.shutOut(parcel)
    await parcels.opens(parcel, 'station-2')
    assert.equal(await parcels.outcomeOf(first), '409 epoch-stale')
  })

  test('the very same again is the same, however often and at once', async () => {
    const parcel = await parcels.taken()
    const statement = parcels.statementOf(parcel)
    const same = Array.from({ length: 10 }, () => parcels.outcomeOf(statement))
    assert.deepEqual(new Set(await Promise.all(same)), new Set(['200 released']))
    await parcels.opens(parcel)
  })

  test('fifty at once to fifty hops: exactly one capsule', async () => {
    const parcel = await parcels.taken()
    const hops = Array.from({ length: 50 }, (_, n) => `race-${n}`)
    for (const hop of hops)
      await bench.control({ action: 'register-hop', hop, kind: 'delivery', limit: 9 })
    const from = bench.calls.length
    const results = await Promise.all(hops.map(hop => parcels.assigned(parcel, { hop })))
    assert.deepEqual(results.toSorted(), ['200 released', ...Array(49).fill('409 epoch-stale')])
    const made = bench.calls.slice(from).filter(({ action }) => action === 'ReEncrypt')
    assert.equal(made.length, 1)
    const kept = await bench.itemsOf(parcel.order)
    assert.equal(kept.filter(item => item.includes('capsule#')).length, 1)
    for (const [n, hop] of hops.entries()) {
      const { releaseToken } = bench.issuer.tokens(hop, today())
      const { status } = await bench.release(parcel.order, releaseToken, { hop })
      assert.equal(status, results[n] === '200 released' ? 200 : 403, hop)
    }
    await parcels.opens(parcel, hops[results.indexOf('200 released')])
  })
})

describe('an order that may not be opened', () => {
  const conflict = '409 state-conflict at /order'

  test('before the courier took it, while it is held, once it is cancelled', async () => {
    const id = fresh()
    const order = orderOf(id)
    await post(id)
    const parcel = { order, entry: await bench.entryOf(order) }
    assert.equal(await parcels.assigned(parcel), conflict)
    await bench.accepted(request([info(id)]), order)
    const hold = (on: boolean) => cause(order, { kind: 'hold', platform: 'douyin', on })
    await hold(true)
    assert.equal(await parcels.assigned(parcel), conflict)
    await hold(false)
    assert.equal(await parcels.assigned(parcel), '200 released')
    await parcels.opens(parcel)
    await hold(true)
    await parcels.shutOut(parcel)
    await hold(false)
    await parcels.opens(parcel)
    await cause(order, { kind: 'cancel', platform: 'douyin' })
    await parcels.opens(parcel)
    const { id: asked } = await bench.entryOf(order, 'cancel')
    const document = {
      success: true,
      errorCode: 'S0000',
      msgData: { orderId: order, resStatus: 2 },
    }
    await bench.answer([{ id: asked, document }])
    await parcels.shutOut(parcel)
    assert.equal(await parcels.assigned(parcel, { epoch: 2 }), conflict)
  })

  test('cancelled before the answer, refused by the courier', async () => {
    for (const ends of ['cancel', 'refuse'] as const) {
      const id = fresh()
      const order = orderOf(id)
      await post(id)
      const entry = await bench.entryOf(order)
      if (ends === 'cancel') await cause(order, { kind: 'cancel', platform: 'douyin' })
      const refusal = { success: false, errorCode: '20036', msgData: null }
      await bench.answer([{ id: entry.id, document: refusal }])
      assert.equal(await parcels.assigned({ order, entry }), conflict, ends)
    }
  })

  test('ciphers of the platform: nothing is sealed there, though the sender is', async () => {
    const parcel = await parcels.taken(cipher)
    assert.deepEqual(Object.keys(Object(parcel.entry.sealed)), ['sender'])
    const { entry } = await parcels.taken()
    const { order } = parcel
    const seal = { ...bench.sealOf(entry, 'receiver'), order }
    assert.equal(await parcels.outcomeOf(bench.statement(seal)), '409 nothing-sealed at /group')
    assert.equal(await parcels.assigned(parcel, { group: 'sender' }), '200 released')
    const sender = await bench.open(order, { group: 'sender', hop: 'pickup-1' })
    assert.equal(sender.name, SENDER.name)
  })

  test('one that does not exist', async () => {
    const parcel = await parcels.taken()
    const seal = { ...bench.sealOf(parcel.entry, 'receiver'), order: orderOf('1') }
    assert.equal(await parcels.outcomeOf(bench.statement(seal)), '404 not-found')
    assert.equal(await parcels.assigned(parcel), '200 released')
  })

  test('a second life is another order: the hop of the first has nothing to say in it', async () => {
    const id = fresh()
    const order = orderOf(id)
    const first = { order, entry: await bench.accepted(request([info(id)]), order) }
    assert.equal(await parcels.assigned(first), '200 released')
    await cause(order, { kind: 'cancel', platform: 'douyin' })
    const document = {
      success: true,
      errorCode: 'S0000',
      msgData: { orderId: order, resStatus: 2 },
    }
    await bench.answer([{ id: (await bench.entryOf(order, 'cancel')).id, document }])
    const again = request([info(id, { contact: { name: '王五' } })])
    await bench.native(again, { at: new Date(Date.now() + 2000) })
    const next = orderOf(id, '-~2')
    const second = { order: next, entry: await bench.accepted(again, next) }
    await parcels.shutOut(first)
    const { releaseToken } = bench.issuer.tokens('station-1', today())
    assert.equal((await bench.release(next, releaseToken)).status, 403)
    assert.equal(await parcels.assigned(second, { hop: 'station-2' }), '200 released')
    assert.equal((await bench.open(next, { hop: 'station-2' })).name, '王五')
    await parcels.shutOut(first)
  })
})

describe('a call with several assignments', () => {
  test('one that is bad stops nobody', async () => {
    const [x, y] = [await parcels.taken(), await parcels.taken()]
    const [one, two] = [parcels.statementOf(x), parcels.statementOf(y)]
    const results = await bench.assign([one, 'x', '', 'a.b.c', two, one])
    const statuses = results.map(result => member(result, 'status'))
    assert.deepEqual(statuses, [200, 422, 422, 422, 200, 200])
  })

  for (const body of [
    {},
    { assignments: 'x' },
    { assignments: [5] },
    { assignments: Array(51).fill('x') },
  ]) {
    test(`a body that is refused: ${JSON.stringify(body).slice(0, 24)}`, async () => {
      const call = (document: object) =>
        bench.signed('POST', '/v1/couriers/sf/assignments', document)
      assert.equal((await call(body)).status, 422)
      assert.equal((await call({ assignments: Array(50).fill('x') })).status, 200)
    })
  }
})

test('done: the group’s keys are gone for good, the other group’s stay, the chain tells it', async () => {
  const parcel = await parcels.released()
  const { order } = parcel
  await parcels.opens(parcel)
  assert.equal(await parcels.assigned(parcel, { group: 'sender' }), '200 released')
  const done = parcels.statementOf(parcel, { leg: 'done', epoch: 2 })
  assert.equal(await parcels.outcomeOf(done), '200 ended')
  assert.equal(await parcels.outcomeOf(done), '200 ended', 'the same again')
  await parcels.shutOut(parcel)
  assert.equal(await parcels.assigned(parcel, { epoch: 3 }), '403 release-refused')
  const keys = await bench.world.custody.store.getKey(order)
  assert.deepEqual([keys?.receiver, typeof keys?.sender], [undefined, 'object'])
  const sender = await bench.open(order, { group: 'sender', hop: 'pickup-1' })
  assert.equal(sender.name, SENDER.name)

  const chain = await bench.world.custody.store.readChain(order)
  assert.equal(verifyChain(order, chain), undefined)
  const told = chain.records.map(({ record }) => record.what)
  for (const what of ['assigned', 'released', 'deleted', 'refused'] as const)
    assert.ok(told.includes(what), what)
})

test('a crash behind the capsule: the same again, and no assignment is missing', async () => {
  const parcel = await parcels.taken()
  const statement = parcels.statementOf(parcel)
  const { custody } = bench.world
  const changeOrder = () => Promise.reject(new GatewayError('STORE_AWAY', '', { retry: 'later' }))
  const broken = { ...custody, store: { ...custody.store, changeOrder } }
  const { results } = await assignHops(broken, 'sf', { assignments: [statement] })
  assert.equal(results[0]?.status, 503)
  assert.equal(await parcels.outcomeOf(statement), '200 released')
  const WaybillRoute = { id: '1', mailno: 'SF1', orderid: parcel.order, opCode: '44' }
  await bench.push({
    Body: { WaybillRoute: { ...WaybillRoute, acceptTime: '2026-01-01 10:00:00' } },
  })
  const owed = (await bench.pullAll()).filter(({ order }) => order === parcel.order)
  assert.deepEqual(owed, [])
})

test('no fault was a bug of ours', () => assert.deepEqual(bench.bugs, []))
