import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { runChecks } from '../../lib/cli/conform.ts'
import { type Bug, type Passing, startBrokenServer } from './broken-server.ts'
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

type Json = { readonly [name: string]: unknown }

/** A bug in the answers to some calls: their JSON, rewritten. */
const answers =
  (path: RegExp, rewrite: (text: string, request: Passing) => string, status?: number): Bug =>
  async (request, { forward }) => {
    const reply = await forward(request)
    if (!path.test(request.path)) return reply
    const text = rewrite(await reply.text(), request)
    const headers = { 'content-type': reply.headers.get('content-type') ?? '' }
    return new Response(text, { status: status ?? reply.status, headers })
  }

/** A bug in the entries of a feed. */
const entries = (path: RegExp, change: (all: Json[]) => Json[]): Bug =>
  answers(path, text => {
    const page: { entries?: Json[] } = JSON.parse(text)
    return JSON.stringify(
      page.entries === undefined ? page : { ...page, entries: change(page.entries) },
    )
  })

/** A bug in who is let in: some of those who are refused. */
const lenient =
  (excuses: (request: Passing) => boolean): Bug =>
  async (request, { forward, resigned }) => {
    const reply = await forward(request)
    return reply.status === 401 && excuses(request) ? resigned(request) : reply
  }

/** A bug in how bodies are read: they are parsed as JSON is by default. */
const parsed: Bug = async (request, { forward, resigned }) => {
  try {
    return await resigned({
      ...request,
      body: latin1(JSON.stringify(JSON.parse(utf8(request.body)))),
    })
  } catch {
    return forward(request)
  }
}

const utf8 = (body: string) => Buffer.from(body, 'latin1').toString('utf8')
const latin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1')
const signedAt = ({ headers }: Passing) =>
  Number(/created=(\d+)/.exec(headers.get('signature-input') ?? '')?.[1])
const isOld = (request: Passing) => Math.abs(signedAt(request) - Date.now() / 1000) > 600
const sealsOf = (entry: Json): Record<string, Json> => Object(entry.sealed)

const sealed = (change: (seal: Json) => Json) =>
  entries(/waybills\?/, all =>
    all.map(entry => ({
      ...entry,
      ...('sealed' in entry
        ? {
            sealed: Object.fromEntries(
              Object.entries(sealsOf(entry)).map(([group, seal]) => [group, change(seal)]),
            ),
          }
        : {}),
    })),
  )

/** Sees a bug of the memory kind: what the last post was. */
let posted = ''
const remembering: Bug = async (request, { forward }) => {
  if (/\/orders$/.test(request.path)) posted = utf8(request.body)
  return forward(request)
}

