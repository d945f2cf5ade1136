import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { list, member, textOf } from '../../../lib/cli/send.ts'
import { openFor } from '../../../lib/cli/station-client.ts'
import { workingDay } from '../../../lib/custody/day.ts'
import { orderId } from '../../../lib/model/order-id.ts'
import {
  checkPersonal,
  checkSealed,
  type Group,
  type Personal,
  type Sealed,
} from '../../../lib/model/validate.ts'
import samples from '../../../lib/platforms/standard/fixtures/request-clear.wire.json' with {
  type: 'json',
}
import {
  type Binding,
  pinRecipient,
  platformSigner,
  sealPersonal,
  signingKey,
} from '../../../lib/seal/index.ts'
import { startSealingWorld } from './sealing-world.ts'

// A platform that seals end to end: the gateway never sees a name, a phone or an address.

let world: Awaited<ReturnType<typeof startSealingWorld>>
before(async () => {
  world = await startSealingWorld()
})
after(() => world.stop())

const [sample = assert.fail()] = samples.orders
const PEOPLE: Readonly<Record<Group, Personal>> = {
  sender: checkPersonal(sample.sender.personal),
  receiver: checkPersonal(sample.receiver.personal),
}
const OTHER = checkPersonal({
  name: '王五',
  phone: '13700000000',
  address: '样例大道8号3单元502室',
})
const VALUES = [...Object.values(PEOPLE), OTHER].flatMap(one => Object.values(one))

let last = 0
const fresh = () => `ST-2026-2${String(++last).padStart(6, '0')}`
const idOf = (number: string) =>
  orderId({ platform: 'standard', platformOrders: [number], parcel: '-' })

/** What a platform's seal is made of, where it differs from the usual. */
type Making = Partial<Binding> & {
  readonly kid?: string
  readonly key?: JsonWebKey
  readonly platform?: string
  readonly personal?: Personal
}

/** Seals as such a platform does: to the published key that it pinned, signed by its own. */
async function sealFor(order: string, group: Group, making: Making = {}): Promise<Sealed> {
  const { kid = world.own.kid, key = world.own.signer, platform = 'standard' } = making
  const { personal = PEOPLE[group], ...binding } = making
  const recipient = pinRecipient(await world.publishedKey(kid), kid)
  const { courier = 'standard', rev = 1 } = binding
  const bound = { order: binding.order ?? order, courier, group: binding.group ?? group, rev }
  const signer = platformSigner(signingKey(createPrivateKey({ key, format: 'jwk' })))
  return signer.sign(sealPersonal(personal, recipient, bound), platform, new Date())
}

/** A posted order whose parties are sealed already; the receiver's seal is a test's to make. */
async function requestOf(number: string, making: Making = {}): Promise<string> {
  const order = idOf(number)
  const party = async (group: Group, how: Making) => ({
    region: sample[group].region,
    sealed: await sealFor(order, group, how),
  })
  const [sender, receiver] = [await party('sender', {}), await party('receiver', making)]
  const names = { platformOrders: [number], primaryOrder: number }
  return JSON.stringify({ orders: [{ ...sample, ...names, sender, receiver }] })
}

async function entryOf(order: string): Promise<unknown> {
  const owed = list((await world.courier.pull()).body, 'entries')
  const mine = owed.filter(one => textOf(one, 'order') === order)
  assert.equal(mine.length, 1)
  return mine[0]
}

async function accept(entry: unknown): Promise<void> {
  const [order, waybill] = [textOf(entry, 'order'), `ST${textOf(entry, 'order').slice(2, 12)}`]
  const document = { outcome: 'accepted', order, courier: 'standard', waybills: [waybill] }
  const { body } = await world.courier.answer([{ id: textOf(entry, 'id'), document }])
  assert.equal(textOf(body, 'results', 0, 'outcome'), 'accepted')
}

/** Assigns a group by the seal that was pulled, and opens it at the hop. */
async function open(entry: unknown, group: Group): Promise<Personal> {
  const seal = world.courier.check(checkSealed(member(entry, 'sealed', group)))
  const [hop, leg] =
    group === 'receiver' ? (['station-1', 'delivery'] as const) : (['pickup-1', 'pickup'] as const)
  const { body } = await world.courier.assign([{ seal, leg, hop, epoch: 1 }])
  assert.equal(textOf(body, 'results', 0, 'outcome'), 'released')
  const tokens = world.issuer.tokens(hop, workingDay(new Date()))
  const { order, rev } = seal
  return openFor(world.station, tokens, { order, group, rev })
}

