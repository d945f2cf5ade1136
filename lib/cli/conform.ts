import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import type { SignatureKey } from '../access/http-signature.ts'
import { type HttpIdentity, readIdentities } from '../local/identities.ts'
import { pinKey } from '../seal/index.ts'
import { Mismatch } from './conform/check.ts'
import { checks } from './conform/checks.ts'
import { openKit, type Target } from './conform/kit.ts'
import { httpKeyOf } from './http-key.ts'
import { UsageError } from './partners.ts'
import { openSession } from './session.ts'

/** Who calls the server under test, and how it knows them. */
export interface ConformOptions {
  /** Data folder of a gateway on this machine: keys that are not named come from there. */
  readonly data: string
  readonly platform: string
  readonly courier: string
  readonly product: string
  readonly platformKeyid?: string
  readonly platformKey?: string
  readonly courierKeyid?: string
  readonly courierKey?: string
  readonly gatewayKey?: string
  readonly only?: string
}

/**
 * Checks a server against the standard, over HTTP: a line for each check, exit code 1 where one fails.
 *
 * @throws {UsageError} for keys that cannot be read
 */
export async function conform(url: string, options: ConformOptions): Promise<number> {
  const failed = await runChecks(targetOf(url, options), options.only ?? '', line =>
    console.log(line),
  )
  return failed === 0 ? 0 : 1
}

/**
 * Runs the checks whose names hold `only`, one after the other.
 *
 * @returns how many failed
 * @throws {UsageError} where there is no such check
 */
export async function runChecks(
  target: Target,
  only: string,
  say: (line: string) => void,
): Promise<number> {
  const kit = openKit(target)
  const chosen = checks.filter(({ name }) => name.includes(only))
  if (chosen.length === 0) throw new UsageError(`no check has "${only}" in its name`)
  let failed = 0
  for (const { name, run } of chosen) {
    const why = await run(kit).then(() => undefined, reasonOf)
    if (why !== undefined) failed++
    say(why === undefined ? `pass  ${name}` : `FAIL  ${name}: ${why}`)
  }
  say(`\n${chosen.length - failed} passed, ${failed} failed`)
  return failed
}

/** Why a check failed. A server that is away, or an error of ours, ends the run. */
function reasonOf(error: unknown): string {
  if (error instanceof Mismatch) return error.message
  throw error
}

function targetOf(url: string, options: ConformOptions): Target {
  const { data, platform, courier, product, gatewayKey } = options
  const { protocol, origin, pathname, search, hash } = parseUrl(url)
  const isHttp = protocol === 'http:' || protocol === 'https:'
  if (!isHttp || search + hash !== '')
    throw new UsageError('URL is the server’s address: https://…')
  const known = readIdentities(data)
  const keys =
    gatewayKey === undefined ? gatewayKeysOf(data) : [pinKey(jwkOf(publicKeyIn(gatewayKey)))]
  return {
    origin: origin + pathname.replace(/\/$/, ''),
    platform: {
      slug: platform,
      key: keyOf(
        'platform',
        options.platformKeyid,
        options.platformKey,
        known?.platforms[platform]?.http,
      ),
    },
    courier: {
      slug: courier,
      key: keyOf(
        'courier',
        options.courierKeyid,
        options.courierKey,
        known?.couriers[courier]?.http,
      ),
    },
    product,
    ...(keys === undefined ? {} : { gatewayKeys: keys }),
  }
}

function parseUrl(url: string): URL {
  if (!URL.canParse(url)) throw new UsageError('URL is the server’s address: https://…')
  return new URL(url)
}

function gatewayKeysOf(data: string): Target['gatewayKeys'] | undefined {
  if (!existsSync(data)) return undefined
  return openSession(data).config.gatewayKeys.map(jwk => pinKey(jwk))
}

function keyOf(
  side: string,
  keyid: string | undefined,
  file: string | undefined,
  known: HttpIdentity | undefined,
): SignatureKey {
  if (keyid !== undefined && file !== undefined) {
    const key = readKey(file, createPrivateKey)
    if (key.asymmetricKeyType !== 'ed25519') throw new UsageError(`${file} is no Ed25519 key`)
    return { keyid, alg: 'ed25519', key }
  }
  if (keyid === undefined && file === undefined && known !== undefined) return httpKeyOf(known)
  throw new UsageError(`--${side}-keyid and --${side}-key, the private key file, go together`)
}

const publicKeyIn = (file: string): KeyObject => readKey(file, createPublicKey)

const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' })

/** A key in a file, as PEM or JWK. */
function readKey(
  file: string,
  create: typeof createPrivateKey | typeof createPublicKey,
): KeyObject {
  try {
    const text = readFileSync(file, 'utf8')
    return text.trimStart().startsWith('{')
      ? create({ key: JSON.parse(text), format: 'jwk' })
      : create(text)
  } catch {
    throw new UsageError(`${file} is no key, as PEM or JWK`)
  }
}
