import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { after, describe, test } from 'node:test'
import { UsageError } from '../../lib/cli/partners.ts'
import { type TranslateOptions, translate } from '../../lib/cli/translate.ts'
import { couriers } from '../../lib/couriers/index.ts'
import request from '../../lib/platforms/douyin/fixtures/request-clear.wire.json' with {
  type: 'json',
}
import { platforms } from '../../lib/platforms/index.ts'
import { lasthop, scratch } from './run.ts'

const { file, gone } = scratch()
after(gone)

const LINE = JSON.stringify(request)
const ORDERS = request.order_infos.length
const BOM = '\ufeff'
/** What people are called and where they live in the request: none of it may come out. */
const PERSONAL = ['张三', '王五', '13800000000', '502室', '3栋']

/** Runs the verb in this process. */
async function run(
  input: string | Uint8Array | readonly Uint8Array[],
  options: Partial<TranslateOptions> = {},
  files: readonly string[] = [],
) {
  const out: string[] = []
  let err = ''
  const chunks = typeof input === 'string' ? [Buffer.from(input)] : [input].flat()
  const stdout = new Writable({
    write(chunk, _, done) {
      out.push(String(chunk))
      setImmediate(done)
    },
    highWaterMark: 1,
  })
  const stderr = { write: (text: string) => (err += text) }
  const streams = { stdin: Readable.from(chunks), stdout, stderr }
  const all = { from: 'douyin', to: 'sf', format: 'auto', ...options }
  const code = await translate(all, files, streams)
  return { code, waybills: out.map(line => JSON.parse(line)), err, out: out.join('') }
}

describe('every pair', () => {
  for (const platform of platforms) {
    for (const courier of couriers) {
      test(`${platform.name} to ${courier.name}`, async () => {
        const { product, account } = courier.sandbox
        const posted = platform.sandbox.requestFor(courier.name, { product, account })
        const pair = { from: platform.name, to: courier.name, product, account, payer: 'sender' }
        const { code, waybills, err } = await run(JSON.stringify(posted), pair)
        assert.equal(err, '')
        assert.equal(code, 0)
        assert.ok(waybills.length > 0)
      })
    }
  }
})

describe('what comes in', () => {
  const readable: [what: string, input: string | readonly Uint8Array[], orders: number][] = [
    ['one request on one line', `${LINE}\n`, ORDERS],
    ['no line end at the end', `${LINE}\n${LINE}`, 2 * ORDERS],
    ['empty lines', `\n${LINE}\n\n  \n${LINE}\n\n`, 2 * ORDERS],
    ['line ends of Windows', `${LINE}\r\n${LINE}\r\n`, 2 * ORDERS],
    ['a request over many lines', JSON.stringify(request, null, 2), ORDERS],
    ['byte by byte', Array.from(Buffer.from(`${LINE}\n`), byte => Buffer.from([byte])), ORDERS],
    ['nothing', '', 0],
  ]
  for (const [what, input, orders] of readable) {
    test(what, async () => {
      const { code, waybills, err } = await run(input)
      assert.deepEqual([code, waybills.length, err], [0, orders, ''])
    })
  }

  const refused: [what: string, input: string, line: string][] = [
    ['a line that is no JSON', `${LINE}\n{"order_infos":[张三\n${LINE}\n`, '-:2: MALFORMED'],
    ['a line of 2 MB', `${LINE}\n"${'张'.repeat(700_000)}"\n${LINE}\n`, '-:2: TOO_LARGE'],
    ['a line that is no request', `${LINE}\n{"name":"张三"}\n${LINE}\n`, '-:2: WIRE_INVALID'],
  ]
  for (const [what, input, line] of refused) {
    test(`${what} is told by its number, and the others go on`, async () => {
      const { code, waybills, err } = await run(input)
      assert.equal(code, 1)
      assert.equal(waybills.length, 2 * ORDERS)
      assert.ok(err.startsWith(line), err)
      assert.match(err, /\n4 waybills, 1 refused\n$/)
      assert.ok(!err.includes('张三'))
    })
  }

  const unreadable: [what: string, input: string | Uint8Array, message: RegExp][] = [
    ['a byte order mark', BOM + LINE, /standard input begins with a byte order mark/],
    ['UTF-16', Buffer.from(BOM + LINE, 'utf16le'), /is UTF-16/],
    ['a document that is no JSON', '{\n"a": 张三\n', /cannot be read: MALFORMED/],
    [
      'a document of 2 MB',
      `[\n${`"${'0'.repeat(999)}",\n`.repeat(2_000)}0]`,
      /cannot be read: TOO_LARGE/,
    ],
  ]
  for (const [what, input, message] of unreadable) {
    test(`${what} is not read`, async () => {
      await assert.rejects(run(input), error => {
        assert.ok(error instanceof UsageError)
        assert.match(error.message, message)
        assert.ok(!error.message.includes('张三'))
        return true
      })
    })
  }
})

