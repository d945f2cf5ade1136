import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TABLE_CARE, TABLE_SCHEMA } from '../../lib/store/table-schema.ts'
import { covers, memberOf, statementsOf } from './rights.ts'
import { contextOf, ofType, type Resource, synthesize } from './synthesized.ts'

const { templates } = synthesize()

function table(stack: string, id: string): Resource {
  const [[, found] = []] = ofType(templates[stack], 'AWS::DynamoDB::Table').filter(([logical]) =>
    logical.startsWith(id),
  )
  assert.ok(found, id)
  return found
}

const tables = [
  ['Orders', table('Gateway', 'Orders'), TABLE_CARE.orders],
  ['Keys', table('Gateway', 'Keys'), TABLE_CARE.keys],
  ['Audit', table('Gateway', 'Audit'), TABLE_CARE.audit],
  [
    'Custody',
    table('Custody-sf', 'Custody'),
    { pointInTimeRecovery: true, deletionProtection: true },
  ],
] as const

test('every table has the one schema, and the care that it wants', () => {
  assert.equal(ofType(templates.Gateway, 'AWS::DynamoDB::Table').length, 3)
  for (const [name, { Properties }, care] of tables) {
    assert.deepEqual(
      Properties.KeySchema,
      [
        { AttributeName: TABLE_SCHEMA.partitionKey, KeyType: 'HASH' },
        { AttributeName: TABLE_SCHEMA.sortKey, KeyType: 'RANGE' },
      ],
      name,
    )
    const ttl = { AttributeName: TABLE_SCHEMA.timeToLive, Enabled: true }
    assert.deepEqual(Properties.TimeToLiveSpecification, ttl, name)
    assert.equal(Properties.BillingMode, 'PAY_PER_REQUEST', name)
    assert.equal(Properties.DeletionProtectionEnabled, care.deletionProtection, name)
    const recovery = memberOf(
      Properties.PointInTimeRecoverySpecification,
      'PointInTimeRecoveryEnabled',
    )
    assert.equal(recovery === true, care.pointInTimeRecovery, name)
  }
})

test('Keys is copied by nobody and streams nowhere; Audit is only appended to; TLS only', () => {
  const denied = (of: Resource, action: string) =>
    statementsOf(of.Properties.ResourcePolicy, 'PolicyDocument').some(
      ({ effect, principals, actions, condition }) =>
        effect === 'Deny' &&
        principals.includes('*') &&
        Object.keys(condition).length === 0 &&
        actions.some(one => covers(one, `dynamodb:${action}`)),
    )
  const [, keys] = tables[1]
  for (const action of ['CreateBackup', 'UpdateContinuousBackups', 'ExportTableToPointInTime']) {
    assert.ok(denied(keys, action), action)
  }
  assert.ok(denied(keys, 'EnableKinesisStreamingDestination'))
  assert.ok(!denied(keys, 'DeleteItem'))
  const [, audit] = tables[2]
  for (const action of [
    'UpdateItem',
    'DeleteItem',
    'BatchWriteItem',
    'PartiQLUpdate',
    'PartiQLDelete',
  ]) {
    assert.ok(denied(audit, action), action)
  }
  assert.ok(!denied(audit, 'PutItem'))
  for (const [name, { Properties }] of tables) {
    assert.equal(Properties.StreamSpecification, undefined, name)
    assert.equal(Properties.KinesisStreamSpecification, undefined, name)
    const overTls = statementsOf(Properties.ResourcePolicy, 'PolicyDocument').at(-1)
    assert.deepEqual(
      [overTls?.effect, overTls?.principals, overTls?.actions, overTls?.condition],
      ['Deny', ['*'], ['dynamodb:*'], { Bool: { 'aws:SecureTransport': 'false' } }],
      name,
    )
  }
})

/** Members by which a resource asks for encryption under a customer's key. */
function customerKeys(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    /SSESpecification|KmsMasterKey|KmsKey|EncryptionKey/i.test(name) ? [name] : customerKeys(inner),
  )
}

test('everything is encrypted under keys that AWS owns', () => {
  const planted = { Properties: { SSESpecification: { KMSMasterKeyId: 'k', SSEEnabled: true } } }
  assert.deepEqual(customerKeys(planted), ['SSESpecification'])
  assert.deepEqual(customerKeys({ KmsKeyArn: 'k', Environment: { KmsKeyId: 'k' } }).length, 2)
  for (const [stack, { Resources }] of Object.entries(templates)) {
    assert.deepEqual(customerKeys(Resources), [], stack)
  }
})

test('what cannot be made again is kept when a stack goes', () => {
  const kept = [
    'AWS::DynamoDB::Table',
    'AWS::KMS::Key',
    'AWS::Logs::LogGroup',
    'AWS::IAM::OIDCProvider',
  ]
  let count = 0
  for (const [stack, template] of Object.entries(templates)) {
    for (const [id, { Type, DeletionPolicy, UpdateReplacePolicy }] of Object.entries(
      template.Resources,
    )) {
      const isKept =
        kept.includes(Type) || (stack === 'CustodyKeys-sf' && Type.startsWith('AWS::IAM'))
      if (!isKept) continue
      assert.equal(DeletionPolicy, 'RetainExceptOnCreate', `${stack} ${id}`)
      assert.equal(UpdateReplacePolicy, 'Retain', `${stack} ${id}`)
      count += 1
    }
  }
  assert.equal(count, 4 + 3 + 10 + 1 + 4)
})

test('no stack refers to another', () => {
  for (const [stack, template] of Object.entries(templates)) {
    assert.doesNotMatch(
      JSON.stringify(template),
      /Fn::ImportValue|AWS::SSM::Parameter::Value<String>.*LastHop/,
      stack,
    )
    assert.doesNotMatch(JSON.stringify(template), /"Export":/, stack)
  }
})

test('roles are there before the keys that name them', () => {
  for (const [id, { DependsOn }] of ofType(templates['CustodyKeys-sf'], 'AWS::KMS::Key')) {
    assert.deepEqual(DependsOn, ['RouterRole', 'StationRole'], id)
  }
  const [[, signing] = []] = ofType(templates.Gateway, 'AWS::KMS::Key')
  const [waitsFor = ''] = signing?.DependsOn ?? []
  assert.equal(templates.Gateway?.Resources[waitsFor]?.Properties.RoleName, 'lasthop-intake')
})

test('each name of a custody key is a key of its own, under the same policy', () => {
  const whole = contextOf()
  const { sf } = whole.couriers
  assert.ok(sf)
  const rotating = { ...whole, couriers: { sf: { ...sf, custodyKeys: ['main', 'next'] } } }
  const { Resources } = synthesize(rotating).templates['CustodyKeys-sf'] ?? { Resources: {} }
  assert.deepEqual(Resources.CustodyKeyNext?.Properties, Resources.CustodyKeyMain?.Properties)
})
