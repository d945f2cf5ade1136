import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { files, partnerTable } from './conformance/coverage.ts'

test('the table of partners in the README is the lists of partners', () => {
  const readme = readFileSync(files.readme, 'utf8')
  assert.ok(readme.includes(partnerTable()), 'run: node test/conformance/coverage.ts')
})
