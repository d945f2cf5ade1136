import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readContext } from '../../lib/stack/context.ts'
import { memberOf } from './rights.ts'
import { contextOf, ofType, synthesize } from './synthesized.ts'

const { templates } = synthesize()
const [[, dashboard] = []] = ofType(templates.Gateway, 'AWS::CloudWatch::Dashboard')
const body = JSON.stringify(dashboard?.Properties.DashboardBody)

test('the dashboard shows what is owed, refused, failing, released, and what costs', () => {
  assert.equal(dashboard?.Properties.DashboardName, 'lasthop')
  for (const metric of [
    ...['feed-age-seconds', 'feed-depth', 'feed-parked'],
    ...['orders-posted', 'answers', 'offers-expired', 'releases', 'releases-refused'],
    ...['release-alarm-50', 'release-alarm-limit', '4XXError', '5XXError', 'Latency'],
    ...['Errors', 'Throttles', 'ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'],
    'CallCount',
  ]) {
    assert.ok(body.includes(metric), metric)
  }
  for (const role of ['intake', 'exchange', 'custody', 'sweep']) {
    assert.ok(body.includes(`ms_${role} / 1000 * 1`), role)
  }
})

test('the four functions are traced, the API is not: its traces would hold paths', () => {
  const functions = ofType(templates.Gateway, 'AWS::Lambda::Function')
  assert.equal(functions.length, 4)
  for (const [, { Properties }] of functions) {
    assert.deepEqual(Properties.TracingConfig, { Mode: 'Active' })
  }
  const [[, stage] = []] = ofType(templates.Gateway, 'AWS::ApiGateway::Stage')
  assert.equal(stage?.Properties.TracingEnabled, undefined)
  for (const [, { Properties }] of ofType(templates['Custody-sf'], 'AWS::Lambda::Function')) {
    assert.equal(Properties.TracingConfig, undefined)
  }
})

test('the sweep runs every minute, for less than that, and is not tried again', () => {
  const rule = ofType(templates.Gateway, 'AWS::Events::Rule').find(([id]) => id.startsWith('Sweep'))
  assert.equal(rule?.[1].Properties.ScheduleExpression, 'rate(1 minute)')
  const [target] = [rule?.[1].Properties.Targets].flat()
  assert.deepEqual(memberOf(target, 'RetryPolicy'), { MaximumRetryAttempts: 0 })
  const sweep = ofType(templates.Gateway, 'AWS::Lambda::Function').find(
    ([, { Properties }]) => Properties.FunctionName === 'lasthop-sweep',
  )
  assert.equal(sweep?.[1].Properties.Timeout, 58)
})

test('an emulator gets all that AWS gets, but for where KMS and STS are', () => {
  const emulator = { endpoint: 'http://127.0.0.1:4566', credentials: {} }
  const { templates: emulated } = synthesize(readContext({ ...contextOf(), emulator }))
  const { templates: real } = synthesize(readContext(contextOf()))
  for (const stack of ['Gateway', 'Custody-sf']) {
    const kinds = (template: (typeof real)[string] | undefined) =>
      Object.entries(template?.Resources ?? {}).map(([id, { Type }]) => [id, Type])
    // A deployment's id is a hash of what it deploys.
    const lasting = (template: (typeof real)[string] | undefined) =>
      kinds(template).filter(([, type]) => type !== 'AWS::ApiGateway::Deployment')
    assert.deepEqual(lasting(emulated[stack]), lasting(real[stack]))
  }
})
