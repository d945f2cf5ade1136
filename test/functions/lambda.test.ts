import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import type { APIGatewayProxyEvent } from 'aws-lambda'
import { Hono } from 'hono'
import { handleRest, toRequest } from '../../functions/lambda.ts'
import {
  type SignatureKey,
  signHttpRequest,
  verifyHttpSignature,
} from '../../lib/access/http-signature.ts'
import { toProblem } from '../../lib/access/problem.ts'
import { readRequest } from '../../lib/access/request.ts'
import { GatewayError } from '../../lib/model/errors.ts'

/** An event in the form that a REST API sends, with what the test says of it. */
function event(change: Partial<APIGatewayProxyEvent>): APIGatewayProxyEvent {
  return {
    resource: '/v1/couriers/{courier}/waybills',
    path: '/v1/couriers/sf/waybills',
    httpMethod: 'GET',
    headers: { Host: 'gateway.example' },
    multiValueHeaders: { Host: ['gateway.example'], 'X-Forwarded-For': ['192.0.2.1, 192.0.2.2'] },
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: { courier: 'sf' },
    stageVariables: null,
    body: null,
    isBase64Encoded: false,
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc1234567',
      authorizer: null,
      domainName: 'gateway.example',
      domainPrefix: 'gateway',
      extendedRequestId: 'JKJaXmPLvHcESHA=',
      httpMethod: 'GET',
      identity: {
        accessKey: null,
        accountId: null,
        apiKey: null,
        apiKeyId: null,
        caller: null,
        clientCert: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: '192.0.2.1',
        user: null,
        userAgent: 'curl/8',
        userArn: null,
      },
      path: '/prod/v1/couriers/sf/waybills',
      protocol: 'HTTP/1.1',
      requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
      requestTimeEpoch: 1767607200000,
      resourceId: '123456',
      resourcePath: '/v1/couriers/{courier}/waybills',
      stage: 'prod',
    },
    ...change,
  }
}

const post = (change: Partial<APIGatewayProxyEvent>) =>
  event({
    resource: '/v1/platforms/douyin/orders',
    path: '/v1/platforms/douyin/orders',
    pathParameters: null,
    httpMethod: 'POST',
    multiValueHeaders: { 'Content-Type': ['application/json'] },
    ...change,
  })

/** An app that answers with what reached it, through the strict reader. */
const echo = {
  async fetch(request: Request): Promise<Response> {
    try {
      const raw = await readRequest(request)
      return Response.json({
        method: raw.method,
        path: raw.path,
        query: [...raw.query],
        headers: Object.fromEntries(raw.headers),
        body: Buffer.from(raw.body).toString('base64'),
      })
    } catch (error) {
      return toProblem(error, () => {})
    }
  },
}

async function call(sent: APIGatewayProxyEvent) {
  const result = await handleRest(echo, assert.fail)(sent)
  assert.equal(result.isBase64Encoded, false)
  return { status: result.statusCode, seen: JSON.parse(result.body) }
}

test('a GET reaches the app as it was sent', async () => {
  const { status, seen } = await call(
    event({ multiValueQueryStringParameters: { limit: ['10'], after: ['a+b c&d=%41/张'] } }),
  )
  assert.equal(status, 200)
  assert.equal(seen.method, 'GET')
  assert.equal(seen.path, '/v1/couriers/sf/waybills')
  assert.deepEqual(seen.query, [
    ['limit', '10'],
    ['after', 'a+b c&d=%41/张'],
  ])
  assert.equal(seen.headers['x-forwarded-for'], '192.0.2.1, 192.0.2.2')
  assert.equal(seen.body, '')
})

test('a body arrives byte for byte, base64 or not', async () => {
  const bytes = Buffer.from(Uint8Array.from({ length: 256 }, (_, index) => index))
  const binary = await call(post({ body: bytes.toString('base64'), isBase64Encoded: true }))
  assert.equal(binary.seen.body, bytes.toString('base64'))
  const text = '{"name":"张三😀"}\r\n'
  const encoded = Buffer.from(text).toString('base64')
  assert.equal((await call(post({ body: text }))).seen.body, encoded)
  assert.equal((await call(post({ body: encoded, isBase64Encoded: true }))).seen.body, encoded)
  assert.equal((await call(post({ body: '', isBase64Encoded: true }))).seen.body, '')
})

