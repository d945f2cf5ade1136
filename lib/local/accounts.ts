import type { JsonWebKey } from 'node:crypto'
import { KMSClient } from '@aws-sdk/client-kms'
import { readPublicKey } from '../../functions/intake/certify.ts'
import {
  type CustodyAccount,
  custodyKeyPolicy,
  hopKeyPolicy,
  routerPolicy,
  STATION_SESSION_SECONDS,
  STS_AUDIENCE,
  stationTrustPolicy,
} from '../custody/policies.ts'
import { pinKey } from '../seal/index.ts'
import { type GatewayRole, grants } from '../stack/grants.ts'
import type { LocalAws } from './aws-server.ts'
import { type Identities, publicJwk } from './identities.ts'

/** The gateway operator's account on a laptop. */
export const GATEWAY_ACCOUNT = '111122223333'

const functionTrust = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
}

/** A KMS key as others pin it. */
export interface NamedKey {
  readonly arn: string
  readonly kid: string
  readonly jwk: JsonWebKey
}

/** ARN of a gateway role. */
export function gatewayRoleArn(role: GatewayRole): string {
  return `arn:aws:iam::${GATEWAY_ACCOUNT}:role/lasthop-${role}`
}

/**
 * Sets up the gateway's account: a role for each function, with what the grants list says of KMS, and
 * the key that certifies intake's signing keys.
 */
export async function setUpGateway(aws: LocalAws, identities: Identities): Promise<NamedKey> {
  const intake = gatewayRoleArn('intake')
  identities.keys.gatewaySigning ??= await aws.createKey({
    account: GATEWAY_ACCOUNT,
    spec: 'ECC_NIST_P256',
    policy: JSON.stringify(signingKeyPolicy(intake)),
  })
  const arn = identities.keys.gatewaySigning
  for (const role of Object.keys(grants) as GatewayRole[]) {
    aws.putRole({
      account: GATEWAY_ACCOUNT,
      name: `lasthop-${role}`,
      trust: functionTrust,
      policies: kmsGrants(role, arn),
    })
  }
  return { arn, ...(await readPublicKey(kmsFor(aws, intake), arn)) }
}

/** Only intake signs with it, and only certificates' algorithm. */
function signingKeyPolicy(intake: string): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'IntakeCertifiesItsKeys',
        Effect: 'Allow',
        Principal: { AWS: intake },
        Action: 'kms:Sign',
        Resource: '*',
        Condition: { StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' } },
      },
      {
        Sid: 'IntakeReadsItsPublicHalf',
        Effect: 'Allow',
        Principal: { AWS: intake },
        Action: 'kms:GetPublicKey',
        Resource: '*',
      },
    ],
  }
}

function kmsGrants(role: GatewayRole, keyArn: string): object[] {
  const granted = grants[role].filter(({ on }) => on === 'key:gateway-signing')
  return granted.map(({ actions }) => ({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: actions.map(action => `kms:${action}`), Resource: keyArn },
    ],
  }))
}

/** A courier's account on a laptop: its roles have the fixed names that key policies name. */
export function courierAccount(courier: string, index: number, region: string): CustodyAccount {
  return {
    partition: 'aws',
    region,
    account: String(444455556666 + index),
    courier,
    roles: {
      router: `lasthop-${courier}-router`,
      station: `lasthop-${courier}-station`,
      keyAdmin: `lasthop-${courier}-key-admin`,
      deploy: `lasthop-${courier}-deploy`,
    },
    issuer: `id.${courier}.invalid/stations`,
  }
}

/** What a courier's account holds once it is set up. */
export interface CourierKeys {
  readonly account: CustodyAccount
  readonly custody: NamedKey
  readonly hop: string
  /** The role of a hub: a principal of the courier that may call KMS, and open nothing. */
  readonly hubRole: string
}

/**
 * Sets up a courier's account: custody key and hop key under the very policies that the custody stack
 * deploys, router and station roles, the identity provider, and a hub that has no right to any key.
 */
export async function setUpCourier(
  aws: LocalAws,
  account: CustodyAccount,
  identities: Identities,
): Promise<CourierKeys> {
  const { account: id, courier, roles } = account
  identities.keys.couriers[courier] ??= {
    custody: await aws.createKey({
      account: id,
      spec: 'RSA_3072',
      policy: JSON.stringify(custodyKeyPolicy(account)),
    }),
    hop: await aws.createKey({
      account: id,
      spec: 'SYMMETRIC_DEFAULT',
      policy: JSON.stringify(hopKeyPolicy(account)),
    }),
  }
  const { custody, hop } = identities.keys.couriers[courier]
  const issuerKey = identities.couriers[courier]?.issuer
  aws.putProvider({
    account: id,
    issuer: `https://${account.issuer}`,
    audiences: [STS_AUDIENCE],
    keys: issuerKey === undefined ? [] : [withKid(publicJwk(issuerKey))],
  })
  const role = (name: string, trust: unknown, policies: unknown[] = []) =>
    aws.putRole({
      account: id,
      name,
      trust,
      policies,
      maxSessionSeconds: STATION_SESSION_SECONDS,
    })
  role(roles.router, functionTrust, [routerPolicy(hop)])
  role(roles.station, stationTrustPolicy(account))
  const admin = role(roles.keyAdmin, functionTrust)
  role(roles.deploy, functionTrust)
  const everyKey = { Effect: 'Allow', Action: ['kms:*'], Resource: '*' }
  const hubRole = role(`lasthop-${courier}-hub`, functionTrust, [
    { Version: '2012-10-17', Statement: [everyKey] },
  ])
  const publicKey = await readPublicKey(kmsFor(aws, admin), custody)
  return { account, custody: { arn: custody, ...publicKey }, hop, hubRole }
}

/** A key as a JWKS lists it. */
function withKid(jwk: JsonWebKey): JsonWebKey {
  return { ...jwk, kid: pinKey(jwk).kid }
}

/** A KMS client with the lasting credentials of a role. */
export function kmsFor(aws: LocalAws, arn: string): KMSClient {
  const { endpoint, region } = aws
  return new KMSClient({ endpoint, region, credentials: aws.credentials(arn), maxAttempts: 1 })
}
