import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'

const folder = join(import.meta.dirname, '../../docs')
const page = readFileSync(join(folder, 'security.md'), 'utf8')
const ATTACKS = 48

/** Tests that a text names: `[name](../test/file.test.ts)`. */
function testsIn(text: string): { readonly name: string; readonly file: string }[] {
  return [...text.matchAll(/\[([^\]]+)\]\((\.\.\/test\/[^)]+\.test\.ts)\)/g)].map(
    ([, name = '', file = '']) => ({ name, file }),
  )
}

/** The lines between a heading and the next. */
function section(heading: string): string[] {
  const from = page.indexOf(`\n## ${heading}\n`)
  assert.ok(from >= 0, heading)
  return (page.slice(from + 1).split('\n## ')[0] ?? '').split('\n').slice(1)
}

/** Rows of a table without its head: their cells. */
function rows(heading: string): string[][] {
  const lines = section(heading).filter(line => line.startsWith('|'))
  return lines.slice(2).map(line =>
    line
      .slice(1, -1)
      .split('|')
      .map(cell => cell.trim()),
  )
}

/** Whether a file has a test, or a scenario of one, of this name: whole, or with parts filled in around it. */
function hasTest(file: string, name: string): boolean {
  const literal = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  const source = readFileSync(join(folder, file), 'utf8').replaceAll("\\'", "'")
  return new RegExp(`(['"\`]|\\}: )${literal}(['"\`]|(: |, by )\\$\\{)`).test(source)
}

describe('docs/security.md', () => {
  test('each test that it names is in the file that it names', () => {
    const named = testsIn(page)
    assert.ok(named.length > ATTACKS)
    const missing = named.filter(({ name, file }) => !hasTest(file, name))
    assert.deepEqual(missing, [])
  })

  test('each attack is in the table once, in order, with its test', () => {
    const attacks = rows('The attacks')
    assert.deepEqual(
      attacks.map(([number]) => Number(number)),
      Array.from({ length: ATTACKS }, (_, i) => i + 1),
    )
    for (const [number, attack, stops, shown = '', ...more] of attacks) {
      assert.ok(attack && stops && more.length === 0, `attack ${number}`)
      assert.ok(testsIn(shown).length > 0, `attack ${number} has no test`)
    }
  })

  test('no claim stands without a test', () => {
    for (const [actor, , cannot = ''] of rows('Actors')) {
      assert.ok(testsIn(cannot).length > 0, actor)
    }
    const claims = section('What else holds').filter(line => line.startsWith('- '))
    assert.ok(claims.length > 0)
    for (const claim of claims) assert.ok(testsIn(claim).length > 0, claim)
  })
})
