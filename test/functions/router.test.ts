import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { loadRouterFile, type RouterFile, readRouterConfig } from '../../functions/router/config.ts'
import { createRouterTable, openStore } from '../../functions/router/store.ts'
import { openRouterTable } from '../../functions/router/table.ts'
import { capsuleContext } from '../../lib/custody/capsule.ts'
import { createRouter } from '../../lib/custody/router.ts'
import type { EpochRecord, RouterTable } from '../../lib/custody/router-ports.ts'
import { type DynamoDb, startDynamoDb } from '../../lib/local/dynamodb.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import { wrappedKeyOf } from '../../lib/seal/held-key.ts'
import { pinOf, signingKey } from '../../lib/seal/keys.ts'
import * as c from '../custody/fixtures.ts'
import { hopKeyArn, memoryKms } from '../custody/memory-kms.ts'
import { memoryTable } from '../custody/memory-table.ts'
import * as f from '../seal/fixtures.ts'
import { openAccount } from './custody-account.ts'

let dynamodb: DynamoDb
let client: DynamoDBClient
let tables = 0

before(async () => {
  dynamodb = await startDynamoDb({})
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  client = new DynamoDBClient({ endpoint: dynamodb.endpoint, region: 'us-east-1', credentials })
})

after(async () => {
  client.destroy()
  await dynamodb.stop()
})

async function dynamoTable(): Promise<RouterTable> {
  const name = `router-${++tables}`
  await createRouterTable(client, name)
  const options = { now: () => f.now, keepSeconds: 86_400, windowSeconds: 3600 }
  return openRouterTable(openStore(client, name), options)
}

const kinds = { memory: async (): Promise<RouterTable> => memoryTable(), dynamodb: dynamoTable }
const of = { order: f.order, group: 'receiver' } as const
const record: EpochRecord = {
  ...{ epoch: 1, hash: 'h1', rev: 1, seal: 's1', hop: c.hop, day: c.today, ended: false },
}
const capsuleOf = (epoch: number, hop = c.hop) => ({
  epoch,
  capsule: {
    ciphertext: 'AAAA',
    key: hopKeyArn,
    context: capsuleContext({ ...f.binding, hop, day: c.today }),
  },
})

