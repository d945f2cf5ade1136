import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, type JsonWebKey } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb'
import { courierClient } from '../../lib/cli/courier-client.ts'
import { platformClient } from '../../lib/cli/platform-client.ts'
import { list, member, textOf } from '../../lib/cli/send.ts'
import { writeAddresses } from '../../lib/cli/session.ts'
import { sf } from '../../lib/couriers/sf/index.ts'
import { sealPinsOf } from '../../lib/flow/keyring.ts'
import { type LocalGateway, startGateway } from '../../lib/local/server.ts'
import { checkSealed } from '../../lib/model/validate.ts'
import { orderOf } from '../functions/http/bench.ts'
import { fresh, info, request } from '../functions/http/orders.ts'
import { operator } from './in-process.ts'
import { lasthop, scratch } from './run.ts'

const { folder, gone } = scratch()
let gateway: LocalGateway
let database: DynamoDBClient
let orders: string[] = []

before(async () => {
  gateway = await startGateway({ port: 0, folder })
  writeAddresses(folder, gateway)
  const { aws, dynamodb: endpoint } = gateway
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  database = new DynamoDBClient({ endpoint, region: aws.region, credentials })
  orders = await chainsOfThree(10)
})
after(async () => {
  database.destroy()
  await gateway.stop()
  gone()
})

/** Orders that were assigned three times: three records and three receipts each. */
async function chainsOfThree(count: number): Promise<string[]> {
  const { origin, identities, config } = gateway
  const [identity, contract] = [identities.couriers.sf, config.couriers.sf]
  assert(identity && contract && identities.platforms.douyin)
  const pins = sealPinsOf(config, contract)
  const courier = courierClient(origin, 'sf', identity, { pins, router: contract.router })
  const ids = Array.from({ length: count }, fresh)
  await platformClient(origin, 'douyin', identities.platforms.douyin).post(
    request(ids.map(id => info(id))),
  )
  const entries = list((await courier.pull()).body, 'entries')
  await courier.answer(
    entries.map(one => ({
      id: textOf(one, 'id'),
      document: sf.sandbox.answer(member(one, 'document')),
    })),
  )
  const seals = entries.map(one => courier.check(checkSealed(member(one, 'sealed', 'receiver'))))
  for (const [epoch, hop] of [
    [1, 'station-1'],
    [2, 'station-2'],
    [3, 'station-1'],
  ] as const) {
    const reply = await courier.assign(
      seals.map(seal => ({ seal, leg: 'delivery', hop, epoch }) as const),
    )
    for (const result of list(reply.body, 'results')) assert.equal(member(result, 'status'), 200)
  }
  return ids.map(id => orderOf(id))
}

const Audit = { TableName: 'Audit' }
const keyOf = (order: string, place: number | 'head') => ({
  pk: { S: `audit#${order}` },
  sk: { S: place === 'head' ? place : String(place).padStart(12, '0') },
})
const read = async (order: string, place: number | 'head') => {
  const { Item } = await database.send(
    new GetItemCommand({ ...Audit, Key: keyOf(order, place), ConsistentRead: true }),
  )
  return Item ?? assert.fail()
}
const put = (order: string, place: number | 'head', item: Awaited<ReturnType<typeof read>>) =>
  database.send(new PutItemCommand({ ...Audit, Item: { ...item, ...keyOf(order, place) } }))
const drop = (order: string, place: number | 'head') =>
  database.send(new DeleteItemCommand({ ...Audit, Key: keyOf(order, place) }))
const setBack = async (order: string, to: number) => {
  const { hash = { S: '' } } = await read(order, to)
  await put(order, 'head', { ...(await read(order, 'head')), length: { N: String(to) }, hash })
}

const verify = (...args: string[]) => operator(['audit', 'verify', '--data', folder, ...args])

test('sound chains and receipts: exit code 0', async () => {
  const all = await verify('--all')
  assert.deepEqual([all.code, all.out], [0, '10 chains, 30 records, 30 receipts: sound\n'])
  const one = await verify('--order', orders[0] ?? '')
  assert.deepEqual([one.code, one.out], [0, '1 chains, 3 records, 3 receipts: sound\n'])
  assert.equal((await verify('--order', orderOf('1'))).code, 1)
  assert.equal((await verify('--all', '--order', orders[0] ?? '')).code, 2)
})

test('tables by their names, with the credentials of the AWS SDK', async () => {
  process.env.AWS_ACCESS_KEY_ID = 'operator'
  process.env.AWS_SECRET_ACCESS_KEY = 'secret'
  const { identities, dynamodb, aws } = gateway
  const { receipts: jwk = {}, dispatch = {} } = identities.couriers.sf ?? assert.fail()
  const pem = (name: string, key: JsonWebKey) => {
    const open = createPublicKey(createPrivateKey({ key, format: 'jwk' }))
    writeFileSync(join(folder, name), open.export({ format: 'pem', type: 'spki' }))
    return `sf=${join(folder, name)}`
  }
  const place = ['--endpoint', dynamodb, '--region', aws.region]
  const audit = (...more: string[]) =>
    operator(['audit', 'verify', '--audit-table', 'Audit', ...place, ...more])
  const receipts = ['--receipts', 'sf=Custody-sf']
  const sound = await audit(...receipts, '--receipt-key', pem('receipts.pem', jwk))
  assert.deepEqual([sound.code, sound.out], [0, '10 chains, 30 records, 30 receipts: sound\n'])
  const alone = await audit()
  assert.deepEqual([alone.code, alone.out], [0, '10 chains, 30 records, 0 receipts: sound\n'])
  const wrong = await audit(...receipts, '--receipt-key', pem('wrong.pem', dispatch))
  assert.equal(wrong.code, 1)
  assert.match(wrong.out, /a receipt that its router did not sign/)
  assert.equal((await audit(...receipts)).code, 2, 'receipts without their key')
  assert.equal((await audit('--receipts', 'Custody-sf')).code, 2)
  await assert.rejects(
    audit(...receipts.slice(0, 1), 'sf=none', '--receipt-key', pem('r.pem', jwk)),
    {
      code: 'STORE_AWAY',
    },
  )
  const lift = ['lift', 'pickup-1', '--limit', '9', '--actor', 'ops-7', '--audit-table', 'Audit']
  assert.equal((await operator([...lift, ...place])).code, 2, 'no table of counters')
  assert.equal((await operator([...lift, '--keys-table', 'Keys', ...place])).code, 0)
  assert.equal((await gateway.custody.store.readCounter('hop#sf#pickup-1', 1)).lift?.limit, 9)
  await drop('hop#sf#pickup-1', 1)
  await drop('hop#sf#pickup-1', 'head')
})

