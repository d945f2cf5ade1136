import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { type TestContext, test } from 'node:test'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { invokeRouter, ROUTER_PATIENCE, routersOf } from '../../../functions/custody/router.ts'
import { bytesOf, close, listen } from '../rest/rest-api.ts'

const arn = 'arn:aws:lambda:us-east-1:444455556666:function:lasthop-sf-router'
const request = { assignment: 'a.b.c', audit: { seq: 1, head: 'h' } }
const away = { code: 'STORE_AWAY', at: '/router', retry: 'later' }

const capsule = {
  ciphertext: 'AQID',
  context: {
    ...{ v: '1', courier: 'sf', order: 'o_fck7qd6bckys2eiuxjf7u36sdw', group: 'receiver' },
    ...{ rev: '1', hop: 'station-1', day: '2026-01-01' },
  },
  key: 'arn:aws:kms:us-east-1:444455556666:key/1',
}
const released = { capsule, receipt: 'r.e.c' }
const refused = {
  ...{ refused: 'RELEASE_REFUSED', retry: 'never' },
  reason: { code: 'EPOCH_STALE', at: '/epoch' },
}

/** A line to a Lambda endpoint that answers so. */
async function lineTo(t: TestContext, listener: RequestListener, patience: object = {}) {
  const server = createServer(listener)
  const endpoint = await listen(server)
  const client = new LambdaClient({
    ...{ endpoint, region: 'us-east-1', maxAttempts: 1 },
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    ...patience,
  })
  t.after(() => {
    client.destroy()
    close(server)
  })
  return invokeRouter(client, { sf: arn })
}

const answering =
  (body: unknown, headers: Record<string, string> = {}, status = 200): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

test('a request reaches the courier’s function, and its answer comes back', async t => {
  const seen: unknown[] = []
  const line = await lineTo(t, async (message, response) => {
    const { url, headers } = message
    seen.push(url, headers['x-amz-invocation-type'], JSON.parse(String(await bytesOf(message))))
    response.end(JSON.stringify({ ...released, more: 'than is read' }))
  })
  assert.deepEqual(await line('sf', request), released)
  const path = `/2015-03-31/functions/${encodeURIComponent(arn)}/invocations`
  assert.deepEqual(seen, [path, 'RequestResponse', request])
})

test('an end and a refusal come back as they are', async t => {
  const ended = { ended: true, receipt: 'r.e.c' }
  for (const answer of [ended, refused]) {
    assert.deepEqual(await (await lineTo(t, answering(answer)))('sf', request), answer)
  }
})

test('a courier without a router, also one named as a member of every object', async t => {
  const line = await lineTo(t, answering(released))
  for (const courier of ['kye', 'constructor', '__proto__']) {
    await assert.rejects(line(courier, request), away)
  }
})

test('a function that fails, is forbidden, or is not there', async t => {
  const failing = answering({ errorMessage: 'x' }, { 'x-amz-function-error': 'Unhandled' })
  const denied = answering({ Message: 'no' }, { 'x-amzn-errortype': 'AccessDeniedException' }, 403)
  const broken: RequestListener = message => message.socket.destroy()
  for (const listener of [failing, denied, broken]) {
    await assert.rejects((await lineTo(t, listener))('sf', request), away)
  }
})

test('a function that takes too long', async t => {
  const { requestHandler } = ROUTER_PATIENCE
  const patience = { requestHandler: { ...requestHandler, requestTimeout: 20 } }
  const line = await lineTo(t, () => {}, patience)
  await assert.rejects(line('sf', request), away)
})

test('an answer of another form is no answer', async t => {
  const { hop, ...short } = capsule.context
  const wrong: unknown[] = [
    'null',
    'not json',
    '',
    '{"capsule":1,"capsule":2}',
    [],
    { ordered: true },
    { ended: 'true', receipt: 'r' },
    { capsule },
    { ...released, capsule: { ...capsule, key: 1 } },
    { ...released, capsule: { ...capsule, context: short } },
    { ...released, capsule: { ...capsule, context: { ...capsule.context, more: '1' } } },
    { ...released, capsule: { ...capsule, context: { ...capsule.context, v: 1 } } },
    { ...refused, reason: undefined },
    { ...refused, reason: { code: 'toString', at: '' } },
    { ...refused, retry: 'soon' },
    { ...released, receipt: 'r'.repeat(40_000) },
  ]
  for (const body of wrong) {
    const line = await lineTo(t, answering(body))
    await assert.rejects(line('sf', request), away, JSON.stringify(body).slice(0, 80))
  }
})

test('the names of routers come from the environment', () => {
  assert.deepEqual(routersOf({ ROUTERS: JSON.stringify({ sf: arn }) }), { sf: arn })
  const china = 'arn:aws-cn:lambda:cn-north-1:444455556666:function:r'
  assert.deepEqual(routersOf({ ROUTERS: JSON.stringify({ sf: china }) }), { sf: china })
  for (const ROUTERS of [undefined, '', '{', 'null', '{"sf":"router"}', '{"sf":1}']) {
    assert.throws(() => routersOf(ROUTERS === undefined ? {} : { ROUTERS }), {
      code: 'VALUE_INVALID',
      at: '/ROUTERS',
    })
  }
})
