import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { itemBytes } from '../../bench/cost/item-size.ts'
import { countsOf, PRICES, total } from '../../bench/cost/money.ts'
import { dollarsPerMillion, renderPage } from '../../bench/cost/page.ts'
import { PAGE, readResult } from '../../bench/cost.ts'

const result = readResult()

test('the committed page is what the counts and the price list make', () => {
  assert.equal(readFileSync(PAGE, 'utf8'), renderPage(result))
})

test('another price makes another page', () => {
  const before = renderPage(result)
  const { writeUnits } = PRICES.prices
  const { price } = writeUnits
  writeUnits.price = price * 2
  try {
    assert.notEqual(renderPage(result), before)
  } finally {
    writeUnits.price = price
  }
})

test('KMS is asked as often as the design allows, and nobody of the gateway asks', () => {
  const { single, 'single, not opened': closed } = result.ways
  const { kmsAsymmetric, kmsSymmetric } = countsOf(single, 'courier')
  // Two groups: a ReEncrypt each, which counts for both keys, and a Decrypt each.
  assert.deepEqual([kmsAsymmetric, kmsSymmetric], [2, 4])
  for (const way of [single, closed]) {
    const gateway = countsOf(way, 'gateway')
    assert.deepEqual([gateway.kmsAsymmetric, gateway.kmsSymmetric], [0, 0])
  }
})

test('batches save calls and cost no unit more', () => {
  const [single, batched] = [
    countsOf(result.ways.single, 'gateway'),
    countsOf(result.ways.batched, 'gateway'),
  ]
  assert.ok(batched.apiCalls < single.apiCalls / 4)
  assert.equal(batched.writeUnits, single.writeUnits)
  const dollars = dollarsPerMillion(result)
  assert.ok(Number(dollars.batched) < Number(dollars.single))
})

test('a bill is the sum of its lines', () => {
  assert.equal(total({ keys: 1, secrets: 0.5 }), 1.5)
})

test('an item is as large as DynamoDB counts it', () => {
  assert.equal(itemBytes({ pk: { S: 'a' } }), 3)
  assert.equal(itemBytes({ n: { N: '1234567' } }), 6)
  assert.equal(itemBytes({ b: { B: Buffer.from('four').toString('base64') } }), 5)
  assert.equal(itemBytes({ m: { M: { a: { S: '张' } } } }), 1 + 3 + 1 + 1 + 3)
  assert.equal(itemBytes({ l: { L: [{ BOOL: true }, { S: 'ab' }] } }), 1 + 3 + 2 + 1 + 2)
})
