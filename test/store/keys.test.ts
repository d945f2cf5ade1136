import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import type { Custody } from '../../lib/store/index.ts'
import {
  DAY,
  firstFaults,
  makeWorld,
  nameOf,
  owedOf,
  post,
  postAll,
  START,
  TABLES,
  type World,
} from './world.ts'

let world: World
let n = 0
const count = (): number => {
  n += 1
  return n
}
const fresh = (): string => nameOf(count())

before(async () => {
  world = await makeWorld()
})
afterEach(() => {
  world.fault = () => undefined
})
after(() => world.stop())

function custody(epoch: number, assignment: string, changes: Partial<Custody> = {}): Custody {
  const held = { life: 1, expiresAt: START + 90 * DAY, hop: 'xm-1', day: '2026-01-01' }
  return { ...held, epoch, assignment, ...changes }
}

describe('assignments', () => {
  test('are kept one after the other, and the capsule of the old one goes', async () => {
    const { store } = world
    const order = fresh()
    assert.equal(await store.getCustody(order, 'receiver'), undefined)
    await store.putCustody(order, 'receiver', custody(1, 'a', { statement: 'jws' }))
    await store.putCapsule(order, 'receiver', 1, 'capsule-1')
    const kept = await store.getCustody(order, 'receiver')
    assert.deepEqual(kept, custody(1, 'a', { statement: 'jws', capsule: 'capsule-1' }))
    await store.putCustody(order, 'receiver', custody(2, 'b'))
    assert.deepEqual(await store.getCustody(order, 'receiver'), custody(2, 'b'))
    assert.equal(await store.getCustody(order, 'sender'), undefined)
  })

  test('the same again is the same, with its capsule; all else is stale', async () => {
    const { store } = world
    const order = fresh()
    const stale = { code: 'EPOCH_STALE' }
    for (const epoch of [0, 2, 5]) {
      await assert.rejects(store.putCustody(order, 'receiver', custody(epoch, 'a')), stale)
    }
    await store.putCustody(order, 'receiver', custody(1, 'a'))
    await store.putCustody(order, 'receiver', custody(2, 'b'))
    await store.putCapsule(order, 'receiver', 2, 'capsule')
    const same = await store.putCustody(order, 'receiver', custody(2, 'b'))
    assert.equal(same.capsule, 'capsule')
    for (const [epoch, assignment] of [
      [2, 'c'],
      [1, 'a'],
      [1, 'b'],
      [4, 'b'],
    ] as const) {
      await assert.rejects(store.putCustody(order, 'receiver', custody(epoch, assignment)), stale)
    }
    await assert.rejects(store.putCapsule(order, 'receiver', 1, 'x'), stale)
    await assert.rejects(store.putCapsule(order, 'sender', 1, 'x'), stale)
  })

  test('of a hundred at once one is kept', async () => {
    const order = fresh()
    const all = await Promise.allSettled(
      Array.from({ length: 100 }, (_, i) =>
        world.store.putCustody(
          order,
          'receiver',
          custody(1, `assignment-${i}`, { hop: `hop-${i}` }),
        ),
      ),
    )
    assert.equal(all.filter(one => one.status === 'fulfilled').length, 1)
  })

  test('a lost reply does not make an assignment stale', async () => {
    const order = fresh()
    world.fault = firstFaults('PutItemCommand', ['after', 'after'])
    await world.store.putCustody(order, 'receiver', custody(1, 'a'))
    assert.equal((await world.store.getCustody(order, 'receiver'))?.epoch, 1)
  })
})

describe('deleting', () => {
  test('a group, then all; epochs stay', async () => {
    const { store } = world
    const at = count()
    const order = nameOf(at)
    await postAll(world, [post(at)])
    for (const group of ['receiver', 'sender'] as const) {
      await store.putCustody(order, group, custody(1, 'a'))
      await store.putCapsule(order, group, 1, 'capsule')
    }
    await store.deleteKeys(order, 1, 'receiver')
    const left = await store.getKey(order)
    assert.deepEqual([left?.receiver, left?.sender?.signed], [undefined, 'signed-sender'])
    assert.equal((await store.getCustody(order, 'receiver'))?.capsule, undefined)
    assert.equal((await store.getCustody(order, 'sender'))?.capsule, 'capsule')
    for (const _ of [1, 2]) await store.deleteKeys(order, 1)
    assert.equal(await store.getKey(order), undefined)
    assert.deepEqual(await store.getCustody(order, 'sender'), custody(1, 'a'))
    await store.deleteKeys(fresh(), 1)
    await store.deleteKeys(fresh(), 1, 'sender')
  })

  test('never reaches the keys of a later life', async () => {
    const at = count()
    const order = nameOf(at)
    await postAll(world, [post(at)])
    const entry = await owedOf(world, order)
    const verdict = { outcome: 'refused', document: '{}' } as const
    const refusal = { kind: 'answer', courier: 'swift', entry, verdict } as const
    await world.store.changeOrder(world.move(order, refusal))
    await postAll(world, [post(at, { request: 'another', signedAt: START + 1 })])
    await world.store.putCustody(order, 'receiver', custody(1, 'a', { life: 2 }))
    await world.store.putCapsule(order, 'receiver', 1, 'capsule')
    await world.store.deleteKeys(order, 1)
    await world.store.deleteKeys(order, 1, 'receiver')
    assert.equal((await world.store.getKey(order))?.life, 2)
    assert.ok((await world.store.getKey(order))?.receiver)
    assert.equal((await world.store.getCustody(order, 'receiver'))?.capsule, 'capsule')
    await world.store.deleteKeys(order, 2)
    assert.equal(await world.store.getKey(order), undefined)
  })
})

test('keys lie in their own table only, as bytes, and go after the order at the latest', async () => {
  const at = count()
  await postAll(world, [post(at)])
  const Key = { pk: { S: `key#${nameOf(at)}` }, sk: { S: 'key' } }
  const { Item } = await world.client.send(new GetItemCommand({ TableName: TABLES.keys, Key }))
  assert.equal(Item?.receiver?.M?.wrapped?.B?.length, 384)
  assert.equal(Item?.ttl?.N, String((START + 91 * DAY) / 1000))
  const other = await world.client.send(new GetItemCommand({ TableName: TABLES.orders, Key }))
  assert.equal(other.Item, undefined)
})
