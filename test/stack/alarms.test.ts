import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readContext } from '../../lib/stack/context.ts'
import { gatewayAlarms } from '../../lib/stack/gateway-alarms.ts'
import { memberOf } from './rights.ts'
import { contextOf, ofType, pinsOf, synthesize, type Template, written } from './synthesized.ts'

const TOPIC = 'arn:aws:sns:us-east-1:111122223333:pager'
const whole = contextOf()
const context = readContext({ ...whole, gateway: { ...whole.gateway, alarmTopic: TOPIC } })
const { templates } = synthesize(context)

/** `lasthop-sweep-away` → what it stands on, in a line. */
function alarmsOf(template: Template | undefined): Map<string, string> {
  return new Map(
    ofType(template, 'AWS::CloudWatch::Alarm').map(([, { Properties: of }]) => {
      const dimensions = (Array.isArray(of.Dimensions) ? of.Dimensions : [])
        .map(one => `${memberOf(one, 'Name')}=${written(memberOf(one, 'Value'))}`)
        .join(',')
      const isBelow = of.ComparisonOperator === 'LessThanThreshold'
      const statistic = of.Statistic ?? of.ExtendedStatistic
      const sense = `${statistic} ${isBelow ? '<' : '>='} ${of.Threshold}`
      const when = `${of.EvaluationPeriods}x${of.Period}s ${of.TreatMissingData}`
      const named = dimensions.replaceAll(/<(\w+)Table[0-9A-F]{8}>/g, '$1')
      return [String(of.AlarmName), `${of.Namespace} ${of.MetricName} ${named}: ${sense}, ${when}`]
    }),
  )
}

const never = 'notBreaching'
const lambda = (name: string, slow: number) => {
  const of = (metric: string) => `AWS/Lambda ${metric} FunctionName=${name}:`
  return {
    [`${name}-errors`]: `${of('Errors')} Sum >= 1, 1x300s ${never}`,
    [`${name}-throttles`]: `${of('Throttles')} Sum >= 1, 1x300s ${never}`,
    [`${name}-slow`]: `${of('Duration')} p99 >= ${slow}, 3x300s ${never}`,
  }
}
const api = (own: string, name: string) => {
  const of = (metric: string) => `AWS/ApiGateway ${metric} ApiName=${name},Stage=live:`
  return {
    [`lasthop-${own}-5xx`]: `${of('5XXError')} Sum >= 5, 1x300s ${never}`,
    [`lasthop-${own}-4xx`]: `${of('4XXError')} Average >= 0.25, 3x300s ${never}`,
  }
}
const table = (name: string, tableName = name) =>
  Object.fromEntries(
    ['Read', 'Write'].map(way => [
      `lasthop-${name}-${way.toLowerCase()}-throttles`,
      `AWS/DynamoDB ${way}ThrottleEvents TableName=${tableName}: Sum >= 1, 3x300s ${never}`,
    ]),
  )
const counted = (role: string, metric: string, at = 1, times = 1) => ({
  [`lasthop-${role}-${metric}`]: `LastHop ${metric} function=${role}: Sum >= ${at}, ${times}x300s ${never}`,
})
const age = (side: string, partner: string) => ({
  [`lasthop-feed-age-${side}-${partner}`]: `LastHop feed-age-seconds partner=${partner},side=${side}: Maximum >= 900, 3x60s ${never}`,
})
const rule = (name: string) => ({
  [name]: `AWS/Events MatchedEvents RuleName=${name}: Sum >= 1, 1x60s ${never}`,
})

const GATEWAY = {
  ...age('courier', 'sf'),
  ...age('custody', 'sf'),
  ...age('platform', 'douyin'),
  ...lambda('lasthop-intake', 10_000),
  ...lambda('lasthop-exchange', 10_000),
  ...lambda('lasthop-custody', 10_000),
  ...lambda('lasthop-sweep', 30_000),
  'lasthop-sweep-away':
    'AWS/Lambda Invocations FunctionName=lasthop-sweep: Sum < 1, 5x60s breaching',
  ...api('gateway', 'lasthop'),
  ...table('Orders'),
  ...table('Keys'),
  ...table('Audit'),
  ...counted('intake', 'bugs'),
  ...counted('exchange', 'bugs'),
  ...counted('custody', 'bugs'),
  ...counted('sweep', 'bugs'),
  ...counted('custody', 'release-alarm-50'),
  ...counted('custody', 'release-alarm-500'),
  ...counted('custody', 'release-alarm-5000'),
  ...counted('custody', 'release-alarm-limit'),
  ...counted('custody', 'releases-refused', 20),
  ...counted('exchange', 'moves-though-cancelled'),
  ...counted('exchange', 'entries-withheld', 1, 3),
  ...counted('sweep', 'offers-expired', 50),
  ...counted('sweep', 'sweeps-delayed', 1, 3),
  ...counted('sweep', 'expiries-delayed', 1, 3),
  ...counted('custody', 'shreds-delayed', 1, 3),
  ...rule('lasthop-gateway-gateway-decrypts'),
  ...rule('lasthop-gateway-kms-throttled'),
}

