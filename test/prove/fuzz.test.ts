import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bugs } from '../../prove/fuzz/bugs.ts'
import { judge } from '../../prove/fuzz/patterns.ts'
import { tryCopy } from '../../prove/fuzz/planted.ts'
import { saysSame, strictly } from '../../prove/fuzz/strict-json.ts'

const root = join(import.meta.dirname, '../..')

test('prove fuzz --quick: no answer of 5xx, none off the contract, none that says what was sent', () => {
  const command = [join(root, 'prove/run.ts'), 'fuzz', '--quick', '--seed', '7']
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  const { inputs, serverErrors, offContract, echoed, lax, tooLong } = JSON.parse(stdout)
  assert.deepEqual(
    { serverErrors, offContract, echoed, lax, tooLong },
    { serverErrors: 0, offContract: 0, echoed: 0, lax: 0, tooLong: 0 },
  )
  assert.ok(inputs >= 50_000)
})

test('every planted bug still has the text that it replaces', () => {
  for (const { name, patches } of bugs)
    for (const { file, find } of patches)
      assert.ok(readFileSync(join(root, file), 'utf8').includes(find), name)
})

test('a planted bug is caught: a compressed body is taken', async () => {
  const bug = bugs.find(({ name }) => name === 'a compressed body is taken')
  assert.equal(await tryCopy(root, 7, bug?.patches ?? []), 'event, lax, a compressed body taken')
})

test('a pattern that is not linear is seen, also one that looks around', () => {
  assert.equal(judge({ source: '^(a|a)*$', flags: '' }).how, 'not linear')
  assert.equal(judge({ source: 'a+$', flags: '' }).how, 'not linear')
  assert.equal(judge({ source: '^(?=a)(a+)+$', flags: '' }).how, 'not linear')
  assert.equal(judge({ source: '^a+$', flags: '' }).how, 'proved')
})

const texts: [text: string, isTaken: boolean][] = [
  ['{"a":[1,"\\u00e9",null,true]}', true],
  ['{"a":1,"\\u0061":2}', false],
  ['{"__proto__":1}', false],
  ['"\\ud83d\\ude00"', true],
  ['"\\ud83d"', false],
  ['"\\u0000"', false],
  ['[1,]', false],
  ['01', false],
  [`${'['.repeat(64)}${']'.repeat(64)}`, true],
  [`${'['.repeat(65)}${']'.repeat(65)}`, false],
  ['\ufeff1', false],
]
for (const [text, isTaken] of texts)
  test(`the judge of JSON ${isTaken ? 'takes' : 'refuses'} ${text.slice(0, 40)}`, () => {
    const read = strictly(Buffer.from(text))
    assert.equal(read !== undefined, isTaken)
    if (read !== undefined) assert.ok(saysSame(JSON.parse(text), read.value))
  })

test('the judge of JSON sees a digit that was lost', () => {
  const read = strictly(Buffer.from('9007199254740993'))
  assert.ok(read)
  assert.ok(saysSame('9007199254740993', read.value))
  assert.ok(!saysSame(9007199254740992, read.value))
  const fraction = strictly(Buffer.from('12.50e1'))
  assert.ok(fraction && saysSame(125, fraction.value))
})
