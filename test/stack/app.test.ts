import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'

const root = resolve(import.meta.dirname, '../..')
const outdir = mkdtempSync(join(tmpdir(), 'lasthop-app-'))
after(() => rmSync(outdir, { recursive: true, force: true }))
const cdk = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'))

/** Runs the app as the CDK's command line does, without credentials. */
function run(context: object) {
  return spawnSync(process.execPath, ['lib/stack/app.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) },
  })
}

test('the context in cdk.json synthesizes, without credentials', () => {
  const { status, stderr } = run({ ...cdk.context, placeholder: 'true' })
  assert.equal(status, 0, stderr)
  const stacks = readdirSync(outdir).filter(name => name.endsWith('.template.json'))
  assert.ok(stacks.includes('Gateway.template.json'))
  assert.ok(stacks.includes('CustodyKeys-sf.template.json'))
  assert.match(stderr, /CustodyKeys-sf, then lasthop keys pin/)
})

test('a wrong context ends with one line and code 1', () => {
  const { lasthop } = cdk.context
  const { status, stderr } = run({ lasthop: { ...lasthop, platforms: 'douyin' } })
  assert.equal(status, 1)
  assert.equal(stderr, 'lasthop/platforms: must be array\n')
})
