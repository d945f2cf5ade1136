import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { after, describe, test } from 'node:test'
import { runDemo } from '../../lib/cli/demo/demo.ts'
import { isPosted, textsOf } from '../../lib/cli/demo/judge.ts'
import { UsageError } from '../../lib/cli/partners.ts'
import { couriers } from '../../lib/couriers/index.ts'
import { personalText } from '../../lib/model/personal-text.ts'
import { platforms } from '../../lib/platforms/index.ts'
import { lasthop, scratch } from './run.ts'

const { file, gone } = scratch()
after(gone)

const FILES = [
  '1-request.json',
  '2-waybill.json',
  '3-answer.json',
  '4-platform-event.json',
  '5-refused.json',
  '6-opened.json',
]

/** Plays a demonstration in this process. */
async function play(
  platform: string,
  courier: string,
  more: { order?: string; out?: string } = {},
) {
  let text = ''
  const code = await runDemo({ platform, courier, ...more }, shown => {
    text += shown
  })
  return { code, text }
}

describe('every pair, with the built-in order', () => {
  for (const { name: platform } of platforms) {
    for (const { name: courier } of couriers) {
      test(`${platform} to ${courier}`, async () => {
        const out = file(`${platform}-${courier}`)
        const { code, text } = await play(platform, courier, { out })
        assert.doesNotMatch(text, /NOT AS EXPECTED/)
        assert.equal(code, 0)
        assert.deepEqual(readdirSync(out), FILES)
        const read = (name: string) => JSON.parse(readFileSync(`${out}/${name}`, 'utf8'))
        const opened: { personal: Record<string, string> }[] = read('6-opened.json')
        assert.ok(opened.length > 0)
        const waybill = JSON.stringify(read('2-waybill.json'))
        for (const { personal } of opened) {
          for (const [field, value] of Object.entries(personal)) {
            const isNumber = /^\d{11}-\d+$/.test(value)
            if (!isNumber) assert.ok(!waybill.includes(value), `${field} is in the waybill`)
          }
        }
        const refused: { refused: boolean }[] = read('5-refused.json')
        assert.ok(refused.length > 10 && refused.every(one => one.refused))
        assert.ok(read('4-platform-event.json').length > 0)
      })
    }
  }
})

describe('the user’s own file', () => {
  const [platform, courier] = [platforms[0], couriers[0]]
  assert.ok(platform && courier)
  const { product, account } = courier.sandbox
  const builtIn = JSON.stringify(platform.sandbox.requestFor(courier.name, { product, account }))

  test('is played as it is, by the command', async () => {
    const order = file('own.json')
    const own = builtIn.replaceAll('张三', '样例')
    writeFileSync(order, own)
    const out = file('own')
    const pair = ['--platform', platform.name, '--courier', courier.name]
    const {
      code,
      out: text,
      err,
    } = await lasthop(['demo', ...pair, '--order', order, '--out', out])
    assert.equal(code, 0, text + err)
    assert.match(text, /Everything held\.\n$/)
    assert.equal(readFileSync(`${out}/1-request.json`, 'utf8'), own)
    assert.match(readFileSync(`${out}/6-opened.json`, 'utf8'), /样例/)
  })

  const wrong: [what: string, text: string, message: RegExp][] = [
    ['a byte order mark', `\ufeff${builtIn}`, /begins with a byte order mark/],
    ['no JSON', '{', /is no order request of \w+: MALFORMED/],
    ['another document', '{"a":1}', /is no order request/],
  ]
  for (const [what, text, message] of wrong) {
    test(`${what} is said before anything starts`, async () => {
      const order = file('wrong.json')
      writeFileSync(order, text)
      const named = (error: unknown) => error instanceof UsageError && message.test(error.message)
      await assert.rejects(play(platform.name, courier.name, { order }), named)
    })
  }
})

describe('what a hop read is judged by the texts of the posted document', () => {
  const nested = { name: '张三', address: JSON.stringify({ street: '测试路', house: '1号' }) }
  const texts = new Set(textsOf({ to: nested, phone: 13800000000, remarks: ['轻放', '放门口'] }))
  const personal = (of: Record<string, string>) => ({
    name: personalText(of.name ?? '张三'),
    phone: personalText(of.phone ?? '13800000000'),
    address: personalText(of.address ?? '测试路1号'),
    ...(of.remark === undefined ? {} : { remark: personalText(of.remark) }),
  })

  const same: Record<string, string>[] = [{}, { address: '1号' }, { remark: '轻放;放门口' }]
  for (const of of same) {
    test(`posted: ${JSON.stringify(of)}`, () => assert.ok(isPosted(personal(of), texts)))
  }
  const other: Record<string, string>[] = [
    { name: '张' },
    { name: '张三轻放' },
    { phone: '1380000000' },
    { address: '测试路1' },
    { address: '测试路1号2' },
    { remark: '轻放放门' },
  ]
  for (const of of other) {
    test(`not posted: ${JSON.stringify(of)}`, () => assert.ok(!isPosted(personal(of), texts)))
  }
})
