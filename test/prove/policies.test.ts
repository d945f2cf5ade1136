import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from '../../prove/policies.ts'

test('two evaluators agree with the rule on the policies, and planted mistakes show', async () => {
  const { holds, figures } = await run({ quick: true, seed: 1, planted: true })
  assert.ok(holds)
  const { cells, unexpected, disagreements, planted, plantedCaught } = figures
  assert.deepEqual({ unexpected, disagreements }, { unexpected: 0, disagreements: 0 })
  assert.ok(Number(cells) > 50_000)
  assert.ok(Number(planted) >= 8)
  assert.equal(plantedCaught, planted)
})