describe('what comes out', () => {
  test('native waybills, one a line, nobody in clear', async () => {
    const { out, waybills } = await run(`${LINE}\n`)
    for (const value of PERSONAL) assert.ok(!out.includes(value), value)
    assert.deepEqual(
      waybills.map(({ orderSource, parcelQty }) => [orderSource, parcelQty]),
      [
        ['douyin', 1],
        ['douyin', 2],
      ],
    )
  })

  test('an order that is refused: place, code and pointer, never a value', async () => {
    const broken = structuredClone(request)
    Object.assign(broken.order_infos[1]?.receiver_info.address ?? {}, { province_name: '张三省' })
    const [first, second] = broken.order_infos
    Object.assign(first ?? {}, { total_weight: '张三' })
    Object.assign(second ?? {}, { pay_method: 99 })
    const { code, waybills, err } = await run(`${LINE}\n${JSON.stringify(broken)}\n`)
    assert.deepEqual([code, waybills.length], [1, ORDERS])
    assert.match(err, /^-:2: order 1: [A-Z_]+ at \/order_infos\/0\/\w+/m)
    assert.match(err, /^-:2: order 2: [A-Z_]+ at \/order_infos\/1\/\w+/m)
    assert.ok(!err.includes('张三'))
  })

  test('an order for another courier is not written as this one’s', async () => {
    const other = { ...request, logistics_code: 'no-courier' }
    const { code, waybills, err } = await run(JSON.stringify(other))
    assert.deepEqual([code, waybills], [1, []])
    assert.match(err, /COURIER_UNMAPPED/)
  })

  test('agreed terms stand in for what an order does not name', async () => {
    const {
      product_type: _product,
      net_info: _account,
      pay_method: _payer,
      ...element
    } = request.order_infos[0] ?? assert.fail()
    const bare = JSON.stringify({ ...request, order_infos: [element] })
    assert.match((await run(bare)).err, /UNMAPPED/)
    const terms = { product: '263', account: '7550000000', payer: 'sender' }
    const { err, waybills } = await run(bare, terms)
    assert.equal(err, '')
    const { expressTypeId, monthlyCard, payMethod } = waybills[0]
    assert.deepEqual([expressTypeId, monthlyCard, payMethod], [263, '7550000000', 1])
  })

  test('a courier’s settings come from a file', async () => {
    writeFileSync(
      file('sf.json'),
      JSON.stringify({ settings: { displayLevel: 'region', native: {} } }),
    )
    const { waybills } = await run(LINE, { settings: file('sf.json') })
    assert.doesNotMatch(JSON.stringify(waybills), /测试路/)
  })

  test('into a file, from several files', async () => {
    writeFileSync(file('a.ndjson'), `${LINE}\n`)
    writeFileSync(file('b.json'), JSON.stringify(request, null, 2))
    const out = file('waybills.ndjson')
    const { code, waybills } = await run('', { out }, [file('a.ndjson'), file('b.json')])
    assert.deepEqual([code, waybills], [0, []])
    assert.equal(readFileSync(out, 'utf8').trim().split('\n').length, 2 * ORDERS)
  })
})

