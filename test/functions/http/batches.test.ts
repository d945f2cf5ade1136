import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { gatewayApp } from '../../../lib/local/server.ts'
import { TABLES } from '../../../lib/local/world.ts'
import { createStore } from '../../../lib/store/index.ts'
import { type Bench, orderOf, startBench } from './bench.ts'
import { fresh, info, outcomes, PENDING, request } from './orders.ts'

// What a native request of many orders costs at the store.

let bench: Bench
before(async () => {
  bench = await startBench()
})
after(() => bench.stop())

/** What was sent to the database: `TransactWriteItemsCommand 100`, with the number of its actions. */
const sent: string[] = []

/** The gateway again, over a store whose requests are written down. */
function watched() {
  const { world, database: client } = bench
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      args => {
        const actions = 'TransactItems' in args.input ? (args.input.TransactItems?.length ?? 0) : 0
        sent.push(`${commandName} ${actions}`)
        return next(args)
      },
    { step: 'initialize', name: 'watched' },
  )
  const store = createStore({ client, tables: TABLES, clock: Date.now, random: randomBytes })
  return gatewayApp({ ...world, intake: { ...world.intake, store } }, assert.fail)
}

test('24 orders of one request share two transactions, sent at once, and are all pending', async () => {
  const via = watched()
  const ids = Array.from({ length: 24 }, fresh)
  const body = request(ids.map(id => info(id)))
  const first = outcomes(await bench.native(body, { via }))
  assert.deepEqual(
    first,
    ids.map(id => `${id}: ${PENDING}`),
  )
  assert.deepEqual(sent.toSorted(), [
    'TransactWriteItemsCommand 100',
    'TransactWriteItemsCommand 20',
  ])
  sent.length = 0
  assert.deepEqual(outcomes(await bench.native(body, { via })), first, 'a repeat says the same')
  assert.equal(sent.filter(one => one.startsWith('TransactWriteItems')).length, 2)
  const entries = await bench.world.intake.store.getHeads(ids.map(id => orderOf(id)))
  assert.equal(entries.size, 24)
})
