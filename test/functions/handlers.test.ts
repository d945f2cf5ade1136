import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { list, member, textOf } from '../../lib/cli/send.ts'
import { workingDay } from '../../lib/custody/day.ts'
import { GATEWAY_ACCOUNT } from '../../lib/local/accounts.ts'
import {
  accept,
  baseOf,
  callersOf,
  drive,
  openAt,
  PRIVATE,
  post,
  requestOf,
  sealOf,
  signed,
} from './rest/callers.ts'
import { type Deployed, deploy } from './rest/deployed.ts'
import type { Matched } from './rest/rest-event.ts'

let gateway: Deployed

before(async () => {
  gateway = await deploy()
})
after(() => gateway.stop())

describe('what anybody may read', () => {
  test('health, this document, schemas and keys, behind stage and base path; no secret is read', async () => {
    const { origin } = gateway.api
    for (const path of ['health', 'openapi.json', 'schemas/order.json', 'couriers/sf/keys']) {
      const reply = await fetch(`${origin}/v1/${path}`)
      assert.equal(reply.status, 200, path)
    }
    const keys = await (await fetch(`${origin}/v1/couriers/sf/keys`)).json()
    assert.equal(textOf(keys, 'keys', 0, 'kid'), gateway.world.couriers.sf?.custody.kid)
    assert.deepEqual(gateway.standIn.reads, [])
  })

  test('an unknown path is a problem, also where the name of a parameter leads astray', async () => {
    const unknown = { resource: '/{proxy+}', parameters: { proxy: 'v1/nothing' } }
    const traps: [string, Matched][] = [
      ['nothing', unknown],
      ['the stage', { resource: '/{proxy+}', parameters: { proxy: 'prod/v1/health' } }],
      ['dots', { resource: '/v1/schemas/{name}', parameters: { name: '..' } }],
      ['a slash', { resource: '/v1/schemas/{name}', parameters: { name: '../health' } }],
      ['an escape', { resource: '/v1/schemas/{name}', parameters: { name: '%2e%2e' } }],
      ['a query', { resource: '/v1/schemas/{name}', parameters: { name: 'order.json?x' } }],
      ['a prototype', { resource: '/v1/schemas/{name}', parameters: { name: 'toString' } }],
    ]
    for (const [what, matched] of traps) {
      const reply = await drive(gateway, 'exchange', { method: 'GET', path: '/v1/x' }, matched)
      assert.equal(reply.status, 404, what)
      assert.equal(reply.type, 'application/problem+json', what)
      assert.equal(textOf(JSON.parse(reply.text), 'code'), 'NOT_FOUND', what)
    }
  })
})

describe('a platform posts', () => {
  const literal = { resource: '/v1/platforms/douyin/orders', parameters: null }
  const template = {
    resource: '/v1/platforms/{platform}/orders',
    parameters: { platform: 'douyin' },
  }

  test('without a signature: 401 in its own form', async () => {
    const body = Buffer.from(requestOf(1))
    const headers = [['Content-Type', 'application/json']] as const
    const from = { method: 'POST', path: '/v1/platforms/douyin/orders', headers, body }
    const reply = await drive(gateway, 'intake', from, literal)
    assert.equal(reply.status, 401)
    assert.ok('code' in JSON.parse(reply.text) && 'message' in JSON.parse(reply.text))
  })

  test('signed: each order is taken, and the same call again gets the same answer', async () => {
    const from = signed(gateway.world, requestOf(2))
    const first = await drive(gateway, 'intake', from, literal)
    const again = await drive(gateway, 'intake', from, template)
    assert.equal(first.status, 200)
    const errors = list(JSON.parse(first.text), 'data', 'err_infos')
    assert.deepEqual(
      errors.map(error => textOf(error, 'err_code')),
      ['4009', '4009'],
    )
    assert.deepEqual(again, first)
  })

  test('another body under the same name: refused, order by order', async () => {
    await drive(gateway, 'intake', signed(gateway.world, requestOf(3)), literal)
    const changed = requestOf(3).replace('13800000000', '13800000009')
    const reply = await drive(gateway, 'intake', signed(gateway.world, changed), literal)
    const codes = list(JSON.parse(reply.text), 'data', 'err_infos').map(one =>
      textOf(one, 'err_code'),
    )
    assert.equal(codes[1], '4009')
    assert.notEqual(codes[0], '4009')
  })

  test('bytes that are no text, a body bent by base64, a query that comes twice', async () => {
    const bytes = {
      ...signed(gateway.world, requestOf(4)),
      body: Buffer.from([0xff, 0xfe, 0x00, 0x80]),
    }
    assert.equal((await drive(gateway, 'intake', bytes, literal)).status, 401)
    const { query = '' } = bytes
    const twice = { ...signed(gateway.world, requestOf(4)), query: `${query}&sign=x` }
    assert.equal((await drive(gateway, 'intake', twice, literal)).status, 401)
    const large = { ...signed(gateway.world, requestOf(4)), body: Buffer.alloc(1_048_577, 0x20) }
    assert.equal((await drive(gateway, 'intake', large, literal)).status, 413)
  })

  test('an unknown platform is a problem', async () => {
    const other = { ...template, parameters: { platform: 'gateway' } }
    const reply = await drive(gateway, 'intake', signed(gateway.world, requestOf(4)), other)
    assert.deepEqual([reply.status, reply.type], [404, 'application/problem+json'])
  })
})

