import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setStage } from '../../../lib/cli/demo/stage.ts'
import { list, member, type Reply, send, textOf } from '../../../lib/cli/send.ts'
import { kye } from '../../../lib/couriers/kye/index.ts'
import type { ParcelName } from '../../../lib/platforms/platform.ts'
import { cipherOrder, clearOrder, type Json } from './request.ts'

// A gateway in memory, a shop of Kuaishou, and KYE: what the adapter promises, as callers meet it.

let stage: Awaited<ReturnType<typeof setStage>>
before(async () => {
  stage = await setStage('kuaishou', 'kye')
})
after(() => stage.gateway.stop())

const SHOP = 'ks-seller-0001'
let last = 0

/** Members of an order nobody posted before, for KYE. */
function fresh(order: Json, more: Json = {}) {
  last += 1
  const own = order.orderChannel === 'KUAI_SHOU'
  return {
    ...order,
    requestId: `KS-REQ-9${last}`,
    tradeOrderCode: own ? `24000000000000010${last}` : `LINE-9${last}`,
    packageCode: 'P1',
    expressCompanyCode: 'KYE',
    expressProductCode: kye.sandbox.product,
    settleAccount: kye.sandbox.account,
    ...more,
  }
}

const post = (...orders: readonly Json[]): Promise<Reply> =>
  stage.platform.post(JSON.stringify({ getEbillOrderRequest: orders }))

/** What became of the one order of a request: `2`, or `1 KY…`, or `0 订单已取消`. */
async function postOne(order: Json): Promise<string> {
  const { status, body } = await post(order)
  assert.equal(status, 200)
  const [result] = list(body, 'data')
  assert.equal(textOf(result, 'requestId'), order.requestId)
  const outcome = member(result, 'baseResponse', 'result')
  const [box] = list(result, 'data')
  if (outcome === 1) return `1 ${textOf(box, 'waybillCode')}`
  return outcome === 0 ? `0 ${textOf(result, 'baseResponse', 'message')}` : String(outcome)
}

async function entries() {
  const { body } = await stage.courier.pull()
  return list(body, 'entries')
}

/** The one entry that is owed now. */
async function entry() {
  const [found, ...more] = await entries()
  assert.ok(found)
  assert.deepEqual(more, [])
  return found
}

/** The courier takes the parcel that is owed: its number. */
async function accept(): Promise<string> {
  const owed = await entry()
  const document = kye.sandbox.answer(member(owed, 'document'))
  const { body } = await stage.courier.answer([{ id: textOf(owed, 'id'), document }])
  assert.equal(textOf(list(body, 'results')[0], 'outcome'), 'accepted')
  const acceptance = kye.readAnswer(document, { order: textOf(owed, 'order') })
  assert.ok(acceptance.outcome === 'accepted')
  return acceptance.waybills[0] ?? ''
}

async function acknowledge() {
  const owed = await entry()
  await stage.courier.ack([textOf(owed, 'id')])
}

/** All events that are owed to the shop, which takes them. */
async function events(): Promise<unknown[]> {
  const { status, body } = await stage.platform.events()
  assert.equal(status, 200)
  const found = list(body, 'entries')
  const acked = await stage.platform.ack(found.map(one => textOf(one, 'id')))
  assert.equal(acked.status, 200)
  return found.map(one => member(one, 'document'))
}

/** `200 1`, `200 0 409 retry_later` */
const told = ({ status, body }: Reply) =>
  [status, member(body, 'result'), textOf(body, 'code'), textOf(body, 'sub_code')]
    .filter(part => part !== '')
    .join(' ')

const parcelOf = (order: Json): ParcelName => ({
  courier: 'kye',
  platformOrder: String(order.tradeOrderCode),
  parcel: 'P1',
  ...(order.orderChannel === 'KUAI_SHOU' ? {} : { shop: SHOP }),
})

test('an order, its repeats, its number, and the event with the posted request id', async () => {
  const order = fresh(clearOrder())
  assert.equal(await postOne(order), '2')
  assert.equal(await postOne({ ...order, requestId: 'KS-REQ-AGAIN' }), '2')
  const number = await accept()
  assert.equal(await postOne(order), `1 ${number}`)
  assert.equal(await postOne({ ...order, requestId: 'KS-REQ-AGAIN' }), `1 ${number}`)
  const changed = { ...order, totalPackageWeight: 9999 }
  assert.equal(await postOne(changed), `1 ${number}`)
  assert.equal(await postOne({ ...changed, requestId: 'KS-REQ-NEW' }), '0 参数与首次取号不一致')
  assert.deepEqual(await events(), [
    {
      requestId: order.requestId,
      baseResponse: { result: 1, message: 'success', success: true },
      data: [{ waybillCode: number, parentWaybillCode: '', waybillPackageCode: 'P1' }],
    },
  ])
})

test('one wrong order of a request leaves the other alone', async () => {
  const [good, bad] = [fresh(clearOrder()), fresh(clearOrder(), { payMethod: 9 })]
  const { body } = await post(bad, good)
  const results = list(body, 'data').map(one => member(one, 'baseResponse', 'result'))
  assert.deepEqual(results, [0, 2])
  await accept()
  await events()
})