for (const [kind, open] of Object.entries(kinds)) {
  test(`${kind}: a wrapped key is bound once`, async () => {
    const table = await open()
    const other = { ...f.binding, order: f.otherOrder }
    assert.deepEqual(await table.bindKey('k', f.binding), f.binding)
    assert.deepEqual(await table.bindKey('k', other), f.binding)
    assert.deepEqual(await table.bindKey('k2', other), other)
  })

  test(`${kind}: an epoch is taken once, by a higher one of no lower rev`, async () => {
    const table = await open()
    const takes = [
      [{}, 'h1'],
      [{ hash: 'h2' }, 'h1'],
      [{ epoch: 3, hash: 'h3', rev: 2 }, 'h3'],
      [{ epoch: 2, hash: 'h4', rev: 2 }, 'h3'],
      [{ epoch: 4, hash: 'h5', rev: 1 }, 'h3'],
      [{ epoch: 4, hash: 'h6', rev: 2, ended: true }, 'h6'],
      [{ epoch: 5, hash: 'h7', rev: 2 }, 'h6'],
      [{ epoch: 5, hash: 'h8', rev: 2, seal: 's2' }, 'h8'],
    ] as const
    for (const [changes, stands] of takes) {
      assert.equal((await table.takeEpoch(of, { ...record, ...changes })).hash, stands)
    }
    const { epoch } = await table.look({ ...of, hop: c.hop, counters: [] })
    assert.deepEqual(epoch, { ...record, epoch: 5, hash: 'h8', rev: 2, seal: 's2' })
  })

  test(`${kind}: one capsule for an epoch, a later one in its place`, async () => {
    const table = await open()
    assert.deepEqual(await table.keepCapsule(of, capsuleOf(1)), capsuleOf(1))
    assert.deepEqual(await table.keepCapsule(of, capsuleOf(1, 'other')), capsuleOf(1))
    assert.deepEqual(await table.keepCapsule(of, capsuleOf(2, 'other')), capsuleOf(2, 'other'))
    assert.deepEqual(await table.keepCapsule(of, capsuleOf(1)), capsuleOf(2, 'other'))
  })

  test(`${kind}: a dropped capsule leaves its epoch, and none of an earlier one comes after it`, async () => {
    const table = await open()
    const capsule = async () => (await table.look({ ...of, hop: c.hop, counters: [] })).capsule
    await table.dropCapsule(of)
    assert.equal(await capsule(), undefined)
    await table.takeEpoch(of, { ...record, epoch: 2 })
    await table.keepCapsule(of, capsuleOf(1))
    await table.dropCapsule(of)
    assert.deepEqual(await capsule(), { epoch: 2 })
    assert.deepEqual(await table.keepCapsule(of, capsuleOf(1)), { epoch: 2 })
    assert.deepEqual(await table.keepCapsule(of, capsuleOf(2)), capsuleOf(2))
    await table.dropCapsule(of)
    assert.deepEqual(await capsule(), { epoch: 2 })
    await table.keepCapsule(of, capsuleOf(3))
    await table.dropCapsule(of)
    assert.deepEqual(await capsule(), capsuleOf(3))
  })

  test(`${kind}: a count stops below its limit, also when many come at once`, async () => {
    const table = await open()
    const counter = { counter: 'hop#A', window: 7 }
    const counts = await Promise.all(Array.from({ length: 8 }, () => table.count(counter, 5)))
    const counted = counts.filter(count => count !== undefined).sort()
    assert.deepEqual(counted, [1, 2, 3, 4, 5])
    assert.equal(await table.count(counter, 5), undefined)
    assert.equal(await table.count({ ...counter, window: 8 }, 0), undefined)
    await table.putLift('hop#A', { limit: 9, until: '2026-01-05T03:00:00Z' }, 1)
    const state = await table.look({ ...of, hop: 'A', counters: [counter] })
    assert.deepEqual(state.counters, [
      { last: 5, lift: { limit: 9, until: '2026-01-05T03:00:00Z' } },
    ])
  })

  test(`${kind}: what was ordered later stands`, async () => {
    const table = await open()
    await table.putHop('A', { kind: 'delivery', limit: 3 }, 20)
    await table.putHop('A', { kind: 'pickup', limit: 4 }, 10)
    const floor = { table: await table.identity(), notBefore: 5 }
    await table.putFloor(floor, 20)
    await table.putFloor({ ...floor, notBefore: 0 }, 10)
    const state = await table.look({ ...of, hop: 'A', counters: [] })
    assert.deepEqual(state, { floor, hop: { kind: 'delivery', limit: 3 }, counters: [] })
  })

  test(`${kind}: the first receipt for a length stands`, async () => {
    const table = await open()
    const receipt = { order: f.order, seq: 1, head: 'h', jws: 'j' }
    assert.deepEqual(await table.keepReceipt(receipt), receipt)
    assert.deepEqual(await table.keepReceipt({ ...receipt, head: 'x', jws: 'y' }), receipt)
    const next = { ...receipt, seq: 2 }
    assert.deepEqual(await table.keepReceipt(next), next)
  })

  test(`${kind}: two tables are not the same table`, async () => {
    const [a, b] = [await open(), await open()]
    assert.notEqual(await a.identity(), await b.identity())
    assert.equal(await a.identity(), await a.identity())
  })
}

test('100 parallel assignments of one order over DynamoDB: one capsule', async () => {
  const world = await c.makeWorld(await dynamoTable())
  const sealed = await f.sealAtIntake()
  const requests = Array.from({ length: 100 }, (_, i) =>
    c.requestFor(sealed, { hop: i % 2 === 0 ? c.hop : 'XM-0592-018' }),
  )
  const answers = await Promise.all(requests.map(request => world.router(request)))
  assert.equal(answers.filter(answer => 'capsule' in answer).length, 1)
  assert.equal(world.kms.calls.length, 1)
})

