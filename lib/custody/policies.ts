import { CONTEXT_NAMES } from './capsule.ts'

/** One statement of an IAM policy. */
export interface PolicyStatement {
  readonly Sid: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>
  readonly Action: readonly string[]
  readonly Resource?: readonly string[]
  readonly NotResource?: readonly string[]
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >
}

/** An IAM policy document. */
export interface PolicyDocument {
  readonly Version: '2012-10-17'
  readonly Statement: readonly PolicyStatement[]
}

/** What the policies of one courier's account are built from. */
export interface CustodyAccount {
  /** `aws` or `aws-cn`. */
  readonly partition: string
  readonly region: string
  /** Twelve digits. */
  readonly account: string
  /** The courier's slug. */
  readonly courier: string
  /** Fixed role names: a role that is made anew under another name silently loses access. */
  readonly roles: {
    readonly router: string
    readonly station: string
    /** The one key administrator. */
    readonly keyAdmin: string
    /** The role by which CloudFormation deploys. */
    readonly deploy: string
  }
  /** The courier's identity provider without its scheme: `id.swift.example/stations`. */
  readonly issuer: string
}

/** Longest deletion window that KMS offers, for both keys. */
export const KEY_DELETION_DAYS = 30
/** Longest session of the station role. */
export const STATION_SESSION_SECONDS = 3600
/** Audience of the key token: the IAM identity provider and the trust policy take it, the gateway refuses it. */
export const STS_AUDIENCE = 'lasthop-sts'

/** What the key administrator and CloudFormation may do with a key: nothing cryptographic, no grants. */
const MANAGEMENT_ACTIONS = [
  'kms:DescribeKey',
  'kms:GetPublicKey',
  'kms:GetKeyPolicy',
  'kms:PutKeyPolicy',
  'kms:ListKeyPolicies',
  'kms:ListGrants',
  'kms:RevokeGrant',
  'kms:ListResourceTags',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:CreateAlias',
  'kms:UpdateAlias',
  'kms:DeleteAlias',
  'kms:UpdateKeyDescription',
  'kms:GetKeyRotationStatus',
  'kms:EnableKeyRotation',
  'kms:ListKeyRotations',
  'kms:RotateKeyOnDemand',
  'kms:EnableKey',
  'kms:DisableKey',
  'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
]

/** ARN of one of the account's roles. */
export function roleArn({ partition, account }: CustodyAccount, name: string): string {
  return `arn:${partition}:iam::${account}:role/${name}`
}

/** ARN of the identity provider that the station role trusts. */
export function identityProviderArn({ partition, account, issuer }: CustodyAccount): string {
  return `arn:${partition}:iam::${account}:oidc-provider/${issuer}`
}

/**
 * Policy of a custody key (RSA_3072, ENCRYPT_DECRYPT, single-Region): nobody decrypts with it, and
 * the router alone has KMS wrap anew what was wrapped with it.
 *
 * @see design section 6
 */
export function custodyKeyPolicy(of: CustodyAccount): PolicyDocument {
  return document([
    ...managed(of),
    denyAll('NobodyDecrypts', ['kms:Decrypt']),
    denyExcept('OnlyTheRouterReEncrypts', ['kms:ReEncryptFrom'], roleArn(of, of.roles.router)),
    {
      Sid: 'TheRouterReEncrypts',
      Effect: 'Allow',
      Principal: { AWS: roleArn(of, of.roles.router) },
      Action: ['kms:ReEncryptFrom'],
      Resource: ['*'],
      Condition: { StringEquals: { 'kms:EncryptionAlgorithm': 'RSAES_OAEP_SHA_256' } },
    },
  ])
}

/**
 * Policy of the hop key (symmetric, rotated, single-Region): the router wraps to it under exactly the
 * seven names, and a station session opens what is for its own hop and day, neither of them empty.
 * Never `StringLike`: a tag `*` stays a star.
 *
 * @see design section 6
 */
export function hopKeyPolicy(of: CustodyAccount): PolicyDocument {
  const { router, station } = of.roles
  return document([
    ...managed(of),
    denyAll('NothingElseIsMade', ['kms:ReEncryptFrom', 'kms:Encrypt', 'kms:GenerateDataKey*']),
    denyExcept('OnlyTheRouterWraps', ['kms:ReEncryptTo'], roleArn(of, router)),
    denyExcept('OnlyStationsOpen', ['kms:Decrypt'], roleArn(of, station)),
    {
      Sid: 'TheRouterWraps',
      Effect: 'Allow',
      Principal: { AWS: roleArn(of, router) },
      Action: ['kms:ReEncryptTo'],
      Resource: ['*'],
      Condition: {
        StringEquals: {
          'kms:EncryptionContext:courier': of.courier,
          'kms:EncryptionContext:v': '1',
        },
        StringNotEquals: notEmpty('kms:EncryptionContext:'),
        Null: Object.fromEntries(
          ['order', 'group', 'rev', 'hop', 'day'].map(name => [
            `kms:EncryptionContext:${name}`,
            'false',
          ]),
        ),
        'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': CONTEXT_NAMES },
      },
    },
    {
      Sid: 'AStationOpensItsOwn',
      Effect: 'Allow',
      Principal: { AWS: roleArn(of, station) },
      Action: ['kms:Decrypt'],
      Resource: ['*'],
      Condition: {
        StringEquals: {
          'kms:EncryptionContext:hop': principalTag('hop'),
          'kms:EncryptionContext:day': principalTag('day'),
        },
        StringNotEquals: notEmpty('kms:EncryptionContext:'),
      },
    },
  ])
}

