import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AccessRequest, type Decision, decide, loadPolicy } from '../../lib/local/policy.ts'

const account = '111122223333'
const station = `arn:aws:iam::${account}:role/station`
const session = `arn:aws:sts::${account}:assumed-role/station/s1`
const user = `arn:aws:iam::${account}:user/lin`
const root = `arn:aws:iam::${account}:root`
const foreign = 'arn:aws:iam::999988887777:user/wang'
const provider = `arn:aws:iam::${account}:oidc-provider/id.example`
const key = `arn:aws:kms:us-east-1:${account}:key/k1`
const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement })
const tagged = (tags: Record<string, string>) => ({ arn: session, role: station, tags })
const variable = (name: string) => `\${${name}}`

function ask(
  request: Partial<AccessRequest>,
  policies: { identity?: object; key?: object },
): Decision {
  const whole = { principal: tagged({}), action: 'kms:Decrypt', resource: key, account, ...request }
  const identity = policies.identity ? [loadPolicy('identity', policies.identity)] : []
  return decide(whole, identity, policies.key && loadPolicy('key', policies.key))
}

const grant = (more: object = {}) => ({
  Effect: 'Allow',
  Principal: { AWS: station },
  Action: 'kms:Decrypt',
  Resource: '*',
  ...more,
})
const own = (more: object = {}) => ({ Effect: 'Allow', Action: 'kms:*', Resource: '*', ...more })
const reaches = (Principal: unknown) => document(grant({ Principal }))

test('who is reached: the key policy must speak, the account needs its own policy too', () => {
  const cases: [
    string,
    object | string,
    object | undefined,
    AccessRequest['principal'],
    Decision,
  ][] = [
    ['role names its session', { AWS: station }, undefined, tagged({}), 'allowed'],
    ['session by its own ARN', { AWS: session }, undefined, tagged({}), 'allowed'],
    [
      'another session',
      { AWS: session },
      undefined,
      { arn: `${session}2`, role: station },
      'resource-silent',
    ],
    ['another role', { AWS: `${station}2` }, own(), tagged({}), 'resource-silent'],
    ['one of a list', { AWS: [user, station] }, undefined, tagged({}), 'allowed'],
    ['everybody', '*', undefined, { arn: user }, 'allowed'],
    ['everybody, as AWS', { AWS: '*' }, undefined, { arn: user }, 'allowed'],
    ['everybody elsewhere needs a policy', '*', undefined, { arn: foreign }, 'identity-silent'],
    ['everybody elsewhere with a policy', '*', own(), { arn: foreign }, 'allowed'],
    ['user elsewhere, named', { AWS: foreign }, undefined, { arn: foreign }, 'identity-silent'],
    ['user elsewhere, named, with a policy', { AWS: foreign }, own(), { arn: foreign }, 'allowed'],
    ['user elsewhere, not named', { AWS: root }, own(), { arn: foreign }, 'resource-silent'],
    ['account with a policy', { AWS: root }, own(), { arn: user }, 'allowed'],
    ['account without', { AWS: root }, undefined, { arn: user }, 'identity-silent'],
    ['account by number', { AWS: account }, own(), { arn: user }, 'allowed'],
    ['account elsewhere', { AWS: '999988887777' }, own(), { arn: foreign }, 'allowed'],
    [
      'account elsewhere without',
      { AWS: '999988887777' },
      undefined,
      { arn: foreign },
      'identity-silent',
    ],
    ['root itself', { AWS: root }, undefined, { arn: root }, 'allowed'],
    ['root itself, not reached', { AWS: station }, undefined, { arn: root }, 'resource-silent'],
    [
      'a service is nobody here',
      { Service: 'lambda.amazonaws.com' },
      own(),
      { arn: user },
      'resource-silent',
    ],
    [
      'web identity',
      { Federated: provider },
      undefined,
      { arn: '', federated: provider },
      'allowed',
    ],
    [
      'another provider',
      { Federated: `${provider}2` },
      undefined,
      { arn: '', federated: provider },
      'resource-silent',
    ],
  ]
  for (const [name, principal, identity, who, expected] of cases) {
    const policies = { key: reaches(principal), ...(identity && { identity: document(identity) }) }
    assert.equal(ask({ principal: who }, policies), expected, name)
  }
})

