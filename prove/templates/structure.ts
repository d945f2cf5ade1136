import { listOf, memberOf } from '../../test/stack/rights.ts'
import { type Deployment, type Principal, placesOf, type World } from './world.ts'

/** What a resource must be or not be; each text says what is wrong, with its place. */
export function faultsOf(
  deployment: Deployment,
  world: World,
): { faults: string[]; looked: number } {
  const faults: string[] = []
  let looked = 0
  const gateway = deployment.context.gateway.account
  for (const [stack, template] of placesOf(deployment)) {
    for (const [id, { Type, Properties = {} }] of Object.entries(template.Resources)) {
      for (const [about, holds] of claimsOn(Type, id, Properties, gateway)) {
        looked++
        if (!holds) faults.push(`${stack} ${id}: ${about}`)
      }
    }
  }
  for (const [about, holds] of [...worldClaims(world), ...audience(deployment)]) {
    looked++
    if (!holds) faults.push(about)
  }
  return { faults, looked }
}

type Properties = Readonly<Record<string, unknown>>
type Claim = readonly [about: string, holds: boolean]

function claimsOn(type: string, id: string, of: Properties, gateway: string): Claim[] {
  if (type === 'AWS::DynamoDB::Table') return tableClaims(id, of)
  if (type === 'AWS::ApiGateway::Stage') return stageClaims(of)
  if (type === 'AWS::Logs::LogGroup')
    return [
      ['no customer-managed key', of.KmsKeyId === undefined],
      ['a retention', of.RetentionInDays !== undefined],
    ]
  if (type === 'AWS::Logs::ResourcePolicy')
    return [
      ['for services only', /Service/.test(document(of)) && !/AWS|Principal":"/.test(document(of))],
    ]
  if (type === 'AWS::SecretsManager::Secret')
    return [['no customer-managed key', of.KmsKeyId === undefined]]
  if (type === 'AWS::KMS::Key')
    return [
      ['single-Region', of.MultiRegion === false],
      ['slow to delete', of.PendingWindowInDays === 30],
    ]
  if (type === 'AWS::Lambda::Function')
    return [['no customer-managed key', of.KmsKeyArn === undefined]]
  if (type === 'AWS::ApiGateway::DomainName') return [['TLS 1.2', of.SecurityPolicy === 'TLS_1_2']]
  if (type === 'AWS::Lambda::Permission') return [permissionClaim(of, gateway)]
  // Whatever reads a table elsewhere would be a way round its policy.
  if (/EventSourceMapping|DynamoDB::GlobalTable|Kinesis|Pipes::Pipe|Lambda::Url/.test(type))
    return [[`no ${type}`, false]]
  return []
}

/** A policy that is written as text, without what it takes from elsewhere. */
const document = ({ PolicyDocument: text }: Properties): string =>
  listOf(memberOf(text, 'Fn::Join') ?? [text])
    .flat(2)
    .filter(part => typeof part === 'string')
    .join('')

function tableClaims(id: string, of: Properties): Claim[] {
  const recovers =
    memberOf(of.PointInTimeRecoverySpecification, 'PointInTimeRecoveryEnabled') === true
  const isKeys = id.startsWith('Keys')
  return [
    ['no customer-managed key', of.SSESpecification === undefined],
    ['no stream', of.StreamSpecification === undefined],
    ['no Kinesis stream', of.KinesisStreamSpecification === undefined],
    ['no global tables', of.Replicas === undefined],
    ['protected from deletion', of.DeletionProtectionEnabled === true],
    [isKeys ? 'no recovery of deleted keys' : 'recovery', recovers !== isKeys],
  ]
}

function stageClaims(of: Properties): Claim[] {
  const settings = listOf(of.MethodSettings)
  const format = String(memberOf(of.AccessLogSetting, 'Format'))
  return [
    ['method settings', settings.length > 1],
    ['no execution data trace', settings.every(one => memberOf(one, 'DataTraceEnabled') === false)],
    ['no execution log', settings.every(one => memberOf(one, 'LoggingLevel') === 'OFF')],
    [
      'no path, query, header or address in its log',
      !/context\.(path|requestOverride|identity|authorizer)|params|header/i.test(format),
    ],
  ]
}