describe('usage', () => {
  const wrong: [what: string, options: Partial<TranslateOptions>, files: string[], RegExp][] = [
    ['unknown platform', { from: 'nobody' }, [], /no partner "nobody"; there are: douyin/],
    ['unknown courier', { to: 'nobody' }, [], /no partner "nobody"; there are: sf/],
    ['unknown format', { format: 'xml' }, [], /--format is/],
    ['unknown payer', { payer: 'me' }, [], /--payer is one of/],
    ['no such file', {}, [file('nothing')], /cannot read .*nothing/],
    ['a folder', {}, [file('')], /cannot read/],
    ['no such folder', { out: file('no/where') }, [], /cannot write/],
    ['a full device', { out: '/dev/full' }, [], /cannot write/],
    ['settings that are none', { settings: file('none.json') }, [], /holds no settings/],
    ['over its own input', { out: file('in') }, [file('in')], /is a file that is read/],
  ]
  writeFileSync(file('none.json'), '{"settings":{"displayLevel":"all"}}')
  writeFileSync(file('in'), LINE)
  for (const [what, options, files, message] of wrong) {
    test(what, async () => {
      const named = (error: unknown) => error instanceof UsageError && message.test(error.message)
      await assert.rejects(run(LINE, options, files), named)
    })
  }
  test('the input that was nearly written over is as it was', () => {
    assert.equal(readFileSync(file('in'), 'utf8'), LINE)
  })
})

describe('as a process', () => {
  test('exit codes', async () => {
    const pair = ['translate', '--from', 'douyin', '--to', 'sf']
    const broken = JSON.stringify({ ...request, logistics_code: 'no-courier' })
    const codes = await Promise.all([
      lasthop(pair, LINE),
      lasthop(pair, broken),
      lasthop([...pair, file('nothing')]),
      lasthop(['translate', '--from', 'douyin']),
    ])
    assert.deepEqual(
      codes.map(({ code }) => code),
      [0, 1, 2, 2],
    )
  })

  /** Feeds requests to a process that may hold 64 MB. */
  async function feed(requests: number, reading: (out: Readable) => Promise<unknown>) {
    const cli = resolve(import.meta.dirname, '../../lib/cli/lasthop.ts')
    const args = ['--max-old-space-size=64', cli, 'translate', '--from', 'douyin', '--to', 'sf']
    const child = spawn(process.execPath, args)
    let err = ''
    child.stderr.on('data', chunk => (err += chunk))
    const lines = Readable.from(
      (function* () {
        for (let n = 0; n < requests; n++) yield `${LINE}\n`
      })(),
    )
    const fed = pipeline(lines, child.stdin).catch(() => 'broken')
    const [[code, signal]] = await Promise.all([once(child, 'close'), reading(child.stdout), fed])
    return { code, signal, err }
  }

  test('20,000 orders in little memory, to a reader that waits', async () => {
    let bytes = 0
    let lines = 0
    const ended = await feed(20_000 / ORDERS, async out => {
      for await (const chunk of out) {
        if (bytes === 0) await new Promise(done => setTimeout(done, 300))
        bytes += chunk.length
        for (const byte of chunk) if (byte === 10) lines += 1
      }
    })
    assert.deepEqual(ended, { code: 0, signal: null, err: '' })
    assert.equal(lines, 20_000)
    assert.ok(bytes > 10_000_000)
  })

  test('a reader that stops reading ends it quietly', async () => {
    const ended = await feed(5_000, async out => {
      await once(out, 'data')
      out.destroy()
    })
    assert.deepEqual(ended, { code: 0, signal: null, err: '' })
  })
})

test('on a terminal it shows how far it is, and nowhere else', async () => {
  const { openProgress } = await import('../../lib/cli/translate/progress.ts')
  let now = 0
  let text = ''
  const screen = openProgress({ isTTY: true, write: more => (text += more) }, () => now)
  screen.done(1, 0)
  now = 250
  screen.done(1234, 5)
  screen.say('a remark')
  screen.end()
  assert.equal(text, '\r\x1b[K1,234 orders, 5 refused\r\x1b[Ka remark\n\r\x1b[K')
  text = ''
  const plain = openProgress({ write: more => (text += more) }, () => now)
  now = 5_000
  plain.done(1234, 5)
  plain.end()
  assert.equal(text, '')
})
