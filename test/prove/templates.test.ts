import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MISTAKES, plantMistakes } from '../../prove/templates/planted.ts'
import { run } from '../../prove/templates.ts'

test('prove templates --quick: every cell of the templates is as the table says', async () => {
  const { holds, figures } = await run({ quick: true, seed: 1, planted: false })
  const { cells, wrong, escalations } = figures
  assert.equal(wrong, 0)
  assert.ok(holds)
  assert.ok(Number(cells) > 9_000, String(cells))
  assert.ok(Number(escalations) > 100)
})

test('planted over-permissions are caught, each by the cell that it opens', async () => {
  assert.ok(Object.keys(MISTAKES).length >= 12)
  const expected = {
    'intake may kms:*': /^intake kms:/,
    'exchange reads Keys': /^exchange dynamodb:GetItem Keys key#1: yes, not -$/,
    'intake passes roles': /^intake iam:PassRole role custody: a path of escalation$/,
    'hop compared with StringLike, and a star': /^station kms:Decrypt key hop H2: yes, not -$/,
    'a stream on Keys': /^Gateway KeysTable\w+: no stream$/,
    'the router is invoked from another account':
      /^stranger lambda:InvokeFunction function router : yes, not -$/,
  }
  const planted = await plantMistakes(mistake => mistake in expected)
  const found = new Map(planted.map(({ mistake, first }) => [mistake, first ?? 'MISSED']))
  assert.equal(found.size, Object.keys(expected).length)
  for (const [mistake, first] of Object.entries(expected))
    assert.match(found.get(mistake) ?? '', first)
})
