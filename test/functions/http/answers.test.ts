import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { list, member, textOf } from '../../../lib/cli/send.ts'
import { next } from '../../../lib/flow/next.ts'
import { type Bench, type Entry, orderOf, startBench } from './bench.ts'
import { fresh, info, type Json, outcome, PENDING, request, sf } from './orders.ts'

// What is owed to a courier, what it answers, and what the platform learns of it.

let bench: Bench
before(async () => {
  bench = await startBench()
})
after(() => bench.stop())

/** Posts an order and pulls its entry. */
async function owed(change: Json = {}): Promise<{ id: string; document: string; entry: Entry }> {
  const id = fresh()
  const document = request([info(id, change)])
  await bench.post(document)
  return { id, document, entry: await bench.entryOf(orderOf(id)) }
}

/** The sandbox's answer to an entry, its members changed. */
function accepting({ document }: Entry, change: Json = {}) {
  const inner = sf.sandbox.answer(document)
  assert.ok(typeof inner === 'object' && inner !== null && 'msgData' in inner)
  return { ...inner, msgData: Object.assign({}, inner.msgData, change) }
}
const refusing = (errorCode: string) => ({ success: false, errorCode, errorMsg: '', msgData: null })

/** `200 accepted`, or `409 entry-gone cancelled at /msgData`: what became of one answer. */
async function answered(id: string, document?: unknown): Promise<string> {
  const [result] = await bench.answer([{ id, document }])
  const state = textOf(result, 'state')
  const at = textOf(result, 'at')
  const later = textOf(result, 'retry') === 'later' ? ' later' : ''
  const what = textOf(result, 'outcome') || textOf(result, 'code')
  return `${member(result, 'status')} ${what}${state && ` ${state}`}${at && ` at ${at}`}${later}`
}

const isOwed = async ({ id }: Entry) => (await bench.pullAll()).some(entry => entry.id === id)

describe('pulling', () => {
  test('again shows the same, and a page of one at a time shows all of it, each once', async () => {
    for (let n = 0; n < 3; n += 1) await owed()
    const all = await bench.pullAll()
    assert.deepEqual(await bench.pullAll(), all)
    const ids: string[] = []
    for (let cursor = ''; ; ) {
      const page = await bench.pull(`?limit=1${cursor && `&after=${cursor}`}`)
      assert.ok(page.entries.length <= 1)
      ids.push(...page.entries.map(({ id }) => id))
      cursor = page.next
      if (cursor === '') break
    }
    assert.deepEqual(
      ids,
      all.map(({ id }) => id),
    )
    assert.equal(new Set(ids).size, ids.length)
  })

  test('an entry has a native document, open parties, and seals without wrapped keys', async () => {
    const { entry } = await owed()
    assert.deepEqual(Object.keys(entry).sort(), [
      'document',
      'id',
      'kind',
      'order',
      'parties',
      'sealed',
      'sequence',
    ])
    assert.equal(member(entry.document, 'orderId'), entry.order)
    assert.doesNotMatch(JSON.stringify(entry), /encrypted_key/)
    for (const group of ['sender', 'receiver'] as const)
      assert.equal(bench.sealOf(entry, group).order, entry.order)
  })

  for (const [query, at] of [
    ['?limit=0', '/limit'],
    ['?limit=101', '/limit'],
    ['?limit=x', '/limit'],
    ['?limit=-1', '/limit'],
    ['?limit=', '/limit'],
    ['?shard=1', '/shard'],
    ['?after=x', '/after'],
    [`?after=${'9'.repeat(3000)}`, '/after'],
  ] as const) {
    test(`a query that no page gave: ${query.slice(0, 20)}`, async () => {
      const path = '/v1/couriers/sf/waybills'
      const reply = await bench.signed('GET', path + query)
      assert.deepEqual([reply.status, member(reply.body, 'at')], [422, at])
      assert.equal((await bench.signed('GET', `${path}?limit=100&shard=0`)).status, 200)
    })
  }
})

