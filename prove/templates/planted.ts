import { listOf } from '../../test/stack/rights.ts'
import { check } from './check.ts'
import { plainId } from './resolve.ts'
import { type Deployment, deployments } from './world.ts'

type Json = Record<string, unknown>
type Edit = (templates: Json) => void

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A member of something, which must be an object. */
function member(of: unknown, name: string): Json {
  const found = isJson(of) ? of[name] : undefined
  if (!isJson(found)) throw new Error(`nothing to plant at ${name}`)
  return found
}

/** Properties of the resource whose logical id begins so. */
function properties(templates: Json, stack: string, id: string): Json {
  const resources = member(member(templates, stack), 'Resources')
  const name = Object.keys(resources).find(one => one === id || plainId(one) === id)
  return member(member(resources, name ?? id), 'Properties')
}

/** Statements of a policy: `('Gateway', 'FunctionintakeGrants', 'PolicyDocument')`. */
function statements(templates: Json, stack: string, id: string, ...path: string[]): Json[] {
  const document = path.reduce(member, properties(templates, stack, id))
  const all = listOf(document.Statement).filter(isJson)
  document.Statement = all
  return all
}

const grant =
  (stack: string, id: string, Action: string, Resource: unknown, more: Json = {}): Edit =>
  templates => {
    const all = statements(templates, stack, id, 'PolicyDocument')
    all.push({ Effect: 'Allow', Action: [Action], Resource: [Resource], ...more })
  }

const intake = (action: string, on: unknown, more?: Json) =>
  grant('Gateway', 'FunctionintakeGrants', action, on, more)
const exchange = (action: string, on: unknown) =>
  grant('Gateway', 'FunctionexchangeGrants', action, on)
const custody = (action: string, on: unknown) =>
  grant('Gateway', 'FunctioncustodyGrants', action, on)
const helper = (action: string, on: unknown) =>
  grant('Custody-sf', 'StationHelperGrants', action, on)

const set =
  (stack: string, id: string, name: string, value: unknown): Edit =>
  templates => {
    properties(templates, stack, id)[name] = value
  }

/** Changes the statement of a policy that is called so; without members, takes it out. */
const change =
  (sid: string, members: Json | undefined, stack: string, id: string, ...path: string[]): Edit =>
  templates => {
    const all = statements(templates, stack, id, ...path)
    const at = all.findIndex(({ Sid }) => Sid === sid)
    const found = all[at]
    if (found === undefined) throw new Error(`nothing to plant at ${sid}`)
    all.splice(at, 1, ...(members === undefined ? [] : [{ ...found, ...members }]))
  }

const keyStatement =
  (id: string, statement: Json): Edit =>
  templates => {
    statements(templates, 'CustodyKeys-sf', id, 'KeyPolicy').push({ Resource: ['*'], ...statement })
  }

const add =
  (stack: string, id: string, Type: string, Properties: Json): Edit =>
  templates => {
    member(member(templates, stack), 'Resources')[id] = { Type, Properties }
  }

const table = (name: string, at = '') =>
  `arn:aws:dynamodb:us-east-1:111122223333:table/${name}${at}`
const role = (account: string, name: string) => `arn:aws:iam::${account}:role/lasthop-${name}`
const root = { AWS: 'arn:aws:iam::444455556666:root' }
const tag = (name: string) => `\${aws:PrincipalTag/${name}}`
const HOP = 'kms:EncryptionContext:hop'
const DAY = 'kms:EncryptionContext:day'
const KEYS = ['CustodyKeys-sf', 'HopKey', 'KeyPolicy'] as const
const TRUST = ['CustodyKeys-sf', 'StationRole', 'AssumeRolePolicyDocument'] as const

