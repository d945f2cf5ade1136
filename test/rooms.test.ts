import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { test } from 'node:test'

const root = resolve(import.meta.dirname, '..')

/** Imports that the table of rooms forbids, each with the rule that must find it. */
const forbidden: [from: string, to: string, rule: string][] = [
  ['lib/model/a3.ts', 'lib/seal/b.ts', 'model-imports-nothing-of-ours'],
  ['lib/mask/a4.ts', 'lib/seal/b.ts', 'translate-and-mask-import-model-only'],
  ['lib/translate/a5.ts', 'lib/platforms/p/b.ts', 'translate-and-mask-import-model-only'],
  [
    'lib/platforms/p/a6.ts',
    'lib/store/b.ts',
    'partners-import-model-translate-mask-and-signatures',
  ],
  [
    'lib/platforms/p/a7.ts',
    'lib/access/http-signature.ts',
    'partners-import-model-translate-mask-and-signatures',
  ],
  ['lib/platforms/p/a8.ts', 'lib/couriers/c/b.ts', 'partners-do-not-know-each-other'],
  ['lib/couriers/c/a9.ts', 'lib/couriers/d/b.ts', 'partners-do-not-know-each-other'],
  ['lib/couriers/c/a10.ts', 'node:http', 'partners-have-no-network-clock-or-environment'],
  ['lib/seal/a11.ts', 'lib/store/b.ts', 'seal-imports-model-only'],
  ['lib/custody/a12.ts', 'lib/couriers/c/b.ts', 'custody-imports-model-and-seal'],
  ['lib/custody/a13.ts', 'lib/seal/open.ts', 'only-the-station-opens'],
  ['functions/custody/a14.ts', 'lib/seal/open.ts', 'only-the-station-opens'],
  ['lib/flow/a15.ts', 'lib/seal/open.ts', 'only-the-station-opens'],
  ['lib/flow/a16.ts', 'hono', 'flow-knows-no-http-and-no-lambda'],
  ['lib/store/a17.ts', 'lib/custody/b.ts', 'store-imports-model-only'],
  ['functions/intake/a18.ts', 'lib/custody/b.ts', 'functions-import-flow-model-access'],
  ['lib/stack/a19.ts', 'lib/flow/b.ts', 'stack-imports-policies-only'],
  ['lib/flow/a20.ts', 'lib/local/b.ts', 'nobody-imports-local-and-cli'],
]

const allowed: [from: string, to: string][] = [
  ['lib/seal/a.ts', 'lib/model/b.ts'],
  ['lib/platforms/p/a.ts', 'lib/access/digest.ts'],
  ['lib/couriers/c/a.ts', 'lib/couriers/c/b.ts'],
  ['lib/couriers/c/client.ts', 'node:http'],
  ['functions/station/a.ts', 'lib/seal/open.ts'],
  ['lib/flow/a.ts', 'lib/custody/b.ts'],
  ['lib/stack/a.ts', 'lib/custody/policies.ts'],
  ['lib/cli/a.ts', 'lib/local/b.ts'],
]

/** What a tree with just these imports breaks: the importing file and the rule. */
function broken(imports: readonly (readonly [from: string, to: string, ...unknown[]])[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'lasthop-rooms-'))
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  try {
    for (const name of ['.dependency-cruiser.json', 'tsconfig.json', 'package.json']) {
      copyFileSync(join(root, name), join(folder, name))
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    for (const [from, to] of imports) {
      const isFile = to.startsWith('lib/')
      if (isFile) write(to, 'export const value = 1\n')
      const path = isFile ? relative(dirname(from), to) : to
      const name = isFile && !path.startsWith('.') ? `./${path}` : path
      write(from, `import * as used from '${name}'\nexport const it = used\n`)
    }
    const command = join(root, 'node_modules/.bin/depcruise')
    const config = ['--config', '.dependency-cruiser.json', '--output-type', 'json']
    const options = { cwd: folder, encoding: 'utf8' } as const
    const { stdout } = spawnSync(command, [...config, 'lib', 'functions'], options)
    const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[] } }
    return summary.violations.map(({ from, rule }) => `${from} ${rule.name}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Violation {
  readonly from: string
  readonly rule: { readonly name: string }
}

test('the linter finds every import that the table of rooms forbids', () => {
  const found = broken(forbidden)
  const missed = forbidden.filter(([from, , rule]) => !found.includes(`${from} ${rule}`))
  assert.deepEqual(missed, [])
})

test('and lets through what the table allows', () => {
  assert.deepEqual(broken(allowed), [])
})
