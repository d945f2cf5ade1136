import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gatewayFile } from '../../lib/stack/config-files.ts'
import { ContextError, readContext } from '../../lib/stack/context.ts'
import { memberOf } from './rights.ts'
import { contextOf, ofType, pinsOf, synthesize, written } from './synthesized.ts'

const whole = contextOf()
const gateway = (more: object) => ({ ...whole, gateway: { ...whole.gateway, ...more } })
const webAcl = 'arn:aws:wafv2:us-east-1:111122223333:regional/webacl/lasthop/0a1b2c3d'
const truststore = 's3://lasthop-truststore/callers.pem'

function faultsOf(value: unknown): string {
  try {
    readContext(value)
    return 'none'
  } catch (error) {
    assert.ok(error instanceof ContextError)
    return error.message
  }
}

test('a firewall stands before the stage, where one is named', () => {
  const made = synthesize(readContext(gateway({ webAcl }))).templates.Gateway
  const [[, association] = [], ...more] = ofType(made, 'AWS::WAFv2::WebACLAssociation')
  assert.equal(more.length, 0)
  assert.equal(association?.Properties.WebACLArn, webAcl)
  assert.match(written(association?.Properties.ResourceArn), /\/restapis\/<RestApi\w+>\/stages\/</)
  const plain = synthesize().templates
  for (const template of Object.values(plain)) {
    assert.equal(ofType(template, 'AWS::WAFv2::WebACLAssociation').length, 0)
  }
})

test('mutual TLS on the gateway’s domain, where a truststore is named', () => {
  const domain = (of: ReturnType<typeof synthesize>) =>
    ofType(of.templates.Gateway, 'AWS::ApiGateway::DomainName')[0]?.[1].Properties
  const made = domain(synthesize(readContext(gateway({ truststore }))))
  assert.equal(memberOf(made?.MutualTlsAuthentication, 'TruststoreUri'), truststore)
  assert.equal(domain(synthesize())?.MutualTlsAuthentication, undefined)
})

test('a partner that is switched off is so in the functions’ configuration, and no other', () => {
  const disabled = { platforms: ['douyin'], couriers: ['sf'] }
  const file = gatewayFile(readContext({ ...whole, disabled }), pinsOf())
  assert.deepEqual(memberOf(file, 'platforms'), { douyin: { shards: 1, disabled: true } })
  assert.equal(memberOf(memberOf(memberOf(file, 'couriers'), 'sf'), 'disabled'), true)
  const on = gatewayFile(whole, pinsOf())
  assert.deepEqual(memberOf(on, 'platforms'), { douyin: { shards: 1 } })
  assert.equal(memberOf(memberOf(memberOf(on, 'couriers'), 'sf'), 'disabled'), undefined)
})

test('each wrong option is named, with what is wanted instead', () => {
  const { certificate: _, ...bare } = whole.gateway
  const trial = { ...whole, gateway: { ...bare, defaultEndpoint: true, truststore } }
  const topic = 'arn:aws:sns:eu-west-1:444455556666:pager'
  const cases: [unknown, RegExp][] = [
    [gateway({ webAcl: 'lasthop' }), /^lasthop\/gateway\/webAcl: must match pattern/],
    [
      gateway({ webAcl: webAcl.replace('regional', 'global') }),
      /^lasthop\/gateway\/webAcl: must match pattern/,
    ],
    [
      gateway({ webAcl: webAcl.replace('us-east-1', 'us-west-2') }),
      /^lasthop\/gateway\/webAcl: must lie in us-east-1$/,
    ],
    [
      gateway({ truststore: 'https://x/y.pem' }),
      /^lasthop\/gateway\/truststore: must match pattern/,
    ],
    [trial, /^lasthop\/gateway\/truststore: needs a domain, which certificate gives$/],
    [gateway({ alarmTopic: 'pager' }), /^lasthop\/gateway\/alarmTopic: must match pattern/],
    [gateway({ alarmTopic: topic }), /^lasthop\/gateway\/alarmTopic: must lie in us-east-1$/],
    [
      { ...whole, couriers: { sf: { ...whole.couriers.sf, alarmTopic: topic } } },
      /^lasthop\/couriers\/sf\/alarmTopic: must lie in us-east-1$/,
    ],
    [
      { ...whole, disabled: { platforms: ['douyn'], couriers: ['sff'] } },
      /^lasthop\/disabled\/platforms: douyn is none of them\nlasthop\/disabled\/couriers: sff is none of them$/,
    ],
    [{ ...whole, disabled: true }, /^lasthop\/disabled: must be object$/],
  ]
  for (const [value, message] of cases) assert.match(faultsOf(value), message)
})

test('in China the options are of its own partition', () => {
  const china = contextOf({ region: 'cn-north-1' })
  const own = {
    webAcl: 'arn:aws-cn:wafv2:cn-north-1:111122223333:regional/webacl/lasthop/0a1b2c3d',
    alarmTopic: 'arn:aws-cn:sns:cn-north-1:111122223333:pager',
    truststore,
  }
  const value = { ...china, gateway: { ...china.gateway, ...own } }
  assert.equal(faultsOf(value), 'none')
  assert.equal(
    ofType(synthesize(readContext(value)).templates.Gateway, 'AWS::WAFv2::WebACLAssociation')
      .length,
    1,
  )
})
