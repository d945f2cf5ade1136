import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { bundleFunctions, type FunctionBundle } from '../../lib/model/build/bundle.ts'
import { startFunction } from './rest/function-host.ts'

const folder = mkdtempSync(join(tmpdir(), 'lasthop-bundles-'))
let bundles: FunctionBundle[] = []

before(async () => {
  bundles = await bundleFunctions(resolve(import.meta.dirname, '../..'), folder)
})
after(() => rmSync(folder, { recursive: true }))

test('there is one of every function, each in one file', () => {
  const names = bundles.map(({ name }) => name)
  for (const name of ['custody', 'exchange', 'intake', 'router', 'station', 'sweep']) {
    assert.ok(names.includes(name), name)
  }
})

test('they hold no schema compiler', () => {
  for (const { name, file, inputs } of bundles) {
    const compiler = Object.keys(inputs).filter(path => path.includes('node_modules/ajv'))
    assert.deepEqual(compiler, [], name)
    const text = readFileSync(file, 'utf8')
    assert.doesNotMatch(text, /strict mode: |no schema with key or ref|schema is invalid: /, name)
  }
})

test('they can open a seal at the station only', () => {
  for (const { name, file, inputs } of bundles) {
    const opens = Object.keys(inputs).some(path => path.endsWith('lib/seal/open.ts'))
    assert.equal(opens, name === 'station', name)
    // A platform's pushed messages are enciphered by a key that the gateway shares; no seal is.
    const own = ['lib/seal/open.ts', 'lib/platforms/kuaishou/push.ts']
    const deciphers = Object.keys(inputs).filter(path => DECIPHERS.test(sourceOf(path)))
    assert.deepEqual(
      deciphers.filter(path => !own.some(allowed => path.endsWith(allowed))),
      [],
      name,
    )
    if (!opens) assert.doesNotMatch(readFileSync(file, 'utf8'), /privateDecrypt/, name)
  }
})

const DECIPHERS = /createDecipheriv|privateDecrypt/

/** The text of a module of ours, as it went into a bundle. */
function sourceOf(path: string): string {
  const isOurs = /(^|\/)(lib|functions)\//.test(path) && !path.includes('node_modules')
  return isOurs ? readFileSync(resolve(import.meta.dirname, '../..', path), 'utf8') : ''
}

test('they hold nothing of what runs on a laptop', () => {
  for (const { name, inputs } of bundles) {
    const local = Object.keys(inputs).filter(path => /lib\/(local|cli|stack)\//.test(path))
    assert.deepEqual(local, [], name)
  }
})

test('only intake speaks to KMS, and only custody to the router', () => {
  const speaks = (client: string) =>
    bundles
      .filter(({ inputs }) => Object.keys(inputs).some(path => path.includes(`${client}/dist-es`)))
      .map(({ name }) => name)
      .filter(name => !['router', 'station'].includes(name))
  assert.deepEqual(speaks('client-kms'), ['intake'])
  assert.deepEqual(speaks('client-lambda'), ['custody'])
})

test('without their settings they stop at once and say what is missing, no value', async () => {
  for (const name of ['custody', 'exchange', 'intake', 'sweep']) {
    const bundle = bundles.find(one => one.name === name)
    assert.ok(bundle)
    const said = /VALUE_INVALID at \/SECRETS_PREFIX/
    await assert.rejects(startFunction(bundle.file, { AWS_REGION: 'us-east-1' }), said, name)
  }
})
