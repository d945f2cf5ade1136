import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { couriers } from '../lib/couriers/index.ts'
import { platforms } from '../lib/platforms/index.ts'

const readme = readFileSync(resolve(import.meta.dirname, '../README.md'), 'utf8')

test('the table of partners in the README is the lists of partners', () => {
  const row = (side: string) => (partner: { title: string; name: string }) =>
    `| ${partner.title} | \`${partner.name}\` | [${side}/${partner.name}](lib/${side}/${partner.name}) |`
  const rows = [...platforms.map(row('platforms')), ...couriers.map(row('couriers'))]
  const found = readme.match(/^\| [^|]+ \| `[a-z0-9-]+` \| \[[^|]+ \|/gm)
  assert.deepEqual(found, rows)
})