/** Identity policy of the router: one target key, and none of the ways around it. */
export function routerPolicy(hopKeyArn: string): PolicyDocument {
  return document([
    {
      Sid: 'ToTheHopKeyOnly',
      Effect: 'Deny',
      Action: ['kms:ReEncryptTo'],
      NotResource: [hopKeyArn],
    },
    {
      Sid: 'NoWayAround',
      Effect: 'Deny',
      Action: ['kms:CreateGrant', 'kms:PutKeyPolicy', 'kms:Decrypt', 'kms:ScheduleKeyDeletion'],
      Resource: ['*'],
    },
  ])
}

/** What the router may do with the courier's own table: it deletes nothing. */
export function routerTablePolicy(tableArn: string): PolicyDocument {
  return document([
    {
      Sid: 'OwnTable',
      Effect: 'Allow',
      Action: [
        'dynamodb:DescribeTable',
        'dynamodb:BatchGetItem',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
      ],
      Resource: [tableArn],
    },
  ])
}

/**
 * Trust policy of the station role: a web identity of the courier's issuer with the key token's
 * audience, tagged with exactly `hop` and `day`, neither of them empty or transitive. Nobody assumes
 * it otherwise.
 */
export function stationTrustPolicy(of: CustodyAccount): PolicyDocument {
  return document([
    {
      Sid: 'StationsSignIn',
      Effect: 'Allow',
      Principal: { Federated: identityProviderArn(of) },
      Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
      Condition: {
        StringEquals: { [`${of.issuer}:aud`]: STS_AUDIENCE },
        StringNotEquals: notEmpty('aws:RequestTag/'),
        Null: {
          'aws:RequestTag/hop': 'false',
          'aws:RequestTag/day': 'false',
          'sts:TransitiveTagKeys': 'true',
        },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['hop', 'day'] },
      },
    },
    { Sid: 'NobodyElse', Effect: 'Deny', Principal: '*', Action: ['sts:AssumeRole'] },
  ])
}

/**
 * Identity policy for the key administrator and CloudFormation: the station role gets no tags of its
 * own, since a missing session tag falls back to the role's.
 */
export function roleGuardPolicy(of: CustodyAccount): PolicyDocument {
  return document([
    {
      Sid: 'NoTagsOnTheStationRole',
      Effect: 'Deny',
      Action: ['iam:TagRole'],
      Resource: [roleArn(of, of.roles.station)],
    },
  ])
}

/** Identity policy of the station function: it forwards the handheld's token and has no right itself. */
export function stationFunctionPolicy(): PolicyDocument {
  return document([
    {
      Sid: 'OpensNothingItself',
      Effect: 'Deny',
      Action: ['kms:*', 'sts:AssumeRole'],
      Resource: ['*'],
    },
  ])
}

function managed(of: CustodyAccount): PolicyStatement[] {
  const { keyAdmin, deploy } = of.roles
  return [
    {
      Sid: 'KeyAdministration',
      Effect: 'Allow',
      Principal: { AWS: [roleArn(of, keyAdmin), roleArn(of, deploy)] },
      Action: MANAGEMENT_ACTIONS,
      Resource: ['*'],
    },
    denyAll('NoGrantsNoReplicas', ['kms:CreateGrant', 'kms:ReplicateKey']),
  ]
}

function denyAll(Sid: string, Action: readonly string[]): PolicyStatement {
  return { Sid, Effect: 'Deny', Principal: '*', Action, Resource: ['*'] }
}

function denyExcept(Sid: string, Action: readonly string[], arn: string): PolicyStatement {
  return {
    ...denyAll(Sid, Action),
    Condition: { StringNotEquals: { 'aws:PrincipalArn': arn } },
  }
}

/** An empty hop and day name nobody; what an empty tag equals is not documented. */
function notEmpty(prefix: string): Readonly<Record<string, string>> {
  return { [`${prefix}hop`]: '', [`${prefix}day`]: '' }
}

function principalTag(name: string): string {
  return `\${aws:PrincipalTag/${name}}`
}

function document(Statement: readonly PolicyStatement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement }
}
