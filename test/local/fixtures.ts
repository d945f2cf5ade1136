import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { TestContext } from 'node:test'
import { CreateKeyCommand, DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import {
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandOutput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts'
import { SignJWT } from 'jose'
import { type CallRecord, type LocalAws, startLocalAws } from '../../lib/local/aws-server.ts'

export const gateway = '111111111111'
export const courier = '222222222222'
export const region = 'us-east-1'
export const arnOf = (name: string, account = courier) => `arn:aws:iam::${account}:role/${name}`
export const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement })

/** Credentials as an SDK client takes them. */
export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
}

/** Local KMS and STS for one test, ended with it; `calls` grows by one record a call. */
export async function startFor(t: TestContext, options: Parameters<typeof startLocalAws>[0] = {}) {
  const calls: CallRecord[] = []
  const aws = await startLocalAws({ onCall: record => calls.push(record), ...options })
  t.after(() => aws.stop())
  return { aws, calls }
}

/** The SDK's own clients, told nothing but the endpoint. */
export const kmsOf = ({ endpoint }: LocalAws, credentials: Credentials, more: object = {}) =>
  new KMSClient({ endpoint, region, credentials, ...more })
export const stsOf = ({ endpoint }: LocalAws, credentials: Credentials, more: object = {}) =>
  new STSClient({ endpoint, region, credentials, ...more })

/** The rejection that an SDK client is to end with. */
export const refusal = (name: string, text = /./) => ({ name, message: text })

/** A KMS client of the courier's administrator: root of the account. */
export const rootOf = (aws: LocalAws, account = courier) =>
  kmsOf(aws, aws.credentials(`arn:aws:iam::${account}:root`))

/** `KeyMetadata` of a key. */
export async function describe(kms: KMSClient, KeyId: string) {
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }))
  assert(KeyMetadata)
  return KeyMetadata
}

/** An identity provider of stations with one ES256 key, registered in the courier's account. */
export function makeIssuer(issuer = 'https://id.swift.example/stations') {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1' }]
  const host = issuer.replace('https://', '')
  const provider = `arn:aws:iam::${courier}:oidc-provider/${host}`
  return { issuer, host, provider, keys, privateKey, publicKey }
}

export type Issuer = ReturnType<typeof makeIssuer>

/** Claims of a key token: principal tags of one value each, valid for ten minutes. */
export function keyClaims(issuer: Issuer, tags?: Record<string, string>, now = Date.now()) {
  const seconds = Math.floor(now / 1000)
  const lists = Object.entries(tags ?? {}).map(([name, value]) => [name, [value]])
  const claim = { 'https://aws.amazon.com/tags': { principal_tags: Object.fromEntries(lists) } }
  const times = { iat: seconds, exp: seconds + 600 }
  return { iss: issuer.issuer, sub: 'station-17', aud: 'lasthop-sts', ...times, ...(tags && claim) }
}

/** Signs a token; what it says is up to the caller. */
export const signToken = (
  claims: object,
  key: KeyObject | Uint8Array,
  header: { alg: string; kid?: string } = { alg: 'ES256', kid: 'k1' },
) => new SignJWT({ ...claims }).setProtectedHeader(header).sign(key)

/** Signs in with a token, unsigned as the SDK does it. */
export const signIn = (
  aws: LocalAws,
  WebIdentityToken: string,
  role = arnOf('station'),
  more: object = {},
) =>
  new STSClient({ endpoint: aws.endpoint, region }).send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: role,
      RoleSessionName: 's-17',
      WebIdentityToken,
      ...more,
    }),
  )

/** The credentials of an STS answer. */
export function credentialsOf({
  Credentials: given,
}: Pick<AssumeRoleWithWebIdentityCommandOutput, 'Credentials'>): Credentials {
  const {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
  } = given ?? {}
  assert(accessKeyId && secretAccessKey && sessionToken)
  return { accessKeyId, secretAccessKey, sessionToken }
}

/** The root of the courier's account and a symmetric key of its own, with the default policy. */
export async function startKms(t: TestContext) {
  const { aws, calls } = await startFor(t)
  const kms = rootOf(aws)
  const make = async (more: object = {}) => {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand(more))
    return KeyMetadata?.Arn ?? ''
  }
  return { aws, calls, kms, make, KeyId: await make() }
}

export const tags = { hop: 'H1', day: '2026-11-24' }

/** A station role that trusts one issuer, with tags `hop` and `day` and none else; all that is signed is ours to choose. */
export async function startStation(t: TestContext, options: { now?: () => number } = {}) {
  const issuer = makeIssuer()
  const { aws, calls } = await startFor(t, options)
  const { issuer: name, keys, host, provider } = issuer
  aws.putProvider({ account: courier, issuer: name, audiences: ['lasthop-sts', 'second'], keys })
  const federated = { Effect: 'Allow', Principal: { Federated: provider } }
  const trust = document({
    ...federated,
    Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
    Condition: {
      StringEquals: { [`${host}:aud`]: 'lasthop-sts', [`${host}:sub`]: 'station-17' },
      Null: { 'sts:TransitiveTagKeys': 'true' },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['hop', 'day'] },
    },
  })
  aws.putRole({ account: courier, name: 'station', trust })
  const token = async (claims: object = {}) =>
    signToken({ ...keyClaims(issuer, tags), ...claims }, issuer.privateKey)
  return { aws, calls, issuer, token, trust, federated }
}

/** What STS says of the caller. */
export const who = async (client: STSClient) => {
  const { $metadata, ...identity } = await client.send(new GetCallerIdentityCommand({}))
  assert.equal($metadata.httpStatusCode, 200)
  return identity
}
