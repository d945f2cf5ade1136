import { createPrivateKey, generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a platform's client holds in development. */
export interface PlatformIdentity {
  readonly appKey: string
  readonly secret: string
}

/** What a courier holds in development: every key is private, and its own. */
export interface CourierIdentity {
  /** Signs its HTTP requests (Ed25519). */
  readonly http: { readonly keyid: string; readonly jwk: JsonWebKey }
  /** Secret part of the URL of unsigned pushes. */
  readonly pushToken: string
  /** Signs assignments (P-256). */
  readonly dispatch: JsonWebKey
  /** Registers hops and lifts brakes (P-256). */
  readonly control: JsonWebKey
  /** Signs its stations' tokens (P-256). */
  readonly issuer: JsonWebKey
  /** Signs the router's receipts (P-256). */
  readonly receipts: JsonWebKey
}

/** Everybody's secrets on a laptop. Made at the first start, kept in `credentials.json`, mode 0600. */
export interface Identities {
  readonly bodyKey: string
  readonly platforms: Readonly<Record<string, PlatformIdentity>>
  readonly couriers: Readonly<Record<string, CourierIdentity>>
  /** ARNs of the KMS keys that were made for them. */
  keys: {
    gatewaySigning?: string
    readonly couriers: Record<string, { custody: string; hop: string }>
  }
}

const FILE = 'credentials.json'

/** Reads the identities of a data folder; undefined where there are none yet. */
export function readIdentities(folder: string): Identities | undefined {
  const file = join(folder, FILE)
  if (!existsSync(file)) return undefined
  return JSON.parse(readFileSync(file, 'utf8')) as Identities
}

/** Writes the identities, and couriers' HTTP keys as PEM for `openssl`: readable by their owner only. */
export function writeIdentities(folder: string, identities: Identities): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeSecret(join(folder, FILE), `${JSON.stringify(identities, null, 2)}\n`)
  for (const [name, { http }] of Object.entries(identities.couriers)) {
    const key = createPrivateKey({ key: http.jwk, format: 'jwk' })
    writeSecret(join(folder, `${name}-http.pem`), key.export({ format: 'pem', type: 'pkcs8' }))
  }
}

function writeSecret(file: string, text: string | Buffer): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** Makes fresh identities for these partners. */
export function makeIdentities(
  platforms: readonly { readonly name: string; readonly appKey: string }[],
  couriers: readonly string[],
): Identities {
  return {
    bodyKey: randomBytes(32).toString('base64url'),
    platforms: Object.fromEntries(
      platforms.map(({ name, appKey }) => [name, { appKey, secret: secret() }]),
    ),
    couriers: Object.fromEntries(couriers.map(name => [name, makeCourier(name)])),
    keys: { couriers: {} },
  }
}

function makeCourier(name: string): CourierIdentity {
  const { privateKey } = generateKeyPairSync('ed25519')
  return {
    http: { keyid: `${name}-dev`, jwk: privateKey.export({ format: 'jwk' }) },
    pushToken: secret(),
    dispatch: p256(),
    control: p256(),
    issuer: p256(),
    receipts: p256(),
  }
}

function p256(): JsonWebKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return privateKey.export({ format: 'jwk' })
}

/** 256 bits, safe in a path. */
function secret(): string {
  return randomBytes(32).toString('base64url')
}

/** The public half of a private JWK. */
export function publicJwk({ d: _d, ...jwk }: JsonWebKey): JsonWebKey {
  return jwk
}
