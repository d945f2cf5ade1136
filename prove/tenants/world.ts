import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type JsonWebKey,
  randomBytes,
} from 'node:crypto'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Hono } from 'hono'
import type { SignatureKey } from '../../lib/access/http-signature.ts'
import type { World } from '../../lib/local/world.ts'
import { platforms } from '../../lib/platforms/index.ts'

/** Where callers reach the gateway. */
export const ORIGIN = 'https://gateway.example'

/** Which side of the gateway a partner is on, as in addresses. */
export type Side = 'platforms' | 'couriers'

/** Which of a partner's credentials is used; an impostor has its names and another's secrets. */
export const generations = ['current', 'next', 'expired', 'impostor'] as const

/** One of `generations`. */
export type Generation = (typeof generations)[number]

/** What somebody signs with: natively, or HTTP messages. */
export interface Keys {
  readonly appKey: string
  readonly secret: string
  readonly http: SignatureKey
  /** The secret part of the address of unsigned pushes. */
  readonly pushToken: string
}

/** A gateway in memory, the partners' credentials by side, name and generation, and all that it heard. */
export interface Stage {
  readonly world: World
  readonly app: Hono
  readonly keys: (side: Side, name: string, generation: Generation) => Keys
  /** Of the two shops that each have a credential of the platform `standard`. */
  readonly shops: Hono
  readonly shopKeys: Readonly<Record<'shop-1' | 'shop-2', Keys>>
  readonly bugs: string[]
}

/** Starts the code of one folder with two generations of credentials for everybody. */
export async function startStage(root: string): Promise<Stage> {
  const load = (path: string) => import(pathToFileURL(join(root, path)).href)
  const [{ startWorld }, { gatewayApp }, { openSecrets }] = await Promise.all([
    load('lib/local/world.ts') as Promise<typeof import('../../lib/local/world.ts')>,
    load('lib/local/server.ts') as Promise<typeof import('../../lib/local/server.ts')>,
    load('lib/access/secrets.ts') as Promise<typeof import('../../lib/access/secrets.ts')>,
  ])
  const world = await startWorld({ origin: ORIGIN })
  const bugs: string[] = []
  const known = makeKeys(world)
  const shopKeys = { 'shop-1': newKeys('standard'), 'shop-2': newKeys('standard') }
  const appOf = (secretOf: (side: Side, name: string) => object | undefined): Hono => {
    const source = async (side: Side, name: string) => {
      const secret = secretOf(side, name)
      return secret && Buffer.from(JSON.stringify(secret))
    }
    const secrets = {
      platforms: openSecrets(source, 'platforms'),
      couriers: openSecrets(source, 'couriers'),
    }
    const { intake, exchange, custody } = world
    const served = {
      intake: { ...intake, secrets },
      exchange: { ...exchange, secrets },
      custody: { ...custody, secrets },
    }
    return gatewayApp(served, name => void bugs.push(name))
  }
  const keys: Stage['keys'] = (side, name, generation) => {
    const found = known.get(`${side} ${name}`)?.[generation]
    if (found === undefined) throw new Error(`${name} has no credentials`)
    return found
  }
  const app = appOf((side, name) =>
    known.has(`${side} ${name}`)
      ? {
          current: secretFor(side, keys(side, name, 'current')),
          next: secretFor(side, keys(side, name, 'next')),
        }
      : undefined,
  )
  const shops = appOf((side, name) =>
    side === 'platforms' && name === 'standard'
      ? {
          current: { ...secretFor(side, shopKeys['shop-1']), shop: 'shop-1' },
          next: { ...secretFor(side, shopKeys['shop-2']), shop: 'shop-2' },
        }
      : undefined,
  )
  return { world, app, keys, shops, shopKeys, bugs }
}

function makeKeys({ identities }: World): Map<string, Readonly<Record<Generation, Keys>>> {
  const named = [
    ...Object.keys(identities.platforms).map(name => ['platforms', name] as const),
    ...Object.keys(identities.couriers).map(name => ['couriers', name] as const),
  ]
  return new Map(
    named.map(([side, name]) => {
      const current = newKeys(name)
      const { secret, pushToken, http } = newKeys(name)
      const impostor = {
        ...current,
        secret,
        pushToken,
        http: { ...http, keyid: current.http.keyid },
      }
      const key = `${side} ${name}`
      return [key, { current, next: newKeys(name), expired: newKeys(name), impostor }] as const
    }),
  )
}

let made = 0

/** Keys of nobody's yet. An application key is a name and public: that of the sandbox fits the platform's form. */
export function newKeys(name: string): Keys {
  const { privateKey } = generateKeyPairSync('ed25519')
  made += 1
  const platform = platforms.find(one => one.name === name)
  return {
    appKey: platform?.sandbox.appKey ?? 'nobody',
    secret: randomBytes(32).toString('base64url'),
    http: { keyid: `${name}-${made}`, alg: 'ed25519', key: privateKey },
    pushToken: randomBytes(32).toString('base64url'),
  }
}

function secretFor(side: Side, { appKey, secret, http, pushToken }: Keys): object {
  const { x } = http.key.export({ format: 'jwk' })
  const signatureKeys = [{ keyid: http.keyid, alg: http.alg, key: x }]
  if (side === 'couriers') return { secret, signatureKeys, pushTokens: [sha256(pushToken)] }
  const terms = { payer: 'sender', account: '7551234567' }
  const settings = { couriers: { sf: terms, kye: terms, standard: terms } }
  return { appKey, secret, signatureKeys, settings }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A private key as signers of statements want it. */
export function privateKey(jwk: JsonWebKey) {
  return createPrivateKey({ key: jwk, format: 'jwk' })
}
