import type { Bug, Passing } from './broken-server.ts'

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

/** A body as text. */
export const utf8 = (body: string) => Buffer.from(body, 'latin1').toString('utf8')
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

/** Servers that misbehave, one way each: what they do, the check that must catch it, and how. */
export const bugs: readonly [what: string, caughtBy: string, bug: Bug][] = [
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