const bugs: [what: string, caughtBy: string, bug: Bug][] = [
  [
    'unsigned calls are let in',
    '401 for a call that nobody signed',
    lenient(({ headers }) => !headers.has('signature')),
  ],
  [
    'the digest is not compared',
    '401 for another body',
    lenient(({ headers, body }) => headers.has('signature') && body.endsWith(' ')),
  ],
  [
    'the query need not be signed',
    '401 for a query',
    lenient(({ path }) => path.includes('shard=0')),
  ],
  [
    'the host need not be signed',
    '401 for a call that was signed for another host',
    lenient(({ headers }) => headers.has('signature')),
  ],
  ['signatures never grow old', '401 for a signature of an hour ago', lenient(isOld)],
  [
    'whoever has any key is let in',
    '401 for the key of the other side',
    lenient(({ headers }) => headers.has('signature')),
  ],
  [
    'a 401 says why',
    '401 for a name that nobody has',
    answers(/./, text => text.replace('UNAUTHENTICATED', 'KEY_UNKNOWN')),
  ],
  [
    'bad JSON is an error of the server',
    '400 for JSON that breaks off',
    async (request, { forward }) => {
      const reply = await forward(request)
      return reply.status === 400 ? new Response('oops', { status: 500 }) : reply
    },
  ],
  ['of a name that stands twice the last counts', '400 for a name that stands twice', parsed],
  [
    'unknown members are passed over',
    'a member that no schema names fails alone',
    async (request, { forward, resigned }) =>
      request.body.includes('"more":1')
        ? resigned({ ...request, body: request.body.replaceAll(',"more":1', '') })
        : forward(request),
  ],
  [
    'numbers are doubles',
    'numbers beyond 2^53',
    answers(/waybills\?/, text => text.replaceAll(/"(69\d{10})\d+"/g, '"$10000000"')),
  ],
  [
    'one fault refuses the batch',
    'an amount of 0 fails alone',
    answers(/\/orders$/, text =>
      text.includes('"failed"') ? text.replaceAll('"pending"', '"cancelled"') : text,
    ),
  ],
  [
    'a number is invented while the courier is silent',
    'an order that was posted is pending',
    answers(/\/orders$/, text => text.replace('"pending"', '"accepted"')),
  ],
  [
    'another body under the same name is a repeat',
    'another body is ORDER_CHANGED',
    answers(/\/orders$/, text =>
      text.includes('ORDER_CHANGED')
        ? text.replace(/,"problem":\{[^}]*\}/, '').replace('"failed"', '"pending"')
        : text,
    ),
  ],
  [
    'displays hide four digits',
    'displays hide',
    answers(/waybills\?/, text =>
      text.replaceAll(/"phone":"(\d{3})\*{6}(\d\d)"/g, '"phone":"$1****12$2"'),
    ),
  ],
  [
    'the wrapped key is handed out',
    'seals are bound',
    sealed(({ keyHash: _, ...seal }) => ({ ...seal, encrypted_key: 'A'.repeat(512) })),
  ],
  [
    'a seal is of another group',
    'seals are bound',
    entries(/waybills\?/, all =>
      all.map(entry => ({
        ...entry,
        sealed: { sender: sealsOf(entry).receiver, receiver: sealsOf(entry).sender },
      })),
    ),
  ],
  [
    'a seal’s body is another',
    'seals are signed',
    sealed(seal => ({ ...seal, tag: 'A'.repeat(22) })),
  ],
  [
    'pages ignore their limit',
    'reading moves nothing',
    async (request, { forward, resigned }) =>
      /waybills\?/.test(request.path)
        ? resigned({ ...request, path: request.path.replace('limit=2', 'limit=100') })
        : forward(request),
  ],
  [
    'the cursor is off by one',
    'reading moves nothing',
    entries(/waybills\?limit=2/, all => all.slice(0, 1)),
  ],
  [
    'an answer to a foreign order is taken',
    'to another order, is refused',
    answers(/answers$/, text => text.replace('"status":422', '"status":200')),
  ],
  [
    'the last of two answers stands',
    'another one is ORDER_CHANGED',
    answers(/answers$/, text => text.replace('"status":409', '"status":200')),
  ],
  [
    'a gone entry takes an answer',
    'before the answer a cancellation',
    answers(/answers$/, text => text.replace('"status":409', '"status":200')),
  ],
  [
    'acceptances are lost',
    'an accepted answer',
    entries(/events\?/, all => all.filter(({ kind }) => kind !== 'ebill')),
  ],
  [
    'a repeated event is delivered twice',
    'delivered once',
    entries(/events\?/, all =>
      all.flatMap(entry => (entry.kind === 'tracking' ? [entry, entry] : [entry])),
    ),
  ],
  [
    'an unknown status is guessed',
    'an unknown status',
    answers(/events\?/, text => text.replaceAll('"unknown"', '"in-transit"')),
  ],
  [
    'an unknown status is dropped',
    'an unknown status',
    entries(/events\?/, all => all.filter(entry => !JSON.stringify(entry).includes('"unknown"'))),
  ],
  [
    'a push about an unknown waybill is refused',
    'an unknown waybill is acknowledged',
    async (request, { forward }) => {
      const reply = await forward(request)
      return /couriers\/standard\/events$/.test(request.path)
        ? new Response('{}', { status: 404 })
        : reply
    },
  ],
  [
    'acknowledged entries come back',
    'owed no more',
    async (request, { forward }) =>
      /acks$/.test(request.path)
        ? new Response('{"acknowledged":1,"unanswered":[]}', {
            headers: { 'content-type': 'application/json' },
          })
        : forward(request),
  ],
  [
    'a cancellation is done though the courier was not asked',
    'its no lets',
    answers(/cancellations$/, text => text.replace('"asked"', '"cancelled"')),
  ],
  [
    'an unknown order is told from another’s',
    'an order that is unknown is unknown',
    answers(/cancellations$/, text => text.replaceAll('"unknown"', '"denied"')),
  ],
  [
    'a change of the receiver leaves the seal',
    'rev 2',
    answers(/waybills\?/, text => text.replaceAll('"rev":2', '"rev":1')),
  ],
  [
    'problems are not typed',
    '404, as a problem',
    async (request, { forward }) => {
      const reply = await forward(request)
      return new Response(await reply.text(), {
        status: reply.status,
        headers: { 'content-type': 'application/json' },
      })
    },
  ],
]

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
