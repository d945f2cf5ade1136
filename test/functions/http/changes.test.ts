import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { member, textOf } from '../../../lib/cli/send.ts'
import { next } from '../../../lib/flow/next.ts'
import type { Group } from '../../../lib/model/validate.ts'
import { type Bench, type Entry, startBench } from './bench.ts'
import { cipher, info, outcome, PENDING, RECEIVER, request, SENDER, sf } from './orders.ts'
import { parcelsOn } from './parcels.ts'
import {
  ANOTHER,
  ANSWERED,
  CANCELLED,
  CHANGED,
  receiver,
  STALE,
  UNKNOWN_NUMBER,
  UNKNOWN_ORDER,
  wishesOn,
} from './wishes.ts'

// A platform changes who receives, before the courier's answer alone.

let bench: Bench
let wishes: ReturnType<typeof wishesOn>
let parcels: ReturnType<typeof parcelsOn>
before(async () => {
  bench = await startBench()
  wishes = wishesOn(bench)
  parcels = parcelsOn(bench)
})
after(() => bench.stop())

/** Seconds from now: the platform's clock has whole ones. */
const after1 = (seconds: number) => new Date(Date.now() + seconds * 1000)

const accept = async (entry: Entry) => {
  const document = sf.sandbox.answer(entry.document)
  const [result] = await bench.answer([{ id: entry.id, document }])
  return textOf(result, 'outcome') || textOf(result, 'code')
}

const opened = async (entry: Entry, group: Group, hop: string) => {
  const { order } = entry
  const { rev } = bench.sealOf(entry, group)
  assert.equal(await parcels.assigned({ order, entry }, { group }), '200 released')
  return bench.open(order, { group, hop, rev })
}

describe('before the courier’s answer', () => {
  test('a new receiver: a new seal, one revision on, the entry under a new id', async () => {
    const { id, order, entry } = await wishes.posted()
    assert.equal(await wishes.update({ order_id: id, ...receiver() }), CHANGED)
    const changed = await bench.entryOf(order)
    assert.notEqual(changed.id, entry.id)
    assert.equal(await accept(entry), 'entry-gone')
    assert.match(JSON.stringify(changed.document), /杭州市/)
    assert.doesNotMatch(JSON.stringify(changed), /变更路9号新样例大厦7层702室|13700000000|王五/)
    const revs = (['sender', 'receiver'] as const).map(group => bench.sealOf(changed, group).rev)
    assert.deepEqual(revs, [1, 2])
    assert.deepEqual(member(changed.sealed, 'sender'), member(entry.sealed, 'sender'))
    assert.equal(await accept(changed), 'accepted')
  })

  test('both groups are assigned and opened after a change of one', async () => {
    const { id, order } = await wishes.posted()
    await wishes.update({ order_id: id, ...receiver() })
    const entry = await bench.entryOf(order)
    await accept(entry)
    const one = await opened(entry, 'receiver', 'station-1')
    assert.deepEqual([one.name, one.phone], [ANOTHER.name, ANOTHER.phone])
    const other = await opened(entry, 'sender', 'pickup-1')
    assert.deepEqual([other.name, other.phone], [SENDER.name, SENDER.phone])
  })

  test('the old seal’s revision is assigned no more, nor is the order’s for the other group', async () => {
    const { id, order, entry } = await wishes.posted()
    await wishes.update({ order_id: id, ...receiver() })
    const changed = await bench.entryOf(order)
    await accept(changed)
    const wrong = '422 assignment-invalid at /rev'
    assert.equal(await parcels.assigned({ order, entry }), wrong)
    const stated = parcels.statementOf({ order, entry: changed }, { group: 'sender', rev: 2 })
    assert.equal(await parcels.outcomeOf(stated), wrong)
    assert.equal(await parcels.assigned({ order, entry: changed }), '200 released')
  })

  test('a new sender alone, and goods alone', async () => {
    const { id, order } = await wishes.posted()
    const { sender_info: sender } = JSON.parse(request([]))
    sender.contact.name = '李四光'
    assert.equal(await wishes.update({ order_id: id, sender_info: sender }), CHANGED)
    const items = [{ item_name: '保温杯', item_count: 3 }]
    assert.equal(await wishes.update({ order_id: id, items, weight: 700 }, after1(1)), CHANGED)
    const entry = await bench.entryOf(order)
    assert.match(JSON.stringify(entry.document), /"totalWeight":0\.7.*保温杯/s)
    const revs = (['sender', 'receiver'] as const).map(group => bench.sealOf(entry, group).rev)
    assert.deepEqual(revs, [2, 1])
    await accept(entry)
    assert.equal((await opened(entry, 'sender', 'pickup-1')).name, '李四光')
    assert.equal((await opened(entry, 'receiver', 'station-1')).name, RECEIVER.name)
  })

  test('twice: each seal of its own revision', async () => {
    const { id, order } = await wishes.posted()
    await wishes.update({ order_id: id, ...receiver() })
    const third = receiver({ contact: { name: '赵六' } })
    assert.equal(await wishes.update({ order_id: id, ...third }, after1(1)), CHANGED)
    const entry = await bench.entryOf(order)
    assert.equal(bench.sealOf(entry, 'receiver').rev, 3)
    await accept(entry)
    assert.equal((await opened(entry, 'receiver', 'station-1')).name, '赵六')
  })

  test('the same call again changes nothing', async () => {
    const { id, order } = await wishes.posted()
    const at = new Date()
    assert.equal(await wishes.update({ order_id: id, ...receiver() }, at), CHANGED)
    const { id: first } = await bench.entryOf(order)
    assert.equal(await wishes.update({ order_id: id, ...receiver() }, at), CHANGED)
    assert.equal(await wishes.update({ order_id: id, ...receiver() }, after1(2)), CHANGED)
    assert.equal((await bench.entryOf(order)).id, first)
  })

  test('ten at once are one change', async () => {
    const { id, order } = await wishes.posted()
    const at = new Date()
    const all = Array.from({ length: 10 }, () => wishes.update({ order_id: id, ...receiver() }, at))
    assert.deepEqual(new Set(await Promise.all(all)), new Set([CHANGED]))
    assert.equal(bench.sealOf(await bench.entryOf(order), 'receiver').rev, 2)
  })

  test('a repeat of the order itself is still one, before the answer and after it', async () => {
    const { id, order, document } = await wishes.posted()
    await wishes.update({ order_id: id, ...receiver() })
    assert.equal(outcome(await bench.post(document)), PENDING)
    assert.equal(outcome(await bench.post(request([info(id, { total_weight: '9' })]))), '20001')
    await accept(await bench.entryOf(order))
    const reply = await bench.post(document)
    assert.match(outcome(reply) ?? '', /^SF/)
    assert.equal(member(reply.body, 'data', 'ebill_infos', 0, 'hint_msg'), '')
  })

  test('the sandbox changes so, too', async () => {
    const { id, order } = await wishes.posted()
    assert.equal(await wishes.sandboxChange({ courier: 'sf', platformOrder: id }), CHANGED)
    const entry = await bench.entryOf(order)
    await accept(entry)
    assert.equal((await opened(entry, 'receiver', 'station-1')).name, '钱七')
  })
})