describe('answering', () => {
  test('accepted: off the feed, and the platform is owed the number', async () => {
    const { id, document, entry } = await owed()
    assert.equal(await answered(entry.id, accepting(entry)), '200 accepted')
    assert.equal(await isOwed(entry), false)
    const number = outcome(await bench.post(document))
    const event = (await bench.events()).entries.find(one => one.order === entry.order)
    assert.equal(event?.kind, 'ebill')
    const [ebill] = list(event.document, 'data', 'ebill_infos')
    assert.deepEqual([textOf(ebill, 'order_id'), textOf(ebill, 'track_no')], [id, number])
  })

  test('the outer envelope, its inner object as text, is the same answer', async () => {
    const { entry } = await owed()
    const apiResultData = JSON.stringify(accepting(entry))
    assert.equal(
      await answered(entry.id, { apiResultCode: 'A1000', apiResultData }),
      '200 accepted',
    )
    assert.equal(await answered(entry.id, accepting(entry)), '200 same')
  })

  test('the same again: 200; another number: 409, and the kept one stands', async () => {
    const { document, entry } = await owed()
    assert.equal(await answered(entry.id, accepting(entry)), '200 accepted')
    const number = outcome(await bench.post(document))
    assert.equal(await answered(entry.id, accepting(entry)), '200 same')
    const waybillNoInfoList = [{ waybillType: 1, waybillNo: 'SF0000000000001' }]
    assert.equal(
      await answered(entry.id, accepting(entry, { waybillNoInfoList })),
      '409 order-changed',
    )
    assert.equal(await answered(entry.id, refusing('8057')), '409 order-changed')
    assert.equal(outcome(await bench.post(document)), number)
  })

  test('a better mark for the same numbers is taken', async () => {
    const { document, entry } = await owed()
    await answered(entry.id, accepting(entry))
    const routeLabelInfo = [{ code: '1000', routeLabelData: { destRouteLabel: '592WF-014' } }]
    assert.equal(await answered(entry.id, accepting(entry, { routeLabelInfo })), '200 accepted')
    const { body } = await bench.post(document)
    assert.equal(member(body, 'data', 'ebill_infos', 0, 'sort_code'), '592WF-014')
  })

  test('a mother, children and the number of a receipt', async () => {
    const { document, entry } = await owed({ total_pack_count: 3, is_sign_back: 1 })
    const numbers = [
      [2, 'SF0000000000012'],
      [3, 'SF0000000000014'],
      [1, 'SF0000000000011'],
      [2, 'SF0000000000013'],
    ].map(([waybillType, waybillNo]) => ({ waybillType, waybillNo }))
    const given = accepting(entry, { waybillNoInfoList: numbers })
    assert.equal(await answered(entry.id, given), '200 accepted')
    const { body } = await bench.post(document)
    const [ebill] = list(body, 'data', 'ebill_infos')
    assert.equal(textOf(ebill, 'track_no'), 'SF0000000000011')
    assert.equal(textOf(ebill, 'sub_waybill_codes'), 'SF0000000000012,SF0000000000013')
    assert.doesNotMatch(JSON.stringify(body), /SF0000000000014/)
  })

  const open: Record<string, [expected: string, document: (entry: Entry) => unknown]> = {
    'a person looks at it': ['200 pending', entry => accepting(entry, { filterResult: 1 })],
    'not known yet': ['200 pending', entry => accepting(entry, { filterResult: 4 })],
    'no number yet': ['200 pending', entry => accepting(entry, { waybillNoInfoList: [] })],
    throttled: ['400 value-invalid at /errorCode later', () => refusing('A1005')],
    'away, outside': [
      '400 value-invalid at /apiResultCode later',
      () => ({ apiResultCode: 'A1009', apiResultData: null }),
    ],
    "another order's answer": [
      '422 wire-invalid at /msgData/orderId',
      entry => accepting(entry, { orderId: orderOf('1') }),
    ],
    'the order in capitals': [
      '422 wire-invalid at /msgData/orderId',
      entry => accepting(entry, { orderId: entry.order.toUpperCase() }),
    ],
    'two mothers': [
      '422 wire-invalid at /msgData/waybillNoInfoList',
      entry =>
        accepting(entry, {
          waybillNoInfoList: ['SF1', 'SF2'].map(waybillNo => ({ waybillType: 1, waybillNo })),
        }),
    ],
    'a verdict that nobody documents': [
      '422 code-unknown at /msgData/filterResult',
      entry => accepting(entry, { filterResult: 7 }),
    ],
    'no document': ['422 wire-invalid', () => undefined],
    'nothing in the document': ['422 wire-invalid', () => ({})],
    'a text': ['422 wire-invalid', () => 'ok'],
  }
  for (const [name, [expected, document]] of Object.entries(open)) {
    test(`${name}: the entry stays owed, nothing goes to the platform`, async () => {
      const { document: posted, entry } = await owed()
      assert.equal(await answered(entry.id, document(entry)), expected)
      assert.equal(await isOwed(entry), true)
      assert.equal(outcome(await bench.post(posted)), PENDING)
      assert.equal(await answered(entry.id, accepting(entry)), '200 accepted')
    })
  }

  const reasons: Record<string, [native: string, document: (entry: Entry) => unknown]> = {
    'out of range': ['817702', entry => accepting(entry, { filterResult: 3, remark: '2' })],
    'pickup out of range': ['817701', () => refusing('8052')],
    'address unclear': ['1000', () => refusing('1010')],
    'contact invalid': ['4006', () => refusing('8196')],
    'goods forbidden': ['1000', () => refusing('20035')],
    'product unavailable': ['817703', () => refusing('20036')],
    'account invalid': ['10711', () => refusing('8114')],
    capacity: ['817703', () => refusing('8177')],
    'service unavailable': ['1000', () => refusing('6128')],
    'too many parcels': ['1000', () => refusing('8067')],
    duplicate: ['20001', () => refusing('8016')],
    'anything else': ['4029', () => refusing('9999')],
  }
  for (const [name, [native, document]] of Object.entries(reasons)) {
    test(`refused, ${name}: the platform is told ${native}`, async () => {
      const { document: posted, entry } = await owed()
      assert.equal(await answered(entry.id, document(entry)), '200 refused')
      assert.equal(await isOwed(entry), false)
      assert.equal(outcome(await bench.post(posted)), native)
      const event = (await bench.events()).entries.find(one => one.order === entry.order)
      assert.equal(member(event?.document, 'data', 'err_infos', 0, 'err_code'), native)
      assert.equal(await answered(entry.id, document(entry)), '200 same')
      assert.equal(await answered(entry.id, accepting(entry)), '409 entry-gone refused')
    })
  }

  test('entries that are not there', async () => {
    const { entry } = await owed()
    const [at = '', order = '', sequence = '', mark = ''] = entry.id.split('.')
    const elsewhere = orderOf('1')
    for (const id of [
      `${at}.${elsewhere}.${sequence}.${mark}`,
      'x',
      '',
      '__proto__',
      'x'.repeat(5000),
    ])
      assert.equal(await answered(id, accepting(entry)), '404 not-found', id.slice(0, 40))
    for (const id of [`${at}.${order}.9.${mark}`, `${at}.${order}.${sequence}.1a`])
      assert.equal(await answered(id, accepting(entry)), '409 entry-gone posted')
    assert.equal(await answered(entry.id, accepting(entry)), '200 accepted')
  })

  test('a number that another live parcel has', async () => {
    const [one, two] = [await owed(), await owed()]
    await answered(one.entry.id, accepting(one.entry))
    const number = outcome(await bench.post(one.document))
    const taken = accepting(two.entry, {
      waybillNoInfoList: [{ waybillType: 1, waybillNo: number }],
    })
    assert.equal(await answered(two.entry.id, taken), '409 state-conflict at /waybills')
    assert.equal(await answered(two.entry.id, accepting(two.entry)), '200 accepted')
  })

  test('one bad answer among good ones stops nobody', async () => {
    const [one, two] = [await owed(), await owed()]
    const results = await bench.answer([
      { id: one.entry.id, document: accepting(one.entry) },
      { id: 'x', document: {} },
      { id: two.entry.id, document: accepting(one.entry) },
      { id: two.entry.id, document: accepting(two.entry) },
      { id: two.entry.id, document: accepting(two.entry) },
    ])
    assert.deepEqual(
      results.map(result => member(result, 'status')),
      [200, 404, 422, 200, 200],
    )
  })

  const bodies: Record<string, [status: number, at: string, body: unknown]> = {
    'no answers': [422, '/answers', {}],
    'answers that are no list': [422, '/answers', { answers: {} }],
    'an answer that is none': [422, '/answers/1', { answers: [{ id: 'x' }, null] }],
    'an answer without an id': [422, '/answers/0', { answers: [{ document: {} }] }],
    'an id that is no text': [422, '/answers/0/id', { answers: [{ id: 5 }] }],
    'a hundred and one': [422, '/answers', { answers: Array(101).fill({ id: 'x' }) }],
    'a list': [422, '/answers', []],
    'a text': [422, '/answers', 'x'],
  }
  for (const [name, [status, at, body]] of Object.entries(bodies)) {
    test(`a body that is refused: ${name}`, async () => {
      const path = '/v1/couriers/sf/answers'
      const reply = await bench.signed('POST', path, body)
      assert.deepEqual([reply.status, member(reply.body, 'at')], [status, at])
      assert.equal(reply.type, 'application/problem+json')
      assert.equal((await bench.signed('POST', path, { answers: [] })).status, 200)
    })
  }
})

