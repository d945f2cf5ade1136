import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { member } from '../../../lib/cli/send.ts'
import { type Bench, orderOf, startBench } from './bench.ts'
import { cipher, fresh, info, type Json, outcome, PENDING, request, sf } from './orders.ts'

// The same order again: nothing is doubled, nothing changes, and nobody learns by asking.

let bench: Bench
before(async () => {
  bench = await startBench()
})
after(() => bench.stop())

const HINT = '参数与首次取号不一致，已返回原运单号'
const CHANGED = '20001'

/** What stands beside the order in `ebill_infos`. */
const hint = (reply: { body: unknown }) => member(reply.body, 'data', 'ebill_infos', 0, 'hint_msg')
/** The answer without the id of the call. */
const said = (reply: { body: unknown }) => JSON.stringify(member(reply.body, 'data'))

const post = (id: string, change: Json = {}) => bench.post(request([info(id, change)]))

const somebodyElse = (n: number) => ({
  contact: { mobile: `1380000${String(n).padStart(4, '0')}` },
})

describe('before the courier has answered', () => {
  const same: Record<string, Json> = {
    'the same': {},
    'the number as the platform wrote it once': { combine_orders: [] },
    'what is not carried, changed': { pay_amount: 900, nobody_knows: 'x' },
    'a landline of nothing': { contact: { phone: null } },
  }
  for (const [name, change] of Object.entries(same)) {
    test(`${name}: pending`, async () => {
      const id = fresh()
      await post(id)
      const stored = await bench.total()
      assert.equal(outcome(await post(id, change)), PENDING)
      assert.equal(await bench.total(), stored)
    })
  }

  const other: Record<string, Json> = {
    'another name': { contact: { name: '张三丰' } },
    'another phone': somebodyElse(1),
    'another address': { address: { detail_address: '测试路1号样例小区2栋302室' } },
    'another region': { address: { district_name: '湖里区' } },
    'another product': { product_type: '1' },
    'another account': { net_info: { monthly_account: '7551234568' } },
    'cash in place of the account': { pay_method: 2 },
    'more boxes': { total_pack_count: 2 },
    'another weight': { total_weight: '900' },
    'other goods': { items: [{ item_name: '保温杯', item_count: 1 }] },
    'a remark': { remark: '请放门口' },
    'ciphers in place of clear text': cipher,
  }
  for (const [name, change] of Object.entries(other)) {
    test(`${name}: refused, and the first one stands`, async () => {
      const id = fresh()
      await post(id)
      assert.equal(outcome(await post(id, change)), CHANGED)
      assert.equal(outcome(await post(id)), PENDING)
    })
  }

  test('ciphers made afresh are the same order', async () => {
    const id = fresh()
    await post(id, cipher)
    const again = {
      ...cipher,
      contact: { ...cipher.contact, name: '##QU5PVEhFUg==*CgYIFAKE=#1##' },
    }
    assert.equal(outcome(await post(id, again)), PENDING)
  })

  test('another sender: refused', async () => {
    const id = fresh()
    await post(id)
    const { sender_info: sender } = JSON.parse(request([]))
    sender.contact.name = '李四光'
    assert.equal(outcome(await bench.post(request([info(id)], { sender_info: sender }))), CHANGED)
  })

  test('the very same request, replayed', async () => {
    const document = request([info(fresh())])
    const at = new Date()
    const first = await bench.native(document, { at })
    assert.equal((await bench.native(document, { at })).text, first.text)
  })

  test('twenty at once are one order', async () => {
    const id = fresh()
    const stored = await bench.total()
    const replies = await Promise.all(Array.from({ length: 20 }, () => post(id)))
    assert.deepEqual(new Set(replies.map(outcome)), new Set([PENDING]))
    assert.equal(await bench.total(), stored + 5)
  })
})

describe('after the courier has answered', () => {
  test('the number, and the same answer however often', async () => {
    const id = fresh()
    await bench.accepted(request([info(id)]), orderOf(id))
    const first = await post(id)
    assert.match(outcome(first) ?? '', /^SF\d{13}$/)
    assert.equal(hint(first), '')
    const at = new Date(Date.now() + 60_000)
    assert.equal(said(await bench.native(request([info(id)]), { at })), said(first))
  })

  test('something open changed: the old number with a hint', async () => {
    const id = fresh()
    await bench.accepted(request([info(id)]), orderOf(id))
    const number = outcome(await post(id))
    const reply = await post(id, { total_weight: '900' })
    assert.deepEqual([outcome(reply), hint(reply)], [number, HINT])
  })

  test('only what is sealed changed: the old number; nothing is left to compare with', async () => {
    const id = fresh()
    await bench.accepted(request([info(id)]), orderOf(id))
    const right = await post(id)
    for (const n of [1, 2, 3, 4, 5, 6, 7])
      assert.equal(said(await post(id, somebodyElse(n))), said(right))
    const head = (await bench.world.exchange.store.getHeads([orderOf(id)])).get(orderOf(id))
    assert.equal(head?.hmac, undefined)
  })

  test('a refusal is repeated; a new and later request opens a second life', async () => {
    const id = fresh()
    await post(id)
    const { id: entry } = await bench.entryOf(orderOf(id))
    const document = { success: false, errorCode: '20036', errorMsg: '', msgData: null }
    await bench.answer([{ id: entry, document }])
    const later = { at: new Date(Date.now() + 2000) }
    assert.equal(outcome(await post(id)), '817703')
    assert.equal(outcome(await bench.native(request([info(id)]), later)), '817703')
    const other = request([info(id, { product_type: '1' })])
    const earlier = { at: new Date(Date.now() - 5000) }
    assert.equal(outcome(await bench.native(other, earlier)), '817703', 'signed before the refusal')
    assert.equal(outcome(await bench.native(other, later)), PENDING)
    const second = await bench.entryOf(orderOf(id))
    await bench.answer([{ id: second.id, document: sf.sandbox.answer(second.document) }])
    assert.match(outcome(await bench.native(other)) ?? '', /^SF/)
  })
})

test('attack 28: six different bodies that guess a phone: locked, one answer for all', async () => {
  const id = fresh()
  const right = () => post(id)
  assert.equal(outcome(await right()), PENDING)
  const guesses = []
  for (const n of [1, 2, 3, 4]) guesses.push(said(await post(id, somebodyElse(n))))
  assert.equal(outcome(await right()), PENDING, 'four are no reason to lock')
  guesses.push(said(await post(id, somebodyElse(4))), said(await post(id, somebodyElse(1))))
  assert.equal(outcome(await right()), PENDING, 'a repeated guess counts once')
  for (const n of [5, 6, 7]) guesses.push(said(await post(id, somebodyElse(n))))
  const locked = await right()
  assert.equal(outcome(locked), CHANGED)
  assert.deepEqual(new Set(guesses), new Set([said(locked)]))

  const { id: entry, document } = await bench.entryOf(orderOf(id))
  await bench.answer([{ id: entry, document: sf.sandbox.answer(document) }])
  assert.match(outcome(await right()) ?? '', /^SF/, 'the courier was never hindered')
})

test('no fault was a bug of ours', () => assert.deepEqual(bench.bugs, []))
