import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOf } from '../../lib/cli/send.ts'
import { couriers } from '../../lib/couriers/index.ts'
import { admit } from '../../lib/local/admit.ts'
import { platforms } from '../../lib/platforms/index.ts'

const report = (name: string) => assert.fail(name)
const at = (path: string, method = 'POST') =>
  new Request(`http://127.0.0.1${path}`, { method, ...(method === 'POST' ? { body: '{}' } : {}) })

/** A server of two at a time, which answers when it is let. */
function busy() {
  const waiting: (() => void)[] = []
  const served = admit(
    2,
    () => new Promise(done => waiting.push(() => done(new Response('served')))),
    report,
  )
  return { served, waiting }
}

async function full() {
  const { served, waiting } = busy()
  const inside = [served(at('/v1/health', 'GET')), served(at('/v1/health', 'GET'))]
  return { served, waiting, inside }
}

for (const path of [
  '/v1/health',
  ...platforms.flatMap(({ name }) => [
    `/v1/platforms/${name}/orders`,
    `/v1/platforms/${name}/cancellations`,
    `/v1/platforms/${name}/events`,
  ]),
  ...couriers.flatMap(({ name }) => [
    `/v1/couriers/${name}/events`,
    `/v1/couriers/${name}/events/a-token`,
    `/v1/couriers/${name}/answers`,
  ]),
]) {
  test(`one too many is told to come again: ${path}`, async () => {
    const { served } = await full()
    const reply = await served(at(path))
    assert.equal(reply.status, 429)
    assert.equal(reply.headers.get('retry-after'), '5')
    assert.notEqual(await reply.text(), '')
  })
}

test('natively where the path is native', async () => {
  const { served } = await full()
  const native = await served(at('/v1/platforms/douyin/orders?method=logistics.newCreateOrder'))
  assert.deepEqual(Object.keys(Object(await native.json())).slice(0, 3), ['log_id', 'code', 'msg'])
  const problem = await served(at('/v1/health', 'GET'))
  assert.equal(textOf(await problem.json(), 'code'), 'THROTTLED')
})

test('a partner that nobody knows is told so', async () => {
  const { served } = await full()
  assert.equal((await served(at('/v1/platforms/nobody/orders'))).status, 404)
})

test('places are free again when an answer is given, and after a failure', async () => {
  const { served, waiting, inside } = await full()
  waiting.shift()?.()
  assert.equal(await (await inside[0])?.text(), 'served')
  const next = served(at('/v1/health', 'GET'))
  assert.equal((await served(at('/v1/health', 'GET'))).status, 429)
  for (const go of waiting) go()
  assert.equal((await next).status, 200)
  const failing = admit(1, () => Promise.reject(new TypeError()), report)
  for (let n = 0; n < 3; n++) await assert.rejects(async () => failing(at('/v1/health', 'GET')))
})
