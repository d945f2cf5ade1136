import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb'
import { type AuditRecord, type Chain, type ChainHead, verifyChain } from '../../lib/store/index.ts'
import { firstFaults, makeWorld, nameOf, START, TABLES, type World } from './world.ts'

let world: World
let n = 0
const fresh = (): string => {
  n += 1
  return nameOf(n)
}

before(async () => {
  world = await makeWorld()
})
afterEach(() => {
  world.fault = () => undefined
})
after(() => world.stop())

const record = (i: number): AuditRecord => ({
  what: 'released',
  at: START + i,
  group: 'receiver',
  hop: `xm-${i}`,
  epoch: 1,
})

/** A chain of so many records, with the head after each. */
async function chainOf(
  order: string,
  length: number,
): Promise<{ chain: Chain; heads: ChainHead[] }> {
  const heads: ChainHead[] = []
  for (let i = 1; i <= length; i += 1) heads.push(await world.store.appendAudit(order, record(i)))
  return { chain: await world.store.readChain(order), heads }
}

test('records are chained in order, and the chain is sound', async () => {
  const order = fresh()
  assert.equal(verifyChain(order, await world.store.readChain(order)), undefined)
  const { chain, heads } = await chainOf(order, 12)
  assert.deepEqual(
    chain.records.map(one => [one.sequence, one.record]),
    heads.map((_, i) => [i + 1, record(i + 1)]),
  )
  assert.deepEqual(chain.head, heads.at(-1))
  assert.equal(verifyChain(order, chain, heads), undefined)
})

test('twenty at once are all kept, each once', async () => {
  const order = fresh()
  const some = Array.from({ length: 20 }, (_, i) => record(i))
  await Promise.all(some.map(one => world.store.appendAudit(order, one)))
  const chain = await world.store.readChain(order)
  assert.equal(chain.head.length, 20)
  assert.equal(verifyChain(order, chain), undefined)
  assert.deepEqual(
    chain.records.map(one => one.record.at).toSorted(),
    some.map(one => one.at),
  )
})

test('a lost reply appends once', async () => {
  const order = fresh()
  world.fault = firstFaults('TransactWriteItemsCommand', ['after', 'before', 'after'])
  await world.store.appendAudit(order, record(1))
  assert.equal((await world.store.readChain(order)).records.length, 1)
})

describe('tampering shows', () => {
  const tampers: Record<string, (chain: Chain) => Chain> = {
    'a record changed': ({ records, head }) => ({
      records: records.map(one =>
        one.sequence === 3 ? { ...one, record: { ...one.record, hop: 'other' } } : one,
      ),
      head,
    }),
    'a record cut out': ({ records, head }) => ({
      records: records.filter(one => one.sequence !== 3),
      head,
    }),
    'a record cut out, the rest renumbered': ({ records, head }) => ({
      records: records
        .filter(one => one.sequence !== 3)
        .map((one, i) => ({ ...one, sequence: i + 1 })),
      head,
    }),
    'two records exchanged': ({ records, head }) => ({
      records: records
        .toSorted((a, b) => (a.sequence === 3 && b.sequence === 4 ? 1 : 0))
        .toReversed(),
      head,
    }),
    'the tail cut off': ({ records, head }) => ({ records: records.slice(0, 3), head }),
    'a record added without the head': ({ records, head }) => ({
      records: [...records, { sequence: 7, record: record(7), hash: 'x' }],
      head,
    }),
    'the head set back': ({ records }) => ({
      records,
      head: { length: 3, hash: records[2]?.hash ?? '' },
    }),
    'another head hash': ({ records, head }) => ({ records, head: { ...head, hash: 'x' } }),
    'all of it gone': () => ({ records: [], head: { length: 6, hash: 'x' } }),
  }
  for (const [name, tamper] of Object.entries(tampers)) {
    test(name, async () => {
      const order = fresh()
      const { chain } = await chainOf(order, 6)
      assert.notEqual(verifyChain(order, tamper(chain)), undefined)
    })
  }

  test('records of another order', async () => {
    const { chain } = await chainOf(fresh(), 2)
    assert.equal(verifyChain(fresh(), chain), 1)
  })

  test('a chain rewritten whole or cut with its head: only against a receipt', async () => {
    const order = fresh()
    const { chain, heads } = await chainOf(order, 6)
    const cut = { records: chain.records.slice(0, 3), head: heads[2] ?? chain.head }
    assert.equal(verifyChain(order, cut), undefined)
    assert.equal(verifyChain(order, cut, heads), 4)
    const other = fresh()
    const { chain: rewritten } = await chainOf(other, 6)
    assert.equal(verifyChain(other, rewritten, heads), 1)
  })

  test('a record deleted in the table', async () => {
    const order = fresh()
    await chainOf(order, 4)
    const Key = { pk: { S: `audit#${order}` }, sk: { S: '000000000002' } }
    await world.client.send(new DeleteItemCommand({ TableName: TABLES.audit, Key }))
    assert.equal(verifyChain(order, await world.store.readChain(order)), 2)
  })
})

test('a record is never written over, not even where the head was taken away', async () => {
  const order = fresh()
  await chainOf(order, 1)
  const Key = { pk: { S: `audit#${order}` }, sk: { S: 'head' } }
  await world.client.send(new DeleteItemCommand({ TableName: TABLES.audit, Key }))
  await assert.rejects(world.store.appendAudit(order, record(2)), { code: 'STORE_AWAY' })
  const { records } = await world.store.readChain(order)
  assert.deepEqual(
    records.map(one => one.record),
    [record(1)],
  )
})

test('a text that is no id does not get in', async () => {
  for (const actor of ['张三', 'a b', '', 'x'.repeat(300)]) {
    await assert.rejects(world.store.appendAudit(fresh(), { ...record(1), actor }), {
      code: 'VALUE_INVALID',
      at: '/actor',
    })
  }
})
