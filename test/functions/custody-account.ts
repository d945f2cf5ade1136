import { createPublicKey, type KeyObject } from 'node:crypto'
import type { TestContext } from 'node:test'
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { SignJWT } from 'jose'
import { reEncryptBy } from '../../functions/router/re-encrypt.ts'
import { assumeBy, decryptBy } from '../../functions/station/aws.ts'
import type { StationPorts } from '../../functions/station/open-at-hop.ts'
import {
  type CustodyAccount,
  custodyKeyPolicy,
  hopKeyPolicy,
  roleArn,
  routerPolicy,
  stationTrustPolicy,
} from '../../lib/custody/policies.ts'
import { TAGS_CLAIM } from '../../lib/custody/release-token.ts'
import type { ReEncrypt } from '../../lib/custody/router-ports.ts'
import { type LocalAws, startLocalAws } from '../../lib/local/aws-server.ts'
import type { Sealed } from '../../lib/model/validate.ts'
import { type Recipient, thumbprint } from '../../lib/seal/keys.ts'
import type { SealPins } from '../../lib/seal/pins.ts'
import { sealPersonal } from '../../lib/seal/seal.ts'
import { createSealSigner } from '../../lib/seal/signer.ts'
import * as f from '../seal/fixtures.ts'

export const account: CustodyAccount = {
  ...{ partition: 'aws', region: 'us-east-1', account: '222233334444', courier: 'swift' },
  roles: { router: 'router', station: 'station', keyAdmin: 'key-admin', deploy: 'deploy' },
  issuer: 'id.swift.example/stations',
}
const functionTrust = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
}

/** The courier's account: its keys under its own policies, over the wire of KMS and STS. */
export interface CourierAccount {
  readonly custodyKeyArn: string
  readonly hopKeyArn: string
  readonly recipient: Recipient
  readonly pins: SealPins
  readonly reEncrypt: ReEncrypt
  /** What a station has, all but the line to the gateway. */
  readonly station: Omit<StationPorts, 'fetchRelease'>
  /** Actions that KMS and STS were asked for: `Decrypt allowed`. */
  readonly calls: string[]
  seal(of?: Partial<typeof f.binding>): Promise<Sealed>
  /** The clock of KMS and STS. */
  at: Date
}

/** Starts it for one test. */
export async function openAccount(t: TestContext): Promise<CourierAccount> {
  const calls: string[] = []
  const clock = { at: f.now }
  const aws = await startLocalAws({
    now: () => clock.at.getTime(),
    onCall: ({ action, decision }) => calls.push(`${action} ${decision}`),
  })
  t.after(() => aws.stop())
  const { custodyKeyArn, hopKeyArn } = await makeKeys(aws)
  const recipient = await publicHalf(aws, custodyKeyArn)
  const pins: SealPins = { ...f.pins, custodyKeys: [{ kid: recipient.kid }] }
  const { endpoint, region } = aws
  const client = {
    ...{ endpoint, region, maxAttempts: 1 },
    get systemClockOffset() {
      return clock.at.getTime() - Date.now()
    },
  }
  calls.length = 0
  return Object.assign(clock, {
    ...{ custodyKeyArn, hopKeyArn, recipient, pins, calls },
    // A client for each call: after a refusal the SDK takes the server's time of day for the clock.
    reEncrypt: (call: Parameters<ReEncrypt>[0]) =>
      reEncryptBy(clientOf(aws, roleArn(account, 'router')))(call),
    station: {
      ...{ courier: 'swift', hopKeyArn, pins },
      assume: assumeBy(roleArn(account, 'station'), client),
      decrypt: decryptBy(client),
    },
    async seal(of: Partial<typeof f.binding> = {}) {
      const source = createSealSigner({ certify: f.certifier(), now: () => f.now })
      const jwe = sealPersonal(f.personal, recipient, { ...f.binding, ...of })
      return (await source.current()).sign(jwe, 'acme', f.now)
    },
  })
}

async function makeKeys(aws: LocalAws): Promise<{ custodyKeyArn: string; hopKeyArn: string }> {
  const make = (spec: string, policy: object) =>
    aws.createKey({ account: account.account, spec, policy: JSON.stringify(policy) })
  const custodyKeyArn = await make('RSA_3072', custodyKeyPolicy(account))
  const hopKeyArn = await make('SYMMETRIC_DEFAULT', hopKeyPolicy(account))
  const role = { account: account.account, trust: functionTrust }
  aws.putRole({ ...role, name: 'router', policies: [routerPolicy(hopKeyArn)] })
  aws.putRole({ ...role, name: 'key-admin' })
  aws.putRole({ ...role, name: 'station', trust: stationTrustPolicy(account) })
  aws.putProvider({
    ...{ account: account.account, issuer: `https://${account.issuer}` },
    audiences: ['lasthop-sts'],
    keys: [{ ...createPublicKey(f.testKey('issuer')).export({ format: 'jwk' }), kid: 'k1' }],
  })
  return { custodyKeyArn, hopKeyArn }
}

async function publicHalf(aws: LocalAws, KeyId: string): Promise<Recipient> {
  const admin = clientOf(aws, roleArn(account, 'key-admin'))
  const { PublicKey = new Uint8Array() } = await admin.send(new GetPublicKeyCommand({ KeyId }))
  const key: KeyObject = createPublicKey({
    ...{ key: Buffer.from(PublicKey), format: 'der', type: 'spki' },
  })
  return { kid: thumbprint(key), key }
}

function clientOf(aws: LocalAws, role: string): KMSClient {
  const { endpoint, region } = aws
  const systemClockOffset = f.now.getTime() - Date.now()
  const credentials = aws.credentials(role)
  return new KMSClient({ endpoint, region, maxAttempts: 1, systemClockOffset, credentials })
}

/** The two tokens that the courier's identity provider gives a station. */
export async function tokensFor(
  hop: string,
  day: string,
  at: Date,
): Promise<{ keyToken: string; releaseToken: string }> {
  const iat = Math.floor(at.getTime() / 1000)
  const common = { iss: `https://${account.issuer}`, sub: 'handheld-7', iat, exp: iat + 600 }
  const sign = (claims: object) =>
    new SignJWT({ ...common, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'JWT' })
      .sign(f.testKey('issuer'))
  const tags = { principal_tags: { hop: [hop], day: [day] } }
  return {
    keyToken: await sign({ aud: 'lasthop-sts', [TAGS_CLAIM]: tags }),
    releaseToken: await sign({ aud: 'lasthop-gateway', hop, day }),
  }
}
