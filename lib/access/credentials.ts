import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto'
import { GatewayError } from '../model/errors.ts'
import { sameText, sha256Hex } from './digest.ts'
import type { SignatureKey } from './http-signature.ts'

/** Which folder of partners a name belongs to: a company on both sides is two partners. */
export type Side = 'platforms' | 'couriers'

/** One generation of what a partner proves itself with. */
export type Credential = {
  /** For native schemes: the public name of the caller, `6800000000000000001`. */
  readonly appKey?: string
  /** For native schemes: the shared secret. */
  readonly secret?: string
  /**
   * The one shop this caller may speak for, as orders of another channel name it; absent, it speaks for
   * the whole platform. An order that names another shop, or none, is not this caller's.
   */
  readonly shop?: string
  /** Whether MD5 schemes are accepted from this caller. */
  readonly md5: boolean
  /** For calls that are not native. */
  readonly signatureKeys: readonly SignatureKey[]
  /** Lower hex SHA-256 of the secret URL parts of unsigned pushes, at most two. */
  readonly pushTokens: readonly string[]
  /** The partner's own settings (accounts, payers, ignored services …), checked by that partner's own code. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** What is known of one partner: the credential in use, and the next one while both are accepted. */
export type Generations = { readonly current: Credential; readonly next?: Credential }

/**
 * A stored secret → credentials. Its form, both members alike:
 * `{"current": {"appKey", "secret", "shop", "md5", "signatureKeys": [{"keyid", "alg", "key"}], "pushTokens", "settings"}, "next": {…}}`,
 * all optional but `current`. `key` is base64url: the 32 bytes of an Ed25519 public key (`x` of its JWK), or at least 32
 * bytes shared for `hmac-sha256`. A member of another name is refused, so that no `md5` is misspelt into a default.
 *
 * @throws {GatewayError} `VALUE_INVALID` at the member; never with what it holds.
 */
export function readGenerations(document: unknown): Generations {
  const members = objectAt(document, '', ['current', 'next'])
  const current = readCredential(members.current, '/current')
  if (members.next === undefined) return { current }
  return { current, next: readCredential(members.next, '/next') }
}

/** Whether a secret URL part is one of those whose hashes are known, in constant time each. */
export function isPushToken(token: string, credential: Credential): boolean {
  const hash = sha256Hex(token)
  return credential.pushTokens.some(known => sameText(known, hash))
}

/** The look-up of `keyid` that `verifyHttpSignature` asks for, over one partner's keys and no other's. */
export function signatureKeys(credential: Credential): (keyid: string) => SignatureKey | undefined {
  return keyid => credential.signatureKeys.find(key => key.keyid === keyid)
}

const credentialMembers = [
  'appKey',
  'secret',
  'shop',
  'md5',
  'signatureKeys',
  'pushTokens',
  'settings',
]

function readCredential(document: unknown, at: string): Credential {
  const members = objectAt(document, at, credentialMembers)
  const text = (name: string) =>
    members[name] === undefined ? {} : { [name]: textAt(members[name], `${at}/${name}`) }
  const pushTokens = arrayAt(members.pushTokens, `${at}/pushTokens`)
  if (pushTokens.length > 2) throw new GatewayError('VALUE_INVALID', `${at}/pushTokens`)
  return {
    ...text('appKey'),
    ...text('secret'),
    ...text('shop'),
    md5: flagAt(members.md5, `${at}/md5`),
    signatureKeys: arrayAt(members.signatureKeys, `${at}/signatureKeys`).map((key, index) =>
      readKey(key, `${at}/signatureKeys/${index}`),
    ),
    pushTokens: pushTokens.map((hash, index) =>
      textAt(hash, `${at}/pushTokens/${index}`, /^[0-9a-f]{64}$/),
    ),
    settings: objectAt(members.settings ?? {}, `${at}/settings`),
  }
}

function readKey(document: unknown, at: string): SignatureKey {
  const members = objectAt(document, at, ['keyid', 'alg', 'key'])
  const keyid = textAt(members.keyid, `${at}/keyid`, /^[A-Za-z0-9._-]{1,64}$/)
  const encoded = textAt(members.key, `${at}/key`, /^[A-Za-z0-9_-]{43,}$/)
  const alg = members.alg
  if (alg === 'ed25519') return { keyid, alg, key: ed25519(encoded, `${at}/key`) }
  if (alg === 'hmac-sha256') {
    return { keyid, alg, key: createSecretKey(Buffer.from(encoded, 'base64url')) }
  }
  throw new GatewayError('VALUE_INVALID', `${at}/alg`)
}

function ed25519(x: string, at: string): KeyObject {
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  } catch {
    throw new GatewayError('VALUE_INVALID', at)
  }
}

function objectAt(
  value: unknown,
  at: string,
  names?: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new GatewayError('VALUE_INVALID', at)
  }
  const members = Object.entries(value)
  if (names !== undefined && !members.every(([name]) => names.includes(name))) {
    throw new GatewayError('VALUE_INVALID', at)
  }
  return Object.fromEntries(members)
}

function arrayAt(value: unknown, at: string): readonly unknown[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new GatewayError('VALUE_INVALID', at)
  return value
}

function textAt(value: unknown, at: string, pattern = /./): string {
  if (typeof value !== 'string' || !pattern.test(value)) throw new GatewayError('VALUE_INVALID', at)
  return value
}

function flagAt(value: unknown, at: string): boolean {
  if (value !== undefined && typeof value !== 'boolean') throw new GatewayError('VALUE_INVALID', at)
  return value ?? false
}