test('an explicit Deny wins on either side, default is deny', () => {
  const deny = { Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*' }
  const denied = document(grant(), { ...deny, Principal: '*' })
  assert.equal(ask({}, { key: document(grant()) }), 'allowed')
  assert.equal(ask({}, { key: denied }), 'explicit-deny')
  assert.equal(ask({}, { key: document(grant()), identity: document(deny) }), 'explicit-deny')
  assert.equal(ask({}, { key: document() }), 'resource-silent')
  assert.equal(ask({}, { key: document(), identity: document(own()) }), 'resource-silent')
  const others = document(grant(), { ...deny, Principal: { AWS: user } })
  assert.equal(ask({}, { key: others }), 'allowed')
  const whole = document(grant(), { ...deny, Principal: { AWS: root } })
  assert.equal(ask({}, { key: whole }), 'explicit-deny')
})

test('without a resource policy the identity policies decide', () => {
  assert.equal(
    ask({ action: 'kms:CreateKey', resource: '*' }, { identity: document(own()) }),
    'allowed',
  )
  assert.equal(ask({ action: 'kms:CreateKey', resource: '*' }, {}), 'identity-silent')
})

test('actions and resources', () => {
  const delegating = document(grant({ Principal: { AWS: root }, Action: 'kms:*' }))
  const cases: [string, object, Partial<AccessRequest>, boolean][] = [
    ['case', { Action: 'KMS:decrypt' }, {}, true],
    ['star', { Action: 'kms:De*' }, {}, true],
    ['star elsewhere', { Action: 'kms:En*' }, {}, false],
    ['question mark', { Action: 'kms:Decryp?' }, {}, true],
    ['all', { Action: '*' }, {}, true],
    ['other service', { Action: 'sts:*' }, {}, false],
    [
      'generate data keys',
      { Action: 'kms:GenerateDataKey*' },
      { action: 'kms:GenerateDataKeyPair' },
      true,
    ],
    ['not this', { Action: undefined, NotAction: 'kms:Decrypt' }, {}, false],
    ['not that', { Action: undefined, NotAction: ['kms:Encrypt', 'sts:*'] }, {}, true],
    ['this key', { Resource: key }, {}, true],
    ['another key', { Resource: `${key}2` }, {}, false],
    ['keys', { Resource: `arn:aws:kms:*:${account}:key/*` }, {}, true],
    ['a star stays in its part', { Resource: `arn:aws:*:${account}:x:key/k1` }, {}, false],
    ['not this resource', { Resource: undefined, NotResource: key }, {}, false],
    ['not another', { Resource: undefined, NotResource: [`${key}2`] }, {}, true],
    [
      'by tag',
      { Resource: `arn:aws:kms:us-east-1:${account}:key/${variable('aws:PrincipalTag/key')}` },
      { principal: tagged({ key: 'k1' }) },
      true,
    ],
    [
      'by another tag',
      { Resource: `arn:aws:kms:us-east-1:${account}:key/${variable('aws:PrincipalTag/key')}` },
      { principal: tagged({ key: 'k*' }) },
      false,
    ],
    [
      'by no tag',
      { Resource: `arn:aws:kms:us-east-1:${account}:key/${variable('aws:PrincipalTag/key')}` },
      {},
      false,
    ],
  ]
  for (const [name, more, request, expected] of cases) {
    const statement = JSON.parse(JSON.stringify(own(more)))
    const decision = ask(request, { key: delegating, identity: document(statement) })
    assert.equal(decision, expected ? 'allowed' : 'identity-silent', name)
  }
})

const hop = 'kms:EncryptionContext:hop'
const names = 'kms:EncryptionContextKeys'
type Case = [
  operator: string,
  key: string,
  values: unknown,
  context: AccessRequest['context'],
  tags: Record<string, string>,
  passes: boolean,
]

const conditions: Case[] = [
  ['StringEquals', hop, 'H1', { [hop]: 'H1' }, {}, true],
  ['StringEquals', hop, 'H1', { [hop]: 'h1' }, {}, false],
  ['StringEquals', hop, 'H1', {}, {}, false],
  ['StringEquals', hop, ['H1', 'H2'], { [hop]: 'H2' }, {}, true],
  ['StringEquals', hop, 'H*', { [hop]: 'H1' }, {}, false],
  ['StringEquals', hop, 'H*', { [hop]: 'H*' }, {}, true],
  // The name in a condition key has no case (documented); its value has.
  ['StringEquals', hop, 'H1', { 'kms:EncryptionContext:Hop': 'H1' }, {}, true],
  ['StringEquals', 'KMS:encryptioncontext:HOP', 'H1', { [hop]: 'H1' }, {}, true],
  ['StringEquals', hop, 'H1', { [hop]: 'H1', 'kms:EncryptionContext:Hop': 'H2' }, {}, true],
  ['StringNotEquals', hop, 'H1', { [hop]: 'H2' }, {}, true],
  ['StringNotEquals', hop, 'H1', { [hop]: 'H1' }, {}, false],
  ['StringNotEquals', hop, ['H1', 'H2'], { [hop]: 'H2' }, {}, false],
  ['StringNotEquals', hop, 'H1', {}, {}, true],
  ['StringEqualsIfExists', hop, 'H1', {}, {}, true],
  ['StringEqualsIfExists', hop, 'H1', { [hop]: 'H2' }, {}, false],
  ['StringNotEqualsIfExists', hop, 'H1', {}, {}, true],
  ['StringLike', hop, 'H*', { [hop]: 'H-17' }, {}, true],
  ['StringLike', hop, 'H?', { [hop]: 'H1' }, {}, true],
  ['StringLike', hop, 'H?', { [hop]: 'H12' }, {}, false],
  ['StringLike', hop, 'H.', { [hop]: 'H1' }, {}, false],
  ['StringLike', hop, `H${variable('*')}`, { [hop]: 'H1' }, {}, false],
  ['StringLike', hop, `H${variable('*')}`, { [hop]: 'H*' }, {}, true],
  ['StringLike', hop, `H${variable('?')}`, { [hop]: 'H?' }, {}, true],
  ['StringEquals', hop, `H${variable('$')}1`, { [hop]: 'H$1' }, {}, true],
  ['StringEquals', hop, 'H$1', { [hop]: 'H$1' }, {}, true],
  ['StringNotLike', hop, 'H*', { [hop]: 'X1' }, {}, true],
  ['StringNotLike', hop, 'H*', { [hop]: 'H1' }, {}, false],
  ['StringEquals', hop, variable('aws:PrincipalTag/hop'), { [hop]: 'H1' }, { hop: 'H1' }, true],
  ['StringEquals', hop, variable('aws:principaltag/HOP'), { [hop]: 'H1' }, { hop: 'H1' }, true],
  ['StringEquals', hop, variable('aws:PrincipalTag/hop'), { [hop]: 'H1' }, { hop: 'H2' }, false],
  ['StringEquals', hop, variable('aws:PrincipalTag/hop'), { [hop]: 'H1' }, {}, false],
  ['StringEquals', hop, variable('aws:PrincipalTag/hop'), {}, { hop: 'H1' }, false],
  ['StringEquals', hop, variable('aws:PrincipalTag/hop'), {}, {}, false],
  ['StringEquals', hop, variable('aws:PrincipalTag/hop'), { [hop]: 'H1' }, { hop: '*' }, false],
  ['StringLike', hop, variable('aws:PrincipalTag/hop'), { [hop]: 'H1' }, { hop: '*' }, false],
  ['StringLike', hop, variable('aws:PrincipalTag/hop'), { [hop]: '*' }, { hop: '*' }, true],
  [
    'StringLike',
    hop,
    `${variable('aws:PrincipalTag/hop')}-*`,
    { [hop]: 'H1-9' },
    { hop: 'H1' },
    true,
  ],
  ['StringLike', hop, variable('aws:PrincipalTag/hop'), { [hop]: 'HX1' }, { hop: 'H.1' }, false],
  ['StringEquals', hop, variable("aws:PrincipalTag/hop, 'none'"), { [hop]: 'none' }, {}, true],
  [
    'StringEquals',
    hop,
    variable("aws:PrincipalTag/hop, 'none'"),
    { [hop]: 'none' },
    { hop: 'H1' },
    false,
  ],
  ['StringNotEquals', hop, variable('aws:PrincipalTag/hop'), { [hop]: 'H1' }, {}, true],
  ['Null', hop, 'true', {}, {}, true],
  ['Null', hop, 'true', { [hop]: 'H1' }, {}, false],
  ['Null', hop, false, { [hop]: '' }, {}, true],
  ['Null', hop, 'false', {}, {}, false],
  ['Null', names, 'false', { [names]: ['v'] }, {}, true],
  ['Null', names, 'false', { [names]: [] }, {}, false],
  ['Bool', 'kms:ReEncryptOnSameKey', 'true', { 'kms:ReEncryptOnSameKey': 'true' }, {}, true],
  ['Bool', 'kms:ReEncryptOnSameKey', true, { 'kms:ReEncryptOnSameKey': 'false' }, {}, false],
  ['Bool', 'kms:GrantIsForAWSResource', 'true', {}, {}, false],
  ['BoolIfExists', 'kms:GrantIsForAWSResource', 'true', {}, {}, true],
  ['ForAllValues:StringEquals', names, ['v', 'hop'], { [names]: ['hop', 'v'] }, {}, true],
  ['ForAllValues:StringEquals', names, ['v', 'hop'], { [names]: ['hop'] }, {}, true],
  ['ForAllValues:StringEquals', names, ['v', 'hop'], { [names]: ['hop', 'x'] }, {}, false],
  ['ForAllValues:StringEquals', names, ['v', 'hop'], { [names]: ['Hop'] }, {}, false],
  ['ForAllValues:StringEquals', names, ['v', 'hop'], {}, {}, true],
  ['ForAllValues:StringNotEquals', names, ['v'], { [names]: ['hop'] }, {}, true],
  ['ForAllValues:StringNotEquals', names, ['v'], { [names]: ['hop', 'v'] }, {}, false],
  ['ForAnyValue:StringEquals', names, ['v', 'hop'], { [names]: ['x', 'hop'] }, {}, true],
  ['ForAnyValue:StringEquals', names, ['v', 'hop'], { [names]: ['x'] }, {}, false],
  ['ForAnyValue:StringEquals', names, ['v', 'hop'], {}, {}, false],
  ['ForAnyValue:StringNotEquals', names, ['v'], { [names]: ['v', 'x'] }, {}, true],
  ['ForAnyValue:StringNotEquals', names, ['v'], { [names]: ['v'] }, {}, false],
  ['ForAnyValue:StringNotEquals', names, ['v'], {}, {}, false],
  ['ForAnyValue:StringLike', 'aws:TagKeys', 'h*', { 'aws:TagKeys': ['hop'] }, {}, true],
  ['ArnEquals', 'aws:PrincipalArn', station, {}, {}, true],
  ['ArnLike', 'aws:PrincipalArn', `arn:aws:iam::*:role/st*`, {}, {}, true],
  ['ArnLike', 'aws:PrincipalArn', `arn:aws:iam::*:role/x*`, {}, {}, false],
  ['ArnLike', 'aws:PrincipalArn', `arn:*:iam:*:${account}:role/station`, {}, {}, true],
  ['ArnLike', 'aws:PrincipalArn', `arn:aws:*:${account}:x:role/station`, {}, {}, false],
  ['ArnNotEquals', 'aws:PrincipalArn', `${station}2`, {}, {}, true],
  ['ArnNotLike', 'aws:PrincipalArn', `arn:aws:iam::*:role/*`, {}, {}, false],
  ['StringEquals', 'aws:PrincipalArn', session, {}, {}, false],
  ['StringNotEquals', 'aws:PrincipalArn', station, {}, {}, false],
  ['StringEquals', 'aws:PrincipalAccount', account, {}, {}, true],
  ['StringEquals', 'aws:PrincipalTag/day', '2026-11-24', {}, { day: '2026-11-24' }, true],
  ['StringEquals', 'aws:RequestTag/hop', 'H1', { 'aws:RequestTag/hop': 'H1' }, {}, true],
  ['StringEquals', 'sts:RoleSessionName', 's1', { 'sts:RoleSessionName': 's1' }, {}, true],
  ['StringEquals', 'id.example/stations:aud', 'a', { 'id.example/stations:aud': 'a' }, {}, true],
  ['StringEquals', 'aws:SourceIdentity', 'x', {}, {}, false],
]

test('conditions', () => {
  for (const [operator, name, values, context = {}, tags, passes] of conditions) {
    const statement = grant({ Condition: { [operator]: { [name]: values } } })
    const decision = ask({ context, principal: tagged(tags) }, { key: document(statement) })
    const text = JSON.stringify([operator, name, values, context, tags])
    assert.equal(decision, passes ? 'allowed' : 'resource-silent', text)
  }
})

test('all lines of a Condition must hold', () => {
  const Condition = { StringEquals: { [hop]: 'H1', 'kms:EncryptionContext:day': 'D' } }
  const policies = { key: document(grant({ Condition })) }
  const day = 'kms:EncryptionContext:day'
  assert.equal(ask({ context: { [hop]: 'H1', [day]: 'D' } }, policies), 'allowed')
  assert.equal(ask({ context: { [hop]: 'H1', [day]: 'E' } }, policies), 'resource-silent')
})

test('what is not known does not load, and is named', () => {
  const condition = (operator: string, name: string, value: unknown) =>
    document(grant({ Condition: { [operator]: { [name]: value } } }))
  const cases: [object | string, RegExp][] = [
    [{ ...document(), Version: '2008-10-17' }, /Version/],
    [{ Statement: [] }, /Version/],
    [{ ...document(), Rules: [] }, /Rules/],
    ['{', /JSON/],
    [document(grant({ Principals: '*' })), /Principals/],
    [document(grant({ NotPrincipal: '*' })), /NotPrincipal/],
    [document(grant({ Effect: 'allow' })), /Effect/],
    [document(own()), /Principal/],
    [document(grant({ Principal: {} })), /nobody/],
    [document(grant({ Principal: { AWS: `arn:aws:iam::${account}:role/*` } })), /role\/\*/],
    [document(grant({ Principal: { AWS: 'station' } })), /station/],
    [document(grant({ Principal: { CanonicalUser: 'x' } })), /CanonicalUser/],
    [document(grant({ Action: 'Decrypt' })), /Decrypt/],
    [document(grant({ Action: [] })), /Action/],
    [document(grant({ NotAction: 'kms:Encrypt' })), /NotAction/],
    [document(grant({ Resource: 'key/k1' })), /key\/k1/],
    [
      document(grant({ Resource: `arn:aws:kms:${variable('aws:PrincipalTag/r')}:1:key/k` })),
      /PrincipalTag/,
    ],
    [condition('StringEqualsIgnoreCase', hop, 'H1'), /StringEqualsIgnoreCase/],
    [condition('NumericEquals', hop, '1'), /NumericEquals/],
    [condition('DateGreaterThan', hop, '1'), /DateGreaterThan/],
    [condition('IpAddress', hop, '1'), /IpAddress/],
    [condition('stringequals', hop, 'H1'), /stringequals/],
    [condition('ForSomeValues:StringEquals', names, 'H1'), /ForSomeValues/],
    [condition('NullIfExists', hop, 'true'), /NullIfExists/],
    [condition('StringEquals', 'kms:ViaService', 's3'), /kms:ViaService/],
    [condition('StringEquals', 'aws:SourceIp', 'x'), /aws:SourceIp/],
    [condition('StringEquals', 'aws:sub', 'x'), /aws:sub/],
    [condition('StringEquals', 'kms:EncryptionContext:', 'x'), /kms:EncryptionContext:/],
    [condition('StringEquals', 'kms:EncryptionContexts', 'x'), /kms:EncryptionContexts/],
    [condition('StringEquals', names, 'v'), /does not fit/],
    [condition('ForAllValues:StringEquals', hop, 'H1'), /does not fit/],
    [condition('ArnEquals', hop, station), /does not fit/],
    [condition('ArnEquals', 'aws:PrincipalArn', 'station'), /not an ARN/],
    [condition('Bool', 'kms:ReEncryptOnSameKey', 'yes'), /true or false/],
    [condition('Null', hop, variable('aws:PrincipalTag/hop')), /true or false/],
    [condition('StringEquals', hop, variable('aws:username')), /aws:username/],
    [condition('StringEquals', hop, variable('aws:TagKeys')), /aws:TagKeys/],
    [condition('StringEquals', hop, variable('aws:PrincipalTag/hop,none')), /PrincipalTag/],
    [condition('StringEquals', hop, `\${aws:PrincipalTag/hop`), /unclosed/],
    [condition('StringEquals', hop, 7), /EncryptionContext:hop/],
  ]
  for (const [policy, expected] of cases) {
    const refused = {
      name: 'AwsError',
      code: 'MalformedPolicyDocumentException',
      message: expected,
    }
    assert.throws(() => loadPolicy('key', policy), refused, JSON.stringify(policy))
  }
  loadPolicy('key', document(grant()))
})

test('each kind of policy has its own members', () => {
  const trust = {
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: 'sts:AssumeRoleWithWebIdentity',
  }
  loadPolicy('trust', document(trust))
  loadPolicy('identity', document(own()))
  assert.throws(() => loadPolicy('trust', document({ ...trust, Resource: '*' })), /Resource/)
  assert.throws(() => loadPolicy('identity', document(own({ Principal: '*' }))), /Principal/)
  assert.throws(() => loadPolicy('key', document(grant({ Resource: undefined }))), /Resource/)
})
