import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bugs } from '../../prove/tenants/bugs.ts'
import { tryCopy } from '../../prove/tenants/planted.ts'

const root = join(import.meta.dirname, '../..')

test('prove tenants --quick: everybody gets what the table says, and nothing else', () => {
  const command = [join(root, 'prove/run.ts'), 'tenants', '--quick', '--seed', '7']
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  const { cells, wrong, letIn } = JSON.parse(stdout)
  assert.equal(wrong, 0)
  assert.ok(cells >= 150 && letIn >= 60, stdout)
})

test('every planted bug still has the text that it replaces', () => {
  for (const { name, patches } of bugs)
    for (const { file, find } of patches)
      assert.ok(readFileSync(join(root, file), 'utf8').includes(find), name)
})

test('a planted bug is caught: a courier answers whatever is owed', async () => {
  const bug = bugs.find(({ name }) => name === 'a courier answers whatever is owed')
  assert.match((await tryCopy(root, 7, bug?.patches ?? [])) ?? 'not caught', /^answer its entry/)
})
