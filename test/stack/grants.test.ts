import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellOf, covers, rolesOf, type Statement, statementsOf } from './rights.ts'
import { contextOf, ofType, synthesize, written } from './synthesized.ts'

const secret = (name: string) =>
  `arn:aws:secretsmanager:us-east-1:111122223333:secret:lasthop/${name}-Ab12Cd`
const lambda = (account: string, name: string) =>
  `arn:aws:lambda:us-east-1:${account}:function:lasthop-${name}`

// Written by hand from design-storage.md, "Rights", and the reasons in lib/stack/grants.ts. `tx`: only
// inside a transaction. A pattern: only items whose partition key begins so.
const GATEWAY = `
on        action                       intake                  exchange   custody   sweep
Orders    dynamodb:GetItem             -          -          -   -
Orders    dynamodb:BatchGetItem        order#*,ref#courier#*   yes        order#*   yes
Orders    dynamodb:Query               ref#platform#*          yes        feed#custody#*   yes
Orders    dynamodb:Scan                -          -          -   -
Orders    dynamodb:PutItem             tx         tx         order#* tx   tx
Orders    dynamodb:UpdateItem          tx         tx         -   tx
Orders    dynamodb:DeleteItem          tx         tx         -   tx
Orders    dynamodb:BatchWriteItem      -          yes        feed#custody#*   -
Keys      dynamodb:GetItem             -          -          yes   -
Keys      dynamodb:BatchGetItem        -          -          -   -
Keys      dynamodb:Query               -          -          -   -
Keys      dynamodb:Scan                -          -          yes   -
Keys      dynamodb:PutItem             key#* tx                -          yes   -
Keys      dynamodb:UpdateItem          key#* tx                -          yes   -
Keys      dynamodb:DeleteItem          -          -          yes   -
Keys      dynamodb:BatchWriteItem      -          -          -   -
Audit     dynamodb:GetItem             -          -          yes   -
Audit     dynamodb:BatchGetItem        -          -          -   -
Audit     dynamodb:Query               -          -          -   -
Audit     dynamodb:Scan                -          -          -   -
Audit     dynamodb:PutItem             -          -          tx   -
Audit     dynamodb:UpdateItem          -          -          -   -
Audit     dynamodb:DeleteItem          -          -          -   -
Audit     dynamodb:BatchWriteItem      -          -          -   -
signing   kms:Sign                     yes        -          -   -
signing   kms:GetPublicKey             -          -          -   -
platform  secretsmanager:GetSecretValue  yes      yes        -   -
bodies    secretsmanager:GetSecretValue  yes      -          -   -
courier   secretsmanager:GetSecretValue  -        yes        yes   -
foreign   secretsmanager:GetSecretValue  -        -          -   -
router    lambda:InvokeFunction        -          -          yes   -
self      lambda:InvokeFunction        -          -          -   -
log       logs:CreateLogStream         yes        yes        yes   yes
log       logs:PutLogEvents            yes        yes        yes   yes
traces    xray:PutTraceSegments       yes        yes        yes   yes
traces    xray:PutTelemetryRecords    yes        yes        yes   yes
`

const CUSTODY = `
on           action                         lasthop-sf-router  lasthop-sf-station  lasthop-sf-station-helper
Custody      dynamodb:DescribeTable         yes                -                   -
Custody      dynamodb:GetItem               -                  -                   -
Custody      dynamodb:BatchGetItem          yes                -                   -
Custody      dynamodb:Query                 -                  -                   -
Custody      dynamodb:Scan                  -                  -                   -
Custody      dynamodb:PutItem               yes                -                   -
Custody      dynamodb:UpdateItem            yes                -                   -
Custody      dynamodb:DeleteItem            -                  -                   -
receipts     secretsmanager:GetSecretValue  yes                -                   -
log          logs:CreateLogStream           yes                -                   yes
log          logs:PutLogEvents              yes                -                   yes
HopKey       kms:Decrypt                    denied             -                   denied
HopKey       kms:ReEncryptTo                -                  -                   denied
`

const NAMES: Readonly<Record<string, string>> = {
  signing: 'SigningKey',
  platform: secret('platforms/douyin'),
  bodies: secret('platforms/gateway'),
  courier: secret('couriers/sf'),
  foreign: secret('couriers/swift'),
  router: lambda('444455556666', 'sf-router'),
  self: lambda('111122223333', 'custody'),
  receipts: 'arn:aws:secretsmanager:us-east-1:444455556666:secret:lasthop/sf/receipts-Ab12Cd',
}

interface Cell {
  readonly role: string
  readonly action: string
  readonly resource: string
  readonly expected: string
}

function cellsIn(table: string, prefix = ''): Cell[] {
  const [head = [], ...rows] = table
    .trim()
    .split('\n')
    .map(line => line.split(/ {2,}/))
  return rows.flatMap(([on = '', action = '', ...cells]) =>
    head.slice(2).map((role, i) => ({
      role: prefix + role,
      action,
      resource: NAMES[on] ?? on,
      expected: cells[i] ?? '',
    })),
  )
}