test('neither the stage nor the base path of a custom domain shows', async () => {
  for (const path of [
    '/v1/couriers/sf/waybills',
    '/lasthop/v1/couriers/sf/waybills',
    '/prod/v1/couriers/sf/waybills',
  ]) {
    assert.equal((await call(event({ path }))).seen.path, '/v1/couriers/sf/waybills')
  }
})

test('a greedy resource gives its whole path', async () => {
  const { seen } = await call(
    event({ resource: '/v1/{proxy+}', pathParameters: { proxy: 'schemas/order.json' } }),
  )
  assert.equal(seen.path, '/v1/schemas/order.json')
})

for (const courier of [
  '..',
  '.',
  '',
  'a/b',
  '../kye',
  'sf/../kye',
  '%2e%2e',
  '%2F',
  'a%20b',
  'a b',
  'sf?x=1',
  'sf#',
  'a\\b',
  'a;b',
  '张',
  'a\n',
  '//evil.example',
]) {
  test(`no path from the parameter ${JSON.stringify(courier)}`, async () => {
    const { status, seen } = await call(event({ pathParameters: { courier } }))
    assert.equal(status, 404)
    assert.equal(seen.code, 'NOT_FOUND')
  })
}

for (const proxy of [
  '..',
  'a/../b',
  '/a',
  'a//b',
  'a/',
  '%2e%2e/a',
  '',
  '//evil.example/a',
  'a?b=1',
]) {
  test(`no path from the greedy parameter ${JSON.stringify(proxy)}`, async () => {
    assert.equal(
      (await call(event({ resource: '/v1/{proxy+}', pathParameters: { proxy } }))).status,
      404,
    )
  })
}

test('a missing parameter is no path', async () => {
  assert.equal((await call(event({ pathParameters: null }))).status, 404)
})

test('attack 48: a query name twice', async () => {
  const { status } = await call(event({ multiValueQueryStringParameters: { limit: ['1', '2'] } }))
  assert.equal(status, 401)
})

test('a header that matters twice', async () => {
  const { status } = await call(event({ multiValueHeaders: { Signature: ['a', 'b'] } }))
  assert.equal(status, 401)
})

test('header names in two cases are one header', async () => {
  const { status } = await call(
    event({ multiValueHeaders: { Signature: ['a'], signature: ['b'] } }),
  )
  assert.equal(status, 401)
})

test('an empty header stays', async () => {
  const { seen } = await call(event({ multiValueHeaders: { 'X-Empty': [''] } }))
  assert.equal(seen.headers['x-empty'], '')
})

for (const [about, change] of [
  ['a GET with a body', { body: 'eA==', isBase64Encoded: true }],
  ['a header value that HTTP cannot carry', { multiValueHeaders: { 'X-Name': ['张'] } }],
  ['a header name that HTTP cannot carry', { multiValueHeaders: { 'X Name': ['a'] } }],
  ['a line feed in a header', { multiValueHeaders: { 'X-Name': ['a\nb: c'] } }],
  ['a method that is none', { httpMethod: 'G T' }],
] satisfies [string, Partial<APIGatewayProxyEvent>][]) {
  test(`${about} is malformed`, async () => {
    const { status, seen } = await call(event(change))
    assert.equal(status, 400)
    assert.equal(seen.code, 'MALFORMED')
  })
}

test('the event of the console, with nothing in it, is a request', () => {
  const bare: APIGatewayProxyEvent = JSON.parse(
    JSON.stringify({ ...event({}), multiValueHeaders: null }),
  )
  assert.equal(toRequest(bare).method, 'GET')
})

test('a body above the limit is 413', async () => {
  const body = Buffer.alloc(1_048_577).toString('base64')
  assert.equal((await call(post({ body, isBase64Encoded: true }))).status, 413)
})

const answering = (response: () => Response) =>
  handleRest({ fetch: response }, assert.fail)(event({}))

test('an answer of text goes as text, with its status and headers', async () => {
  const headers = { 'content-type': 'application/json', 'retry-after': '5' }
  const result = await answering(() => new Response('{"姓名":"张三"}', { status: 503, headers }))
  assert.deepEqual(result, {
    statusCode: 503,
    headers,
    body: '{"姓名":"张三"}',
    isBase64Encoded: false,
  })
})

