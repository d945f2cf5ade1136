import { createPrivateKey, generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** An Ed25519 key, private, that signs HTTP requests, and its name in `keyid`. */
export interface HttpIdentity {
  readonly keyid: string
  readonly jwk: JsonWebKey
}

/** What a platform's client holds in development. */
export interface PlatformIdentity {
  readonly appKey: string
  /** For the platform's own scheme. */
  readonly secret: string
  /** For platforms that sign by HTTP message signature. */
  readonly http: HttpIdentity
}

/** What a courier holds in development: every key is private, and its own. */
export interface CourierIdentity {
  /** Signs its HTTP requests. */
  readonly http: HttpIdentity
  /** Shared with the gateway, for pushes and documents of the courier's own scheme. */
  readonly secret: string
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

/**
 * Writes the identities, and everybody's HTTP key as PEM for `openssl`: `sf-http.pem` of a courier,
 * `platform-standard-http.pem` of a platform. Readable by their owner only.
 */
export function writeIdentities(
  folder: string,
  { platforms, couriers, ...rest }: Identities,
): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const text = JSON.stringify({ ...rest, platforms, couriers }, null, 2)
  writeSecret(join(folder, FILE), `${text}\n`)
  const writeKey = (name: string, { jwk }: HttpIdentity) => {
    const key = createPrivateKey({ key: jwk, format: 'jwk' })
    writeSecret(join(folder, `${name}-http.pem`), key.export({ format: 'pem', type: 'pkcs8' }))
  }
  for (const [name, { http }] of Object.entries(couriers)) writeKey(name, http)
  for (const [name, { http }] of Object.entries(platforms)) writeKey(`platform-${name}`, http)
}

function writeSecret(file: string, text: string | Buffer): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/**
 * Identities for these partners: those that are known as they are, fresh ones for whoever has none. A
 * data folder of an older version gets what it lacks.
 */
export function makeIdentities(
  platforms: readonly { readonly name: string; readonly appKey: string }[],
  couriers: readonly string[],
  known?: Identities,
): Identities {
  return {
    bodyKey: randomBytes(32).toString('base64url'),
    keys: { couriers: {} },
    ...known,
    platforms: {
      ...known?.platforms,
      ...Object.fromEntries(
        platforms.map(({ name, appKey }) => [
          name,
          { ...makePlatform(name, appKey), ...known?.platforms[name] },
        ]),
      ),
    },
    couriers: {
      ...known?.couriers,
      ...Object.fromEntries(
        couriers.map(name => [name, { ...makeCourier(name), ...known?.couriers[name] }]),
      ),
    },
  }
}

function makePlatform(name: string, appKey: string): PlatformIdentity {
  return { appKey, secret: secret(), http: makeHttp(`platform-${name}-dev`) }
}

function makeCourier(name: string): CourierIdentity {
  return {
    http: makeHttp(`${name}-dev`),
    secret: secret(),
    pushToken: secret(),
    dispatch: p256(),
    control: p256(),
    issuer: p256(),
    receipts: p256(),
  }
}

function makeHttp(keyid: string): HttpIdentity {
  const { privateKey } = generateKeyPairSync('ed25519')
  return { keyid, jwk: privateKey.export({ format: 'jwk' }) }
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
