import { createPrivateKey, createPublicKey, type JsonWebKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CourierConfig, GatewayConfig } from '../../lib/flow/config.ts'
import { type SigningKey, signingKey, thumbprint } from '../../lib/seal/index.ts'

// Who signs what, and what each side was told to trust.

const file: Readonly<Record<string, JsonWebKey>> = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../test/vectors/keys.json'), 'utf8'),
)

const fromFile = (name: string) => createPrivateKey({ key: file[name] ?? {}, format: 'jwk' })
const signer = (name: string): SigningKey => signingKey(fromFile(name))
const publicJwk = ({ key }: SigningKey) => createPublicKey(key).export({ format: 'jwk' })

export const gatewayKey = signer('gateway')
export const dispatchKey = signer('dispatch')
export const controlKey = signer('control')
export const receiptKey = signer('receipt')
const issuerKey = signer('issuer')
const custodyKey = createPublicKey(fromFile('custody'))

export const ORIGIN = 'https://gateway.example'
export const PARTNER = 'standard'
export const ROUTER = 'lasthop-standard-router'
export const CUSTODY_ARN = 'arn:aws:kms:us-east-1:222233334444:key/custody'
export const HOP_ARN = 'arn:aws:kms:us-east-1:222233334444:key/hop'
export const TABLES = { orders: 'Orders', keys: 'Keys', audit: 'Audit' }
export const ROUTER_TABLE = 'Custody'
export const HOUR = 3_600_000
export const OFFER_MS = 2 * HOUR
export const KEEP_MS = 240 * HOUR

/** 2026-01-05 10:00 in Shanghai. */
export const START = Date.UTC(2026, 0, 5, 2)

/** Hops of the courier and what each may be given. */
export const HOPS = {
  'pickup-1': 'pickup',
  'station-1': 'delivery',
  'station-2': 'delivery',
} as const

export type Hop = keyof typeof HOPS

const ISSUER = 'https://id.standard.invalid/stations'
const custodyKid = thumbprint(custodyKey)

const courier: CourierConfig = {
  settings: { displayLevel: 'street', native: {} },
  custodyKeys: [{ kid: custodyKid, jwk: custodyKey.export({ format: 'jwk' }), use: 'current' }],
  dispatchKeys: [{ kid: dispatchKey.kid, jwk: publicJwk(dispatchKey) }],
  issuer: { url: ISSUER, keys: [{ kid: issuerKey.kid, jwk: publicJwk(issuerKey) }] },
  router: ROUTER,
  shards: 1,
}

/** The gateway's configuration: one platform and one courier, both of the standard. */
export const config: GatewayConfig = {
  origin: ORIGIN,
  gatewayKeys: [publicJwk(gatewayKey)],
  revokedCertificates: [],
  couriers: { [PARTNER]: courier },
  platforms: { [PARTNER]: { shards: 1 } },
  offerSeconds: OFFER_MS / 1000,
  keepSeconds: KEEP_MS / 1000,
}

/** What the courier's router trusts, as its file says it. */
export const routerFile = {
  custodyKeys: [{ kid: custodyKid, jwk: courier.custodyKeys[0]?.jwk ?? {} }],
  gatewayKeys: config.gatewayKeys,
  custodyKeyArns: { [custodyKid]: CUSTODY_ARN },
}

const HTTP_SECRET = Buffer.alloc(32, 7)

/** Both partners' secret: one key for HTTP message signatures. */
export const secretBytes = Buffer.from(
  JSON.stringify({
    current: {
      signatureKeys: [{ keyid: 'k1', alg: 'hmac-sha256', key: HTTP_SECRET.toString('base64url') }],
    },
  }),
)
export { HTTP_SECRET }

/** Signs bytes as KMS does: 64 bytes of ES256. */
export const signAtKms = (message: Uint8Array): Uint8Array =>
  sign('sha256', message, { key: gatewayKey.key, dsaEncoding: 'ieee-p1363' })

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** The token by which a station fetches at the gateway. */
export function releaseToken(hop: string, day: string, now: number): string {
  const iat = Math.floor(now / 1000)
  const claims = { iss: ISSUER, sub: 'station', aud: 'lasthop-gateway', hop, day }
  const header = part({ alg: issuerKey.alg, kid: issuerKey.kid, typ: 'JWT' })
  const input = `${header}.${part({ ...claims, iat, exp: iat + 600 })}`
  const options = { key: issuerKey.key, dsaEncoding: 'ieee-p1363' } as const
  return `${input}.${sign('sha256', Buffer.from(input), options).toString('base64url')}`
}