test('a receiver in ciphers: carried beside the document, never in it, and no seal', async () => {
  const order = fresh(cipherOrder())
  assert.equal(await postOne(order), '2')
  const owed = await entry()
  const name = textOf(order, 'receiverContract', 'name')
  const text = JSON.stringify(member(owed, 'document'))
  assert.ok(!text.includes(name) && text.includes('收件人'))
  const field = member(owed, 'parties', 'receiver', 'protection', 'fields', 'name')
  assert.deepEqual(field, { value: name, authRef: order.tradeOrderCode })
  assert.equal(member(owed, 'sealed', 'receiver'), undefined)
  assert.ok(member(owed, 'sealed', 'sender'))
  await accept()
  await events()
})

test('cancelled before the answer: at once, and for good', async () => {
  const order = fresh(clearOrder())
  await postOne(order)
  assert.equal(told(await stage.platform.cancel(parcelOf(order))), '200 1')
  assert.equal(told(await stage.platform.cancel(parcelOf(order))), '200 1')
  await acknowledge()
  await events()
})

test('a new receiver before the answer: the entry is replaced, and a repeat changes nothing', async () => {
  for (const make of [clearOrder, cipherOrder]) {
    const order = fresh(make())
    await postOne(order)
    const old = await entry()
    assert.equal(told(await stage.platform.changeReceiver(parcelOf(order))), '200 1')
    const renewed = await entry()
    assert.notEqual(textOf(renewed, 'id'), textOf(old, 'id'))
    assert.match(JSON.stringify(member(renewed, 'document')), /西湖区/)
    await accept()
    assert.equal(told(await stage.platform.changeReceiver(parcelOf(order))), '200 1')
    await events()
  }
})

test('no new receiver after the answer, by order or by number', async () => {
  for (const make of [clearOrder, cipherOrder]) {
    const order = fresh(make())
    await postOne(order)
    const byNumber = { courier: 'kye', waybill: await accept() }
    const late = '200 0 409 not_changeable'
    assert.equal(told(await stage.platform.changeReceiver(parcelOf(order))), late)
    assert.equal(told(await stage.platform.changeReceiver(byNumber)), late)
    await events()
  }
})

test('cancelled after the answer: asked, then the outcome as event and as answer', async () => {
  const order = fresh(clearOrder())
  await postOne(order)
  const number = await accept()
  await events()
  const parcel = { courier: 'kye', waybill: number }
  assert.equal(told(await stage.platform.cancel(parcel)), '200 0 409 retry_later')
  const owed = await entry()
  const document = kye.sandbox.answerCancel(member(owed, 'document'), true)
  await stage.courier.answer([{ id: textOf(owed, 'id'), document }])
  assert.equal(told(await stage.platform.cancel(parcel)), '200 1')
  assert.deepEqual(await events(), [
    {
      cancel: {
        expressCompanyCode: 'KYE',
        waybillCode: number,
        tradeOrderCode: order.tradeOrderCode,
        packageCode: 'P1',
        success: true,
      },
    },
  ])
})

test('number and order must agree, and an unknown parcel is as another’s', async () => {
  const [one, two] = [fresh(clearOrder()), fresh(clearOrder())]
  await postOne(one)
  const number = await accept()
  const unknown = '200 0 404 waybill_not_found'
  const cancel = (parcel: ParcelName) => stage.platform.cancel(parcel)
  assert.equal(told(await cancel({ ...parcelOf(two), waybill: number })), unknown)
  assert.equal(told(await cancel({ ...parcelOf(one), parcel: 'P2' })), unknown)
  assert.equal(told(await cancel({ ...parcelOf(one), shop: 'ks-seller-0002' })), unknown)
  assert.equal(told(await cancel({ courier: 'kye', waybill: 'KY404' })), unknown)
  await events()
})

test('KYE’s signed pushes come back as traces of this platform', async () => {
  await postOne(fresh(clearOrder()))
  const owed = await entry()
  const waybill = await accept()
  await events()
  const start = new Date(Date.now() - 86_400_000)
  for (const push of stage.courier.pushes({ order: textOf(owed, 'order'), waybill, start }))
    assert.equal((await stage.courier.push(push)).status, 200)
  const traces = (await events()).map(document => list(document, 'traces')[0])
  assert.ok(traces.length > 2)
  assert.ok(traces.every(trace => textOf(trace, 'waybillCode') === waybill))
  assert.ok(traces.every(trace => textOf(trace, 'expressCompanyCode') === 'KYE'))
  const types = traces.map(trace => textOf(list(trace, 'traces')[0], 'scanType'))
  assert.equal(types.at(-1), 'SIGNED')
})

test('strangers, and pushes without a key, are told nothing', async () => {
  const { origin } = stage.gateway
  const calls = ['orders', 'cancellations', 'events/acks'].flatMap(path =>
    ['application/x-www-form-urlencoded', 'text/plain', 'application/json'].map(type => ({
      method: 'POST',
      path: `/v1/platforms/kuaishou/${path}`,
      headers: { 'content-type': type },
      body: 'JGKpwGGELnWniagb0xXY0sOeMjeAxOk0G/2CnvxTHiU=',
    })),
  )
  for (const call of calls) assert.equal((await send(origin, call)).status, 401)
  const native = await send(origin, calls[0] ?? assert.fail())
  assert.equal(told(native), '401 0 401 sign_invalid')
})