describe('ciphers', () => {
  test('of another receiver take the place of the old ones, and belong to the posted order', async () => {
    const { id, order } = await wishes.posted(cipher)
    const value = '##T1RIRVI=*CgYIFAKE=#1##'
    const other = receiver({
      contact: { ...cipher.contact, name: value },
      address: cipher.address,
    })
    assert.equal(await wishes.update({ order_id: id, ...other }), CHANGED)
    const entry = await bench.entryOf(order)
    const fields = member(entry.parties, 'receiver', 'protection', 'fields')
    assert.deepEqual(member(fields, 'name'), { value, authRef: id })
    assert.deepEqual(Object.keys(Object(entry.sealed)), ['sender'])
  })

  test('in the place of clear text: the old key is gone, the sender’s is there', async () => {
    const { id, order } = await wishes.posted()
    assert.equal(await wishes.update({ order_id: id, ...receiver(cipher) }), CHANGED)
    const keys = await bench.world.custody.store.getKey(order)
    assert.deepEqual([keys?.receiver, typeof keys?.sender], [undefined, 'object'])
    const entry = await bench.entryOf(order)
    await accept(entry)
    assert.equal((await opened(entry, 'sender', 'pickup-1')).name, SENDER.name)
  })

  test('clear text in their place: it is sealed', async () => {
    const { id, order } = await wishes.posted(cipher)
    assert.equal(await wishes.update({ order_id: id, ...receiver() }), CHANGED)
    const entry = await bench.entryOf(order)
    await accept(entry)
    assert.equal((await opened(entry, 'receiver', 'station-1')).name, ANOTHER.name)
  })
})

