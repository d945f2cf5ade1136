import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { runChecks } from '../../lib/cli/conform.ts'
import { type Bug, startBrokenServer } from './broken-server.ts'
import { bugs, utf8 } from './planted-bugs.ts'
import { lasthop, scratch } from './run.ts'

let server: Awaited<ReturnType<typeof startBrokenServer>>
before(async () => {
  server = await startBrokenServer()
})
after(() => server.stop())

/** Names of the checks that fail, of those with `only` in their name. */
async function failing(bug: Bug | undefined, only = ''): Promise<string[]> {
  const lines: string[] = []
  server.plant(bug)
  await runChecks(server.target, only, line => lines.push(line))
  return lines.filter(line => line.startsWith('FAIL'))
}

/** Sees a bug of the memory kind: what the last post was. */
let posted = ''
const remembering: Bug = async (request, { forward }) => {
  if (/\/orders$/.test(request.path)) posted = utf8(request.body)
  return forward(request)
}

test('the gateway itself conforms, every check', async () => {
  assert.deepEqual(await failing(undefined), [])
})

describe('what a server does wrong is caught', () => {
  for (const [what, caughtBy, bug] of bugs) {
    test(what, async () => {
      const lines = await failing(bug, caughtBy)
      assert.equal(lines.length, 1, lines.join('\n'))
      assert.doesNotMatch(lines[0] ?? '', /strict JSON/, 'a bug that is what it says')
    })
  }

  test('an answer repeats what was posted', async () => {
    const bug: Bug = async (request, gateway) => {
      const reply = await remembering(request, gateway)
      if (!/waybills\?/.test(request.path)) return reply
      const [name = ''] = /"name":"司徒[^"]*"/.exec(posted) ?? []
      const text = (await reply.text()).replace(/\}$/, `,${name}}`)
      return new Response(text, { headers: { 'content-type': 'application/json' } })
    }
    const lines = await failing(bug)
    assert.match(lines.join('\n'), /FAIL {2}no answer held a name, phone, address or remark/)
    assert.doesNotMatch(lines.join('\n'), /司徒/)
  })
})

describe('the verb', () => {
  const { file, gone } = scratch()
  after(gone)

  test('takes keys from files, and fails by its exit code', async () => {
    server.plant(undefined)
    const { origin, platform, courier } = server.target
    for (const [name, { key }] of Object.entries({ platform, courier })) {
      writeFileSync(file(`${name}.pem`), key.key.export({ format: 'pem', type: 'pkcs8' }))
      writeFileSync(file(`${name}.jwk`), JSON.stringify(key.key.export({ format: 'jwk' })))
    }
    const args = (ending: string, keyid = platform.key.keyid) => [
      ...['conform', `${origin}/`, '--data', file('none'), '--only', 'posted is pending'],
      ...['--platform-keyid', keyid, '--platform-key', file(`platform.${ending}`)],
      ...['--courier-keyid', courier.key.keyid, '--courier-key', file(`courier.${ending}`)],
    ]
    for (const ending of ['pem', 'jwk']) {
      const { code, out } = await lasthop(args(ending))
      assert.equal(
        out,
        'pass  an order that was posted is pending, with its names\n\n1 passed, 0 failed\n',
      )
      assert.equal(code, 0)
    }
    const stranger = await lasthop(args('pem', 'nobody'))
    assert.match(
      stranger.out,
      /^FAIL {2}an order that was posted .*: status of orders: expected 200, found 401\n/,
    )
    assert.equal(stranger.code, 1)
  })

  const misused: [what: string, args: string[]][] = [
    ['no URL', ['conform']],
    ['another kind of URL', ['conform', 'ftp://a.example']],
    ['no URL at all', ['conform', 'gateway']],
    ['no key', ['conform', 'http://127.0.0.1:1', '--data', 'none-here']],
    ['a key without its name', ['conform', 'http://127.0.0.1:1', '--platform-key', 'x']],
  ]
  for (const [what, args] of misused) {
    test(`is not understood with ${what}`, async () => {
      const { code, out, err } = await lasthop(args)
      assert.deepEqual([code, out], [2, ''])
      assert.notEqual(err, '')
    })
  }

  test('helps, with an example', async () => {
    const { code, out } = await lasthop(['conform', '--help'])
    assert.equal(code, 0)
    assert.match(out, /lasthop conform https:\/\/gateway\.example/)
  })
})
