import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { courierClient } from '../../lib/cli/courier-client.ts'
import { platformClient } from '../../lib/cli/platform-client.ts'
import { list, member, textOf } from '../../lib/cli/send.ts'
import { writeAddresses } from '../../lib/cli/session.ts'
import { sf } from '../../lib/couriers/sf/index.ts'
import { sealPinsOf } from '../../lib/flow/keyring.ts'
import { type LocalGateway, startGateway } from '../../lib/local/server.ts'
import { fresh, info, request } from '../functions/http/orders.ts'
import { operator } from './in-process.ts'
import { scratch } from './run.ts'

const { folder, gone } = scratch()
let gateway: LocalGateway
let courier: ReturnType<typeof courierClient>

before(async () => {
  gateway = await startGateway({ port: 0, folder })
  writeAddresses(folder, gateway)
  const { origin, config, identities } = gateway
  const [identity, contract] = [identities.couriers.sf, config.couriers.sf]
  assert(identity && contract)
  const pins = sealPinsOf(config, contract)
  courier = courierClient(origin, 'sf', identity, { pins, router: contract.router })
})
after(async () => {
  await gateway.stop()
  gone()
})

const feed = (...args: string[]) => operator(['feed', ...args, '--data', folder])

async function post(count: number): Promise<void> {
  const platform = platformClient(
    gateway.origin,
    'douyin',
    gateway.identities.platforms.douyin ?? assert.fail(),
  )
  const orders = Array.from({ length: count }, () => info(fresh()))
  assert.equal((await platform.post(request(orders))).status, 200)
}

const pulled = async () => list((await courier.pull()).body, 'entries')

async function answerAll(): Promise<void> {
  const entries = await pulled()
  await courier.answer(
    entries.map(one => ({
      id: textOf(one, 'id'),
      document: sf.sandbox.answer(member(one, 'document')),
    })),
  )
}

test('ls: one line an entry with kind and age, and how many; no personal data', async () => {
  await post(2)
  const { code, out } = await feed('ls')
  assert.equal(code, 0)
  const [first, second, sum, ...rest] = out.trim().split('\n')
  for (const line of [first, second]) {
    assert.match(line ?? '', /^\d{13}\.o_[a-z2-7]{26}\.1\.0a {2}waybill {2}\d+ s$/)
  }
  assert.equal(sum, '2 owed to sf')
  assert.deepEqual(rest, [])
  assert.equal((await feed('ls', '--platform', 'douyin')).out, '0 owed to douyin\n')
})

test('park and replay: aside, and back; what is not there is named with exit code 1', async () => {
  const [entry] = await pulled()
  const id = textOf(entry, 'id')
  assert.deepEqual(await feed('park', id), { code: 0, out: '1 moved aside\n', err: '' })
  assert.equal((await pulled()).length, 1)
  assert.match(
    (await feed('ls', '--parked')).out,
    new RegExp(`^${id}  waybill[^]*1 moved aside to sf`),
  )
  const none = id.replace(/^\d{13}/, '1700000000000')
  const lost = await feed('park', none)
  assert.deepEqual(lost, { code: 1, out: '0 moved aside\n', err: `${none}: no such entry\n` })
  assert.equal((await feed('replay', '--all')).out, '1 given back\n')
  assert.equal((await pulled()).length, 2)
  assert.equal((await feed('replay', '--all')).out, '0 given back\n')
  assert.equal((await feed('park', id)).code, 0)
  assert.equal((await feed('replay', id)).out, '1 given back\n')
})

test('redrive: what was accepted in that time is owed again as copies', async () => {
  await answerAll()
  await post(1)
  const from = new Date(Date.now() - 3_600_000).toISOString()
  const to = new Date(Date.now() + 3_600_000).toISOString()
  const earlier = await feed('redrive', '--from', '2026-01-01T00:00:00Z', '--to', from)
  assert.equal(earlier.out, '0 orders are owed to sf again as copies; 0 left as they are\n')
  const { code, out } = await feed('redrive', '--from', from, '--to', to)
  assert.deepEqual(
    [code, out],
    [0, '2 orders are owed to sf again as copies; 1 left as they are\n'],
  )
  const copies = (await pulled()).filter(one => textOf(one, 'kind') === 'waybill-copy')
  assert.equal(copies.length, 2)
  assert.notEqual(member(copies[0], 'document'), undefined)
  const ids = copies.map(one => textOf(one, 'id'))
  assert.equal(member((await courier.ack(ids)).body, 'acknowledged'), 2)
})

test('a table by its name, as in AWS', async () => {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = process.env
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' })
  try {
    const at = ['--orders-table', 'Orders', '--endpoint', gateway.dynamodb, '--region', 'local']
    const { code, out } = await operator(['feed', 'ls', ...at])
    assert.equal(code, 0)
    assert.match(out, /1 owed to sf\n$/)
  } finally {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: id ?? '', AWS_SECRET_ACCESS_KEY: secret ?? '' })
  }
})

test('reshred: what the audit calls deleted is deleted once more; half of the tables is too few', async () => {
  const { code, out } = await operator(['reshred', '--data', folder])
  assert.deepEqual([code, out], [0, '0 orders without keys\n'])
  const half = await operator(['reshred', '--orders-table', 'Orders'])
  assert.equal(half.code, 2)
  assert.match(half.err, /go together/)
})

describe('what makes no sense ends with a line and code 2', () => {
  const cases: [string[], RegExp][] = [
    [['replay'], /ids or --all, not both/],
    [['replay', 'x', '--all'], /ids or --all, not both/],
    [['ls', '--shard', 'x'], /--shard wants a number/],
    [['redrive', '--from', '2026-01-01T00:00:00', '--to', '2026-01-02T00:00:00Z'], /--from wants/],
    [['redrive', '--from', '2026-01-01T00:00:00Z', '--to', 'today'], /--to wants a time/],
    [
      ['redrive', '--from', '2026-01-02T00:00:00Z', '--to', '2026-01-01T00:00:00Z'],
      /must lie before/,
    ],
  ]
  for (const [args, said] of cases) {
    test(args.join(' '), async () => {
      const { code, err } = await feed(...args)
      assert.equal(code, 2)
      assert.match(err, said)
    })
  }
})