describe('acknowledging', () => {
  test('an entry that wants an answer is named, and stays', async () => {
    const { entry } = await owed()
    assert.deepEqual(await bench.ack([entry.id]), { acknowledged: 0, unanswered: [entry.id] })
    assert.equal(await isOwed(entry), true)
  })

  test('what is unknown is passed over', async () => {
    assert.deepEqual(await bench.ack([]), { acknowledged: 0, unanswered: [] })
    assert.deepEqual(await bench.ack(['x', '']), { acknowledged: 2, unanswered: [] })
  })

  for (const body of [{}, { ids: 'x' }, { ids: [5] }, { ids: Array(501).fill('x') }, []]) {
    test(`a body that is refused: ${JSON.stringify(body).slice(0, 20)}`, async () => {
      const path = '/v1/couriers/sf/waybills/acks'
      assert.equal((await bench.signed('POST', path, body)).status, 422)
      assert.equal((await bench.signed('POST', path, { ids: Array(500).fill('x') })).status, 200)
    })
  }
})

describe('an order that its platform cancelled', () => {
  const cancel = (order: string) =>
    bench.world.exchange.store.changeOrder({
      order,
      decide: head => next(head, { kind: 'cancel', platform: 'douyin' }, Date.now()),
    })
  const result = (entry: Entry, resStatus: number) => ({
    success: true,
    errorCode: 'S0000',
    msgData: { orderId: entry.order, resStatus },
  })

  test('before the answer: the courier is told, and a number that comes later is void', async () => {
    const { document, entry } = await owed()
    await cancel(entry.order)
    assert.equal(await isOwed(entry), false)
    const told = await bench.entryOf(entry.order, 'cancel')
    assert.deepEqual(told.document, { language: 'zh-CN', orderId: entry.order, dealType: 2 })
    assert.equal(await answered(entry.id, accepting(entry)), '409 entry-gone cancelled')
    assert.deepEqual(await bench.ack([told.id]), { acknowledged: 1, unanswered: [] })
    assert.equal(await isOwed(told), false)
    assert.equal(outcome(await bench.post(document)), '10801')
  })

  test('after it: asked, and cancelled when the courier says so', async () => {
    const { document, entry } = await owed()
    await answered(entry.id, accepting(entry))
    await cancel(entry.order)
    const asked = await bench.entryOf(entry.order, 'cancel')
    assert.match(outcome(await bench.post(document)) ?? '', /^SF/)
    assert.equal(await answered(entry.id, accepting(entry)), '200 same', 'the acceptance, repeated')
    assert.equal(await answered(asked.id, {}), '422 wire-invalid')
    assert.equal(await answered(asked.id, accepting(entry)), '200 pending', 'no outcome in it')
    assert.equal(await answered(asked.id, result(entry, 2)), '200 cancelled')
    assert.equal(await answered(asked.id, result(entry, 2)), '200 same')
    assert.equal(await answered(entry.id, accepting(entry)), '409 entry-gone cancelled')
    assert.equal(outcome(await bench.post(document)), '10801')
  })

  test('after it, and the courier says no: the order goes on', async () => {
    const { document, entry } = await owed()
    await answered(entry.id, accepting(entry))
    await cancel(entry.order)
    const asked = await bench.entryOf(entry.order, 'cancel')
    assert.equal(await answered(asked.id, result(entry, 1)), '200 cancel-denied')
    assert.equal(await answered(asked.id, result(entry, 1)), '200 same')
    assert.equal(await answered(entry.id, accepting(entry)), '200 same', 'the acceptance, repeated')
    assert.match(outcome(await bench.post(document)) ?? '', /^SF/)
  })

  for (const [resStatus, success] of [
    [2, true],
    [1, false],
  ] as const) {
    test(`the platform is told the outcome: success ${success}`, async () => {
      const { document, entry } = await owed()
      await answered(entry.id, accepting(entry))
      const number = outcome(await bench.post(document))
      await cancel(entry.order)
      await answered((await bench.entryOf(entry.order, 'cancel')).id, result(entry, resStatus))
      const { entries } = await bench.events()
      const own = entries.filter(one => one.order === entry.order)
      assert.deepEqual(
        own.map(one => one.kind),
        ['ebill', 'cancel'],
      )
      assert.deepEqual(own[1]?.document, {
        type: 'cancel',
        data: { track_no: number, cancel_result: { success } },
      })
    })
  }
})

test('no fault was a bug of ours', () => assert.deepEqual(bench.bugs, []))
