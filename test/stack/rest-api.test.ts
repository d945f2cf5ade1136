import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Hono } from 'hono'
import { custodyApp } from '../../functions/custody/app.ts'
import { isShredEvent } from '../../functions/custody/shred.ts'
import { exchangeApp } from '../../functions/exchange/app.ts'
import { intakeApp } from '../../functions/intake/app.ts'
import { stationApp } from '../../functions/station/app.ts'
import { problemOf, retryAfterSeconds } from '../../lib/access/problem.ts'
import { GatewayError, type GatewayErrorCode } from '../../lib/model/errors.ts'
import { gatewayRoutes, type Route, stationRoutes } from '../../lib/stack/routes.ts'
import { listOf, memberOf } from './rights.ts'
import { contextOf, ofType, synthesize, type Template, written } from './synthesized.ts'

const { templates } = synthesize()
const stacks = ['Gateway', 'Custody-sf']

/** `POST /v1/platforms/douyin/orders` → the logical id of the function behind it. */
function methodsOf(template: Template | undefined): Map<string, string> {
  const resources = new Map(ofType(template, 'AWS::ApiGateway::Resource'))
  const pathOf = (reference: string): string => {
    const resource = resources.get(reference.slice(1, -1))
    if (resource === undefined) return ''
    const { ParentId, PathPart } = resource.Properties
    return `${pathOf(written(ParentId))}/${String(PathPart)}`
  }
  return new Map(
    ofType(template, 'AWS::ApiGateway::Method').map(([, { Properties }]) => {
      const { HttpMethod, ResourceId, Integration } = Properties
      const uri = written(memberOf(Integration, 'Uri'))
      return [
        `${HttpMethod} ${pathOf(written(ResourceId))}`,
        /<Function(\w+?)Function/.exec(uri)?.[1] ?? uri,
      ]
    }),
  )
}

test('every call is a method of its own, and nothing else is', () => {
  const expected = gatewayRoutes(['douyin'], ['sf']).map(({ method, path, to }) => [
    `${method} ${path}`,
    to,
  ])
  assert.deepEqual([...methodsOf(templates.Gateway)].sort(), expected.sort())
  assert.deepEqual([...methodsOf(templates['Custody-sf']).keys()], ['POST /v1/open'])
})

test('the routes are those of the apps', () => {
  const unused = Object.create(null)
  const report = () => {}
  const apps: Readonly<Record<string, Hono>> = {
    intake: intakeApp(unused, report),
    exchange: exchangeApp(unused, report),
    custody: custodyApp(unused, report),
    station: stationApp(unused, report, report),
  }
  const ours = Object.entries(apps).flatMap(([to, { routes }]) =>
    routes.map(({ method, path }) => `${to} ${method} ${path.replaceAll(/:\w+/g, '{}')}`),
  )
  const routes: readonly Route<string>[] = [...gatewayRoutes(['p'], ['c']), ...stationRoutes]
  const theirs = routes.map(({ method, path, to }) => {
    const plain = path
      .replace('/platforms/p/', '/platforms/{}/')
      .replace('/couriers/c/', '/couriers/{}/')
    return `${to} ${method} ${plain.replaceAll(/\{\w+\}/g, '{}')}`
  })
  assert.deepEqual(theirs.sort(), [...new Set(ours)].sort())
})

test('bodies arrive byte for byte, over the custom domain only', () => {
  for (const [stack, domain] of [
    ['Gateway', 'gateway.example'],
    ['Custody-sf', 'stations.sf.example'],
  ] as const) {
    const [[, api] = []] = ofType(templates[stack], 'AWS::ApiGateway::RestApi')
    assert.deepEqual(api?.Properties.BinaryMediaTypes, ['*/*'])
    assert.equal(api?.Properties.DisableExecuteApiEndpoint, true)
    assert.deepEqual(api?.Properties.EndpointConfiguration, { Types: ['REGIONAL'] })
    const [[, name] = []] = ofType(templates[stack], 'AWS::ApiGateway::DomainName')
    assert.equal(name?.Properties.DomainName, domain)
    assert.equal(name?.Properties.SecurityPolicy, 'TLS_1_2')
  }
})

test('a trial without a domain has the default endpoint; a path prefix is the domain’s base path', () => {
  const whole = contextOf()
  const { certificate, ...rest } = whole.gateway
  const trial = {
    ...whole,
    gateway: { ...rest, origin: 'http://localhost:4566/x', defaultEndpoint: true as const },
  }
  const open = synthesize(trial).templates.Gateway
  assert.equal(
    ofType(open, 'AWS::ApiGateway::RestApi')[0]?.[1].Properties.DisableExecuteApiEndpoint,
    false,
  )
  assert.equal(ofType(open, 'AWS::ApiGateway::DomainName').length, 0)
  const prefixed = { ...whole, gateway: { ...whole.gateway, origin: 'https://api.example/hop' } }
  const [[, mapping] = []] = ofType(
    synthesize(prefixed).templates.Gateway,
    'AWS::ApiGateway::BasePathMapping',
  )
  assert.equal(mapping?.Properties.BasePath, 'hop')
})

test('the access log has no path, query, header, address or identity in it; nothing is traced', () => {
  for (const stack of stacks) {
    const [[, stage] = []] = ofType(templates[stack], 'AWS::ApiGateway::Stage')
    const { AccessLogSetting, MethodSettings, TracingEnabled } = stage?.Properties ?? {}
    const format = String(memberOf(AccessLogSetting, 'Format'))
    assert.deepEqual(format.match(/\$context\.\w+(\.\w+)*/g), [
      '$context.extendedRequestId',
      '$context.resourcePath',
      '$context.httpMethod',
      '$context.status',
      '$context.responseLength',
      '$context.responseLatency',
      '$context.integrationLatency',
    ])
    assert.ok(Array.isArray(MethodSettings) && MethodSettings.length > 1)
    for (const setting of MethodSettings) {
      assert.equal(memberOf(setting, 'DataTraceEnabled'), false)
      assert.equal(memberOf(setting, 'LoggingLevel'), 'OFF')
    }
    assert.equal(TracingEnabled ?? false, false)
  }
})