test('a table that is away is said to be, and the assignment can come again', async () => {
  const table = openRouterTable(openStore(client, 'no-such-table'), {
    ...{ now: () => f.now, keepSeconds: 86_400, windowSeconds: 3600 },
  })
  const router = createRouter(c.config, {
    ...{ table, receiptKey: c.receiptKey, now: () => f.now, note() {} },
    reEncrypt: memoryKms().reEncrypt,
  })
  const answer = await router(c.requestFor(await f.sealAtIntake()))
  assert.deepEqual(answer, {
    refused: 'RELEASE_REFUSED',
    retry: 'later',
    reason: { code: 'STORE_AWAY', at: '' },
  })
})

test('ReEncrypt goes from the custody key to the hop key, and what KMS refuses is refused', async t => {
  const { reEncrypt, custodyKeyArn, hopKeyArn: hopArn, seal } = await openAccount(t)
  const held = wrappedKeyOf(await seal())
  const call = {
    wrappedKey: Buffer.from(held.wrappedKey, 'base64url'),
    ...{ custodyKeyArn, hopKeyArn: hopArn },
    context: capsuleContext({ ...f.binding, hop: c.hop, day: c.today }),
  }
  const made = await reEncrypt(call)
  assert.deepEqual([made.custodyKeyArn, made.hopKeyArn], [custodyKeyArn, hopArn])
  assert.ok(made.ciphertext.length > 32)
  const refused = new GatewayError('RELEASE_REFUSED', '/kms')
  const wrong = [
    { ...call, hopKeyArn: custodyKeyArn },
    { ...call, wrappedKey: Buffer.alloc(384, 1) },
    { ...call, context: { ...call.context, courier: 'slow' } },
    { ...call, context: { ...call.context, more: '1' } },
    { ...call, custodyKeyArn: custodyKeyArn.replace(/.$/, 'x') },
  ]
  for (const one of wrong) {
    await assert.rejects(reEncrypt(one), { code: refused.code, at: refused.at })
  }
})

test('the configuration file pins what the router trusts', t => {
  const folder = mkdtempSync(join(tmpdir(), 'lasthop-router-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const jwk = (name: string) => pinOf(signingKey(f.testKey(name))).key.export({ format: 'jwk' })
  const file: RouterFile = {
    ...{ courier: 'swift', aud: c.aud, table: 'router', hopKey: hopKeyArn },
    custodyKeys: [{ kid: f.custody.kid, arn: 'arn:custody' }],
    gatewayKeys: [jwk('gateway')],
    dispatchKeys: [jwk('dispatch'), jwk('nextDispatch')],
    controlKeys: [jwk('control')],
    brake: { limit: 5000, windowSeconds: 3600 },
    ...{ keepSeconds: 94_608_000, receiptSecret: 'lasthop/swift/receipt' },
  }
  const load = (content: object) => {
    const path = join(folder, 'router.json')
    writeFileSync(path, JSON.stringify(content))
    return loadRouterFile({ ROUTER_CONFIG: path })
  }
  const config = readRouterConfig(load(file))
  assert.deepEqual(
    config.dispatchKeys.map(key => key.kid),
    [c.dispatchKey.kid, c.nextDispatchKey.kid],
  )
  assert.deepEqual(config.custodyKeyArns, { [f.custody.kid]: 'arn:custody' })
  assert.equal(config.pins.gatewayKeys[0]?.kid, f.gatewayKey.kid)
  const { brake: _, ...without } = file
  assert.throws(() => load(without), new GatewayError('VALUE_INVALID', '/brake'))
  assert.throws(() => readRouterConfig({ ...file, controlKeys: [{ kty: 'oct' }] }), {
    code: 'VALUE_INVALID',
  })
})