describe('an order’s whole way', () => {
  test('cancelled and changed before the answer, cancelled after it', async () => {
    const all = callersOf(gateway)
    const before = await post(all, 15)
    const [one, two] = [`${baseOf(15)}1`, { platformOrder: `${baseOf(15)}2`, parcel: '1' }]
    const changed = await all.platform.changeReceiver({ platformOrder: one })
    assert.equal(member(changed.body, 'code'), 10000, changed.text)
    const cancelled = await all.platform.cancel(two)
    assert.equal(member(cancelled.body, 'data', 'cancel_result', 'success'), true, cancelled.text)

    const owed = list((await all.courier.pull()).body, 'entries').filter(entry =>
      before.some(other => textOf(other, 'order') === textOf(entry, 'order')),
    )
    const kinds = owed.map(entry => textOf(entry, 'kind')).toSorted()
    assert.deepEqual(kinds, ['cancel', 'waybill'])
    await accept(
      all,
      owed.filter(entry => textOf(entry, 'kind') === 'waybill'),
    )
    const asked = await all.platform.cancel({ platformOrder: one })
    assert.equal(textOf(asked.body, 'sub_code'), 'isp.service-error:4009', asked.text)
    assert.equal(textOf(await stateOf(one), 'parcels', 0, 'state'), 'cancelling')
  })

  test('pull, answer, repeat, events, acks, state', async () => {
    const all = callersOf(gateway)
    const entries = await post(all, 10)
    assert.equal(entries.length, 2)
    const seen = JSON.stringify(entries)
    for (const text of [...PRIVATE, 'encrypted_key']) assert.ok(!seen.includes(text), text)

    const results = await accept(all, entries)
    assert.deepEqual(
      results.map(result => textOf(result, 'outcome')),
      ['accepted', 'accepted'],
    )
    const repeat = await all.platform.post(requestOf(10))
    const numbers = list(repeat.body, 'data', 'ebill_infos').map(one => textOf(one, 'track_no'))
    assert.deepEqual(
      numbers.map(number => /^SF\d{13}$/.test(number)),
      [true, true],
    )

    const events = await all.platform.events()
    const ids = list(events.body, 'entries').map(entry => textOf(entry, 'id'))
    assert.equal(events.status, 200, events.text)
    assert.ok(ids.length >= 2)
    const acked = await all.platform.ack(ids)
    assert.deepEqual(acked.body, { acknowledged: ids.length, unanswered: [] })
    assert.deepEqual(list((await all.platform.events()).body, 'entries'), [])

    const state = await stateOf(`${baseOf(10)}1`)
    assert.equal(textOf(state, 'parcels', 0, 'state'), 'accepted')
    assert.ok(numbers.includes(textOf(state, 'parcels', 0, 'waybills', 0)))

    const late = await accept(all, entries)
    assert.deepEqual(
      late.map(result => textOf(result, 'outcome')),
      ['same', 'same'],
    )
  })

  test('assign by the bundled router, release, open at the bundled station', async () => {
    const all = callersOf(gateway)
    const entries = await post(all, 11)
    // The first order of the request; entries of one moment stand by their ids.
    const entry = entries.find(one => JSON.stringify(one).includes(`${baseOf(11)}1`))
    await accept(all, entries)
    const seal = all.courier.check(sealOf(entry, 'receiver'))
    const assignment = { seal, leg: 'delivery', hop: 'station-1', epoch: 1 } as const
    const assigned = await all.courier.assign([assignment])
    assert.equal(textOf(assigned.body, 'results', 0, 'outcome'), 'released', assigned.text)

    const day = workingDay(new Date())
    const tokens = all.issuer.tokens('station-1', day)
    const opened = await openAt(gateway, {
      order: seal.order,
      group: 'receiver',
      rev: 1,
      ...tokens,
    })
    assert.equal(opened.status, 200, opened.text)
    const personal = JSON.parse(opened.text)
    assert.equal(personal.name, '张三')
    assert.equal(personal.phone, '13800000000')
    assert.match(personal.address, /测试路1号样例小区2栋301室$/)

    const other = all.issuer.tokens('station-2', day)
    const refused = await openAt(gateway, {
      order: seal.order,
      group: 'receiver',
      rev: 1,
      ...other,
    })
    assert.equal(refused.status, 403)
    const stale = await all.courier.assign([{ ...assignment, hop: 'station-2' }])
    assert.equal(member(stale.body, 'results', 0, 'status'), 409)
  })

  test('what a router refuses, custody passes on without the reason', async () => {
    const all = callersOf(gateway)
    const entries = await post(all, 12)
    await accept(all, entries)
    const seal = all.courier.check(sealOf(entries[0], 'receiver'))
    const reply = await all.courier.assign([
      { seal, leg: 'delivery', hop: 'hub-nobody-registered', epoch: 1 },
    ])
    assert.deepEqual(list(reply.body, 'results'), [
      { status: 403, code: 'release-refused', at: '', retry: 'never' },
    ])
  })

  test('a push by its secret address moves tracking; by another it is refused', async () => {
    const all = callersOf(gateway)
    const entries = await post(all, 13)
    await accept(all, entries)
    const repeat = await all.platform.post(requestOf(13))
    const waybill = textOf(repeat.body, 'data', 'ebill_infos', 0, 'track_no')
    const order = textOf(entries[0], 'order')
    const [push] = all.courier.pushes({ order, waybill, start: new Date() })
    assert.ok(push)
    const taken = await all.courier.push(push)
    assert.equal(taken.text, '{"return_code":"0000","return_msg":"成功"}')
    const url = `${gateway.api.origin}/v1/couriers/sf/events`
    for (const address of [url, `${url}/another`]) {
      const headers = { 'content-type': 'application/json' }
      const refused = await fetch(address, { method: 'POST', headers, body: push.body })
      assert.equal(refused.status, 401, address)
    }
  })

  test('a bad query, a bad body and a foreign key are problems', async () => {
    const { courier } = callersOf(gateway)
    const bad = await courier.pull('not-an-id')
    assert.deepEqual([bad.status, textOf(bad.body, 'at')], [422, '/after'])
    const { origin } = gateway.api
    const unsigned = await fetch(`${origin}/v1/couriers/sf/waybills`)
    assert.equal(unsigned.status, 401)
    const token = { authorization: 'Bearer a.b.c' }
    const order = 'o_fck7qd6bckys2eiuxjf7u36sdw'
    const path = `${origin}/v1/couriers/sf/hops/station-1/orders/${order}`
    assert.equal((await fetch(path, { headers: token })).status, 401)
    assert.equal((await fetch(`${path}?group=hub`, { headers: token })).status, 422)
  })

  /** Where an order stands, as its platform asks, signed natively. */
  async function stateOf(platformOrder: string): Promise<unknown> {
    const { query = '' } = signed(gateway.world, '')
    const path = `/v1/platforms/douyin/orders/${platformOrder}`
    const reply = await fetch(`${gateway.api.origin}${path}?${query}`)
    assert.equal(reply.status, 200)
    return reply.json()
  }
})

