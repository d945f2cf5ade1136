import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { list, member, textOf } from '../../../lib/cli/send.ts'
import { workingDay } from '../../../lib/custody/day.ts'
import { type Bench, orderOf, startBench } from './bench.ts'
import { fresh, info, type Json, request, sf } from './orders.ts'

// Tracking: pushed by the courier, pulled by the platform. A push moves what is shown, and nothing else.

let bench: Bench
before(async () => {
  bench = await startBench()
})
after(() => bench.stop())

const TAKEN = '{"return_code":"0000","return_msg":"成功"}'
const FAILED = '{"return_code":"1000","return_msg":"系统异常"}'

let nodes = 0

/** A route node; `minute` says when it happened. */
const node = (mailno: string, opCode: string, minute = 0, more: Json = {}): Json => ({
  id: String(1_700_000_000_000 + ++nodes),
  mailno,
  acceptTime: `2026-01-02 10:${String(minute).padStart(2, '0')}:00`,
  acceptAddress: '厦门市',
  remark: '快件交给示例骑手（联系电话：13900000002）',
  opCode,
  ...more,
})
const push = (...WaybillRoute: readonly unknown[]) => bench.push({ Body: { WaybillRoute } })

/** A parcel that the courier took: its order and numbers. */
async function parcel(change: Json = {}) {
  const id = fresh()
  const order = orderOf(id)
  const entry = await bench.accepted(request([info(id, change)]), order)
  const waybills = list(await state(id), 'waybills').map(String)
  const [number = ''] = waybills
  return { id, order, entry, number, waybills }
}

/** An order as its platform may see it. */
async function state(id: string): Promise<Json> {
  const path = `/v1/platforms/douyin/orders/${id}`
  const { body } = await bench.native('', { path, method: 'GET' })
  const first = member(body, 'parcels', 0)
  assert.ok(typeof first === 'object' && first !== null)
  return { ...first }
}

/** The steps that the platform is owed of an order, oldest entry first. */
async function steps(order: string): Promise<string[]> {
  const { entries } = await bench.events('&limit=100')
  return entries
    .filter(one => one.order === order && one.kind === 'tracking')
    .map(({ document }) => {
      const route = member(document, 'data', 'track_routes', 0)
      return `${textOf(member(document, 'data'), 'track_no')} ${textOf(route, 'opcode')}`
    })
}

