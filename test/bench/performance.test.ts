import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { PAGE, performancePage } from '../../bench/performance.ts'
import { readResults } from '../../bench/record.ts'
import { sections } from '../../bench/sections.ts'

const results = readResults(sections.map(({ bench }) => bench))

test('docs/performance.md is what the results say', () => {
  const committed = readFileSync(PAGE, 'utf8')
  assert.ok(committed === performancePage(), 'run: node bench/performance.ts')
})

for (const { bench, rows } of sections) {
  const result = results.get(bench)
  if (result === undefined) continue
  test(`${bench}: every figure of the page was measured`, () => {
    assert.equal(result.bench, bench)
    for (const { figure } of rows) assert.ok(figure in result.figures, figure)
  })
}
