import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { App, Stack } from 'aws-cdk-lib'
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb'
import { CfnQueue } from 'aws-cdk-lib/aws-sqs'
import { AwsSolutionsChecks } from 'cdk-nag'
import { readContext } from '../../lib/stack/context.ts'
import { ACKNOWLEDGED, checkByNag } from '../../lib/stack/nag.ts'
import { addStacks } from '../../lib/stack/stacks.ts'
import { contextOf, pinsOf } from './synthesized.ts'

const outdir = mkdtempSync(join(tmpdir(), 'lasthop-nag-'))
after(() => rmSync(outdir, { recursive: true, force: true }))

function appOf(context = contextOf()): App {
  const app = new App({ outdir, analyticsReporting: false })
  addStacks(app, { context, pins: pinsOf(), code: { bundles: '', placeholder: true } })
  return app
}

/** What cdk-nag finds, `<rule> <path>`. */
function findings(app: App): string[] {
  const { violations } = new AwsSolutionsChecks().validateScope(app)
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath = '' }) => `${ruleName} ${constructPath}`),
  )
}

const { defaultEndpoint, ...trial } = { ...contextOf().gateway, defaultEndpoint: true as const }
const { certificate: _, ...open } = trial
const example = (name: string) =>
  readContext(readFileSync(join(import.meta.dirname, '../../lib/stack/examples', name), 'utf8'))
const contexts = {
  'examples/one-account.json': example('one-account.json'),
  'examples/cn-north-1.json': example('cn-north-1.json'),
  'two accounts': contextOf(),
  'one account': contextOf({ courierAccount: '111122223333' }),
  'cn-north-1': contextOf({ region: 'cn-north-1' }),
  'the default endpoint': { ...contextOf(), gateway: { ...open, defaultEndpoint } },
}

for (const [name, context] of Object.entries(contexts)) {
  test(`${name}: nothing is found that is not acknowledged`, () => {
    const app = appOf(context)
    checkByNag(app)
    assert.deepEqual(findings(app), [])
  })
}

test('each acknowledgement is of one rule, says why, and is still needed', () => {
  const found = findings(appOf())
  for (const { rule, at, because } of ACKNOWLEDGED) {
    assert.match(rule, /^AwsSolutions-[A-Z]+\d+(\[(Policy|Resource)::.*\])?$/)
    assert.ok(because.length > 20, rule)
    const of = found
      .filter(one => one.startsWith(`${rule} `))
      .map(one => one.slice(rule.length + 1))
    assert.ok(
      of.some(path => at.test(path)),
      `${rule} ${at.source}`,
    )
  }
})

test('a call of a kind that is not known, and a second table without recovery, are findings', () => {
  const app = appOf()
  const gateway = app.node.findChild('Gateway')
  new CfnTable(gateway, 'Planted', { keySchema: [{ attributeName: 'pk', keyType: 'HASH' }] })
  checkByNag(app)
  assert.deepEqual(findings(app), ['AwsSolutions-DDB3 Gateway/Planted'])
  const route = ACKNOWLEDGED.filter(({ at }) =>
    at.test('Gateway/Rest/Api/Default/v1/admin/POST/Resource'),
  )
  assert.deepEqual(route, [])
})

test('a finding fails synthesis itself, and its report names rule and place', () => {
  const planted = join(outdir, 'planted')
  const app = new App({ outdir: planted, analyticsReporting: false })
  new CfnQueue(new Stack(app, 'Planted'), 'Queue')
  checkByNag(app)
  assert.throws(() => app.synth(), /Validation failed/)
  const report = readFileSync(join(planted, 'validation-report.json'), 'utf8')
  assert.match(report, /AwsSolutions-SQS4/)
  assert.match(report, /Planted\/Queue/)
})