describe('a push', () => {
  test('is acknowledged in the bytes that the courier waits for, and told to the platform', async () => {
    const { id, order, number } = await parcel()
    const reply = await push(node(number, '50'))
    assert.deepEqual([reply.status, reply.text], [200, TAKEN])
    assert.deepEqual(await steps(order), [`${number} collected`])
    assert.equal((await state(id)).tracking, 'collected')
    assert.doesNotMatch(JSON.stringify(await bench.events()), /13900000002|示例骑手/)
  })

  test('of one node that is no list', async () => {
    const { order, number } = await parcel()
    assert.equal((await bench.push({ Body: { WaybillRoute: node(number, '50') } })).text, TAKEN)
    assert.deepEqual(await steps(order), [`${number} collected`])
  })

  test('that comes twice is one event, also at once and in one push', async () => {
    const { order, number } = await parcel()
    const one = node(number, '50')
    await push(one)
    await Promise.all(Array.from({ length: 10 }, () => push(one)))
    assert.equal((await push(one, one)).text, TAKEN)
    assert.deepEqual(await steps(order), [`${number} collected`])
  })

  test('that comes late is told late, and the state keeps the newest', async () => {
    const { id, order, number } = await parcel()
    await push(node(number, '44', 30), node(number, '31', 20))
    await push(node(number, '50', 10))
    const words = ['out-for-delivery', 'arrived', 'collected'].map(word => `${number} ${word}`)
    assert.deepEqual(await steps(order), words)
    assert.equal((await state(id)).tracking, 'out-for-delivery')
  })

  test('of a code that nobody knows is told as unknown', async () => {
    const { order, number } = await parcel()
    await push(node(number, '9999'))
    assert.deepEqual(await steps(order), [`${number} unknown`])
  })

  test('about an unknown number is acknowledged and counted', async () => {
    const { order, number } = await parcel()
    const before = bench.count('unknown-waybill')
    assert.equal((await push(node('SF9999999999999', '80'))).text, TAKEN)
    const strange = { orderid: orderOf('1') }
    assert.equal(
      (await push(node('SF9999999999998', '80', 0, strange), node(number, '50'))).text,
      TAKEN,
    )
    assert.equal(bench.count('unknown-waybill'), before + 2)
    assert.deepEqual(await steps(order), [`${number} collected`])
  })

  test('that names the order before the number is known', async () => {
    const id = fresh()
    await bench.post(request([info(id)]))
    await push(node('SF5555555555555', '655', 0, { orderid: orderOf(id) }))
    assert.deepEqual(await steps(orderOf(id)), ['SF5555555555555 pickup-assigned'])
    assert.equal((await state(id)).state, 'posted')
    assert.equal((await bench.entryOf(orderOf(id))).kind, 'waybill')
  })

  test('of a mother and a child: each under its number', async () => {
    const { id, order, waybills } = await parcel({ total_pack_count: 2 })
    const [mother = '', child = ''] = waybills
    assert.notEqual(mother, child)
    await push(node(mother, '80', 10), node(child, '31', 5), node(child, '80', 20))
    const words = [`${mother} delivered`, `${child} arrived`, `${child} delivered`]
    assert.deepEqual(await steps(order), words)
    assert.equal((await state(id)).tracking, 'delivered')
  })

  const refused: Record<string, (number: string) => string | object> = {
    'JSON that breaks off': () => '{"Body":',
    'no body': () => '',
    'another document': () => ({ Body: {} }),
    'the older XML': () => '<Request service="RoutePushService"></Request>',
    'a number that can be none': () => ({ Body: { WaybillRoute: node('x'.repeat(2000), '80') } }),
    'a node without a code among good ones': number => ({
      Body: { WaybillRoute: [node(number, '50'), { ...node(number, '31'), opCode: undefined }] },
    }),
    'a day that the calendar does not have': number => ({
      Body: {
        WaybillRoute: [
          node(number, '50'),
          node(number, '31', 0, { acceptTime: '2026-02-30 10:00:00' }),
        ],
      },
    }),
  }
  for (const [name, body] of Object.entries(refused)) {
    test(`${name}: refused natively, nothing of it taken`, async () => {
      const { order, number } = await parcel()
      const reply = await bench.push(body(number))
      assert.deepEqual([reply.status, reply.text], [200, FAILED])
      assert.deepEqual(await steps(order), [])
      assert.equal((await push(node(number, '50'))).text, TAKEN)
    })
  }

  test('above one megabyte', async () => {
    const reply = await bench.push(' '.repeat(1_048_577))
    assert.deepEqual([reply.status, reply.text], [413, FAILED])
  })

  for (const [name, token] of Object.entries({
    'a wrong token': 'A'.repeat(43),
    'no token': '',
    'a name of the language': '__proto__',
  })) {
    test(`${name}: 401, in the courier's own form`, async () => {
      const { order, number } = await parcel()
      const body = { Body: { WaybillRoute: [node(number, '50')] } }
      const reply = await bench.push(body, token)
      assert.deepEqual([reply.status, reply.text], [401, FAILED])
      assert.deepEqual(await steps(order), [])
      assert.equal((await bench.push(body)).text, TAKEN)
    })
  }

  test('to a courier that is not served', async () => {
    const path = `/v1/couriers/nobody/events/${bench.courier.pushToken}`
    const reply = await bench.send({ method: 'POST', path, headers: {}, body: '{}' })
    assert.deepEqual([reply.status, reply.type], [404, 'application/problem+json'])
  })
})

describe('out for delivery', () => {
  const missing = async (order: string) =>
    (await bench.pullAll()).filter(one => one.order === order && one.kind === 'assignment-missing')

  test('without an assignment: the courier is reminded, once', async () => {
    const { order, number } = await parcel()
    await push(node(number, '44', 1))
    await push(node(number, '204', 2))
    const [reminder, ...more] = await missing(order)
    assert.ok(reminder)
    assert.deepEqual(more, [])
    assert.equal(reminder.document, undefined)
    assert.deepEqual(await bench.ack([reminder.id]), { acknowledged: 1, unanswered: [] })
    assert.deepEqual(await missing(order), [])
  })

  test('with one: nothing is missing', async () => {
    const { order, number, entry } = await parcel()
    await bench.assign([bench.statement(bench.sealOf(entry, 'receiver'))])
    await push(node(number, '44'))
    assert.deepEqual(await missing(order), [])
  })
})

