import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { paginateScan } from '@aws-sdk/client-dynamodb'
import { platformClient } from '../../lib/cli/platform-client.ts'
import { member, textOf } from '../../lib/cli/send.ts'
import { type Input, next } from '../../lib/flow/next.ts'
import { type ShredPorts, shredClosed, shredOutlived } from '../../lib/flow/shred.ts'
import { startGateway } from '../../lib/local/server.ts'
import { databaseFolder } from '../../lib/local/world.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import { verifyChain } from '../../lib/store/index.ts'
import { type Bench, orderOf, startBench } from '../functions/http/bench.ts'
import { fresh, info, request } from '../functions/http/orders.ts'
import { type Parcel, parcelsOn } from '../functions/http/parcels.ts'

let bench: Bench
let parcels: ReturnType<typeof parcelsOn>
let ports: ShredPorts
before(async () => {
  bench = await startBench()
  parcels = parcelsOn(bench)
  ports = bench.world.custody
})
after(() => bench.stop())

const cause = (order: string, input: Input) =>
  ports.store.changeOrder({ order, decide: head => next(head, input, Date.now()) })
const cancel = (order: string) => cause(order, { kind: 'cancel', platform: 'douyin' })

/** Wrapped keys of both groups and the capsules made of them, as base64: none may be found later. */
async function materialOf(order: string): Promise<string[]> {
  const keys = await ports.store.getKey(order)
  const wrapped = [keys?.receiver?.wrapped, keys?.sender?.wrapped].flatMap(key =>
    key === undefined ? [] : [Buffer.from(key).toString('base64url')],
  )
  const capsules: string[] = []
  for (const group of ['receiver', 'sender'] as const) {
    const { capsule = '{}' } = (await ports.store.getCustody(order, group)) ?? {}
    const ciphertext = textOf(JSON.parse(capsule), 'ciphertext')
    if (ciphertext !== '') capsules.push(ciphertext)
  }
  return [...wrapped, ...capsules]
}