describe('too late, or not this order', () => {
  test('answered: refused, cancel and create anew', async () => {
    const { order, number, entry } = await wishes.taken()
    assert.equal(await wishes.update({ track_no: number, ...receiver() }), ANSWERED)
    assert.equal((await opened(entry, 'receiver', 'station-1')).name, RECEIVER.name)
    assert.equal(await wishes.stateOf(order), 'accepted')
  })

  test('collected', async () => {
    const { number } = await wishes.taken()
    const WaybillRoute = { id: number, mailno: number, opCode: '50' }
    const acceptTime = '2026-01-01 10:00:00'
    await bench.push({ Body: { WaybillRoute: { ...WaybillRoute, acceptTime } } })
    const late = await wishes.update({ track_no: number, ...receiver() })
    assert.equal(late, '50002 isv.business-failed:200101')
  })

  test('cancelled', async () => {
    const { id } = await wishes.posted()
    assert.equal(await wishes.cancel({ order_id: id }), CANCELLED)
    const late = await wishes.update({ order_id: id, ...receiver() })
    assert.equal(late, '40004 isv.parameter-invalid:10901')
  })

  test('unknown', async () => {
    assert.equal(await wishes.update({ track_no: 'SF1', ...receiver() }), UNKNOWN_NUMBER)
    assert.equal(await wishes.update({ order_id: '1', ...receiver() }), UNKNOWN_ORDER)
  })

  test('a change loses against an answer that comes first', async () => {
    const { id, entry } = await wishes.posted()
    assert.equal(await accept(entry), 'accepted')
    assert.equal(await wishes.update({ order_id: id, ...receiver() }), ANSWERED)
  })
})

describe('what was signed before', () => {
  test('an older change, replayed: the newer receiver stands', async () => {
    const { id, order } = await wishes.posted({}, after1(-10))
    const old = { order_id: id, ...receiver() }
    assert.equal(await wishes.update(old, after1(-5)), CHANGED)
    const newer = { order_id: id, ...receiver({ contact: { name: '赵六' } }) }
    assert.equal(await wishes.update(newer, after1(-3)), CHANGED)
    assert.equal(await wishes.update(old, after1(-5)), STALE)
    const entry = await bench.entryOf(order)
    assert.equal(bench.sealOf(entry, 'receiver').rev, 3)
    await accept(entry)
    assert.equal((await opened(entry, 'receiver', 'station-1')).name, '赵六')
  })

  test('a change signed before the order', async () => {
    const { id } = await wishes.posted()
    assert.equal(await wishes.update({ order_id: id, ...receiver() }, after1(-60)), STALE)
  })
})

const bad: Record<string, [expected: string, change: Parameters<typeof receiver>[0] & object]> = {
  'a mask for a name': ['40004 isv.parameter-invalid:1000', { contact: { name: '王*' } }],
  'no phone': ['40004 isv.parameter-invalid:1000', { contact: { mobile: '' } }],
  'a cipher beside clear text': [
    '40004 isv.parameter-invalid:1000',
    { contact: { name: cipher.contact.name } },
  ],
  'another country': ['40004 isv.parameter-invalid:1000', { address: { country_code: 'USA' } }],
  'no name': ['40002 isv.missing-parameter:400', { contact: { name: ' ' } }],
}
describe('what is no receiver is refused, and the old one stands', () => {
  for (const [name, [expected, change]] of Object.entries(bad))
    test(name, async () => {
      const { id, order, entry } = await wishes.posted()
      assert.equal(await wishes.update({ order_id: id, ...receiver(change) }), expected)
      assert.equal((await bench.entryOf(order)).id, entry.id)
      assert.equal(await wishes.update({ order_id: id, ...receiver() }), CHANGED)
    })

  test('nothing, or a remark alone', async () => {
    const { id } = await wishes.posted()
    assert.equal(await wishes.update({ order_id: id }), '40002 isv.missing-parameter:400')
    const alone = await wishes.update({ order_id: id, remark: '请放门口' })
    assert.equal(alone, '40004 isv.parameter-invalid:1000')
  })
})

