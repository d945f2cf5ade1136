import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { after, test } from 'node:test'
import { swift } from './partner/swift.ts'
import { swiftMall } from './partner/swift-mall.ts'
import { lasthop, scratch } from './run.ts'

// Two partners that nobody knew are added to a copy of the tree, as a newcomer would: one new folder
// each, and one line in its list. Empty they compile and fail the suite; filled they pass it.

const root = resolve(import.meta.dirname, '../..')
const { folder, gone } = scratch()
after(gone)

const COPIED = ['lib', 'functions', 'schemas', 'test/conformance', 'package.json', 'tsconfig.json']
for (const part of COPIED) cpSync(join(root, part), join(folder, part), { recursive: true })
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))

/** Runs a program of the copy. */
const node = (...words: string[]) => {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  return spawnSync(process.execPath, words, { cwd: folder, env, encoding: 'utf8' })
}

const built = () => {
  const { status, stderr } = node('lib/model/build/build.ts')
  assert.equal(status, 0, stderr)
}

/** What the suite says of the new partners: how many laws they keep and break. */
function judged() {
  const pattern = '--test-name-pattern=^(platforms/swift-mall|couriers/swift)$'
  const tests = ['tables', 'partners'].map(name => `test/conformance/${name}.test.ts`)
  const { stdout } = node('--test', '--test-reporter=tap', pattern, ...tests)
  const of = (word: string) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(stdout)?.[1])
  return { pass: of('pass'), fail: of('fail'), stdout }
}

/** All files of the copy that somebody wrote, with what is in them. */
function written(): Map<string, string> {
  const walk = (path: string): string[] =>
    statSync(path).isDirectory()
      ? readdirSync(path).flatMap(name =>
          ['node_modules', 'generated', 'dist'].includes(name) ? [] : walk(join(path, name)),
        )
      : [path]
  return new Map(walk(folder).map(path => [relative(folder, path), readFileSync(path, 'utf8')]))
}

/** Adds a partner to its list, as its README says. */
function enlist(side: string, name: string, constant: string): void {
  const file = join(folder, 'lib', side, 'index.ts')
  const list = readFileSync(file, 'utf8').replace(
    /(readonly \w+\[\] = \[[^\]]*)\]/,
    `$1, ${constant}]`,
  )
  writeFileSync(file, `import { ${constant} } from './${name}/index.ts'\n${list}`)
}

function fill(partner: string, files: Readonly<Record<string, string | object>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, 'lib', partner, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2))
  }
}

test('a partner is one new folder and one line elsewhere', async () => {
  const before = written()
  for (const words of [
    ['swift-mall', '--platform', '--title', 'Swift Mall'],
    ['swift', '--courier'],
  ]) {
    const run = await lasthop(['partner', 'new', ...words, '--dir', folder])
    assert.equal(run.code, 0, run.err)
  }
  enlist('platforms', 'swift-mall', 'swiftMall')
  enlist('couriers', 'swift', 'swift')
  built()
  const sources = ['lib/platforms/swift-mall', 'lib/couriers/swift'].map(path => join(folder, path))
  writeFileSync(
    join(folder, 'tsconfig.new.json'),
    JSON.stringify({ extends: './tsconfig.json', include: sources }),
  )
  const compiled = node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.new.json')
  assert.equal(compiled.status, 0, compiled.stdout)

  const empty = judged()
  for (const law of [
    /not ok \d+ - order: each half of a pair/,
    /not ok \d+ - waybill: each half of a pair/,
    /not ok \d+ - what its client posts is read/,
    /not ok \d+ - its pushes are read/,
  ])
    assert.match(empty.stdout, law)

  fill('platforms/swift-mall', swiftMall)
  fill('couriers/swift', swift)
  built()
  const again = node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.new.json')
  assert.equal(again.status, 0, again.stdout)
  const full = judged()
  assert.deepEqual({ fail: full.fail }, { fail: 0 }, full.stdout)
  assert.ok(full.pass > 60, `${full.pass} laws`)

  const changed = [...written()].filter(([path, text]) => before.get(path) !== text)
  const elsewhere = changed.filter(
    ([path]) => !/^lib\/(platforms\/swift-mall|couriers\/swift)\/|^tsconfig\.new/.test(path),
  )
  assert.deepEqual(elsewhere.map(([path]) => path).sort(), [
    'lib/couriers/index.ts',
    'lib/platforms/index.ts',
  ])
  for (const [path, text] of elsewhere) {
    const old = before.get(path)?.split('\n') ?? []
    const lines = text.split('\n').filter(line => !old.includes(line))
    assert.equal(lines.length, 2, 'its import and its name in the list')
  }
})

test('what is no slug, is there already, or has no checkout is a usage error', async () => {
  for (const words of [
    ['Swift', '--courier'],
    ['swift--mall', '--platform'],
    ['sf', '--courier'],
    ['new-one'],
    ['new-one', '--courier', '--platform'],
  ]) {
    const { code, err } = await lasthop(['partner', 'new', ...words, '--dir', root])
    assert.equal(code, 2, words.join(' '))
    assert.match(err, /^lasthop: /)
  }
  const { code } = await lasthop(['partner', 'new', 'new-one', '--courier', '--dir', '/nowhere'])
  assert.equal(code, 2)
})
