import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { Readable, Writable } from 'node:stream'
import { after, describe, test } from 'node:test'
import { type CheckOptions, check } from '../../lib/cli/check.ts'
import { UsageError } from '../../lib/cli/partners.ts'
import { translate } from '../../lib/cli/translate.ts'
import { couriers } from '../../lib/couriers/index.ts'
import request from '../../lib/platforms/douyin/fixtures/request-clear.wire.json' with {
  type: 'json',
}
import { platforms } from '../../lib/platforms/index.ts'
import { lasthop, scratch } from './run.ts'

const { file, gone } = scratch()
after(gone)

/** Runs the verb over standard input, in this process. */
async function run(input: string | Uint8Array, options: CheckOptions = {}) {
  let out = ''
  const stdin = Readable.from(input.length === 0 ? [] : [Buffer.from(input)])
  const code = await check(options, '-', { stdin, stdout: { write: text => (out += text) } })
  return { code, lines: out.split('\n').slice(0, -1) }
}

/** One line: where it shows too much and why; nothing where it does not. */
async function found(input: string, options?: CheckOptions): Promise<string> {
  const { code, lines } = await run(input, options)
  assert.equal(code, lines.length === 0 ? 0 : 1)
  return lines.join('\n')
}

describe('a label', () => {
  const fine = [
    '收件人：张* 138******34',
    '收 张** 0592-*******  福建省厦门市思明区莲前街道测试路1号样例小区***',
    '王* 18400000000-1234',
    '王* 18400000000转1234',
    '收件人 *********** 详细地址保密',
    '顺丰速运 SF1234567890123 1/2',
    '客服电话 95338',
    '2026-11-24 10:00:00  1.25kg',
    '茶具套装 白色 x1 6901234567892',
    '路由器 3号色',
    '北京市 海淀区',
    '月结 755****567',
    '',
  ]
  for (const line of fine) {
    test(`is fine: ${line}`, async () => assert.equal(await found(line), ''))
  }

  const faults: [line: string, wanted: RegExp][] = [
    ['收件人：张三', /^-:1:5: the name is wholly shown; shown as 张\* it passes$/],
    ['收 欧阳样例 138******34', /^-:1:3: the name is wholly shown; shown as 欧\*\* it passes$/],
    ['王五 18400000000-1234', /^-:1:1: the name is wholly shown/],
    ['张* 138****1234', /^-:1:4: fewer than six digits of the phone are hidden; shown as \*+ it/],
    ['张* １３８****１２３４', /^-:1:4: fewer than six digits/],
    ['张* 0592-12*****', /^-:1:4: fewer than six digits/],
    ['电话：13800000000', /^-:1:4: a mobile number is wholly shown$/],
    ['电话 138 0000 0000', /^-:1:4: a mobile number is wholly shown$/],
    ['传真0592-1234567', /^-:1:3: a landline number is wholly shown$/],
    ['证件 11010519491231002X', /^-:1:4: a resident’s number is shown$/],
    ['微信幺三八零零零零零零零零', /^-:1:1: a mobile number is wholly shown$/],
    ['思明区测试路1号样例小区2栋301室', /^-:1:1: an address shows a building, unit, room/],
    ['福建省厦门市测试路1号 3-502', /^-:1:1: an address shows/],
  ]
  for (const [line, wanted] of faults) {
    test(`shows too much: ${line}`, async () => assert.match(await found(line), wanted))
  }

  test('lines and columns are those of the text', async () => {
    const text = '收 张* 138******34\r\n\r\n  收件人: 张三, 电话: 13800000000\n'
    assert.deepEqual(
      (await run(text)).lines.map(line => line.slice(0, 6).trim()),
      ['-:3:8:', '-:3:16'],
    )
  })
})

