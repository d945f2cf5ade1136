import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bugs } from '../../prove/seals/bugs.ts'
import { makeCorpus } from '../../prove/seals/corpus.ts'
import { tryCopy } from '../../prove/seals/planted.ts'

const root = join(import.meta.dirname, '../..')

test('prove seals --quick: nothing that was tampered with is accepted or opened', () => {
  const command = [join(root, 'prove/run.ts'), 'seals', '--quick', '--seed', '7']
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  const { cases, opened, crashes, leaked, controlsRefused } = JSON.parse(stdout)
  assert.deepEqual({ opened, crashes, leaked, controlsRefused }, zeros)
  assert.ok(cases >= 24_000)
})

const zeros = { opened: 0, crashes: 0, leaked: 0, controlsRefused: 0 }

test('every planted bug still has the check that it takes out', () => {
  for (const { name, patches } of bugs) {
    for (const { file, find } of patches) {
      assert.ok(readFileSync(join(root, 'lib', file), 'utf8').includes(find), name)
    }
  }
})

test('a planted bug is caught: custody keys need not be pinned', async () => {
  const bug = bugs.find(({ name }) => name === 'a custody key needs not be pinned')
  const caughtBy = await tryCopy(root, makeCorpus(), 7, bug?.patches ?? [])
  assert.equal(caughtBy, 'claimant, opened at verify')
})