/** Who may invoke: API Gateway, the clock, and one account by its number. */
function permissionClaim(of: Properties, gateway: string): Claim {
  const { Action: action, Principal: principal, SourceArn: source } = of
  const isService = /^(apigateway|events|scheduler)\.amazonaws\.com$/.test(String(principal))
  const isKnown = isService ? source !== undefined : principal === gateway
  return ['invoked by whom it should be', action === 'lambda:InvokeFunction' && isKnown]
}

/** Columns of the table, people and API Gateway's loggers apart. */
const KNOWN = /^(intake|exchange|custody|sweep|router|station|helper|logger|stationLogger)$/
const PEOPLE = /^(admin|deploy|keyAdmin|power|stranger)$/
const LOGS = /^logs:/

function worldClaims({ principals, things }: World): Claim[] {
  const tags = ([, { tags: own }]: [string, Principal]) => Object.keys(own).length === 0
  const roles = [...principals].filter(([name]) => !PEOPLE.test(name))
  const ofLoggers = roles.filter(([name]) => /[lL]ogger$/.test(name))
  return [
    ['no role but those of the table', roles.every(([name]) => KNOWN.test(name))],
    ['no role with tags of its own', roles.every(tags)],
    ['the station has no policy', principals.get('station')?.policies.length === 0],
    ...roles.map(
      ([name, { policies }]): Claim => [
        `${name}: no right in another service`,
        policies.every(onlyKnown),
      ],
    ),
    ['loggers log', ofLoggers.every(([, { policies }]) => policies.every(onlyLogs))],
    ...[...things]
      .filter(([name]) => name.startsWith('role '))
      .map(
        ([name, { policy }]): Claim => [
          `${name} is assumed as it should be`,
          trustOf(policy?.Statement ?? []) === trusts(name),
        ],
      ),
  ]
}

/** The table and what is asked beside it are of these services; X-Ray's two know no resources. */
const SERVICES =
  /^((dynamodb|kms|secretsmanager|lambda|logs):|xray:Put(TraceSegments|TelemetryRecords)$)/

function onlyKnown({ Statement }: { readonly Statement: readonly unknown[] }): boolean {
  return Statement.every(one => {
    const isDeny = memberOf(one, 'Effect') === 'Deny'
    const actions = listOf(memberOf(one, 'Action')).map(String)
    return isDeny || (actions.length > 0 && actions.every(name => SERVICES.test(name)))
  })
}

function onlyLogs({ Statement }: { readonly Statement: readonly unknown[] }): boolean {
  return Statement.every(one =>
    listOf(memberOf(one, 'Action')).every(name => LOGS.test(String(name))),
  )
}

function trusts(role: string): string {
  if (role === 'role station') return 'Federated sts:AssumeRoleWithWebIdentity,sts:TagSession'
  const service = /[lL]ogger$/.test(role) ? 'apigateway' : 'lambda'
  return `${service}.amazonaws.com sts:AssumeRole`
}

/** Whom a trust policy lets in, in a line: `lambda.amazonaws.com sts:AssumeRole`. */
function trustOf(statements: readonly unknown[]): string {
  return statements
    .filter(one => memberOf(one, 'Effect') === 'Allow')
    .map(one => {
      const principal = memberOf(one, 'Principal')
      const service = memberOf(principal, 'Service')
      const who =
        service ?? (typeof principal === 'object' ? Object.keys(principal ?? {}).join() : principal)
      return `${String(who)} ${listOf(memberOf(one, 'Action')).join()}`
    })
    .join(' | ')
}

function audience({ templates }: Deployment): Claim[] {
  const all = Object.values(templates).flatMap(({ Resources }) => Object.values(Resources))
  const providers = all.filter(({ Type }) => Type === 'AWS::IAM::OIDCProvider')
  const clients = providers.flatMap(({ Properties }) => listOf(Properties?.ClientIdList))
  return [['one audience', clients.join() === 'lasthop-sts']]
}