describe('what the functions write', () => {
  test('is JSON by line: counts, and nothing of what was sent', async () => {
    const { secrets } = callersOf(gateway)
    for (const name of ['intake', 'exchange', 'custody'] as const) {
      const lines = gateway.function(name).lines()
      assert.ok(lines.length > 0, name)
      for (const line of lines) {
        const entry: unknown = JSON.parse(line)
        assert.equal(textOf(entry, 'function'), name)
        assert.equal(member(entry, 'bugs'), undefined, line)
        const [metric] = list(entry, '_aws', 'CloudWatchMetrics', 0, 'Metrics')
        const count = member(entry, textOf(metric, 'Name'))
        assert.ok(typeof count === 'number' && count > 0)
      }
      const text = lines.join('\n')
      assert.doesNotMatch(text, /o_[a-z2-7]{26}/)
      for (const value of [...PRIVATE, ...secrets, '69000000']) {
        assert.ok(!text.includes(value), `${name}: ${value}`)
      }
    }
  })
})

describe('what the functions ask of AWS', () => {
  test('each partner’s secret by its name, and no other', () => {
    const names = ['couriers/sf', 'platforms/douyin', 'platforms/gateway']
    assert.deepEqual([...new Set(gateway.standIn.reads)].sort(), [
      ...names.map(name => `lasthop/${name}`),
      'receipts',
    ])
  })

  test('of KMS: one signature for all that intake sealed, and no key of a courier', () => {
    const { calls, world } = gateway
    const byGateway = calls.filter(({ principal }) => principal.includes(`:${GATEWAY_ACCOUNT}:`))
    assert.deepEqual(
      byGateway.map(({ action, resources }) => [action, ...resources]),
      [['Sign', world.identities.keys.gatewaySigning]],
    )
    const others = calls.filter(call => !byGateway.includes(call) && call.decision === 'allowed')
    assert.deepEqual([...new Set(others.map(({ action }) => action))].sort(), [
      'AssumeRoleWithWebIdentity',
      'Decrypt',
      'ReEncrypt',
    ])
  })
})