describe('messages that the platform pushed', () => {
  const now = () => Math.floor(Date.now() / 1000)
  const TAKEN = '{"code":0,"msg":"success"}'

  test('105: the order is held until the platform cancels; nothing is released', async () => {
    const parcel = await wishes.taken()
    const { id, order, entry, number } = parcel
    const reply = await wishes.push([wishes.message('105', id, now())])
    assert.deepEqual([reply.status, reply.text], [200, TAKEN])
    assert.equal(await parcels.assigned(parcel), '409 state-conflict at /order')
    assert.equal((await bench.entryOf(order, 'change')).change, 'held')
    await wishes.cancel({ track_no: number })
    await wishes.decide(order, 2)
    assert.equal(await wishes.stateOf(order), 'cancelled')
    assert.equal(await parcels.assigned({ order, entry }), '409 state-conflict at /order')
  })

  test('105 before the answer: an update confirms, and the order goes on', async () => {
    const { id, order } = await wishes.posted()
    await wishes.push([wishes.message('105', id, now())])
    assert.equal(await wishes.update({ order_id: id, ...receiver() }, after1(1)), CHANGED)
    const kinds = (await bench.pullAll())
      .filter(one => one.order === order)
      .map(({ kind, change }) => `${kind} ${change ?? ''}`.trim())
    assert.deepEqual(kinds.toSorted(), ['change held', 'change resumed', 'waybill'])
    const entry = await bench.entryOf(order)
    await accept(entry)
    assert.equal((await opened(entry, 'receiver', 'station-1')).name, ANOTHER.name)
  })

  test('105 again after the update holds nothing', async () => {
    const { id, order } = await wishes.posted()
    const seconds = now()
    await wishes.push([wishes.message('105', id, seconds)])
    await wishes.update({ order_id: id, ...receiver() }, after1(1))
    assert.equal((await wishes.push([wishes.message('105', id, seconds)])).text, TAKEN)
    const head = (await bench.world.exchange.store.getHeads([order])).get(order)
    assert.equal(head?.held, undefined)
  })

  test('106: every parcel of the order is cancelled', async () => {
    const { id, order } = await wishes.posted()
    assert.equal((await wishes.push([wishes.message('106', id, now())])).text, TAKEN)
    assert.equal(await wishes.stateOf(order), 'cancelled')
  })

  test('111 and what is not known: acknowledged, and nothing else', async () => {
    const { id, order } = await wishes.posted()
    const messages = ['111', '100', '999'].map(tag => wishes.message(tag, id, now()))
    assert.equal((await wishes.push(messages)).text, TAKEN)
    assert.equal((await wishes.push([{ tag: 0, msg_id: '0' }])).text, TAKEN, 'a probe')
    assert.equal(await wishes.stateOf(order), 'posted')
  })

  test('about an unknown order: acknowledged, else it would come for ever', async () => {
    assert.equal(
      (await wishes.push([wishes.message('106', '6900000000000000999', now())])).text,
      TAKEN,
    )
  })

  test('a wrong signature, or an account that takes no MD5', async () => {
    const { id, order } = await wishes.posted()
    const messages = [wishes.message('106', id, now())]
    assert.equal((await wishes.push(messages, '0'.repeat(32))).status, 401)
    assert.equal((await wishes.push(messages, undefined, bench.app)).status, 401)
    assert.equal(await wishes.stateOf(order), 'posted')
  })

  test('without its time a message is refused: it could be sent again for ever', async () => {
    const { id, order } = await wishes.posted()
    const data = `{"p_id":${id}}`
    const reply = await wishes.push([{ tag: '106', msg_id: '1', data }])
    assert.equal(member(reply.body, 'code'), 40002)
    assert.equal(await wishes.stateOf(order), 'posted')
  })

  test('an old 106, replayed after a new life: the new order stands', async () => {
    const { id, order } = await wishes.posted({}, after1(-10))
    const seconds = now() - 5
    await wishes.push([wishes.message('106', id, seconds)])
    assert.equal(await wishes.stateOf(order), 'cancelled')
    const again = request([info(id, { contact: { name: '王五' } })])
    assert.equal(outcome(await bench.native(again, { at: after1(2) })), PENDING)
    assert.equal((await wishes.push([wishes.message('106', id, seconds)])).text, TAKEN)
    assert.equal(outcome(await bench.native(again, { at: after1(2) })), PENDING)
  })
})

test('a hold is lifted by its platform alone', async () => {
  const { order, entry } = await wishes.taken()
  const cause = (platform: string, on: boolean) =>
    bench.world.exchange.store.changeOrder({
      order,
      decide: head => next(head, { kind: 'hold', platform, on }, Date.now()),
    })
  await cause('douyin', true)
  assert.equal((await cause('lark', false)).outcome.kind, 'unknown')
  assert.equal(await parcels.assigned({ order, entry }), '409 state-conflict at /order')
  await cause('douyin', false)
  assert.equal(await parcels.assigned({ order, entry }), '200 released')
})

test('no fault was a bug of ours', () => assert.deepEqual(bench.bugs, []))
