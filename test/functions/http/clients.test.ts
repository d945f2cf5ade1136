import assert from 'node:assert/strict'
import { after, before, mock, test } from 'node:test'
import { courierClient } from '../../../lib/cli/courier-client.ts'
import { platformClient } from '../../../lib/cli/platform-client.ts'
import { list, member, textOf } from '../../../lib/cli/send.ts'
import { openFor, stationPorts, tokenIssuer } from '../../../lib/cli/station-client.ts'
import { sealPinsOf } from '../../../lib/flow/keyring.ts'
import { type LocalGateway, startGateway } from '../../../lib/local/server.ts'
import { checkSealed } from '../../../lib/model/validate.ts'
import { orderOf } from './bench.ts'
import { fresh, info, outcome, PENDING, RECEIVER, request, sf } from './orders.ts'
import { today } from './parcels.ts'

// The clients that the command line uses, over a socket.

let gateway: LocalGateway
const bugs: string[] = []
before(async () => {
  gateway = await startGateway({ port: 0, report: name => void bugs.push(name) })
})
after(() => gateway.stop())

/** Platform, courier and station, each with its own client. */
function everybody() {
  const { origin, identities, config, couriers, aws } = gateway
  const [platform, courier, contract, keys] = [
    identities.platforms.douyin,
    identities.couriers.sf,
    config.couriers.sf,
    couriers.sf,
  ]
  assert(platform && courier && contract && keys)
  const pins = sealPinsOf(config, contract)
  return {
    platform: platformClient(origin, 'douyin', platform),
    courier: courierClient(origin, 'sf', courier, { pins, router: contract.router }),
    station: stationPorts(origin, keys, aws, pins),
    issuer: tokenIssuer(contract.issuer.url, courier),
  }
}

test('post, pull, answer, assign, open, push, read, acknowledge', async () => {
  const { platform, courier, station, issuer } = everybody()
  const ids = Array.from({ length: 3 }, fresh)
  const orders = ids.map(id => orderOf(id))
  const document = request(ids.map(id => info(id)))
  assert.equal(outcome(await platform.post(document)), PENDING)

  const entries = list((await courier.pull()).body, 'entries')
  assert.deepEqual(entries.map(entry => textOf(entry, 'order')).toSorted(), orders.toSorted())
  const second = list((await courier.pull(textOf(entries[0], 'id'))).body, 'entries')
  assert.deepEqual(second, entries.slice(1))
  const answers = entries.map(entry => ({
    id: textOf(entry, 'id'),
    document: sf.sandbox.answer(member(entry, 'document')),
  }))
  assert.equal(list((await courier.answer(answers)).body, 'results').length, 3)
  assert.match(outcome(await platform.post(document)) ?? '', /^SF/)

  const seal = courier.check(checkSealed(member(entries[0], 'sealed', 'receiver')))
  const assigned = await courier.assign([{ seal, leg: 'delivery', hop: 'station-1', epoch: 1 }])
  assert.equal(textOf(assigned.body, 'results', 0, 'outcome'), 'released')
  const { order, rev } = seal
  const tokens = issuer.tokens('station-1', today())
  const opened = await openFor(station, tokens, { order, group: 'receiver', rev })
  assert.equal(opened.name, RECEIVER.name)

  const WaybillRoute = { id: '1', mailno: 'SF1', orderid: order, opCode: '50' }
  const push = { Body: { WaybillRoute: { ...WaybillRoute, acceptTime: '2026-01-01 10:00:00' } } }
  const pushed = await courier.push({
    method: 'POST',
    path: '/v1/couriers/sf/events',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(push),
  })
  assert.match(pushed.text, /"0000"/)

  const events = list((await platform.events()).body, 'entries')
  assert.equal(events.length, 4)
  const rest = list((await platform.events(textOf(events[1], 'id'))).body, 'entries')
  assert.deepEqual(rest, events.slice(2))
  await platform.ack(events.map(event => textOf(event, 'id')))
  assert.deepEqual(list((await platform.events()).body, 'entries'), [])
  assert.deepEqual((await courier.ack([])).body, { acknowledged: 0, unanswered: [] })
})

test('a courier checks seals while they are fresh: an older one was dated back', async () => {
  const { platform, courier } = everybody()
  await platform.post(request([info(fresh())]))
  const [entry] = list((await courier.pull()).body, 'entries')
  const sealed = checkSealed(member(entry, 'sealed', 'receiver'))
  assert.equal(courier.check(sealed).order, textOf(entry, 'order'))
  const sealedAt = Date.parse(sealed.sealedAt)
  try {
    mock.timers.enable({ apis: ['Date'], now: sealedAt + 3 * 86_400_000 })
    assert.equal(courier.check(sealed).group, 'receiver')
    mock.timers.setTime(sealedAt + 3 * 86_400_000 + 1000)
    assert.throws(() => courier.check(sealed), { code: 'SIGNATURE_INVALID', at: '/sealedAt' })
  } finally {
    mock.timers.reset()
  }
})

test('the server answers what no client sends', async () => {
  const { origin } = gateway
  const at = async (method: string, path: string, init: RequestInit = {}) =>
    (await fetch(`${origin}${path}`, { method, ...init })).status
  assert.equal(await at('GET', '/v1/health'), 200)
  assert.equal(await at('HEAD', '/v1/health'), 200)
  assert.equal(await at('GET', '/v1/health/'), 404)
  assert.equal(await at('GET', '//v1/health'), 404)
  assert.equal(await at('DELETE', '/v1/health'), 404)
  assert.equal(await at('GET', '/v1/couriers/sf/waybills'), 401)
  const long = { body: ' '.repeat(1_048_577) }
  assert.equal(await at('POST', '/v1/platforms/douyin/orders', long), 413)
  assert.equal(await at('POST', '/v1/couriers/sf/answers', long), 413)
  const zipped = { body: 'x', headers: { 'content-encoding': 'gzip' } }
  assert.equal(await at('POST', '/v1/couriers/sf/answers', zipped), 400)
  assert.deepEqual(bugs, [])
})