describe('a document', () => {
  const person = { name: '张*', phone: '138******00', address: '测试路1号***' }

  test('a person is known by two of three fields, under any usual name', async () => {
    assert.equal(await found(JSON.stringify({ to: person })), '')
    const named = {
      receiverName: '张三',
      receiver_mobile: '138****1234',
      detailAddress: '测试路***',
    }
    const { lines } = await run(JSON.stringify([named]))
    assert.deepEqual(lines, [
      '-:1: /0/receiverName: the name is wholly shown; shown as 张* it passes',
      '-:1: /0/receiver_mobile: fewer than six digits of the phone are hidden; shown as *********** it passes',
    ])
  })

  const cases: [what: string, document: unknown, wanted: RegExp][] = [
    [
      'unit and room',
      { ...person, address: '测试路1号2栋301' },
      /^-:1: \/address: the address shows a b/,
    ],
    [
      'nothing hidden',
      { ...person, address: '测试路' },
      /\/address: nothing of the address is hidden/,
    ],
    ['a phone that is a number', { a: 13800000000 }, /^-:1: \/a: a mobile number is wholly shown$/],
    ['free text', { items: [{ name: '加微信138-0000-0000' }] }, /^-:1: \/items\/0\/name: a mobile/],
    ['the name of a member', { 13800000000: 1 }, /^-:1: the document: the name of a member holds/],
  ]
  for (const [what, document, wanted] of cases) {
    test(what, async () => assert.match(await found(JSON.stringify(document)), wanted))
  }

  test('over many lines it has no line', async () => {
    const document = JSON.stringify({ to: { ...person, name: '张三' } }, null, 2)
    assert.match(await found(document), /^-: \/to\/name: the name is wholly shown/)
  })

  test('one a line: told by line and pointer', async () => {
    const shown = { ...person, name: '张三' }
    const lines = [person, shown, person].map(one => JSON.stringify({ to: one })).join('\n')
    assert.match(await found(lines), /^-:2: \/to\/name: the name is wholly shown/)
  })

  test('what no rule knows is named by pointers', async () => {
    const document = JSON.stringify({ to: { who: '张三', call: '1234567', 'a/b': '甲屋' } })
    assert.equal(await found(document), '')
    const told = { name: ['/to/who'], phone: ['/to/call'], address: ['/to/a~1b'] }
    assert.equal((await run(document, told)).lines.length, 3)
  })

  test('goods, virtual numbers and seals are no people', async () => {
    const document = {
      goods: [{ name: '茶具套装', quantity: 1 }],
      virtualNumber: { number: '18400000000' },
      sealed: { protected: 'A', ciphertext: '13800000000', tag: 'A' },
    }
    assert.equal(await found(JSON.stringify(document)), '')
  })

  test('the text itself is never printed, nor a member’s name that could be one', async () => {
    const document = { 张三: { name: '张三', phone: '13800000000', address: '测试路1号2栋301室' } }
    const out = await found(JSON.stringify({ ...document, request }))
    for (const value of ['张三', '13800000000', '301', '18400000000', '502']) {
      assert.ok(!out.includes(value), value)
    }
    assert.match(out, /^-:1: \/…\/name/)
  })
})

describe('every pair’s waybills pass, and what was posted does not', () => {
  for (const platform of platforms) {
    for (const courier of couriers) {
      test(`${platform.name} to ${courier.name}`, async () => {
        const { product, account } = courier.sandbox
        const posted = JSON.stringify(
          platform.sandbox.requestFor(courier.name, { product, account }),
        )
        let waybills = ''
        const stdout = new Writable({
          write(chunk, _, done) {
            waybills += chunk
            done()
          },
        })
        const options = { from: platform.name, to: courier.name, format: 'auto', product, account }
        const streams = {
          stdin: Readable.from([Buffer.from(posted)]),
          stdout,
          stderr: process.stderr,
        }
        await translate({ ...options, payer: 'sender' }, [], streams)
        assert.notEqual(waybills, '')
        assert.equal(await found(waybills), '')
      })
    }
  }
})

describe('what cannot be read', () => {
  const wrong: [what: string, input: string | Uint8Array, options: CheckOptions, RegExp][] = [
    ['broken JSON', '{"name":张三}', {}, /line 1, cannot be read: MALFORMED/],
    ['a member that comes twice', '{"a":"13800000000","a":""}', {}, /MALFORMED/],
    ['bytes that are not UTF-8', Buffer.from([0xb0, 0xa1]), {}, /MALFORMED/],
    ['a byte order mark', '\ufeff收 张*', {}, /byte order mark/],
    ['a line of 2 MB', '张'.repeat(700_000), {}, /TOO_LARGE/],
    ['a pointer to nothing', '{}', { name: ['/to/name'] }, /there is no text at \/to\/name/],
    ['no pointer', '{}', { name: ['to.name'] }, /JSON Pointer/],
    ['pointers into text', '张三', { name: ['/a'] }, /pointers are for JSON/],
  ]
  for (const [what, input, options, message] of wrong) {
    test(what, async () => {
      const named = (error: unknown) => error instanceof UsageError && message.test(error.message)
      await assert.rejects(run(input, options), named)
    })
  }

  test('JSON can be read as text', async () => {
    assert.match(await found('[收 张三]', { text: true }), /^-:1:4: the name/)
  })
})

test('exit codes and options of the command', async () => {
  writeFileSync(file('label.json'), '{"to":{"who":"张三"}}')
  const runs = await Promise.all([
    lasthop(['check'], '收 张* 138******34\n'),
    lasthop(['check', '--name', '/to/who', file('label.json')]),
    lasthop(['check', file('nothing')]),
    lasthop(['check', '--colour']),
  ])
  assert.deepEqual(
    runs.map(({ code }) => code),
    [0, 1, 2, 2],
  )
  assert.equal(
    runs[1]?.out,
    `${file('label.json')}:1: /to/who: the name is wholly shown; shown as 张* it passes\n`,
  )
  assert.equal(runs[2]?.err, `lasthop: cannot read ${file('nothing')}\n`)
})
