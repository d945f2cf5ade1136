import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { dollarsPerMillion } from '../../bench/cost/page.ts'
import { readResult } from '../../bench/cost.ts'
import { readGenerations } from '../../lib/access/credentials.ts'
import { readContext } from '../../lib/stack/context.ts'
import { lasthop } from '../cli/run.ts'

const result = readResult()
const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/deploy.md'), 'utf8')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const section = readme.slice(readme.indexOf('\n## Deploy\n'), readme.indexOf('\n## Test with'))

test('the context on the page is one that the stacks take', () => {
  const [, text = ''] = /```json\n(\{\n {2}"gateway"[\s\S]*?)```/.exec(page) ?? []
  const { platforms, couriers } = readContext(JSON.parse(text))
  assert.deepEqual([platforms, Object.keys(couriers)], [['douyin'], ['sf']])
})

test('the secrets on the page have the form that is read', () => {
  const texts = [...page.matchAll(/<<'JSON'\n([\s\S]*?)\nJSON\n/g)].map(([, text = '']) => text)
  const [platform, courier] = texts.map(text => readGenerations(JSON.parse(text)).current)
  assert.equal(texts.length, 2)
  assert.equal(typeof platform?.secret, 'string')
  assert.deepEqual([courier?.signatureKeys.length, courier?.pushTokens.length], [1, 1])
})

/** Verbs of `lasthop` in some text, each with the options that it is given there. */
function commandsIn(text: string): Map<string, Set<string>> {
  const commands = new Map<string, Set<string>>()
  // One may stand inside another.
  for (const from of text.split('npx lasthop ').slice(1)) {
    const [rest = ''] = from.split(/[\n|>`)]/)
    const verb = /^(keys \w+|\w+)/.exec(rest)?.[0] ?? ''
    const options = commands.get(verb) ?? new Set()
    for (const [option] of rest.matchAll(/--[a-z-]+/g)) options.add(option)
    commands.set(verb, options)
  }
  return commands
}

test('every verb and option there is one of the command line', async () => {
  const commands = commandsIn(page + section)
  assert.deepEqual([...commands.keys()].sort(), [
    ...['control', 'keys new', 'keys pin', 'keys selftest', 'keys show'],
  ])
  for (const [verb, options] of commands) {
    // The verbs of `control` are handed to it by a function of the page.
    const asked = verb === 'control' ? ['control', 'register-hop'] : verb.split(' ')
    const { code, out } = await lasthop([...asked, '--help'])
    assert.equal(code, 0, verb)
    for (const option of options) assert.ok(out.includes(`${option} `), `${verb} ${option}`)
  }
})

test('what it is said to cost is what was counted', () => {
  const cost = dollarsPerMillion(result)
  const about = (name: string) => Math.round(Number(cost[name]))
  const idle = [about('gateway idle'), about('courier idle')]
  for (const text of [page, section]) {
    const [, gateway, courier] =
      /about \$(\d+) a month in the gateway's account and \$(\d+)/.exec(
        text.replaceAll(/\s+/g, ' '),
      ) ?? []
    assert.deepEqual([Number(gateway), Number(courier)], idle)
  }
  const [, least, most] =
    /orders cost \$(\d+) to \$(\d+)/.exec(section.replaceAll(/\s+/g, ' ')) ?? []
  const near = (name: string) => Math.round(Number(cost[name]) / 10) * 10
  assert.deepEqual([Number(least), Number(most)], [near('batched'), near('single')])
})