describe('a forged push moves tracking only', () => {
  const forged: Record<string, string> = {
    '44: delivered': '80',
    '26: returning': '99',
    '26: signed, with a picture': '8000',
    lost: '33',
  }
  for (const [name, opCode] of Object.entries(forged)) {
    test(`attack ${name}`, async () => {
      const { id, order, number, entry } = await parcel()
      const stored = await bench.itemsOf(order)
      await push(node(number, opCode))
      assert.equal((await state(id)).state, 'accepted')
      const kept = await bench.itemsOf(order)
      assert.deepEqual(
        stored.filter(item => !kept.includes(item)),
        [],
        'nothing is gone',
      )
      assert.ok(kept.includes('Keys key key'))
      const { releaseToken } = bench.issuer.tokens('station-1', workingDay(new Date()))
      assert.equal((await bench.release(order, releaseToken)).status, 403, 'nothing is unlocked')
      const [released] = await bench.assign([bench.statement(bench.sealOf(entry, 'receiver'))])
      assert.equal(textOf(released, 'outcome'), 'released')
      assert.equal((await bench.open(order)).name, '张三')
    })
  }
})

describe('what a platform is owed', () => {
  test('pages of any size, read again, acknowledged, gone', async () => {
    const { order, number } = await parcel()
    await push(...['50', '30', '31', '44', '80'].map((code, at) => node(number, code, at)))
    const { entries: all } = await bench.events('&limit=100')
    const own = all.filter(one => one.order === order)
    assert.deepEqual(
      own.map(({ kind }) => kind),
      ['ebill', ...Array(5).fill('tracking')],
    )
    const sequences = own.map(({ sequence }) => Number(sequence))
    assert.deepEqual(
      sequences,
      sequences.toSorted((a, b) => a - b),
    )
    const ids: string[] = []
    for (let cursor = ''; ; ) {
      const page = await bench.events(`&limit=1${cursor && `&after=${cursor}`}`)
      ids.push(...page.entries.map(({ id }) => id))
      cursor = page.next
      if (cursor === '') break
    }
    assert.deepEqual(
      ids,
      all.map(({ id }) => id),
    )
    const [first, second] = own
    const done = [first?.id, second?.id]
    assert.deepEqual(await bench.ackEvents(done), { acknowledged: 2, unanswered: [] })
    assert.deepEqual(await bench.ackEvents(done), { acknowledged: 2, unanswered: [] })
    const left = (await bench.events('&limit=100')).entries.filter(one => one.order === order)
    assert.deepEqual(left, own.slice(2))
  })

  const reads: Record<string, [method: string, path: string]> = {
    events: ['GET', '/v1/platforms/douyin/events'],
    acks: ['POST', '/v1/platforms/douyin/events/acks'],
    'an order': ['GET', '/v1/platforms/douyin/orders/6900000000000000001'],
  }
  for (const [name, [method, path]] of Object.entries(reads)) {
    test(`${name}: not without the platform's own signature`, async () => {
      const document = method === 'GET' ? '' : '{"ids":[]}'
      const reply = await bench.native(document, { path, method, secret: 'another' })
      assert.deepEqual([reply.status, textOf(reply.body, 'code')], [401, 'UNAUTHENTICATED'])
      const bare = await bench.send({ method, path, headers: {}, body: '' })
      assert.equal(bare.status, 401)
      const right = await bench.native(document, { path, method })
      assert.notEqual(right.status, 401)
    })
  }

  test('an order number that nobody posted', async () => {
    for (const id of ['6999999999999999999', 'x', '9'.repeat(300), '~']) {
      const path = `/v1/platforms/douyin/orders/${id}`
      assert.equal((await bench.native('', { path, method: 'GET' })).status, 404)
    }
  })

  test('its state is open data only', async () => {
    const { id, order, number } = await parcel()
    assert.deepEqual(await state(id), { order, parcel: '-', state: 'accepted', waybills: [number] })
  })
})

test('what the courier’s sandbox pushes is a whole way', async () => {
  const { order, number } = await parcel()
  const start = new Date('2026-01-01T00:00:00Z')
  const way = { order, waybill: number, start, now: start, secret: '' }
  for (const { body } of sf.sandbox.pushes(way)) assert.equal((await bench.push(body)).text, TAKEN)
  assert.equal((await steps(order)).at(-1), `${number} delivered`)
})

test('no fault was a bug of ours', () => assert.deepEqual(bench.bugs, []))