const CUSTODY = {
  ...lambda('lasthop-sf-router', 10_000),
  ...lambda('lasthop-sf-station-helper', 10_000),
  ...api('sf-station', 'lasthop-sf-station'),
  ...table('sf-custody', 'lasthop-sf-custody'),
  ...rule('lasthop-sf-strangers-on-keys'),
  ...rule('lasthop-sf-users-on-keys'),
  ...rule('lasthop-sf-re-encrypt-elsewhere'),
  ...rule('lasthop-sf-key-policy-changes'),
  ...rule('lasthop-sf-kms-throttled'),
}

for (const [stack, expected] of [
  ['Gateway', GATEWAY],
  ['Custody-sf', CUSTODY],
] as const) {
  describe(`alarms of ${stack}`, () => {
    const found = alarmsOf(templates[stack])
    for (const [name, line] of Object.entries(expected)) {
      test(name, () => assert.equal(found.get(name), line))
    }
    test('there are no others', () => {
      assert.deepEqual([...found.keys()].sort(), Object.keys(expected).sort())
    })
  })
}

test('alarms go to the account’s own topic; without one they are only seen', () => {
  const actions = (of: typeof templates, stack: string) =>
    new Set(
      ofType(of[stack], 'AWS::CloudWatch::Alarm').map(([, { Properties }]) =>
        JSON.stringify(Properties.AlarmActions),
      ),
    )
  assert.deepEqual([...actions(templates, 'Gateway')], [`["${TOPIC}"]`])
  assert.deepEqual([...actions(templates, 'Custody-sf')], [undefined])
  const { sf } = whole.couriers
  assert.ok(sf)
  const alarmTopic = 'arn:aws:sns:us-east-1:444455556666:pager'
  const own = synthesize(readContext({ ...whole, couriers: { sf: { ...sf, alarmTopic } } }))
  assert.deepEqual([...actions(own.templates, 'Custody-sf')], [`["${alarmTopic}"]`])
  assert.deepEqual([...actions(own.templates, 'Gateway')], [undefined])
})

test('a courier’s own counts of releases are alarms, too; every alarm says what it means', () => {
  const { sf } = pinsOf().couriers
  assert.ok(sf)
  const releases = { windowSeconds: 60, limit: 9, alarms: [7, 50] }
  const specs = gatewayAlarms(context, { couriers: { sf: { ...sf, releases } } }, {})
  const names = specs.map(({ name }) => name)
  assert.ok(names.includes('custody-release-alarm-7'))
  assert.equal(new Set(names).size, names.length)
  for (const { about } of specs) assert.ok(about.length > 20)
})

describe('what is watched of keys', () => {
  const patterns = (stack: string) =>
    new Map(
      ofType(templates[stack], 'AWS::Events::Rule').flatMap(([, { Properties: of }]) =>
        of.EventPattern === undefined ? [] : [[String(of.Name), of] as const],
      ),
    )
  const role = (account: string, name: string) => `arn:aws:iam::${account}:role/lasthop-${name}`
  const key = (id: string) => `arn:aws:kms:us-east-1:444455556666:key/${id}`
  const detailOf = (stack: string, name: string) =>
    memberOf(patterns(stack).get(name)?.EventPattern, 'detail')

  test('reads are seen, of KMS alone, and what is seen is kept', () => {
    for (const stack of ['Gateway', 'Custody-sf']) {
      const rules = [...patterns(stack).values()]
      assert.ok(rules.length > 1)
      for (const { State, EventPattern, Targets } of rules) {
        assert.equal(State, 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS')
        assert.deepEqual(memberOf(EventPattern, 'source'), ['aws.kms'])
        assert.deepEqual(memberOf(EventPattern, 'detail-type'), ['AWS API Call via CloudTrail'])
        assert.ok(Array.isArray(Targets) && Targets.length === 1)
      }
      const [[, log] = []] = ofType(templates[stack], 'AWS::Logs::ResourcePolicy')
      assert.match(JSON.stringify(log?.Properties.PolicyDocument), /events\.amazonaws\.com/)
    }
  })

  test('any gateway role that opens or re-wraps, by itself', () => {
    assert.deepEqual(detailOf('Gateway', 'lasthop-gateway-gateway-decrypts'), {
      eventSource: ['kms.amazonaws.com'],
      eventName: ['Decrypt', 'ReEncrypt', { prefix: 'GenerateDataKey' }, 'CreateGrant'],
      userIdentity: {
        sessionContext: {
          sessionIssuer: {
            arn: ['intake', 'exchange', 'custody', 'sweep'].map(one => role('111122223333', one)),
          },
        },
        invokedBy: [{ exists: false }],
      },
    })
  })

  test('anybody but router and station; the router to a key that is not listed', () => {
    const strangers = detailOf('Custody-sf', 'lasthop-sf-strangers-on-keys')
    assert.deepEqual(memberOf(strangers, 'resources'), { ARN: [key('custody'), key('hop')] })
    assert.deepEqual(memberOf(strangers, 'userIdentity'), {
      sessionContext: {
        sessionIssuer: {
          arn: [
            {
              'anything-but': [
                role('444455556666', 'sf-router'),
                role('444455556666', 'sf-station'),
              ],
            },
          ],
        },
      },
    })
    const elsewhere = detailOf('Custody-sf', 'lasthop-sf-re-encrypt-elsewhere')
    assert.deepEqual(memberOf(elsewhere, 'eventName'), ['ReEncrypt'])
    assert.deepEqual(memberOf(elsewhere, 'resources'), {
      ARN: [{ 'anything-but': [key('custody'), key('hop')] }],
    })
  })
})
