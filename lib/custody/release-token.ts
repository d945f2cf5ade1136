import { GatewayError } from '../model/errors.ts'
import { verifyJws } from '../seal/jws.ts'
import type { PinnedKey } from '../seal/keys.ts'

/** Audience of the token that fetches a seal and its capsule. */
export const GATEWAY_AUDIENCE = 'lasthop-gateway'
/** The claim that carries session tags to STS; a release token must not have it. */
export const TAGS_CLAIM = 'https://aws.amazon.com/tags'

/** The identity provider of a courier, as pinned: its issuer URL and its signing keys, two at a time. */
export interface TokenIssuer {
  readonly issuer: string
  readonly keys: readonly PinnedKey[]
}

/** Whom a release token lets in. */
export interface ReleaseClaims {
  readonly hop: string
  /** Working day: `2026-01-01`. */
  readonly day: string
}

const LIFETIME_SECONDS = 900
const SKEW_SECONDS = 60

/**
 * Verifies the token by which a station fetches from the gateway: the courier's pinned issuer, one
 * audience, no tags for STS, at most 15 minutes, and the hop of the path.
 *
 * @throws {GatewayError} `UNAUTHENTICATED` for all reasons alike; a key token is one of them.
 * @see design section 6.4
 */
export function verifyReleaseToken(
  token: unknown,
  issuer: TokenIssuer,
  expected: { courier: string; hop: string; now: Date },
): ReleaseClaims {
  const claims = readClaims(token, issuer.keys)
  const { iss, aud, hop, day, courier = expected.courier } = claims
  const fits =
    iss === issuer.issuer &&
    aud === GATEWAY_AUDIENCE &&
    courier === expected.courier &&
    hop === expected.hop &&
    !(TAGS_CLAIM in claims) &&
    isTimely(claims, Math.floor(expected.now.getTime() / 1000))
  if (!fits || typeof day !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(day)) throw refused()
  return { hop: expected.hop, day }
}

function readClaims(token: unknown, keys: readonly PinnedKey[]): Readonly<Record<string, unknown>> {
  try {
    const { payload } = verifyJws(token, { typ: ['JWT'], keys })
    const claims: unknown = JSON.parse(payload.toString('utf8'))
    return typeof claims === 'object' && claims !== null ? { ...claims } : {}
  } catch {
    throw refused()
  }
}

function isTimely(
  { iat, exp, nbf = iat }: Readonly<Record<string, unknown>>,
  now: number,
): boolean {
  if (typeof iat !== 'number' || typeof exp !== 'number' || typeof nbf !== 'number') return false
  const begun = iat <= now + SKEW_SECONDS && nbf <= now + SKEW_SECONDS
  return begun && exp > now && exp - iat <= LIFETIME_SECONDS
}

function refused(): GatewayError {
  return new GatewayError('UNAUTHENTICATED')
}
