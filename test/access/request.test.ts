import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkPath, readRequest } from '../../lib/access/request.ts'

const at = (path: string) => `https://any.example${path}`
const utf8 = (text: string) => new TextEncoder().encode(text)

test('reads method, path, query, headers and body as they came', async () => {
  const raw = await readRequest(
    new Request(at('/v1/couriers/sf/waybills?limit=10&after=a%2Bb+c'), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Some': 'a, b' },
      body: '{"a":1}\n',
    }),
  )
  assert.equal(raw.method, 'POST')
  assert.equal(raw.path, '/v1/couriers/sf/waybills')
  assert.deepEqual(
    raw.query,
    new Map([
      ['limit', '10'],
      ['after', 'a+b c'],
    ]),
  )
  assert.equal(raw.headers.get('content-type'), 'application/json')
  assert.equal(raw.headers.get('x-some'), 'a, b')
  assert.equal(Buffer.from(raw.body).toString(), '{"a":1}\n')
})

test('no body is no bytes', async () => {
  assert.equal((await readRequest(new Request(at('/v1/health')))).body.length, 0)
})

test('bytes that are not text come unchanged', async () => {
  const body = Uint8Array.from({ length: 256 }, (_, index) => index)
  const raw = await readRequest(new Request(at('/v1/x'), { method: 'POST', body }))
  assert.deepEqual(new Uint8Array(raw.body), body)
})

for (const path of [
  '/',
  '/v1/',
  '//v1/health',
  '/v1//health',
  '/v1/a%2Fb',
  '/v1/%61',
  '/v1/a%00',
  '/v1/张',
  '/v1/a:b',
  '/v1/a;b',
  '/v1/a@b',
  '/v1/a+b',
  '/v1/a*',
]) {
  test(`no such path: ${path}`, async () => {
    await assert.rejects(readRequest(new Request(at(path))), { code: 'NOT_FOUND' })
  })
}

for (const path of [
  '',
  'v1',
  'v1/health',
  '/v1/.',
  '/v1/..',
  '/../v1',
  '/v1/a b',
  '/v1/a\n',
  '/v1/a?b',
  '/v1/a#b',
  '/v1\\a',
]) {
  test(`not a path of plain segments: ${JSON.stringify(path)}`, () => {
    assert.throws(() => checkPath(path), { code: 'NOT_FOUND' })
  })
}

test('plain segments', () => {
  for (const path of ['/v1', '/v1/orders/6900000000000000001', '/a/o_abc~2', '/a/...', '/a/-._~']) {
    assert.equal(checkPath(path), path)
  }
})

for (const [query, code] of [
  ['limit=1&limit=1', 'UNAUTHENTICATED'],
  ['limit=1&%6cimit=2', 'UNAUTHENTICATED'],
  ['limit', 'MALFORMED'],
  ['=1', 'MALFORMED'],
  ['a=1&', 'MALFORMED'],
  ['a=%', 'MALFORMED'],
  ['a=%ff', 'MALFORMED'],
  ['a=%00', 'MALFORMED'],
] as const) {
  test(`query ${query}: ${code}`, async () => {
    await assert.rejects(readRequest(new Request(at(`/v1/x?${query}`))), { code })
  })
}

for (const name of [
  'authorization',
  'content-digest',
  'content-type',
  'signature',
  'signature-input',
]) {
  test(`${name} twice`, async () => {
    const headers = new Headers([
      [name, 'a'],
      [name, 'a'],
    ])
    await assert.rejects(readRequest(new Request(at('/v1/x'), { headers })), {
      code: 'UNAUTHENTICATED',
    })
  })
}

for (const encoding of ['gzip', 'br', 'deflate', 'GZIP', 'x-gzip']) {
  test(`content-encoding ${encoding} is refused`, async () => {
    const request = new Request(at('/v1/x'), {
      method: 'POST',
      body: 'x',
      headers: { 'content-encoding': encoding },
    })
    await assert.rejects(readRequest(request), { code: 'MALFORMED' })
  })
}

test('content-encoding identity is none', async () => {
  const request = new Request(at('/v1/x'), {
    method: 'POST',
    body: 'x',
    headers: { 'content-encoding': 'Identity' },
  })
  assert.equal((await readRequest(request)).body.length, 1)
})

test('the limit counts to the byte', async () => {
  const post = (body: string) => new Request(at('/v1/x'), { method: 'POST', body })
  assert.equal((await readRequest(post('12345'), { maxBytes: 5 })).body.length, 5)
  await assert.rejects(readRequest(post('123456'), { maxBytes: 5 }), { code: 'TOO_LARGE' })
})

test('a declared length above the limit is refused before a byte is read', async () => {
  let pulled = false
  const body = new ReadableStream<Uint8Array>(
    {
      pull: () => {
        pulled = true
      },
    },
    { highWaterMark: 0 },
  )
  const request = new Request(at('/v1/x'), {
    method: 'POST',
    body,
    duplex: 'half',
    headers: { 'content-length': '6' },
  })
  await assert.rejects(readRequest(request, { maxBytes: 5 }), { code: 'TOO_LARGE' })
  assert.equal(pulled, false)
})

test('an endless body is left at the limit and cancelled', async () => {
  let cancelled = false
  let sent = 0
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        sent += 10
        controller.enqueue(utf8('0123456789'))
      },
      cancel() {
        cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  const request = new Request(at('/v1/x'), { method: 'POST', body, duplex: 'half' })
  await assert.rejects(readRequest(request, { maxBytes: 25 }), { code: 'TOO_LARGE' })
  assert.equal(cancelled, true)
  assert.ok(sent <= 40)
})

test('a body that breaks off says nothing of why', async () => {
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.error(new Error('13800000000'))
    },
  })
  const request = new Request(at('/v1/x'), { method: 'POST', body, duplex: 'half' })
  await assert.rejects(readRequest(request), { code: 'MALFORMED', message: 'MALFORMED' })
})