/** Over-permissions that somebody could bring into the stacks, by what they are. */
export const MISTAKES: Readonly<Record<string, readonly Edit[]>> = {
  'intake may kms:*': [intake('kms:*', '*')],
  'exchange reads Keys': [exchange('dynamodb:GetItem', table('Keys'))],
  'exchange reads a stream of Keys': [exchange('dynamodb:GetRecords', table('Keys', '/stream/*'))],
  'intake reads Keys back': [intake('dynamodb:BatchGetItem', table('Keys'))],
  'intake puts Keys outside a transaction': [intake('dynamodb:PutItem', table('Keys'))],
  'custody may dynamodb:* on Audit': [custody('dynamodb:*', table('Audit'))],
  'custody writes Audit outside a transaction': [custody('dynamodb:PutItem', table('Audit'))],
  'intake scans Orders': [intake('dynamodb:Scan', table('Orders'))],
  'any secret for exchange': [exchange('secretsmanager:GetSecretValue', '*')],
  'exchange reads the key of posted bodies': [
    exchange(
      'secretsmanager:GetSecretValue',
      'arn:aws:secretsmanager:us-east-1:111122223333:secret:lasthop/platforms/*',
    ),
  ],
  'exchange signs as intake': [
    exchange('kms:Sign', 'arn:aws:kms:us-east-1:111122223333:key/SigningKey'),
    change('NobodyElseSigns', undefined, 'Gateway', 'SigningKey', 'KeyPolicy'),
  ],
  'intake passes roles': [intake('iam:PassRole', role('111122223333', 'custody'))],
  'exchange changes code': [
    exchange(
      'lambda:UpdateFunctionCode',
      'arn:aws:lambda:us-east-1:111122223333:function:lasthop-custody',
    ),
  ],
  'custody changes policies of roles': [
    custody('iam:PutRolePolicy', role('111122223333', 'custody')),
  ],
  'intake invokes the router': [
    intake(
      'lambda:InvokeFunction',
      'arn:aws:lambda:us-east-1:444455556666:function:lasthop-sf-router',
    ),
  ],
  'the helper assumes roles': [
    change(
      'OpensNothingItself',
      { Action: ['kms:*'] },
      'Custody-sf',
      'StationHelperGrants',
      'PolicyDocument',
    ),
    helper('sts:AssumeRole', '*'),
  ],
  'the helper opens seals': [
    change(
      'OpensNothingItself',
      { Action: ['sts:AssumeRole'] },
      'Custody-sf',
      'StationHelperGrants',
      'PolicyDocument',
    ),
    change('OnlyStationsOpen', undefined, ...KEYS),
    keyStatement('HopKey', {
      Effect: 'Allow',
      Principal: { AWS: role('444455556666', 'sf-station-helper') },
      Action: ['kms:Decrypt'],
    }),
  ],
  'the router may not be kept from other keys': [
    change('ToTheHopKeyOnly', undefined, 'CustodyKeys-sf', 'RouterPolicy', 'PolicyDocument'),
  ],
  'the router deletes what it wrote': [
    grant(
      'Custody-sf',
      'RouterGrants',
      'dynamodb:DeleteItem',
      'arn:aws:dynamodb:us-east-1:444455556666:table/lasthop-sf-custody',
    ),
  ],
  'the custody key is delegated to the account': [
    keyStatement('CustodyKeyMain', { Effect: 'Allow', Principal: root, Action: ['kms:*'] }),
  ],
  'grants on the hop key': [change('NoGrantsNoReplicas', undefined, ...KEYS)],
  'CreateGrant for the key administrator': [
    change('NoGrantsNoReplicas', undefined, ...KEYS),
    keyStatement('HopKey', { Effect: 'Allow', Principal: root, Action: ['kms:CreateGrant'] }),
  ],
  'hop compared with StringLike, and a star': [
    change(
      'AStationOpensItsOwn',
      { Condition: { StringLike: { [HOP]: 'H*', [DAY]: tag('day') } } },
      ...KEYS,
    ),
  ],
  'the day of the session does not matter': [
    change('AStationOpensItsOwn', { Condition: { StringEquals: { [HOP]: tag('hop') } } }, ...KEYS),
  ],
  'a gateway’s function re-encrypts': [
    change('OnlyTheRouterWraps', undefined, ...KEYS),
    keyStatement('HopKey', {
      Effect: 'Allow',
      Principal: { AWS: role('111122223333', 'custody') },
      Action: ['kms:ReEncryptTo'],
    }),
    custody('kms:ReEncryptTo', '*'),
  ],
  'the station role is tagged hop': [
    set('CustodyKeys-sf', 'StationRole', 'Tags', [{ Key: 'hop', Value: 'H1' }]),
  ],
  'the account assumes the station role': [
    change('NobodyElse', { Effect: 'Allow', Principal: root }, ...TRUST),
  ],
  'no guard of the station role’s tags': [
    change(
      'NoTagsOnTheStationRole',
      { Action: ['iam:UntagRole'] },
      'CustodyKeys-sf',
      'RoleGuard',
      'PolicyDocument',
    ),
  ],
  'a second audience': [
    set('CustodyKeys-sf', 'IdentityProvider', 'ClientIdList', ['lasthop-sts', 'lasthop-gateway']),
  ],
  'the router is invoked from anywhere': [set('Custody-sf', 'GatewayInvokes', 'Principal', '*')],
  'the router is invoked from another account': [
    add('Custody-sf', 'Planted', 'AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      FunctionName: 'lasthop-sf-router',
      Principal: '999988887777',
    }),
  ],
  'execution data is traced': [
    templates => {
      const of = properties(templates, 'Gateway', 'RestApiDeploymentStagelive')
      of.MethodSettings = listOf(of.MethodSettings).map(one => ({
        ...Object(one),
        DataTraceEnabled: true,
      }))
    },
  ],
  'a stream on Keys': [
    set('Gateway', 'Keys', 'StreamSpecification', { StreamViewType: 'NEW_IMAGE' }),
  ],
  'recovery of Keys': [
    set('Gateway', 'Keys', 'PointInTimeRecoverySpecification', {
      PointInTimeRecoveryEnabled: true,
    }),
  ],
  'backups of Keys': [
    change(
      'NoCopies',
      { Action: ['dynamodb:ExportTableToPointInTime'] },
      'Gateway',
      'Keys',
      'ResourcePolicy',
      'PolicyDocument',
    ),
  ],
  'Keys may be deleted': [set('Gateway', 'Keys', 'DeletionProtectionEnabled', false)],
  'Audit is not append-only': [
    change('AppendOnly', undefined, 'Gateway', 'Audit', 'ResourcePolicy', 'PolicyDocument'),
  ],
  'Orders without TLS': [
    change('OnlyOverTls', undefined, 'Gateway', 'Orders', 'ResourcePolicy', 'PolicyDocument'),
  ],
  'a customer’s key on Orders': [
    set('Gateway', 'Orders', 'SSESpecification', { SSEEnabled: true }),
  ],
  'exchange writes traces elsewhere': [exchange('s3:PutObject', '*')],
  'a role that nobody knows': [
    add('Gateway', 'Planted', 'AWS::IAM::Role', { AssumeRolePolicyDocument: { Statement: [] } }),
  ],
  'a managed policy on exchange': [
    set('Gateway', 'FunctionexchangeRole', 'ManagedPolicyArns', [
      'arn:aws:iam::aws:policy/AdministratorAccess',
    ]),
  ],
}

