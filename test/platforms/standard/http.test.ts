import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { courierClient } from '../../../lib/cli/courier-client.ts'
import { platformClient } from '../../../lib/cli/platform-client.ts'
import { list, member, textOf } from '../../../lib/cli/send.ts'
import { openFor, stationPorts, tokenIssuer } from '../../../lib/cli/station-client.ts'
import { couriers } from '../../../lib/couriers/index.ts'
import { workingDay } from '../../../lib/custody/day.ts'
import { sealPinsOf } from '../../../lib/flow/keyring.ts'
import { type LocalGateway, startGateway } from '../../../lib/local/server.ts'
import { orderId } from '../../../lib/model/order-id.ts'
import { checkSealed } from '../../../lib/model/validate.ts'
import samples from '../../../lib/platforms/standard/fixtures/request-clear.wire.json' with {
  type: 'json',
}
import { standard } from '../../../lib/platforms/standard/index.ts'

// A platform that speaks the standard, with every courier, over a socket.

let gateway: LocalGateway
const bugs: string[] = []
before(async () => {
  gateway = await startGateway({ port: 0, report: name => void bugs.push(name) })
})
after(() => gateway.stop())

let last = 0
const fresh = () => `ST-2026-1${String(++last).padStart(6, '0')}`
const orderOf = (platformOrder: string) =>
  orderId({ platform: 'standard', platformOrders: [platformOrder], parcel: '-' })

function everybody(name: string) {
  const { origin, identities, config, aws } = gateway
  const [platform, courier] = [identities.platforms.standard, identities.couriers[name]]
  const [contract, keys] = [config.couriers[name], gateway.couriers[name]]
  assert(platform && courier && contract && keys)
  const pins = sealPinsOf(config, contract)
  return {
    platform: platformClient(origin, 'standard', platform),
    courier: courierClient(origin, name, courier, { pins, router: contract.router }),
    station: stationPorts(origin, keys, aws, pins),
    issuer: tokenIssuer(contract.issuer.url, courier),
  }
}

for (const { name, sandbox } of couriers) {
  test(`with ${name}: post, pull, answer, assign, open, push, read`, async () => {
    const { platform, courier, station, issuer } = everybody(name)
    const number = fresh()
    const order = orderOf(number)
    const terms = { product: sandbox.product, account: sandbox.account }
    const request = standard.sandbox.requestFor(name, terms)
    const document = JSON.stringify(request).replaceAll('ST-2026-0000001', number)
    const posted = await platform.post(document)
    const names = { primaryOrder: number, parcel: '-' }
    assert.deepEqual(bugs, [])
    assert.deepEqual(posted.body, { outcomes: [{ outcome: 'pending', ...names }] })

    const entries = list((await courier.pull()).body, 'entries')
    const entry = entries.find(one => textOf(one, 'order') === order)
    const waybill = sandbox.answer(member(entry, 'document'))
    const answers = [{ id: textOf(entry, 'id'), document: waybill }]
    const answered = await courier.answer(answers)
    assert.equal(textOf(answered.body, 'results', 0, 'outcome'), 'accepted')

    const repeat = await platform.post(document)
    assert.equal(textOf(repeat.body, 'outcomes', 0, 'outcome'), 'accepted')
    const number1 = textOf(repeat.body, 'outcomes', 0, 'acceptance', 'waybills', 0)
    assert.notEqual(number1, '')

    const seal = courier.check(checkSealed(member(entry, 'sealed', 'receiver')))
    const assigned = await courier.assign([{ seal, leg: 'delivery', hop: 'station-1', epoch: 1 }])
    assert.equal(textOf(assigned.body, 'results', 0, 'outcome'), 'released')
    const tokens = issuer.tokens('station-1', workingDay(new Date()))
    const opened = await openFor(station, tokens, { order, group: 'receiver', rev: 1 })
    assert.deepEqual(opened, samples.orders[0]?.receiver.personal)

    const start = new Date(Date.now() - 2 * 86_400_000)
    const pushes = courier.pushes({ order, waybill: number1, start })
    for (const push of [...pushes, ...pushes.slice(0, 1)]) {
      assert.equal((await courier.push(push)).status, 200)
    }
    const owed = list((await platform.events()).body, 'entries')
    const mine = owed.filter(one => textOf(one, 'order') === order)
    assert.equal(mine.length, pushes.length + 1, 'the answer, and each event once')
    assert.equal(textOf(mine[0], 'document', 'outcome'), 'accepted')
    assert.equal(textOf(mine.at(-1), 'document', 'status'), 'delivered')
    await platform.ack(owed.map(one => textOf(one, 'id')))
    assert.deepEqual(bugs, [])
  })
}
