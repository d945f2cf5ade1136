import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import { DecryptCommand, GetPublicKeyCommand, ReEncryptCommand } from '@aws-sdk/client-kms'
import * as product from '../../lib/custody/policies.ts'
import {
  arnOf,
  type Credentials,
  courier,
  credentialsOf,
  document,
  gateway,
  keyClaims,
  kmsOf,
  makeIssuer,
  signIn,
  signToken,
  startFor,
} from './fixtures.ts'

// Two sets of policies: as the design writes them down, and as the product makes them.

export const today = '2026-11-24'
export const names = ['v', 'courier', 'order', 'group', 'rev', 'hop', 'day']
export const full = {
  v: '1',
  courier: 'swift',
  order: 'o_1',
  group: 'receiver',
  rev: '1',
  hop: 'H1',
  day: today,
}
const everybody = { Principal: '*', Resource: '*' }
const host = 'id.swift.example/stations'
export const provider = `arn:aws:iam::${courier}:oidc-provider/${host}`
const admins = { AWS: [arnOf('key-admin'), arnOf('deploy')] }
const management = [
  'kms:DescribeKey',
  'kms:GetPublicKey',
  'kms:GetKeyPolicy',
  'kms:PutKeyPolicy',
  'kms:EnableKeyRotation',
]
const managed = [
  { Effect: 'Allow', Principal: admins, Action: management, Resource: '*' },
  { Effect: 'Deny', ...everybody, Action: ['kms:CreateGrant', 'kms:ReplicateKey'] },
]
const unless = (role: string) => ({ StringNotEquals: { 'aws:PrincipalArn': arnOf(role) } })
const denyUnless = (role: string, Action: string) => ({
  Effect: 'Deny',
  ...everybody,
  Action,
  Condition: unless(role),
})
const allow = (role: string, Action: string, Condition: object) => ({
  Effect: 'Allow',
  Principal: { AWS: arnOf(role) },
  Action,
  Resource: '*',
  Condition,
})
const tag = (name: string) => `\${aws:PrincipalTag/${name}}`

const design = {
  custodyKey: document(
    ...managed,
    { Effect: 'Deny', ...everybody, Action: 'kms:Decrypt' },
    denyUnless('router', 'kms:ReEncryptFrom'),
    allow('router', 'kms:ReEncryptFrom', {
      StringEquals: { 'kms:EncryptionAlgorithm': 'RSAES_OAEP_SHA_256' },
    }),
  ),
  hopKey: document(
    ...managed,
    {
      Effect: 'Deny',
      ...everybody,
      Action: ['kms:ReEncryptFrom', 'kms:Encrypt', 'kms:GenerateDataKey*'],
    },
    denyUnless('router', 'kms:ReEncryptTo'),
    denyUnless('station', 'kms:Decrypt'),
    allow('router', 'kms:ReEncryptTo', {
      StringEquals: { 'kms:EncryptionContext:courier': 'swift', 'kms:EncryptionContext:v': '1' },
      Null: Object.fromEntries(
        names.slice(2).map(name => [`kms:EncryptionContext:${name}`, 'false']),
      ),
      'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': names },
    }),
    allow('station', 'kms:Decrypt', {
      StringEquals: {
        'kms:EncryptionContext:hop': tag('hop'),
        'kms:EncryptionContext:day': tag('day'),
      },
    }),
  ),
  router: (hopKey: string) =>
    document(
      { Effect: 'Deny', Action: 'kms:ReEncryptTo', NotResource: hopKey },
      {
        Effect: 'Deny',
        Action: ['kms:CreateGrant', 'kms:PutKeyPolicy', 'kms:Decrypt', 'kms:ScheduleKeyDeletion'],
        Resource: '*',
      },
    ),
  trust: document({
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
    Condition: {
      StringEquals: { [`${host}:aud`]: 'lasthop-sts' },
      Null: {
        'aws:RequestTag/hop': 'false',
        'aws:RequestTag/day': 'false',
        'sts:TransitiveTagKeys': 'true',
      },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['hop', 'day'] },
    },
  }),
}

