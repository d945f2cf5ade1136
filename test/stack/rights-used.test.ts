import assert from 'node:assert/strict'
import { test } from 'node:test'
import { courierClient } from '../../lib/cli/courier-client.ts'
import {
  answerAll,
  assignAll,
  drainEvents,
  openAll,
  pullAll,
  pushAll,
} from '../../lib/cli/demo/play.ts'
import { openScreen } from '../../lib/cli/demo/screen.ts'
import type { Stage } from '../../lib/cli/demo/stage.ts'
import { platformClient } from '../../lib/cli/platform-client.ts'
import { member, send } from '../../lib/cli/send.ts'
import { stationPorts, tokenIssuer } from '../../lib/cli/station-client.ts'
import { sf } from '../../lib/couriers/sf/index.ts'
import { sealPinsOf } from '../../lib/flow/keyring.ts'
import { sweepFeeds } from '../../lib/flow/sweep.ts'
import { startDynamoDb } from '../../lib/local/dynamodb.ts'
import { startGateway } from '../../lib/local/server.ts'
import { douyin } from '../../lib/platforms/douyin/index.ts'
import { type GatewayRole, grants } from '../../lib/stack/grants.ts'
import { request as anotherRequest, fresh, info } from '../functions/http/orders.ts'
import { noteCalls, type Used } from './calls.ts'
import { cellOf, covers, rolesOf } from './rights.ts'
import { synthesize } from './synthesized.ts'

/** Whether the list lets a role make a call. */
function isGranted(role: GatewayRole, { table, action, key, inTransaction }: Used): boolean {
  return grants[role].some(
    ({ on, actions, keysLike = ['*'], inTransaction: only = false }) =>
      on === `table:${table}` &&
      actions.includes(action) &&
      keysLike.some(like => covers(like, key)) &&
      (!only || inTransaction),
  )
}

test('a whole way of an order needs no right that its role has not', async t => {
  const dynamodb = await startDynamoDb({})
  const calls = await noteCalls(dynamodb.endpoint)
  const gateway = await startGateway({ port: 0, dynamodb: calls.endpoint })
  t.after(async () => {
    await gateway.stop()
    calls.stop()
    await dynamodb.stop()
  })
  const { origin, config, identities } = gateway
  const contract = config.couriers.sf ?? assert.fail()
  const keys = gateway.couriers.sf ?? assert.fail()
  const identity = identities.couriers.sf ?? assert.fail()
  const pins = sealPinsOf(config, contract)
  const stage: Stage = {
    ...{ keys, pins, platformName: 'douyin', courierName: 'sf', calls: [] },
    gateway: { ...gateway, scan: async () => '' },
    platform: platformClient(origin, 'douyin', identities.platforms.douyin ?? assert.fail()),
    courier: courierClient(origin, 'sf', identity, { pins, router: contract.router }),
    station: stationPorts(origin, keys, gateway.aws, pins),
    issuer: tokenIssuer(contract.issuer.url, identity),
  }
  calls.take()

  const router = rolesOf([synthesize().templates['Custody-sf']]).get('lasthop-sf-router') ?? []
  const check = (role: GatewayRole, name: string) => {
    const used = calls.take()
    assert.ok(used.length > 0, name)
    for (const one of used) {
      const { table, action, key, inTransaction } = one
      const text = `${name}: ${role} ${action} ${table} ${key}${inTransaction ? ' tx' : ''}`
      if (table !== 'Custody-sf') assert.ok(isGranted(role, one), text)
      // The router's own table: it has no right that depends on keys or transactions.
      else assert.equal(cellOf(router, `dynamodb:${action}`, 'Custody'), 'yes', text)
    }
  }

  const request = JSON.stringify(douyin.sandbox.request)
  for (const name of ['post', 'post again']) {
    assert.equal((await stage.platform.post(request)).status, 200)
    check('intake', name)
  }
  const [first, second] = ['6900000000000000001', '6900000000000000002']
  const changed = await stage.platform.changeReceiver({ platformOrder: first })
  assert.equal(member(changed.body, 'code'), 10000, changed.text)
  check('intake', 'change')
  const cancelled = await stage.platform.cancel({ platformOrder: second, parcel: '1' })
  assert.equal(member(cancelled.body, 'code'), 10000, cancelled.text)
  check('intake', 'cancel')
  const anew = request.replace('保温杯', '保温壶')
  const platform = identities.platforms.douyin ?? assert.fail()
  const later = douyin.sandbox.sign(anew, platform, new Date(Date.now() + 2000))
  assert.equal((await send(origin, later)).status, 200)
  check('intake', 'post a second life')
  const pulled = await pullAll(stage)
  check('exchange', 'pull')
  const { answers } = await answerAll(stage, pulled)
  check('exchange', 'answer')
  const { held } = await assignAll(stage, pulled)
  check('custody', 'assign')
  await openAll(stage, held)
  check('custody', 'release')
  const [ended] = held
  const seal = pulled[0]?.seals[ended?.group ?? 'receiver'] ?? assert.fail()
  const done = { seal, leg: 'done', hop: ended?.hop ?? '', epoch: 2 } as const
  assert.match((await stage.courier.assign([done])).text, /"outcome":"ended"/)
  check('custody', 'end')
  const waybills = answers.flatMap(({ document }, i) => {
    const order = pulled[i]?.order ?? ''
    const acceptance = sf.readAnswer(document, { order })
    return acceptance.outcome === 'accepted'
      ? acceptance.waybills.map(waybill => ({ order, waybill }))
      : []
  })
  assert.ok(await pushAll(stage, waybills))
  check('exchange', 'push')
  assert.equal((await gateway.shred()).shredded, 1)
  check('custody', 'shred')
  const screen = openScreen(() => {})
  await drainEvents(stage, screen)
  assert.deepEqual(screen.failed, [])
  check('exchange', 'events and acks')
  await stage.courier.ack(pulled.map(({ id }) => id))
  await stage.courier.pull()
  check('exchange', 'acks of the courier')

  assert.equal((await stage.platform.post(anotherRequest([info(fresh())]))).status, 200)
  const late = await pullAll(stage)
  calls.take()
  assert.deepEqual(await gateway.expire(), { expired: 0, delayed: 0 })
  check('sweep', 'measure')
  const { store } = gateway.sweep
  const overdue = late.map(({ order }) => order)
  const { expired } = await sweepFeeds({
    ...gateway.sweep,
    now: () => new Date(Date.now() + 4 * 86_400_000),
    store: {
      changeOrders: proposals => store.changeOrders(proposals),
      surveyFeed: async feed => ({ ...(await store.surveyFeed(feed)), overdue }),
    },
  })
  assert.equal(expired, 1)
  check('sweep', 'end offers')
})
