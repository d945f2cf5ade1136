import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { coverage, files } from './coverage.ts'

test('docs/coverage.md is what the tables say', () => {
  const committed = readFileSync(files.coverage, 'utf8')
  assert.ok(committed === coverage(), 'run: node test/conformance/coverage.ts')
})