const { templates } = synthesize()
const gateway = rolesOf([templates.Gateway])
const custody = rolesOf([templates['CustodyKeys-sf'], templates['Custody-sf']])

/** API Gateway's own role, which writes access logs. */
const isLogger = (name: string) => /CloudWatchRole/.test(name)

for (const [name, roles, cells] of [
  ['gateway', gateway, cellsIn(GATEWAY, 'lasthop-')],
  ['custody', custody, cellsIn(CUSTODY)],
] as const) {
  test(`${name}: every role × thing × action is as the table says`, () => {
    for (const { role, action, resource, expected } of cells) {
      const found = cellOf(roles.get(role) ?? [], action, resource)
      assert.equal(found, expected, `${role} ${action} ${resource}`)
    }
  })

  test(`${name}: nothing is allowed that has no cell, to nobody without a column`, () => {
    const known = new Set(cells.map(({ role }) => role))
    for (const [role, statements] of roles) {
      const actions = statements.flatMap(one => (one.effect === 'Allow' ? one.actions : []))
      if (isLogger(role)) {
        assert.deepEqual(actions, ['managed AmazonAPIGatewayPushToCloudWatchLogs'])
        continue
      }
      const isGuard = statements.every(({ effect }) => effect === 'Deny')
      assert.ok(known.has(role) || isGuard, role)
      for (const allow of allowed(statements)) {
        const has = cells.some(
          cell =>
            cell.role === role &&
            cell.action === allow.action &&
            covers(allow.resource, cell.resource),
        )
        assert.ok(has, `${role} ${allow.action} ${allow.resource}`)
        // X-Ray knows no resources.
        const on = allow.action.startsWith('xray:') ? '' : allow.resource
        assert.ok(!/[*]/.test(allow.action + on), `${role}: a wildcard`)
      }
    }
  })
}

function allowed(statements: readonly Statement[]): { action: string; resource: string }[] {
  return statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ actions, resources }) =>
      actions.flatMap(action => resources.map(resource => ({ action, resource }))),
    )
}

test('roles are assumed by Lambda, by API Gateway’s logger, and the station’s by web identity only', () => {
  const trusts = Object.values(templates).flatMap(template =>
    ofType(template, 'AWS::IAM::Role').flatMap(([, { Properties }]) =>
      statementsOf(Properties, 'AssumeRolePolicyDocument')
        .filter(({ effect }) => effect === 'Allow')
        .map(({ principals, actions }) => `${principals} ${actions}`),
    ),
  )
  assert.deepEqual([...new Set(trusts)].sort(), [
    'apigateway.amazonaws.com sts:AssumeRole',
    'arn:aws:iam::444455556666:oidc-provider/id.sf.example/stations sts:AssumeRoleWithWebIdentity,sts:TagSession',
    'lambda.amazonaws.com sts:AssumeRole',
  ])
})

test('the station role has no tags, no policy of its own and an hour; its provider one audience', () => {
  const { Tags, Policies, ManagedPolicyArns, MaxSessionDuration } =
    templates['CustodyKeys-sf']?.Resources.StationRole?.Properties ?? {}
  assert.deepEqual([Tags, Policies, ManagedPolicyArns], [undefined, undefined, undefined])
  assert.equal(MaxSessionDuration, 3600)
  assert.deepEqual(
    rolesOf([templates['CustodyKeys-sf'], templates['Custody-sf']]).get('lasthop-sf-station'),
    [],
  )
  const [[, provider] = []] = ofType(templates['CustodyKeys-sf'], 'AWS::IAM::OIDCProvider')
  assert.deepEqual(provider?.Properties, {
    Url: 'https://id.sf.example/stations',
    ClientIdList: ['lasthop-sts'],
  })
})

test('the router’s function is open to the gateway’s account and to nobody else', () => {
  const permissions = ofType(templates['Custody-sf'], 'AWS::Lambda::Permission').map(
    ([, { Properties }]) => [
      Properties.Principal,
      written(Properties.FunctionName).replace(/[0-9A-F]{8}.*/, ''),
    ],
  )
  assert.deepEqual(permissions, [
    ['111122223333', '<RouterFunction'],
    ['apigateway.amazonaws.com', '<StationHelperFunction'],
  ])
})

test('one account, two accounts and China give the same rights', () => {
  const plain = (text: string) =>
    text
      .replaceAll(/aws-cn|cn-north-1|us-east-1/g, at => (at === 'aws-cn' ? 'aws' : 'region'))
      .replaceAll(/\d{12}/g, 'account')
  const rights = (context: ReturnType<typeof contextOf>) => {
    const { templates: made } = synthesize(context)
    return plain(JSON.stringify([...rolesOf(Object.values(made))]))
  }
  const two = rights(contextOf())
  assert.equal(rights(contextOf({ courierAccount: '111122223333' })), two)
  assert.equal(rights(contextOf({ region: 'cn-north-1' })), two)
})