/** A planted mistake and the first fault by which it shows, if one does. */
export interface Planted {
  readonly mistake: string
  readonly first: string | undefined
}

/**
 * Plants each mistake in a copy of the templates of two accounts and looks for what is wrong then.
 * What no table tells of is left out where the rest shows it already.
 */
export async function plantMistakes(only?: (mistake: string) => boolean): Promise<Planted[]> {
  const [deployment] = deployments()
  if (deployment === undefined) throw new Error('no deployment')
  const results: Planted[] = []
  for (const [mistake, edits] of Object.entries(MISTAKES)) {
    if (only?.(mistake) === false) continue
    const changed = edited(deployment, edits)
    const few = await check(changed, { stride: Number.MAX_SAFE_INTEGER, from: 1 })
    const { wrong } = few.wrong.length > 0 ? few : await check(changed, { stride: 1, from: 0 })
    results.push({ mistake, first: wrong[0] })
  }
  return results
}

function edited(deployment: Deployment, edits: readonly Edit[]): Deployment {
  const templates: Json = JSON.parse(JSON.stringify(deployment.templates))
  for (const edit of edits) edit(templates)
  return { ...deployment, templates: asTemplates(templates) }
}

const asTemplates = (edited: Json): Deployment['templates'] => JSON.parse(JSON.stringify(edited))