describe('planted, each in an order of its own', () => {
  const planted: Record<string, [(order: string) => Promise<unknown>, RegExp]> = {
    'a record changed': [
      async order => {
        const item = await read(order, 2)
        const record = item.record?.S?.replace('station-2', 'station-9') ?? ''
        await put(order, 2, { ...item, record: { S: record } })
      },
      /record 2 of 3 /,
    ],
    'a record made unreadable': [
      async order => put(order, 1, { ...(await read(order, 1)), record: { S: '{' } }),
      /cannot be read/,
    ],
    'two records exchanged': [
      async order => {
        const [one, two] = [await read(order, 1), await read(order, 2)]
        await put(order, 1, two)
        await put(order, 2, one)
      },
      /record 1 of 3 /,
    ],
    'a record cut out': [order => drop(order, 2), /record 2 of 2 /],
    'the tail cut off, the head set back': [
      async order => {
        await drop(order, 3)
        await setBack(order, 2)
      },
      /cut off behind record 2/,
    ],
    'all of it deleted': [
      async order => {
        for (const place of [1, 2, 3, 'head'] as const) await drop(order, place)
      },
      /cut off behind record 0/,
    ],
    'rewritten whole, every hash right': [
      async order => {
        for (const place of [1, 2, 3, 'head'] as const) await drop(order, place)
        for (const epoch of [1, 2, 3]) {
          const record = { what: 'assigned', at: Date.now(), group: 'receiver', epoch } as const
          await gateway.custody.store.appendAudit(order, record)
        }
      },
      /record 1 of 3 /,
    ],
    'a receipt forged': [
      async order => {
        const Key = { pk: { S: `order#${order}` }, sk: { S: 'receipt#00000003' } }
        const table = { TableName: 'Custody-sf' }
        const { Item } = await database.send(new GetItemCommand({ ...table, Key }))
        const [header, payload, signature] = (Item?.jws?.S ?? '').split('.')
        const said = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString())
        const other = Buffer.from(JSON.stringify({ ...said, seq: 2 })).toString('base64url')
        const jws = { S: `${header}.${other}.${signature}` }
        await database.send(new PutItemCommand({ ...table, Item: { ...Item, jws } }))
      },
      /receipt that its router did not sign/,
    ],
  }
  for (const [at, [name, [plant, expected]]] of Object.entries(planted).entries()) {
    test(name, async () => {
      const order = orders[at] ?? assert.fail()
      assert.equal((await verify('--order', order)).code, 0)
      await plant(order)
      const { code, out } = await verify('--order', order)
      assert.equal(code, 1, out)
      assert.match(out, expected)
      assert.ok(out.startsWith(`${order}: `))
    })
  }

  test('all of them are named by --all, and the sound ones are not', async () => {
    const { code, out } = await verify()
    assert.equal(code, 1)
    const faulty = orders.slice(0, Object.keys(planted).length)
    for (const order of orders) assert.equal(out.includes(order), faulty.includes(order), order)
    assert.match(out, /: 8 not sound\n$/)
  })
})

test('lift: the brake of a hop, and who lifted it, which is verified with the rest', async () => {
  const args = ['lift', 'station-1', '--data', folder, '--limit', '20000']
  const run = await lasthop([...args, '--hours', '4', '--actor', 'ops-7'])
  assert.equal(run.code, 0, run.err)
  const { records } = await gateway.custody.store.readChain('hop#sf#station-1')
  assert.deepEqual(
    records.map(({ record }) => [record.what, record.actor]),
    [['lifted', 'ops-7']],
  )
  const { lift } = await gateway.custody.store.readCounter('hop#sf#station-1', 1)
  assert.equal(lift?.limit, 20_000)
  assert.equal((await verify('--order', 'hop#sf#station-1')).code, 0)
  for (const wrong of [
    [...args],
    [...args, '--actor', '张三'],
    [...args, '--actor', 'ops-7', '--hours', '0'],
    ['lift', 'a b', '--data', folder, '--limit', '5', '--actor', 'ops-7'],
  ]) {
    assert.equal((await lasthop(wrong)).code, 2, wrong.join(' '))
  }
})

test('keys show: what the running gateway pins', async () => {
  const { code, out } = await lasthop(['keys', 'show', '--data', folder])
  assert.equal(code, 0)
  const kid = gateway.couriers.sf?.custody.kid
  assert.ok(out.includes(`${kid}  sf custody, current, version 1\n`))
})