test('sealed by the platform, posted, pulled, assigned, opened', async () => {
  const number = fresh()
  const document = await requestOf(number)
  const posted = await world.platform.post(document)
  assert.equal(textOf(posted.body, 'outcomes', 0, 'outcome'), 'pending', posted.text)
  const entry = await entryOf(idOf(number))
  const parties = member(entry, 'parties')
  assert.deepEqual(member(parties, 'receiver', 'protection'), { kind: 'sealed' })
  assert.equal(member(parties, 'receiver', 'display'), undefined)
  const seal = checkSealed(member(entry, 'sealed', 'receiver'))
  assert.deepEqual([seal.encrypted_key, seal.certificate], [undefined, undefined])
  await accept(entry)
  assert.deepEqual(await open(entry, 'receiver'), PEOPLE.receiver)
  assert.deepEqual(await open(entry, 'sender'), PEOPLE.sender)
  const repeat = await world.platform.post(document)
  assert.equal(textOf(repeat.body, 'outcomes', 0, 'outcome'), 'accepted')
})

test('sealed anew on a repeat, it is the same order with its first seal', async () => {
  const number = fresh()
  await world.platform.post(await requestOf(number))
  const entry = await entryOf(idOf(number))
  const repeat = await world.platform.post(await requestOf(number))
  assert.equal(textOf(repeat.body, 'outcomes', 0, 'outcome'), 'pending')
  assert.deepEqual(await entryOf(idOf(number)), entry)
})

describe('a seal that is not for this order by this platform keeps the order out', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const stranger = privateKey.export({ format: 'jwk' })
  const cases: [what: string, code: string, making: () => Making][] = [
    ['of another order', 'SEAL_INVALID', () => ({ order: idOf('another') })],
    ['of another courier', 'SEAL_INVALID', () => ({ courier: 'sf' })],
    ['of the other group', 'SEAL_INVALID', () => ({ group: 'sender' })],
    ['of a later revision', 'SEAL_INVALID', () => ({ rev: 2 })],
    ['signed by a key that is not pinned', 'SIGNATURE_INVALID', () => ({ key: stranger })],
    ['in the name of another platform', 'SIGNATURE_INVALID', () => ({ platform: 'douyin' })],
    ['to the gateway’s custody key', 'SIGNATURE_INVALID', () => ({ kid: gatewayKid() })],
  ]
  const gatewayKid = () =>
    world.config.couriers.standard?.custodyKeys.find(key => key.platform === undefined)?.kid ??
    assert.fail()
  for (const [what, code, making] of cases) {
    test(what, async () => {
      const number = fresh()
      const { body } = await world.platform.post(await requestOf(number, making()))
      assert.equal(textOf(body, 'outcomes', 0, 'outcome'), 'failed')
      assert.equal(textOf(body, 'outcomes', 0, 'problem', 'code'), code)
      const owed = list((await world.courier.pull()).body, 'entries')
      assert.ok(!owed.some(one => textOf(one, 'order') === idOf(number)))
    })
  }
})

describe('another receiver, sealed by the platform', () => {
  const change = async (number: string, rev: number) => {
    const receiver = {
      region: sample.sender.region,
      sealed: await sealFor(idOf(number), 'receiver', { rev, personal: OTHER }),
    }
    const parcel = { platformOrder: number, parcel: '-' }
    const wish = { change: 'receiver-changed', ...parcel, receiver, at: new Date().toISOString() }
    const { body } = await world.platform.change(JSON.stringify({ changes: [wish] }))
    return member(body, 'outcomes', 0)
  }

  test('for revision 2 stands, and opens to the new data', async () => {
    const number = fresh()
    await world.platform.post(await requestOf(number))
    assert.equal(textOf(await change(number, 2), 'outcome'), 'done')
    const entry = await entryOf(idOf(number))
    assert.equal(member(entry, 'document', 'rev'), 2)
    await accept(entry)
    assert.deepEqual(await open(entry, 'receiver'), OTHER)
    assert.deepEqual(await open(entry, 'sender'), PEOPLE.sender)
  })

  test('for revision 1 again is refused, and the first stands', async () => {
    const number = fresh()
    await world.platform.post(await requestOf(number))
    const before = await entryOf(idOf(number))
    const outcome = await change(number, 1)
    assert.equal(textOf(outcome, 'problem', 'code'), 'SEAL_INVALID')
    assert.deepEqual(await entryOf(idOf(number)), before)
  })
})

test('the gateway was sent no name, phone, address or remark, and had no bug', () => {
  assert.ok(world.bodies.length > 0)
  const sent = world.bodies.join('\n')
  for (const value of VALUES) assert.ok(!sent.includes(String(value)))
  assert.deepEqual(world.bugs, [])
})
