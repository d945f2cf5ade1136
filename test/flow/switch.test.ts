import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Hono } from 'hono'
import { checkConfig } from '../../functions/check-config.ts'
import { member } from '../../lib/cli/send.ts'
import { workingDay } from '../../lib/custody/day.ts'
import type { GatewayConfig } from '../../lib/flow/config.ts'
import { gatewayApp } from '../../lib/local/server.ts'
import { type Bench, orderOf, startBench } from '../functions/http/bench.ts'
import { fresh, info, request } from '../functions/http/orders.ts'

let bench: Bench
before(async () => {
  bench = await startBench()
})
after(() => bench.stop())

/** The same gateway, deployed with another configuration. */
function appWith(change: (config: GatewayConfig) => GatewayConfig): Hono {
  const config = change(bench.world.config)
  const { intake, exchange, custody } = bench.world
  const over = {
    intake: { ...intake, config },
    exchange: { ...exchange, config },
    custody: { ...custody, config },
  }
  return gatewayApp(over, name => void bench.bugs.push(name))
}

const platformOff = () =>
  appWith(config => ({ ...config, platforms: { douyin: { shards: 1, disabled: true } } }))

const courierOff = () =>
  appWith(config => ({
    ...config,
    couriers: { ...config.couriers, sf: { ...bench.contract, disabled: true } },
  }))

const waybills = (via: Hono) => bench.signed('GET', '/v1/couriers/sf/waybills', undefined, { via })
const events = (via: Hono) =>
  bench.native('', { path: '/v1/platforms/douyin/events', method: 'GET', via })

describe('a platform that is switched off', () => {
  test('gets 503 in its own form for an order, and keeps nothing; switched on the same call is taken', async () => {
    const id = fresh()
    const document = request([info(id)])
    const refused = await bench.native(document, { via: platformOff() })
    assert.equal(refused.status, 503)
    assert.notEqual(member(refused.body, 'code'), undefined)
    assert.deepEqual(await bench.itemsOf(orderOf(id)), [])
    assert.equal((await bench.native(document)).status, 200)
    assert.notDeepEqual(await bench.itemsOf(orderOf(id)), [])
  })

  test('reads no events, and is asked to come back; its courier goes on', async () => {
    const via = platformOff()
    assert.equal((await events(via)).status, 503)
    assert.match(bench.replies.at(-1) ?? '', /"retry-after","5"/)
    assert.equal((await waybills(via)).status, 200)
  })
})

describe('a courier that is switched off', () => {
  test('pulls, answers, acknowledges, assigns and pushes nothing; its platforms go on', async () => {
    const via = courierOff()
    const post = (path: string, body: object) =>
      bench.signed('POST', `/v1/couriers/sf/${path}`, body, { via })
    assert.equal((await waybills(via)).status, 503)
    assert.match(bench.replies.at(-1) ?? '', /"retry-after","5"/)
    assert.equal((await post('answers', { answers: [] })).status, 503)
    assert.equal((await post('waybills/acks', { ids: [] })).status, 503)
    assert.equal((await post('assignments', { assignments: [] })).status, 503)
    const path = `/v1/couriers/sf/events/${bench.courier.pushToken}`
    const headers = { 'content-type': 'application/json' }
    const push = await bench.send({ method: 'POST', path, headers, body: '{}' }, via)
    assert.equal(push.status, 503)
    assert.equal((await events(via)).status, 200)
  })

  test('gets no new orders: each is to be sent again later', async () => {
    const id = fresh()
    const reply = await bench.native(request([info(id)]), { via: courierOff() })
    assert.equal(reply.status, 200)
    assert.deepEqual(await bench.itemsOf(orderOf(id)), [])
    await bench.native(request([info(id)]))
    assert.notDeepEqual(await bench.itemsOf(orderOf(id)), [])
  })

  test('has nothing released to its hops', async () => {
    const id = fresh()
    const order = orderOf(id)
    const entry = await bench.accepted(request([info(id)]), order)
    await bench.assign([bench.statement(bench.sealOf(entry, 'receiver'))])
    const { releaseToken } = bench.issuer.tokens('station-1', workingDay(new Date()))
    const headers = { authorization: `Bearer ${releaseToken}` }
    const call = { method: 'GET', path: bench.releasePath(order), headers, body: '' }
    assert.equal((await bench.send(call, courierOff())).status, 503)
    assert.equal((await bench.send(call)).status, 200)
  })
})

test('the switch is read from the configuration: true, or not there', () => {
  const platforms = { douyin: { shards: 1, disabled: true } }
  const config = { ...bench.world.config, platforms }
  assert.deepEqual(checkConfig(config), config)
  for (const disabled of [false, 'true', 1]) {
    const wrong = { ...config, platforms: { douyin: { shards: 1, disabled } } }
    assert.throws(() => checkConfig(wrong), { at: '/platforms/douyin/disabled' })
  }
})
