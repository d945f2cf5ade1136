import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const prove = (...words: string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, '../../prove/run.ts'), ...words], {
    encoding: 'utf8',
  })

test('an unknown proof, or a seed that is no number, is a usage error', () => {
  for (const words of [[], ['nothing'], ['seals', '--seed', 'x'], ['seals', 'more']]) {
    const { status, stdout, stderr } = prove(...words)
    assert.equal(status, 2)
    assert.equal(stdout, '')
    assert.match(stderr, /usage: npm run prove -- .*seals/)
  }
})

test('prove interop --quick: jose opens our seals, and we open its', () => {
  const { status, stdout, stderr } = prove('interop', '--quick')
  assert.equal(status, 0, stderr)
  assert.deepEqual(JSON.parse(stdout), { opened: 20, accepted: 8, failed: 0, notRun: [] })
})

test('docs/interop.md shows the programs as they are run', () => {
  const root = join(import.meta.dirname, '../..')
  const doc = readFileSync(join(root, 'docs/interop.md'), 'utf8')
  const shown = [...doc.matchAll(/^`(prove\/interop\/\S+)`:\n\n```\w+\n([\s\S]*?)\n```$/gm)]
  assert.equal(shown.length, 12)
  for (const [, path = '', program] of shown) {
    assert.equal(readFileSync(join(root, path), 'utf8').trimEnd(), program, path)
  }
})