test('an answer that is not UTF-8 goes as base64, whatever it calls itself', async () => {
  for (const type of ['application/pdf', 'image/png', 'text/plain', 'application/json']) {
    const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00])
    const result = await answering(() => new Response(bytes, { headers: { 'content-type': type } }))
    assert.equal(result.isBase64Encoded, true)
    assert.deepEqual(Buffer.from(result.body, 'base64'), bytes)
  }
})

test('bytes of text come out as they went in, a byte order mark too', async () => {
  for (const text of ['\ufeffa', 'a\u0000b', '', '😀\r\n']) {
    const result = await answering(() => new Response(Buffer.from(text)))
    assert.equal(result.isBase64Encoded, false)
    assert.equal(result.body, text)
  }
})

test('an app that throws is a 503 and a class name', async () => {
  const reported: string[] = []
  const app = {
    fetch(): Response {
      throw new RangeError('13800000000')
    },
  }
  const result = await handleRest(app, name => reported.push(name))(event({}))
  assert.equal(result.statusCode, 503)
  assert.doesNotMatch(result.body, /13800000000/)
  assert.deepEqual(reported, ['RangeError'])
})

test('an event of another kind is a 503, not a crash', async () => {
  const reported: string[] = []
  const other: APIGatewayProxyEvent = JSON.parse('{"version":"2.0","rawPath":"/v1/health"}')
  const result = await handleRest(echo, name => reported.push(name))(other)
  assert.equal(result.statusCode, 503)
  assert.equal(reported.length, 1)
})

const key: SignatureKey = {
  keyid: 'sf-1',
  alg: 'hmac-sha256',
  key: createSecretKey(Buffer.alloc(32, 1)),
}

/** A hono app as the functions have it: signature first, then the route. */
function signedApp(origin: string, now: Date): Hono {
  const app = new Hono()
  app.all('/v1/couriers/:courier/:call', async c => {
    const raw = await readRequest(c.req.raw)
    const keys = (keyid: string) =>
      c.req.param('courier') === 'sf' && keyid === 'sf-1' ? key : undefined
    const { keyid } = await verifyHttpSignature(raw, { origin, keys, now })
    return c.json({ keyid, courier: c.req.param('courier') })
  })
  app.notFound(() => toProblem(new GatewayError('NOT_FOUND'), assert.fail))
  app.onError(error => toProblem(error, assert.fail))
  return app
}

test('a signature survives API Gateway: decoded query in another order, base path gone, body in base64', async () => {
  const origin = 'https://gateway.example/lasthop'
  const now = new Date('2026-01-05T10:00:00Z')
  const body = Buffer.from('{"answers":[{"id":"张"}]}')
  const url = `${origin}/v1/couriers/sf/answers?after=a%2Bb%20c%7E&limit=10`
  const headers = await signHttpRequest(
    { method: 'POST', url, headers: { 'Content-Type': 'application/json' }, body },
    key,
    now,
  )
  const arrived = event({
    resource: '/v1/couriers/{courier}/answers',
    path: '/lasthop/v1/couriers/sf/answers',
    httpMethod: 'POST',
    multiValueHeaders: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value]]),
    ),
    multiValueQueryStringParameters: { limit: ['10'], after: ['a+b c~'] },
    body: body.toString('base64'),
    isBase64Encoded: true,
  })
  const handler = handleRest(signedApp(origin, now), assert.fail)
  const good = await handler(arrived)
  assert.equal(good.statusCode, 200)
  assert.deepEqual(JSON.parse(good.body), { keyid: 'sf-1', courier: 'sf' })

  for (const change of [
    { pathParameters: { courier: 'kye' } },
    { multiValueQueryStringParameters: { limit: ['11'], after: ['a+b c~'] } },
    { multiValueQueryStringParameters: { limit: ['10'] } },
    { httpMethod: 'PUT' },
    { body: Buffer.from('{}').toString('base64') },
    { multiValueHeaders: {} },
  ]) {
    const bad = await handler({ ...arrived, ...change })
    assert.equal(bad.statusCode, 401)
    assert.equal(JSON.parse(bad.body).at, '')
  }
  assert.equal(
    (await handler({ ...arrived, resource: '/v1/none', pathParameters: null })).statusCode,
    404,
  )
})
