import { GatewayError } from '../model/errors.ts'
import { checkSealed, type Group, type Sealed } from '../model/validate.ts'
import { fromBase64url, sha256 } from './base64url.ts'
import { type FlatObject, parseFlat } from './flat-json.ts'
import { WRAPPED_KEY_LENGTH } from './keys.ts'

/** What a seal is bound to: it opens for nothing else. */
export interface Binding {
  readonly order: string
  readonly courier: string
  readonly group: Group
  readonly rev: number
}

/** The encrypted part of a seal, without its signature: a flattened JWE (RFC 7516). */
export interface Jwe {
  readonly protected: string
  readonly header?: { readonly alg: 'RSA-OAEP-256'; readonly kid: string }
  readonly encrypted_key: string
  readonly iv: string
  readonly ciphertext: string
  readonly tag: string
}

/** A seal, read strictly: what it says and its bytes. */
export interface Envelope extends Binding {
  /** RFC 7638 thumbprint of the custody key. */
  readonly kid: string
  /** SHA-256 of the wrapped key's bytes, base64url. */
  readonly keyHash: string
  /** SHA-256 of protected "." iv "." ciphertext "." tag, over the decoded bytes, base64url. */
  readonly bodyHash: string
  readonly iv: Buffer
  readonly ciphertext: Buffer
  readonly tag: Buffer
}

/** Lengths of the padded text, in bytes. */
export const PADDED_LENGTHS: readonly number[] = [512, 1024, 2048]

const BINDING_MEMBERS = ['enc', 'typ', 'order', 'courier', 'group', 'rev', 'v']
const KEY_MEMBERS = ['alg', 'kid']

/** Whether a text is an order id, `o_` and 26 characters of base32. */
export const isOrderId = (text: unknown): text is string =>
  typeof text === 'string' && /^o_[a-z2-7]{26}$/.test(text)

/** Whether a text is a partner's slug: `sf`. */
export const isSlug = (text: unknown): text is string =>
  typeof text === 'string' && /^[a-z][a-z0-9-]{0,31}$/.test(text)

/** Whether a text names a group. */
export const isGroup = (text: unknown): text is Group => text === 'receiver' || text === 'sender'

/** Whether a value is a revision: a whole number from 1. */
export const isRev = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= 1_000_000

/** Whether a text can be a SHA-256 digest or a thumbprint, as base64url. */
export const isDigest = (text: unknown): text is string =>
  typeof text === 'string' && /^[A-Za-z0-9_-]{43}$/.test(text)

/**
 * Reads a seal strictly: only RSA-OAEP-256 with A256GCM, `alg` and `kid` in exactly one place (the
 * unprotected header as LastHop writes it, or the protected one as Nimbus does), each header member
 * known and once, canonical base64url, exact lengths.
 *
 * @throws {GatewayError} `SEAL_INVALID` with the pointer of the first fault.
 * @see design section 5
 */
export function parseSeal(seal: unknown): Envelope & { readonly sealed: Sealed } {
  const sealed = checkSealed(seal)
  return { ...parseJwe(sealed), sealed }
}

/**
 * Reads the encrypted part of a seal, as strictly, when there is no signature yet.
 *
 * @throws {GatewayError} `SEAL_INVALID` with the pointer of the first fault.
 */
export function parseJwe(jwe: Jwe | Sealed): Envelope {
  const protectedBytes = decode(jwe.protected, '/protected')
  const header = readProtected(protectedBytes, jwe.header === undefined)
  const iv = decode(jwe.iv, '/iv', 12)
  const ciphertext = decode(jwe.ciphertext, '/ciphertext')
  const tag = decode(jwe.tag, '/tag', 16)
  if (!PADDED_LENGTHS.includes(ciphertext.length)) throw invalid('/ciphertext')
  return {
    ...bindingOf(header),
    kid: jwe.header?.kid ?? keyIdOf(header),
    keyHash: keyHashOf(jwe),
    bodyHash: sha256(protectedBytes, '.', iv, '.', ciphertext, '.', tag),
    iv,
    ciphertext,
    tag,
  }
}

/** The protected header's bytes as LastHop writes them. */
export function protectedHeader(binding: Binding): string {
  const { order, courier, group, rev } = binding
  if (!isOrderId(order)) throw invalid('/protected/order')
  if (!isSlug(courier)) throw invalid('/protected/courier')
  if (!isGroup(group)) throw invalid('/protected/group')
  if (!isRev(rev)) throw invalid('/protected/rev')
  return `{"enc":"A256GCM","typ":"lasthop-personal+json","order":"${order}","courier":"${courier}","group":"${group}","rev":${rev},"v":1}`
}

function readProtected(bytes: Buffer, withKey: boolean): FlatObject {
  const header = parseFlat(bytes.toString('latin1'))
  const wanted = withKey ? [...BINDING_MEMBERS, ...KEY_MEMBERS] : BINDING_MEMBERS
  const found = Object.keys(header ?? {})
  const complete = wanted.length === found.length && wanted.every(name => found.includes(name))
  if (header === undefined || !complete) throw invalid('/protected')
  if (header.enc !== 'A256GCM') throw invalid('/protected/enc')
  if (header.typ !== 'lasthop-personal+json') throw invalid('/protected/typ')
  if (header.v !== 1) throw invalid('/protected/v')
  return header
}

function bindingOf(header: FlatObject): Binding {
  const { order, courier, group, rev } = header
  if (!isOrderId(order)) throw invalid('/protected/order')
  if (!isSlug(courier)) throw invalid('/protected/courier')
  if (!isGroup(group)) throw invalid('/protected/group')
  if (!isRev(rev)) throw invalid('/protected/rev')
  return { order, courier, group, rev }
}

function keyIdOf(header: FlatObject): string {
  if (header.alg !== 'RSA-OAEP-256') throw invalid('/protected/alg')
  if (!isDigest(header.kid)) throw invalid('/protected/kid')
  return header.kid
}

function keyHashOf(jwe: { encrypted_key?: string; keyHash?: string }): string {
  const { encrypted_key: wrappedKey, keyHash = '' } = jwe
  if (wrappedKey === undefined) return decode(keyHash, '/keyHash', 32).toString('base64url')
  return sha256(decode(wrappedKey, '/encrypted_key', WRAPPED_KEY_LENGTH))
}

function decode(text: string | undefined, at: string, length?: number): Buffer {
  return fromBase64url(text, { code: 'SEAL_INVALID', at }, length)
}

function invalid(at: string): GatewayError {
  return new GatewayError('SEAL_INVALID', at)
}
