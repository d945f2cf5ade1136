import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { list, member, textOf } from '../../../lib/cli/send.ts'
import type { Personal } from '../../../lib/model/validate.ts'
import { type Bench, orderOf, startBench } from './bench.ts'
import {
  fresh,
  info,
  type Json,
  outcomes,
  PENDING,
  RECEIVER,
  request,
  SENDER,
  sf,
} from './orders.ts'

// What the last hop opens is what was posted, byte for byte; numbers come back as they were written.

let bench: Bench
before(async () => {
  bench = await startBench()
})
after(() => bench.stop())

const bytes = (personal: object) =>
  Object.fromEntries(
    Object.entries(personal).map(([name, value]) => [
      name,
      Buffer.from(String(value)).toString('hex'),
    ]),
  )

/** Posts, pulls, answers, assigns both groups, opens both. */
async function travel(id: string, change: Json): Promise<Record<'receiver' | 'sender', Personal>> {
  const order = orderOf(id)
  const entry = await bench.accepted(request([info(id, change)]), order)
  const assigned = (['receiver', 'sender'] as const).map(group =>
    bench.statement(bench.sealOf(entry, group)),
  )
  for (const result of await bench.assign(assigned))
    assert.equal(textOf(result, 'outcome'), 'released')
  const receiver = await bench.open(order)
  const sender = await bench.open(order, { hop: 'pickup-1', group: 'sender' })
  return { receiver, sender }
}

const name = (text: string) => ({ posted: { contact: { name: text } }, opened: { name: text } })
const address = (text: string) => ({
  posted: { address: { detail_address: text } },
  opened: { address: text },
})

const cases: Record<string, { posted: Json; opened: Json }> = {
  'a plain name': name('张三'),
  'one character': name('王'),
  'a character beyond the basic plane': name('𠮷野家'),
  'a rare character': name('王䶮'),
  'a minority name': name('买买提·阿不都热依木'),
  'an emoji with a skin and a joiner': name('小明👩🏽‍🚀'),
  'a composed letter': name('Ren\u00e9'),
  'the same letter, decomposed': name('Rene\u0301'),
  'an ideograph with a variation selector': name('葛\u{E0100}城'),
  'blanks inside and around': name(' 张  三\u3000'),
  'quotes, backslashes, angle brackets': name('"张\\三" <&\'>'),
  'a text that looks like a template': name('{{张三}} %HOME% $1 %s'),
  'a name of 200 characters': name('张'.repeat(200)),
  'line breaks in the address': address('测试路1号\n样例小区\t2栋301室'),
  'an address in full width': address('测试路１号样例小区２栋３０１室'),
  'an address with the region in it': address('福建省厦门市思明区莲前街道测试路1号2栋301'),
  'right to left': address('测试路1号 \u202eشارع\u202c 301'),
  'an address as long as it may be': address(`测试路1号${'长'.repeat(594)}`),
  'an emoji in the address': address('测试路1号🏠301'),
  'a street line that is no town': {
    posted: { address: { street_name: '测试路9弄', detail_address: '2栋301室' } },
    opened: { address: '测试路9弄2栋301室' },
  },
  'a landline alone': {
    posted: { contact: { mobile: '', phone: '0592-1234567' } },
    opened: { phone: undefined, telephone: '0592-1234567' },
  },
  'both phones': {
    posted: { contact: { phone: '0592-1234567' } },
    opened: { telephone: '0592-1234567' },
  },
  'a phone as people write it': {
    posted: { contact: { mobile: '+86 138 0000 0000' } },
    opened: { phone: '+86 138 0000 0000' },
  },
  'a virtual number': {
    posted: { contact: { mobile: '18400000000-1234' } },
    opened: { phone: '18400000000-1234' },
  },
  'a remark': {
    posted: { remark: '请放门口，谢谢🙏 𠮷' },
    opened: { remark: '请放门口，谢谢🙏 𠮷' },
  },
}

for (const [what, { posted, opened }] of Object.entries(cases)) {
  test(what, async () => {
    const { receiver, sender } = await travel(fresh(), posted)
    const { phone, ...rest }: Json = { ...RECEIVER, ...opened }
    assert.deepEqual(bytes(receiver), bytes(phone === undefined ? rest : { phone, ...rest }))
    assert.deepEqual(bytes(sender), bytes(SENDER))
  })
}

test('numbers beyond 2^53, written as numbers and as texts, are the same orders', async () => {
  const [id, other, pack] = [fresh(), fresh(), '9007199254740993']
  const asText = info(id, { combine_orders: [other], pack_id: pack.slice(0, 15) })
  const numbers = request([asText]).replaceAll(/"(\d{15,19})"/g, '$1')
  assert.ok(numbers.includes(`"order_id":${id}`))
  assert.deepEqual(outcomes(await bench.post(numbers)), [`${id}: ${PENDING}`])
  assert.deepEqual(outcomes(await bench.post(request([asText]))), [`${id}: ${PENDING}`])

  const order = orderOf([id, other], pack.slice(0, 15))
  const entry = await bench.entryOf(order)
  assert.equal(member(entry.document, 'custReferenceNo'), `${id},${other}`)
  await bench.answer([{ id: entry.id, document: sf.sandbox.answer(entry.document) }])
  const { body } = await bench.post(numbers)
  const [ebill] = list(body, 'data', 'ebill_infos')
  assert.deepEqual([textOf(ebill, 'order_id'), textOf(ebill, 'pack_id')], [id, pack.slice(0, 15)])
  const event = (await bench.events()).entries.find(one => one.order === order)
  assert.equal(member(event?.document, 'data', 'ebill_infos', 0, 'order_id'), id)
})

test('two numbers that a double cannot tell apart are two orders', async () => {
  const [one, two] = ['6900000000000000993', '6900000000000000994']
  assert.equal(Number(one), Number(two))
  const text = request([info(one), info(two)]).replaceAll(/"(69\d{17})"/g, '$1')
  assert.deepEqual(outcomes(await bench.post(text)), [`${one}: ${PENDING}`, `${two}: ${PENDING}`])
  assert.notEqual((await bench.entryOf(orderOf(one))).id, (await bench.entryOf(orderOf(two))).id)
})
