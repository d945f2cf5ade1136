import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GatewayError } from '../model/errors.ts'
import { isSlug } from '../seal/envelope.ts'
import { pinKey, pinRecipient } from '../seal/keys.ts'
import { readDocument } from './files.ts'
import { UsageError } from './partners.ts'
import {
  type Json,
  type Pinned,
  pinCustodyKey,
  pinGatewayKey,
  pinHopKey,
  pinSigner,
} from './pins-file.ts'
import { type FoundKey, type KmsPlace, publicKeyIn, publicKeyInKms } from './public-key.ts'

/** Which key is pinned, where, and as what. */
export interface PinOptions extends KmsPlace {
  readonly partners: string
  readonly gateway?: boolean
  readonly as: string
  /** Key ARN, id or alias in KMS. */
  readonly key?: string
  readonly thumbprint?: string
  /** Of a custody key that comes from a file. */
  readonly arn?: string
  readonly hopKey?: string
  /** URL of the courier's identity provider, with `--as issuer`. */
  readonly issuer?: string
  readonly rotate?: boolean
  readonly promote?: boolean
}

const KEY_ARN = /^arn:[\w-]+:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/

/** What only the courier's people can say. */
const WANTED = ['settings', 'custodyKeys', 'dispatchKeys', 'issuer', 'hopKey']

/**
 * Pins a public key in `partners/<courier>.json` or, with `--gateway`, `partners/gateway.json`, from
 * where the stacks take it. May be repeated: the same key again changes nothing, another one is refused
 * unless it is said that keys rotate.
 *
 * @returns exit code: 0 pinned, 1 refused, and then nothing is written
 */
export async function keysPin(names: readonly string[], options: PinOptions): Promise<number> {
  const { name, file } = readNames(names, options)
  const path = join(options.partners, `${name}.json`)
  const document = existsSync(path) ? objectIn(path) : {}
  const key = await findKey(file, options)
  if (typeof key === 'string') return refuse(key)
  if (key !== undefined && options.thumbprint !== undefined && key.kid !== options.thumbprint) {
    return refuse('the key has another thumbprint')
  }
  const pinned = pinAll(document, key, options)
  if ('refused' in pinned) return refuse(pinned.refused)
  write(options.partners, path, pinned.document)
  const what = options.gateway ? 'gateway' : `${name} ${options.as}`
  console.log(`${key?.kid ?? options.hopKey}  ${key ? `${what}, ` : ''}${pinned.is}  ${path}`)
  const open = options.gateway ? [] : WANTED.filter(one => !(one in pinned.document))
  if (open.length > 0) console.error(`lasthop: ${path} still wants: ${open.join(', ')}`)
  return 0
}

function refuse(why: string): number {
  console.error(`lasthop: not pinned, ${why}`)
  return 1
}

function readNames(names: readonly string[], { gateway }: PinOptions) {
  const [name = '', file, ...more] = gateway ? ['gateway', ...names] : names
  if (more.length > 0 || !isSlug(name) || (name === 'gateway' && !gateway)) {
    throw new UsageError('keys pin COURIER [FILE], or keys pin --gateway [FILE]')
  }
  return { name, file }
}

/** The key, none where only a hop key is pinned, or what KMS said. */
async function findKey(
  file: string | undefined,
  { key, thumbprint, arn, hopKey, ...place }: PinOptions,
): Promise<FoundKey | string | undefined> {
  if (file !== undefined && key !== undefined) throw new UsageError('a file or --key, not both')
  if (file !== undefined) {
    if (thumbprint === undefined) {
      throw new UsageError('a key from a file wants --thumbprint, as its owner told it')
    }
    return { ...publicKeyIn(file), ...(arn === undefined ? {} : { arn }) }
  }
  if (key === undefined) {
    if (hopKey === undefined) throw new UsageError('a file, --key or --hop-key is wanted')
    return undefined
  }
  return publicKeyInKms(key, place).catch(nameOf)
}

/** What KMS or its client says no by. Its message may hold names of roles and keys; so only the code. */
function nameOf(error: unknown): string {
  return `KMS says ${error instanceof Error ? error.name : 'nothing'}`
}

function pinAll(document: Json, key: FoundKey | undefined, options: PinOptions): Pinned {
  const first: Pinned = key === undefined ? { document, is: '' } : pinAs(document, key, options)
  const { hopKey } = options
  if ('refused' in first || hopKey === undefined) return first
  if (!KEY_ARN.test(hopKey)) throw new UsageError('--hop-key wants the ARN of a key, no alias')
  const both = pinHopKey(first.document, hopKey, options)
  return 'refused' in both || first.is === '' ? both : { ...both, is: first.is }
}

function pinAs(document: Json, key: FoundKey, options: PinOptions): Pinned {
  const { kid, jwk } = key
  if (options.gateway) {
    requireKind(() => pinKey(jwk).alg === 'ES256', 'the gateway signs by P-256')
    return pinGatewayKey(document, key, options)
  }
  switch (options.as) {
    case 'custody':
      requireKind(() => pinRecipient(jwk, kid).kid === kid, 'a custody key is RSA with 3072 bits')
      if (!KEY_ARN.test(key.arn ?? '')) throw new UsageError('--arn wants the ARN of the key')
      return pinCustodyKey(document, key, options, new Date())
    case 'dispatch':
      requireKind(() => pinKey(jwk).alg !== 'RS256', 'couriers assign by P-256 or Ed25519')
      return pinSigner(document, 'dispatchKeys', { kid, jwk: { ...jwk } }, options)
    case 'control':
      requireKind(() => pinKey(jwk).alg !== 'RS256', 'couriers control by P-256 or Ed25519')
      return pinSigner(document, 'controlKeys', { ...jwk, kid }, options)
    case 'issuer':
      requireKind(() => pinKey(jwk).kid === kid, 'tokens are signed by P-256, Ed25519 or RSA')
      return pinIssuer(document, key, options)
    default:
      throw new UsageError('--as is custody, dispatch, control or issuer')
  }
}

function pinIssuer(document: Json, { kid, jwk }: FoundKey, options: PinOptions): Pinned {
  const known = isObject(document.issuer) ? document.issuer : {}
  const url = options.issuer ?? known.url
  if (typeof url !== 'string' || !url.startsWith('https://')) {
    throw new UsageError('--issuer wants the URL of the identity provider')
  }
  const pinned = pinSigner({ ...known }, 'keys', { kid, jwk: { ...jwk } }, options)
  if ('refused' in pinned) return pinned
  return { ...pinned, document: { ...document, issuer: { ...pinned.document, url } } }
}

function requireKind(is: () => boolean, wanted: string): void {
  try {
    if (is()) return
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
  }
  throw new UsageError(wanted)
}

function objectIn(file: string): Json {
  const document = readDocument(file)
  if (isObject(document)) return { ...document }
  throw new UsageError(`${file} is no JSON object`)
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** At once or not at all. */
function write(folder: string, path: string, document: Json): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${path}.new`, `${JSON.stringify(document, null, 2)}\n`)
  renameSync(`${path}.new`, path)
}
