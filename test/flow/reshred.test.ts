import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  type AttributeValue,
  DeleteItemCommand,
  PutItemCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb'
import { next } from '../../lib/flow/next.ts'
import { reshredOrders } from '../../lib/flow/reshred.ts'
import { shredClosed } from '../../lib/flow/shred.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import { type Bench, startBench } from '../functions/http/bench.ts'
import { type Parcel, parcelsOn } from '../functions/http/parcels.ts'

type Item = Record<string, AttributeValue>

let bench: Bench
let parcels: ReturnType<typeof parcelsOn>
before(async () => {
  bench = await startBench()
  parcels = parcelsOn(bench)
})
after(() => bench.stop())

async function itemsOf(TableName: string): Promise<Item[]> {
  const items: Item[] = []
  for await (const page of paginateScan({ client: bench.database }, { TableName })) {
    items.push(...(page.Items ?? []))
  }
  return items
}

/** A table as a restore to a point in time leaves it. */
async function restore(TableName: string, items: readonly Item[]): Promise<void> {
  for (const { pk, sk } of await itemsOf(TableName)) {
    assert.ok(pk && sk)
    await bench.database.send(new DeleteItemCommand({ TableName, Key: { pk, sk } }))
  }
  for (const Item of items) {
    await bench.database.send(new PutItemCommand({ TableName, Item }))
  }
}

async function cancelled({ order }: Parcel): Promise<void> {
  const { store } = bench.world.custody
  const input = { kind: 'cancel', platform: 'douyin' } as const
  await store.changeOrder({ order, decide: head => next(head, input, Date.now()) })
  const { id } = await bench.entryOf(order, 'cancel')
  const document = { success: true, errorCode: 'S0000', msgData: { orderId: order, resStatus: 2 } }
  await bench.answer([{ id, document }])
}

const chains = async () => {
  const names = (await itemsOf('Audit')).map(({ pk }) => pk?.S?.replace(/^audit#/, '') ?? '')
  return [...new Set(names)]
}

test('Orders restored from before: what was shredded stays shredded, what lives opens', async () => {
  const { custody } = bench.world
  const [gone, ended, lives] = [
    await parcels.released(),
    await parcels.released(),
    await parcels.released(),
  ]
  const copy = await itemsOf('Orders')
  const keysBefore = await itemsOf('Keys')

  await cancelled(gone)
  await shredClosed(custody)
  assert.equal(await parcels.assigned(ended, { leg: 'done', epoch: 2 }), '200 ended')
  const stateOf = async ({ order }: Parcel) => {
    const head = (await custody.store.getHeads([order])).get(order)
    return [head?.state, head?.shredded?.toSorted()]
  }
  const both = ['receiver', 'sender']
  assert.deepEqual(await stateOf(gone), ['cancelled', both])
  assert.deepEqual(await stateOf(ended), ['accepted', ['receiver']])

  await restore('Orders', copy)
  assert.deepEqual(await stateOf(gone), ['accepted', undefined], 'it has come back')
  await parcels.shutOut(gone)
  await parcels.shutOut(ended)
  await parcels.opens(lives)

  const again = { reshredded: 2, failed: 0 }
  assert.deepEqual(await reshredOrders(custody, await chains()), again)
  assert.deepEqual(await stateOf(gone), ['accepted', both])
  assert.deepEqual(await stateOf(ended), ['accepted', ['receiver']])
  assert.deepEqual(await stateOf(lives), ['accepted', undefined])
  await parcels.opens(lives)
  assert.deepEqual(await reshredOrders(custody, await chains()), again)

  // Keys has no backup. Had somebody made a copy all the same, its keys would go again.
  await restore('Keys', keysBefore)
  await parcels.opens(gone)
  await reshredOrders(custody, await chains())
  await parcels.shutOut(gone)
  await parcels.shutOut(ended)
  assert.equal(await custody.store.getKey(gone.order), undefined)
  assert.equal((await custody.store.getKey(ended.order))?.receiver, undefined)
  await parcels.opens(lives)
})

test('an order that the store does not let through is told; the others go on', async () => {
  const { custody } = bench.world
  const [first] = (await chains()).filter(name => name.startsWith('o_'))
  const away = new GatewayError('STORE_AWAY', '', { retry: 'later' })
  const store = {
    ...custody.store,
    readChain: (order: string) =>
      order === first ? Promise.reject(away) : custody.store.readChain(order),
  }
  const { reshredded, failed } = await reshredOrders({ ...custody, store }, await chains())
  assert.equal(failed, 1)
  assert.ok(reshredded >= 1)
})
