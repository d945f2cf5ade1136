import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bugs } from '../../prove/model/bugs.ts'

const root = join(import.meta.dirname, '../..')

test('prove model --quick: the gateway does what the reference says', () => {
  const command = [join(root, 'prove/run.ts'), 'model', '--quick', '--seed', '7']
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  const { sequences, divergences } = JSON.parse(stdout)
  assert.equal(divergences, 0)
  assert.ok(sequences >= 700, stdout)
})

test('every planted bug still has the text that it replaces', () => {
  for (const { name, patches } of bugs) {
    for (const { file, find } of patches)
      assert.ok(readFileSync(join(root, 'lib', file), 'utf8').includes(find), name)
  }
})
