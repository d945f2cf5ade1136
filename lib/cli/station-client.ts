import { createPrivateKey, sign as signBytes } from 'node:crypto'
import { assumeBy, decryptBy } from '../../functions/station/aws.ts'
import { fetchReleaseFrom } from '../../functions/station/gateway.ts'
import { openAtHop, type StationPorts } from '../../functions/station/open-at-hop.ts'
import { roleArn, STS_AUDIENCE } from '../custody/policies.ts'
import { GATEWAY_AUDIENCE, TAGS_CLAIM } from '../custody/release-token.ts'
import type { CourierKeys } from '../local/accounts.ts'
import type { CourierIdentity } from '../local/identities.ts'
import type { Group, Personal } from '../model/validate.ts'
import { type SealPins, type SigningKey, signingKey } from '../seal/index.ts'

const TOKEN_SECONDS = 600

/** What the courier's identity provider gives to a station at its two doors. */
export interface HopTokens {
  readonly keyToken: string
  readonly releaseToken: string
}

/** The courier's identity provider, as development plays it. */
export interface TokenIssuer {
  tokens(hop: string, day: string): HopTokens
  /** Any claims, for attempts that must fail. */
  sign(claims: object): string
}

/** The identity provider of a courier: signs the key token and the release token of a station. */
export function tokenIssuer(url: string, identity: CourierIdentity): TokenIssuer {
  const key = signingKey(createPrivateKey({ key: identity.issuer, format: 'jwk' }))
  const sign = (claims: object) => {
    const iat = Math.floor(Date.now() / 1000)
    const base = { iss: url, sub: 'station', iat, exp: iat + TOKEN_SECONDS }
    return signToken({ ...base, ...claims }, key)
  }
  return {
    sign,
    tokens: (hop, day) => ({
      keyToken: sign({
        aud: STS_AUDIENCE,
        [TAGS_CLAIM]: { principal_tags: { hop: [hop], day: [day] } },
      }),
      releaseToken: sign({ aud: GATEWAY_AUDIENCE, hop, day }),
    }),
  }
}

function signToken(claims: object, { alg, kid, key }: SigningKey): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${part({ alg, kid, typ: 'JWT' })}.${part(claims)}`
  const signature = signBytes('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

/** The ports of a station over the official SDK clients. */
export function stationPorts(
  origin: string,
  courier: CourierKeys,
  aws: { readonly endpoint: string; readonly region: string },
  pins: SealPins,
): StationPorts {
  const { account, hop } = courier
  const config = { endpoint: aws.endpoint, region: aws.region, maxAttempts: 1 }
  return {
    courier: account.courier,
    hopKeyArn: hop,
    pins,
    assume: assumeBy(roleArn(account, account.roles.station), config),
    fetchRelease: fetchReleaseFrom(origin, account.courier),
    decrypt: decryptBy(config),
  }
}

/** Opens one group of one order at a hop. */
export function openFor(
  ports: StationPorts,
  tokens: HopTokens,
  of: { readonly order: string; readonly group: Group; readonly rev: number },
): Promise<Personal> {
  return openAtHop(ports, { ...of, ...tokens })
}
