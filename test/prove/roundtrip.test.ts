import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { couriers } from '../../lib/couriers/index.ts'
import { platforms } from '../../lib/platforms/index.ts'
import { bugs } from '../../prove/roundtrip/bugs.ts'
import { tryCopy } from '../../prove/roundtrip/planted.ts'

const root = join(import.meta.dirname, '../..')

test('prove roundtrip --quick: every platform to every courier and back, nothing lost', () => {
  const command = [join(root, 'prove/run.ts'), 'roundtrip', '--quick', '--seed', '7']
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  const { cases, lost, pairs, sealed, opened } = JSON.parse(stdout)
  assert.deepEqual({ lost, pairs }, { lost: 0, pairs: platforms.length * couriers.length })
  assert.ok(cases >= 4_000 && sealed >= cases / 4 && opened > 0, stdout)
})

test('every planted bug still has the text that it replaces', () => {
  for (const { name, file, find } of bugs)
    assert.ok(readFileSync(join(root, 'lib', file), 'utf8').includes(find), name)
})

test('a planted bug is caught: text that is trimmed', async () => {
  const bug = bugs.find(({ name }) => name === 'a codec trims text')
  assert.match((await tryCopy(root, 7, bug)) ?? 'not caught', /\/goods\/\d+\/name/)
})