test('each method of each partner is throttled by itself', () => {
  const whole = contextOf()
  const throttled = { ...whole, gateway: { ...whole.gateway, throttle: { rate: 7, burst: 9 } } }
  const [[, stage] = []] = ofType(synthesize(throttled).templates.Gateway, 'AWS::ApiGateway::Stage')
  const settings = stage?.Properties.MethodSettings
  assert.ok(Array.isArray(settings))
  const limits = settings
    .filter(setting => memberOf(setting, 'HttpMethod') !== '*')
    .map(setting => {
      const path = String(memberOf(setting, 'ResourcePath')).slice(1).replaceAll('~1', '/')
      const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = Object(setting)
      return [`${memberOf(setting, 'HttpMethod')} ${path}`, rate, burst]
    })
  const expected = gatewayRoutes(['douyin'], ['sf']).map(({ method, path }) => [
    `${method} ${path}`,
    7,
    9,
  ])
  assert.deepEqual(limits.sort(), expected.sort())
})

test('API Gateway’s own answers are problems like those of the functions', () => {
  const codes: Readonly<Record<string, GatewayErrorCode>> = {
    DEFAULT_4XX: 'MALFORMED',
    MISSING_AUTHENTICATION_TOKEN: 'NOT_FOUND',
    INVALID_SIGNATURE: 'NOT_FOUND',
    ACCESS_DENIED: 'NOT_FOUND',
    RESOURCE_NOT_FOUND: 'NOT_FOUND',
    REQUEST_TOO_LARGE: 'TOO_LARGE',
    THROTTLED: 'THROTTLED',
    QUOTA_EXCEEDED: 'THROTTLED',
    DEFAULT_5XX: 'STORE_AWAY',
    INTEGRATION_FAILURE: 'STORE_AWAY',
    INTEGRATION_TIMEOUT: 'STORE_AWAY',
  }
  const found = ofType(templates.Gateway, 'AWS::ApiGateway::GatewayResponse').map(
    ([, { Properties }]) => {
      const { ResponseType, StatusCode, ResponseTemplates, ResponseParameters } = Properties
      const body: unknown = JSON.parse(String(memberOf(ResponseTemplates, 'application/json')))
      return [String(ResponseType), StatusCode, body, ResponseParameters] as const
    },
  )
  assert.deepEqual(found.map(([type]) => type).sort(), Object.keys(codes).sort())
  for (const [type, status, body, headers] of found) {
    const problem = problemOf(new GatewayError(codes[type] ?? 'STORE_AWAY'))
    assert.deepEqual(body, problem, type)
    assert.equal(status, String(problem.status), type)
    assert.equal(
      memberOf(headers, 'gatewayresponse.header.Content-Type'),
      "'application/problem+json'",
    )
    const later = memberOf(headers, 'gatewayresponse.header.Retry-After')
    assert.equal(later, problem.retry === 'later' ? `'${retryAfterSeconds}'` : undefined, type)
  }
})

test('functions are Node 22 on arm64, answer before API Gateway gives up, and log into a log of theirs', () => {
  const functions = stacks.flatMap(stack => ofType(templates[stack], 'AWS::Lambda::Function'))
  assert.equal(functions.length, 6)
  for (const [id, { Properties }] of functions) {
    const { Runtime, Architectures, Timeout, Handler, LoggingConfig } = Properties
    assert.deepEqual(
      [Runtime, Architectures, Handler],
      ['nodejs22.x', ['arm64'], 'index.handler'],
      id,
    )
    // No caller waits for the sweep.
    assert.equal(Timeout, id.startsWith('Functionsweep') ? 58 : 20, id)
    assert.match(written(memberOf(LoggingConfig, 'LogGroup')), /Log/, id)
  }
})

test('custody looks for keys that must go every minute, and once a day at all of them', () => {
  const shreds = ofType(templates.Gateway, 'AWS::Events::Rule').filter(([id]) =>
    id.startsWith('Shred'),
  )
  const rules = shreds.map(([, { Properties }]) => {
    const [target] = listOf(Properties.Targets)
    const input: unknown = JSON.parse(String(memberOf(target, 'Input')))
    assert.ok(isShredEvent(input))
    assert.match(written(memberOf(target, 'Arn')), /^<FunctioncustodyFunction/)
    return [Properties.ScheduleExpression, Properties.State, input.shred]
  })
  assert.deepEqual(rules, [
    ['rate(1 minute)', 'ENABLED', 'closed'],
    ['rate(1 day)', 'ENABLED', 'outlived'],
  ])
})

test('the environment of functions names things and holds no secret', () => {
  const names = stacks.flatMap(stack =>
    ofType(templates[stack], 'AWS::Lambda::Function').flatMap(([, { Properties }]) =>
      Object.keys(Object(memberOf(Properties.Environment, 'Variables'))),
    ),
  )
  assert.deepEqual([...new Set(names)].sort(), [
    'AUDIT_TABLE',
    'KEYS_TABLE',
    'ORDERS_TABLE',
    'ROUTERS',
    'SECRETS_PREFIX',
    'SIGNING_KEY_ARN',
    'SIGNING_KEY_ID',
  ])
})