const roles = { router: 'router', station: 'station', keyAdmin: 'key-admin', deploy: 'deploy' }
const place = {
  partition: 'aws',
  region: 'us-east-1',
  account: courier,
  courier: 'swift',
  roles,
  issuer: host,
}
interface Policies {
  custodyKey: object
  hopKey: object
  router: (hopKey: string) => object
  trust: object
}

export const sets: Record<string, Policies> = {
  'the design': design,
  'the product': {
    custodyKey: product.custodyKeyPolicy(place),
    hopKey: product.hopKeyPolicy(place),
    router: product.routerPolicy,
    trust: product.stationTrustPolicy(place),
  },
}

/** The courier's account with its keys and roles, a capsule for H1 today, and clients for who may and who may not. */
export async function startCustody(t: TestContext, policies: Policies) {
  const { aws, calls } = await startFor(t)
  const account = courier
  const issuer = makeIssuer(`https://${host}`)
  aws.putProvider({ account, issuer: issuer.issuer, audiences: ['lasthop-sts'], keys: issuer.keys })
  const make = (spec: string, policy: object) =>
    aws.createKey({ account, spec, policy: JSON.stringify(policy) })
  const custodyKey = await make('RSA_3072', policies.custodyKey)
  const hopKey = await make('SYMMETRIC_DEFAULT', policies.hopKey)
  const nobody = { account, trust: document() }
  const power = document({ Effect: 'Allow', Action: ['kms:*', 'sts:*'], Resource: '*' })
  const clientOf = (role: object) => {
    const arn = aws.putRole({ ...nobody, name: 'router', ...role })
    return kmsOf(aws, aws.credentials(arn))
  }
  const router = clientOf({ name: 'router', policies: [policies.router(hopKey), power] })
  const admin = clientOf({ name: 'key-admin', policies: [power] })
  const powerUser = clientOf({ name: 'power-user', policies: [power] })
  const intake = clientOf({ account: gateway, name: 'intake', policies: [power] })
  const root = kmsOf(aws, aws.credentials(`arn:aws:iam::${account}:root`))
  aws.putRole({ account, name: 'station', trust: policies.trust })

  const contentKey = randomBytes(32)
  const { PublicKey = [] } = await admin.send(new GetPublicKeyCommand({ KeyId: custodyKey }))
  const key = createPublicKey({ key: Buffer.from(PublicKey), type: 'spki', format: 'der' })
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
  const wrapped = publicEncrypt({ key, ...padding }, contentKey)

  const source = {
    SourceKeyId: custodyKey,
    SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
  } as const
  const rewrap = (
    DestinationEncryptionContext: Record<string, string>,
    more: object = {},
    by = router,
  ) => {
    const target = { DestinationKeyId: hopKey, DestinationEncryptionContext }
    return by.send(new ReEncryptCommand({ CiphertextBlob: wrapped, ...source, ...target, ...more }))
  }
  const token = (tags: Record<string, string> | undefined, more: object = {}) =>
    signToken({ ...keyClaims(issuer, tags), ...more }, issuer.privateKey)
  const enter = async (tags?: Record<string, string>, role = arnOf('station')) =>
    credentialsOf(await signIn(aws, await token(tags), role))
  const open = async (who: Credentials, CiphertextBlob: Uint8Array | undefined, context = full) => {
    const use = { KeyId: hopKey, CiphertextBlob, EncryptionContext: context }
    const { Plaintext = [] } = await kmsOf(aws, who).send(new DecryptCommand(use))
    return Buffer.from(Plaintext)
  }
  const { CiphertextBlob: capsule } = await rewrap(full)
  const others = { admin, powerUser, intake, root }
  return {
    aws,
    calls,
    issuer,
    custodyKey,
    hopKey,
    contentKey,
    wrapped,
    capsule,
    router,
    others,
    rewrap,
    token,
    enter,
    open,
  }
}
