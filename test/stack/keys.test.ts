import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  custodyKeyPolicy,
  hopKeyPolicy,
  roleGuardPolicy,
  routerPolicy,
  stationTrustPolicy,
} from '../../lib/custody/policies.ts'
import { type Decision, decide, loadPolicy } from '../../lib/local/policy.ts'
import { custodyAccountOf } from '../../lib/stack/context.ts'
import { covers, listOf, memberOf, rolesOf, statementsOf } from './rights.ts'
import { contextOf, ofType, synthesize, type Template } from './synthesized.ts'

const ids = ['CustodyKeys-sf', 'Gateway', 'Custody-sf']
const GATEWAY = '111122223333'
const COURIER = '444455556666'
const role = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`
const { templates } = synthesize()
const keysStack = templates['CustodyKeys-sf']
const key = (id: string) => keysStack?.Resources[id]?.Properties.KeyPolicy
const signingKey = ofType(templates.Gateway, 'AWS::KMS::Key')[0]?.[1].Properties

test('key, trust and identity policies are those of lib/custody/policies, word for word', () => {
  for (const region of ['us-east-1', 'cn-north-1']) {
    const context = contextOf({ region })
    const { sf } = context.couriers
    assert.ok(sf)
    const account = custodyAccountOf('sf', sf)
    assert.equal(account.partition, region === 'cn-north-1' ? 'aws-cn' : 'aws')
    const { Resources } = synthesize(context).templates['CustodyKeys-sf'] ?? { Resources: {} }
    const of = (id: string) => Resources[id]?.Properties
    assert.deepEqual(of('CustodyKeyMain')?.KeyPolicy, custodyKeyPolicy(account))
    assert.deepEqual(of('HopKey')?.KeyPolicy, hopKeyPolicy(account))
    assert.deepEqual(of('StationRole')?.AssumeRolePolicyDocument, stationTrustPolicy(account))
    assert.deepEqual(of('RoleGuard')?.PolicyDocument, roleGuardPolicy(account))
    assert.deepEqual(of('RoleGuard')?.Roles, [account.roles.keyAdmin, account.roles.deploy])
    const hop = 'the-hop-key'
    const identity = JSON.stringify(of('RouterPolicy')?.PolicyDocument)
    const written = identity.replace('{"Fn::GetAtt":["HopKey","Arn"]}', `"${hop}"`)
    assert.deepEqual(JSON.parse(written), routerPolicy(hop))
  }
})

test('both keys are of their kind, single-Region, and slow to delete', () => {
  const found = ['CustodyKeyMain', 'HopKey'].map(id => {
    const { KeySpec, KeyUsage, MultiRegion, PendingWindowInDays, EnableKeyRotation } =
      keysStack?.Resources[id]?.Properties ?? {}
    return [id, KeySpec, KeyUsage, MultiRegion, PendingWindowInDays, EnableKeyRotation]
  })
  assert.deepEqual(found, [
    ['CustodyKeyMain', 'RSA_3072', 'ENCRYPT_DECRYPT', false, 30, undefined],
    ['HopKey', 'SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', false, 30, true],
  ])
  assert.equal(ofType(keysStack, 'AWS::KMS::Key').length, 2)
  assert.equal(signingKey?.KeySpec, 'ECC_NIST_P256')
  assert.equal(signingKey?.KeyUsage, 'SIGN_VERIFY')
})

// Who may do what with which key: by the synthesized key policies and, for the sake of the worst case,
// an identity policy that allows everything.
const WHO = {
  router: [COURIER, 'lasthop-sf-router'],
  station: [COURIER, 'lasthop-sf-station'],
  helper: [COURIER, 'lasthop-sf-station-helper'],
  admin: [COURIER, 'key-admin'],
  deploy: [COURIER, `cdk-hnb659fds-cfn-exec-role-${COURIER}-us-east-1`],
  power: [COURIER, 'power-user'],
  intake: [GATEWAY, 'lasthop-intake'],
  custody: [GATEWAY, 'lasthop-custody'],
  operator: [GATEWAY, 'operator'],
} as const

// `no`: an explicit Deny, which also beats grants and whatever is allowed later. `-`: nobody allows it.
const CELLS = `
key      action                           router   station  helper   admin    deploy   power    intake   custody  operator
custody  Decrypt                          no       no       no       no       no       no       no       no       no
custody  ReEncryptFrom                    yes      no       no       no       no       no       no       no       no
custody  ReEncryptTo                      -        -        -        -        -        -        -        -        -
custody  Encrypt                          -        -        -        -        -        -        -        -        -
custody  GetPublicKey                     -        -        -        yes      yes      -        -        -        -
custody  PutKeyPolicy                     -        -        -        yes      yes      -        -        -        -
custody  ScheduleKeyDeletion              -        -        -        yes      yes      -        -        -        -
custody  CreateGrant                      no       no       no       no       no       no       no       no       no
custody  ReplicateKey                     no       no       no       no       no       no       no       no       no
hop      Decrypt                          no       yes      no       no       no       no       no       no       no
hop      ReEncryptFrom                    no       no       no       no       no       no       no       no       no
hop      ReEncryptTo                      yes      no       no       no       no       no       no       no       no
hop      Encrypt                          no       no       no       no       no       no       no       no       no
hop      GenerateDataKey                  no       no       no       no       no       no       no       no       no
hop      GenerateDataKeyWithoutPlaintext  no       no       no       no       no       no       no       no       no
hop      PutKeyPolicy                     -        -        -        yes      yes      -        -        -        -
hop      CreateGrant                      no       no       no       no       no       no       no       no       no
hop      ReplicateKey                     no       no       no       no       no       no       no       no       no
signing  Sign                             no       no       no       no       no       no       yes      no       no
signing  Verify                           -        -        -        -        -        -        -        -        -
signing  GetPublicKey                     -        -        -        -        -        -        yes      yes      yes
signing  PutKeyPolicy                     -        -        -        -        -        -        yes      yes      yes
signing  CreateGrant                      no       no       no       no       no       no       no       no       no
`

const context = {
  'kms:EncryptionAlgorithm': 'RSAES_OAEP_SHA_256',
  'kms:SigningAlgorithm': 'ECDSA_SHA_256',
  'kms:EncryptionContextKeys': ['v', 'courier', 'order', 'group', 'rev', 'hop', 'day'],
  'kms:EncryptionContext:v': '1',
  'kms:EncryptionContext:courier': 'sf',
  'kms:EncryptionContext:order': 'o_1',
  'kms:EncryptionContext:group': 'receiver',
  'kms:EncryptionContext:rev': '1',
  'kms:EncryptionContext:hop': 'H1',
  'kms:EncryptionContext:day': '2026-01-05',
}

const WORDS: Readonly<Record<Decision, string>> = {
  allowed: 'yes',
  'explicit-deny': 'no',
  'resource-silent': '-',
  'identity-silent': '-',
}

const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement })
const everything = loadPolicy(
  'identity',
  document({ Effect: 'Allow', Action: 'kms:*', Resource: '*' }),
)

test('every principal × key × action is as the table says, even with kms:* of its own', () => {
  const policies: Readonly<Record<string, [account: string, policy: unknown]>> = {
    custody: [COURIER, key('CustodyKeyMain')],
    hop: [COURIER, key('HopKey')],
    signing: [GATEWAY, signingKey?.KeyPolicy],
  }
  const [, ...rows] = CELLS.trim()
    .split('\n')
    .map(line => line.split(/ +/))
  for (const [name = '', action = '', ...cells] of rows) {
    const [account, policy] = policies[name] ?? ['', undefined]
    for (const [i, [who, [home, role]]] of Object.entries(WHO).entries()) {
      const principal = {
        arn: `arn:aws:sts::${home}:assumed-role/${role}/session`,
        role: `arn:aws:iam::${home}:role/${role}`,
        tags: { hop: 'H1', day: '2026-01-05' },
      }
      const resource = `arn:aws:kms:us-east-1:${account}:key/k`
      const request = { principal, action: `kms:${action}`, resource, account, context }
      const decision = decide(request, [everything], loadPolicy('key', policy))
      assert.equal(WORDS[decision], cells[i], `${who} ${action} ${name}`)
    }
  }
})

test('a station opens for the hop and day of its tags alone: a star is a star, no tag is no hop', () => {
  const policy = loadPolicy('key', key('HopKey'))
  const station = role(COURIER, 'lasthop-sf-station')
  const opens = (tags: Record<string, string>) => {
    const principal = {
      arn: station.replace('iam', 'sts').replace('role', 'assumed-role'),
      role: station,
      tags,
    }
    const resource = `arn:aws:kms:us-east-1:${COURIER}:key/k`
    const request = { principal, action: 'kms:Decrypt', resource, account: COURIER, context }
    return decide(request, [everything], policy) === 'allowed'
  }
  const own = { hop: 'H1', day: '2026-01-05' }
  assert.ok(opens(own))
  for (const tags of [
    { ...own, hop: '*' },
    { ...own, hop: 'H?' },
    { ...own, day: '*' },
    { ...own, hop: 'H2' },
    { ...own, day: '2026-01-04' },
    { hop: 'H1' },
    {},
  ]) {
    assert.ok(!opens(tags), JSON.stringify(tags))
  }
})

test('the router wraps to this courier under the seven names, and to no fewer or more', () => {
  const policy = loadPolicy('key', key('HopKey'))
  const router = role(COURIER, 'lasthop-sf-router')
  const wraps = (more: Record<string, string | string[] | undefined>) => {
    const given = Object.entries({ ...context, ...more }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    )
    const principal = {
      arn: router.replace('iam', 'sts').replace('role', 'assumed-role'),
      role: router,
    }
    const resource = `arn:aws:kms:us-east-1:${COURIER}:key/k`
    const at = { principal, action: 'kms:ReEncryptTo', resource, account: COURIER }
    return decide({ ...at, context: Object.fromEntries(given) }, [], policy) === 'allowed'
  }
  const names = context['kms:EncryptionContextKeys']
  assert.ok(wraps({}))
  assert.ok(!wraps({ 'kms:EncryptionContext:courier': 'swift' }))
  assert.ok(!wraps({ 'kms:EncryptionContext:v': '2' }))
  assert.ok(!wraps({ 'kms:EncryptionContextKeys': [...names, 'more'] }))
  for (const name of ['order', 'group', 'rev', 'hop', 'day']) {
    assert.ok(!wraps({ [`kms:EncryptionContext:${name}`]: undefined }), name)
  }
})

/** All statements of a template, wherever they lie. */
function everyStatement(template: Template | undefined) {
  return Object.values(template?.Resources ?? {}).flatMap(({ Properties }) => {
    const { KeyPolicy, AssumeRolePolicyDocument, PolicyDocument, ResourcePolicy, Policies } =
      Properties
    const documents = [
      ...[KeyPolicy, AssumeRolePolicyDocument, PolicyDocument],
      memberOf(ResourcePolicy, 'PolicyDocument'),
      ...listOf(Policies).map(policy => memberOf(policy, 'PolicyDocument')),
    ]
    return documents.flatMap(document => statementsOf({ document }, 'document'))
  })
}

function allowing(action: string, of: readonly string[]): string[] {
  const statements = of.flatMap(id => everyStatement(templates[id]))
  const hits = statements.filter(
    ({ effect, actions }) => effect === 'Allow' && actions.some(one => covers(one, action)),
  )
  return [
    ...new Set(hits.flatMap(({ principals }) => (principals.length ? principals : ['(identity)']))),
  ]
}

test('in all templates only the station role may decrypt', () => {
  assert.deepEqual(allowing('kms:Decrypt', ids), [role(COURIER, 'lasthop-sf-station')])
})

test('no gateway role has an action on a key but intake’s Sign on the gateway’s own', () => {
  for (const [name, statements] of rolesOf([templates.Gateway])) {
    const kms = statements.flatMap(({ actions, resources }) =>
      actions
        .filter(action => covers(action, 'kms:Sign') || /^kms:|^\*/i.test(action))
        .map(action => [action, ...resources]),
    )
    assert.deepEqual(kms, name === 'lasthop-intake' ? [['kms:Sign', 'SigningKey']] : [], name)
  }
})

test('no condition of a key compares by pattern: a tag is a value, never a pattern', () => {
  const policies = [key('CustodyKeyMain'), key('HopKey'), signingKey?.KeyPolicy]
  const operators = policies.flatMap(policy =>
    statementsOf({ policy }, 'policy').flatMap(({ condition }) => Object.keys(condition)),
  )
  assert.deepEqual([...new Set(operators)].sort(), [
    'ForAllValues:StringEquals',
    'Null',
    'StringEquals',
    'StringNotEquals',
  ])
})

test('keys are not delegated to an account, but for the gateway’s own and its management', () => {
  for (const id of ['CustodyKeyMain', 'HopKey']) {
    const statements = statementsOf({ policy: key(id) }, 'policy')
    for (const { effect, principals } of statements) {
      if (effect === 'Deny') continue
      assert.ok(principals.length > 0)
      for (const principal of principals)
        assert.match(principal, /^arn:aws:iam::\d{12}:role\/[\w-]+$/)
    }
  }
  const own = statementsOf({ policy: signingKey?.KeyPolicy }, 'policy')
  const delegated = own.filter(({ principals }) => principals.some(one => one.endsWith(':root')))
  const cryptographic =
    /kms:(\*|Sign|Verify|Encrypt|Decrypt|ReEncrypt|Generate|Derive|CreateGrant)/i
  assert.equal(delegated.length, 1)
  for (const action of delegated[0]?.actions ?? []) assert.doesNotMatch(action, cryptographic)
})

test('whoever could give himself more is named here, and nobody else can', () => {
  const admins = [
    role(COURIER, 'key-admin'),
    role(COURIER, `cdk-hnb659fds-cfn-exec-role-${COURIER}-us-east-1`),
  ]
  assert.deepEqual(allowing('kms:PutKeyPolicy', ids), [...admins, `arn:aws:iam::${GATEWAY}:root`])
  for (const action of [
    'kms:CreateGrant',
    'kms:ReplicateKey',
    'iam:PassRole',
    'iam:PutRolePolicy',
    'iam:AttachRolePolicy',
    'iam:UpdateAssumeRolePolicy',
    'iam:CreateAccessKey',
    'iam:TagRole',
    'lambda:UpdateFunctionCode',
    'lambda:UpdateFunctionConfiguration',
    'lambda:AddPermission',
    'dynamodb:PutResourcePolicy',
    'secretsmanager:PutSecretValue',
    'cloudformation:UpdateStack',
  ]) {
    assert.deepEqual(allowing(action, ids), [], action)
  }
})