/** How many of these are found in any table, the router's among them. */
async function found(material: readonly string[]): Promise<number> {
  let texts = ''
  for (const TableName of ['Orders', 'Keys', 'Audit', 'Custody-sf']) {
    for await (const { Items = [] } of paginateScan({ client: bench.database }, { TableName })) {
      texts += JSON.stringify(Items, (_, value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('base64url') : value,
      )
    }
  }
  return material.filter(one => texts.includes(one)).length
}

async function stateOf(order: string): Promise<unknown> {
  return (await ports.store.getHeads([order])).get(order)?.shredded?.toSorted()
}

/** A parcel whose both groups were assigned: two wrapped keys, two capsules. */
async function held(): Promise<Parcel & { material: string[] }> {
  const parcel = await parcels.released()
  assert.equal(await parcels.assigned(parcel, { group: 'sender' }), '200 released')
  const material = await materialOf(parcel.order)
  assert.equal(material.length, 4)
  assert.equal(await found(material), 4)
  return { ...parcel, material }
}

async function cancelled({ order }: Parcel): Promise<void> {
  await cancel(order)
  const { id } = await bench.entryOf(order, 'cancel')
  const document = { success: true, errorCode: 'S0000', msgData: { orderId: order, resStatus: 2 } }
  await bench.answer([{ id, document }])
}

const lastDeletion = async (order: string) => {
  const chain = await ports.store.readChain(order)
  assert.equal(verifyChain(order, chain), undefined)
  return chain.records.findLast(({ record }) => record.what === 'deleted')?.record.because
}

describe('keys go', () => {
  test('after a confirmed cancellation: of every table; another order’s stay', async () => {
    const [parcel, other] = [await held(), await held()]
    await cancelled(parcel)
    await shredClosed(ports)
    assert.equal(await found(parcel.material), 0)
    assert.equal(await lastDeletion(parcel.order), 'cancelled')
    assert.deepEqual(await stateOf(parcel.order), ['receiver', 'sender'])
    await parcels.shutOut(parcel)

    assert.equal(await found(other.material), 4)
    await parcels.opens(other)
    const entries = await ports.store.readFeed(
      { side: 'custody', partner: 'sf', shard: 0 },
      { limit: 9 },
    )
    assert.deepEqual(entries.entries, [])
  })

  test('after the courier’s signed done, group by group, and the platform is told', async () => {
    const parcel = await held()
    const [receiver = '', sender = '', capsule = ''] = parcel.material
    const done = parcels.statementOf(parcel, { leg: 'done', epoch: 2 })
    assert.equal(await parcels.outcomeOf(done), '200 ended')
    assert.equal(await found([receiver, capsule]), 0)
    assert.equal(await found([sender]), 1)
    assert.deepEqual(await stateOf(parcel.order), ['receiver'])
    assert.equal(await parcels.assigned(parcel, { epoch: 3 }), '403 release-refused')
    const pickup = { leg: 'done', epoch: 2, group: 'sender', hop: 'pickup-1' } as const
    assert.equal(await parcels.outcomeOf(parcels.statementOf(parcel, pickup)), '200 ended')
    assert.equal(await found(parcel.material), 0)
    const number = await numberOf(parcel.order)
    const path = `/v1/platforms/douyin/orders/${number}`
    const { body } = await bench.native('', { path, method: 'GET' })
    assert.deepEqual(member(body, 'parcels', 0, 'shredded'), ['receiver', 'sender'])
  })

  test('of orders that were never answered, refused, or cancelled before the answer', async () => {
    for (const end of ['expired', 'refused', 'cancelled'] as const) {
      const id = fresh()
      const order = orderOf(id)
      await bench.post(request([info(id)]))
      const entry = await bench.entryOf(order)
      const material = await materialOf(order)
      assert.equal(await found(material), 2)
      if (end === 'cancelled') await cancel(order)
      const refusal = { success: false, errorCode: '20036', msgData: null }
      if (end === 'refused') await bench.answer([{ id: entry.id, document: refusal }])
      const late = Date.now() + 4 * 86_400_000
      const deadline = { kind: 'deadline', document: '{}' } as const
      const decide = (head: Parameters<typeof next>[0]) => next(head, deadline, late)
      if (end === 'expired') await ports.store.changeOrder({ order, decide })
      await shredClosed(ports)
      assert.equal(await found(material), 0, end)
      assert.equal(await lastDeletion(order), end)
    }
  })

  test('at the retention limit, whatever became of the order; not a moment before', async () => {
    const parcel = await held()
    const at = (days: number): ShredPorts => ({
      ...ports,
      now: () => new Date(Date.now() + days * 86_400_000),
    })
    await shredOutlived(at(29.9))
    assert.equal(await found(parcel.material), 4)
    await parcels.opens(parcel)
    await shredOutlived(at(30.1))
    assert.equal(await found(parcel.material), 0)
    assert.equal(await lastDeletion(parcel.order), 'retention')
    await parcels.shutOut(parcel)
    assert.deepEqual(await shredOutlived(at(30.1)), { shredded: 0, delayed: 0 })
  })
})

test('a run at the limit that is killed after the last key has left its record', async () => {
  const parcel = await held()
  const now = () => new Date(Date.now() + 31 * 86_400_000)
  const deleteKeys: ShredPorts['store']['deleteKeys'] = async (...keys) => {
    await ports.store.deleteKeys(...keys)
    throw new Error('killed')
  }
  const killed = { ...ports, now, store: { ...ports.store, deleteKeys } }
  await assert.rejects(shredOutlived(killed), { message: 'killed' })
  assert.equal(await lastDeletion(parcel.order), 'retention')
  assert.equal(await found(parcel.material), 2, 'the router’s copies alone')
})

describe('keys stay', () => {
  test('when only a push says delivered, returned, lost or cancelled', async () => {
    const ends = { delivered: '80', returned: '648' }
    for (const [name, opCode] of Object.entries(ends)) {
      const parcel = await held()
      const { order } = parcel
      const WaybillRoute = { id: fresh(), mailno: 'SF1', orderid: order, opCode }
      const acceptTime = '2026-01-01 10:00:00'
      await bench.push({ Body: { WaybillRoute: { ...WaybillRoute, acceptTime } } })
      await shredClosed(ports)
      assert.equal(await found(parcel.material), 4, name)
      assert.equal(await stateOf(order), undefined)
      await parcels.opens(parcel)
    }
    for (const status of ['delivered', 'returned', 'lost', 'cancelled'] as const) {
      const parcel = await held()
      const { order } = parcel
      const event = { kind: 'event', courier: 'sf', event: fresh(), waybill: 'SF1' } as const
      const at = Date.now()
      await cause(order, { ...event, role: 'box', status, at, document: '{}' })
      const before = await ports.store.readFeed(
        { side: 'custody', partner: 'sf', shard: 0 },
        { limit: 9 },
      )
      assert.equal(before.entries.length, 1, 'custody was asked to look')
      await shredClosed(ports)
      assert.equal(await found(parcel.material), 4, status)
      await parcels.opens(parcel)
    }
  })

  test('while a cancellation is only asked for, and when the courier says no', async () => {
    const parcel = await held()
    await cancel(parcel.order)
    await shredClosed(ports)
    assert.equal(await found(parcel.material), 4)
    const { id } = await bench.entryOf(parcel.order, 'cancel')
    const refusal = { success: false, errorCode: '8018', msgData: null }
    await bench.answer([{ id, document: refusal }])
    await shredClosed(ports)
    assert.equal(await found(parcel.material), 4)
  })

  test('of a second life, when the first one’s are deleted late', async () => {
    const id = fresh()
    const order = orderOf(id)
    const first = { order, entry: await bench.accepted(request([info(id)]), order) }
    const old = await materialOf(order)
    await cancelled(first)
    const again = request([info(id, { contact: { name: '王五' } })])
    await bench.native(again, { at: new Date(Date.now() + 2000) })
    const next = orderOf(id, '-~2')
    const second = { order: next, entry: await bench.accepted(again, next) }
    await shredClosed(ports)
    assert.equal(await found(old), 0)
    assert.equal(await stateOf(next), undefined)
    assert.equal(await parcels.assigned(second), '200 released')
    assert.equal((await bench.open(next)).name, '王五')
  })
})

test('a router that is away delays its own part only; the next run does it', async () => {
  const [one, two] = [await held(), await held()]
  await cancelled(one)
  await cancelled(two)
  const router: ShredPorts['router'] = (courier, asked) =>
    'forget' in asked && asked.forget.order === one.order
      ? Promise.reject(new GatewayError('STORE_AWAY', '', { retry: 'later' }))
      : ports.router(courier, asked)
  assert.deepEqual(await shredClosed({ ...ports, router }), { shredded: 1, delayed: 1 })
  assert.equal(await found(one.material), 2, 'the router’s copies alone')
  assert.equal(await found(two.material), 0)
  assert.deepEqual(await shredClosed(ports), { shredded: 1, delayed: 0 })
  assert.equal(await found(one.material), 0)
})

test('the router forgets a well-named capsule, and nothing else', async () => {
  const parcel = await held()
  for (const forget of [{}, { order: 'x', group: 'receiver' }, { order: parcel.order }, null, 5]) {
    const none = { assignment: '', audit: { seq: 1, head: '' } }
    const answer = await ports.router('sf', Object.assign(none, { forget }))
    assert.ok('refused' in answer)
  }
  assert.equal(await found(parcel.material), 4)
})

test('on disk: the database’s file and its log hold no deleted key', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'lasthop-shred-'))
  const gateway = await startGateway({ port: 0, folder })
  t.after(async () => {
    await gateway.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const { custody, identities } = gateway
  const platform = platformClient(
    gateway.origin,
    'douyin',
    identities.platforms.douyin ?? assert.fail(),
  )
  const [id, other] = [fresh(), fresh()]
  assert.equal((await platform.post(request([info(id), info(other)]))).status, 200)
  const wrappedOf = async (order: string) => {
    const wrapped = (await custody.store.getKey(order))?.receiver?.wrapped
    return Buffer.from(wrapped ?? assert.fail())
  }
  const [gone, kept] = [await wrappedOf(orderOf(id)), await wrappedOf(orderOf(other))]
  const onDisk = (key: Buffer) => {
    const folderOf = databaseFolder(folder)
    const files = readdirSync(folderOf).map(name => readFileSync(join(folderOf, name)))
    // Wherever the text of a number of bytes begins, a run of its middle is found at one of three offsets.
    const runs = [0, 1, 2].map(skip => key.subarray(120 + skip, 150 + skip).toString('base64'))
    return files.some(bytes => bytes.includes(key) || runs.some(run => bytes.includes(run)))
  }
  assert.deepEqual([onDisk(gone), onDisk(kept)], [true, true])
  const decide = (head: Parameters<typeof next>[0]) =>
    next(head, { kind: 'cancel', platform: 'douyin' }, Date.now())
  await custody.store.changeOrder({ order: orderOf(id), decide })
  await shredClosed(custody)
  assert.equal(onDisk(gone), true, 'deleting alone leaves it in the file')
  assert.deepEqual(await gateway.shred(), { shredded: 0, delayed: 0 })
  assert.deepEqual([onDisk(gone), onDisk(kept)], [false, true])
})

/** The platform's number of an order, from its look-up. */
async function numberOf(order: string): Promise<string> {
  for await (const { Items = [] } of paginateScan(
    { client: bench.database },
    { TableName: 'Orders' },
  )) {
    for (const { pk, order: of } of Items) {
      const number = /^ref#platform#douyin##(\d+)$/.exec(pk?.S ?? '')?.[1]
      if (of?.S === order && number !== undefined) return number
    }
  }
  return assert.fail()
}
