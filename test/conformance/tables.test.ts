import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { laws } from './laws.ts'
import { oursIsStandard } from './standard-law.ts'
import { subjects } from './subject.ts'

// One suite over the lists: a partner that keeps these laws rarely needs a test of its own.

for (const subject of subjects) {
  describe(subject.name, () => {
    test('every fixture is read', () => assert.deepEqual(subject.strays, []))
    for (const table of subject.tables) {
      const all = { ...laws, 'our half is of the standard': oursIsStandard }
      for (const [law, faultsOf] of Object.entries(all)) {
        test(`${table.name}: ${law}`, () => assert.deepEqual(faultsOf(subject, table), []))
      }
    }
  })
}
