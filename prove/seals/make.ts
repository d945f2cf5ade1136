import {
  constants,
  createCipheriv,
  type KeyObject,
  publicEncrypt,
  randomBytes,
  sign,
} from 'node:crypto'
import type { Binding } from '../../lib/seal/envelope.ts'
import type { Doc } from './case.ts'
import * as w from './world.ts'

/** What a signature over a seal states, each as it is written. */
export interface Stated {
  readonly platform: string
  readonly order: string
  readonly courier: string
  readonly group: string
  readonly rev: string
  readonly kid: string
  readonly keyHash: string
  readonly bodyHash: string
  readonly sealedAt: string
}

/** What is unusual about a seal that is consistent, encrypted and signed in all else. */
export interface Recipe {
  /** intake certified by the gateway, or a platform on its own. */
  readonly by?: 'intake' | 'platform'
  /** `alg` and `kid` in the protected header, as Nimbus makes it. */
  readonly nimbus?: boolean
  /** The wrapped key replaced by its hash, as a courier pulls it. */
  readonly pulled?: boolean
  /** Bound to other than the usual. */
  readonly binding?: Partial<Binding>
  readonly platform?: string
  readonly sealedAt?: string
  readonly kid?: string
  /** Protected header as text or bytes, from what it would be. */
  readonly head?: (usual: Doc) => string | Uint8Array
  /** Unprotected header; `null` for none. */
  readonly header?: unknown
  readonly text?: string | Uint8Array
  /** Length that the text is padded to; 0 for none. */
  readonly size?: number
  readonly contentKey?: Uint8Array
  /** A content key of its own, where seals are mixed with each other; else all share one: wrapping takes long. */
  readonly ownKey?: boolean
  readonly ivLength?: number
  readonly tagLength?: number
  readonly wrappedKey?: Uint8Array
  /** What the signature states, where that is not what the header says. */
  readonly states?: Partial<Stated>
  readonly signer?: w.Signer
  /** Certificate; `null` for none. */
  readonly certificate?: string | null
}

/** A seal, and what opens it. */
export interface Made {
  readonly sealed: Doc
  readonly contentKey: Uint8Array
  readonly asked: Binding
  readonly stated: Stated
}

/** Invented. */
export const personal = {
  name: '张测试',
  phone: '13800000000',
  address: '测试路1号样例小区2幢301室',
}

export const b64u = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64url')

/** The ten lines that are signed. */
export function payloadOf(stated: Stated): string {
  const { platform, order, courier, group, rev, kid, keyHash, bodyHash, sealedAt } = stated
  const lines = [platform, order, courier, group, rev, kid, keyHash, bodyHash, sealedAt]
  return ['lasthop-seal-1', ...lines].map(line => `${line}\n`).join('')
}

/** r‖s by ECDSA with SHA-256, or an Ed25519 signature. */
export function signatureOf(input: string, { alg, key }: w.Signer): Buffer {
  if (alg === 'EdDSA') return sign(null, Buffer.from(input), key)
  return sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
}

/** Compact JWS with the given header text. */
export function jws(header: string, payload: string, by: w.Signer): string {
  const input = `${b64u(header)}.${b64u(payload)}`
  return `${input}.${b64u(signatureOf(input, by))}`
}

/** The same without its payload. */
export function detached(header: string, payload: string, by: w.Signer): string {
  const [head, , signature] = jws(header, payload, by).split('.')
  return `${head}..${signature}`
}

export const jwsHeader = (by: w.Signer, typ = 'lasthop-seal'): string =>
  JSON.stringify({ alg: by.alg, kid: by.kid, typ })

/** What a certificate says of a key for the usual hour. */
export function claimsOf(of: w.Signer): Doc {
  const { x, y } = of.publicKey.export({ format: 'jwk' })
  return { x, y, from: '2026-01-05T01:30:00Z', until: '2026-01-05T02:30:00Z' }
}

/** A certificate of a key by the gateway, or by another key; with other claims where they are given. */
export function certificateOf(of: w.Signer, by: w.Signer = w.signers.gateway, other?: Doc): string {
  const claims = JSON.stringify({ ...claimsOf(of), ...other })
  return jws(jwsHeader(by, 'lasthop-certificate'), claims, by)
}

const usualCertificate = certificateOf(w.signers.intake)

/** Makes a seal; without a recipe, one that intake makes and everybody accepts. */
export function make(recipe: Recipe = {}): Made {
  const own = recipe.by === 'platform'
  const asked: Binding = { ...w.binding, ...recipe.binding }
  const kid = recipe.kid ?? (own ? w.kids.platform : w.kids.custody)
  const { tagLength: authTagLength = 16 } = recipe
  const { contentKey, wrapped } = keysOf(recipe)
  const iv = randomBytes(recipe.ivLength ?? 12)
  const head = protectedOf(recipe, asked, kid)
  const cipher = createCipheriv('aes-256-gcm', keyOf32(contentKey), iv, { authTagLength })
  cipher.setAAD(Buffer.from(b64u(head)))
  const ciphertext = Buffer.concat([cipher.update(paddedText(recipe)), cipher.final()])
  const tag = cipher.getAuthTag()
  const stated: Stated = {
    platform: recipe.platform ?? 'acme',
    ...{ order: asked.order, courier: asked.courier, group: asked.group, rev: String(asked.rev) },
    kid,
    keyHash: w.digest(wrapped),
    bodyHash: w.digest(head, '.', iv, '.', ciphertext, '.', tag),
    sealedAt: recipe.sealedAt ?? w.sealedAt,
    ...recipe.states,
  }
  const jwe = {
    protected: b64u(head),
    ...headerOf(recipe, kid),
    ...(recipe.pulled ? { keyHash: w.digest(wrapped) } : { encrypted_key: b64u(wrapped) }),
    ...{ iv: b64u(iv), ciphertext: b64u(ciphertext), tag: b64u(tag) },
  }
  return { sealed: signed(jwe, stated, recipe), contentKey, asked, stated }
}

/** Signs whatever it is, with what the signature is to state. */
export function signed(jwe: Doc, stated: Stated, recipe: Recipe = {}): Doc {
  const own = recipe.by === 'platform'
  const by = recipe.signer ?? (own ? w.signers.platform : w.signers.intake)
  const certificate = recipe.certificate ?? (own ? null : usualCertificate)
  const { platform, sealedAt } = stated
  return {
    ...jwe,
    ...{ platform, sealedAt, signature: detached(jwsHeader(by), payloadOf(stated), by) },
    ...(certificate === null || recipe.certificate === null ? {} : { certificate }),
  }
}

/** Members of the protected header as LastHop writes them, or as Nimbus does. */
export function headOf(binding: Binding, kid?: string): Doc {
  const { order, courier, group, rev } = binding
  return {
    ...(kid === undefined ? {} : { alg: 'RSA-OAEP-256', kid }),
    ...{ enc: 'A256GCM', typ: 'lasthop-personal+json', order, courier, group, rev, v: 1 },
  }
}

function protectedOf(recipe: Recipe, asked: Binding, kid: string): Buffer {
  const usual = headOf(asked, recipe.nimbus ? kid : undefined)
  return Buffer.from(recipe.head?.(usual) ?? JSON.stringify(usual))
}

function headerOf(recipe: Recipe, kid: string): Doc {
  if (recipe.header !== undefined) return recipe.header === null ? {} : { header: recipe.header }
  return recipe.nimbus ? {} : { header: { alg: 'RSA-OAEP-256', kid } }
}

function paddedText({ text = JSON.stringify(personal), size = 512 }: Recipe): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([bytes, Buffer.alloc(Math.max(0, size - bytes.length), ' ')])
}

/** A content key of another length is wrapped as it is; something must still encrypt the text. */
function keyOf32(contentKey: Uint8Array): Buffer {
  return Buffer.concat([contentKey, Buffer.alloc(32)]).subarray(0, 32)
}

interface Keys {
  readonly contentKey: Uint8Array
  readonly wrapped: Uint8Array
}

const shared: Partial<Record<'intake' | 'platform', Keys>> = {}

function keysOf({ by = 'intake', contentKey, ownKey = false, wrappedKey }: Recipe): Keys {
  const fresh = (key: Uint8Array): Keys => ({
    contentKey: key,
    wrapped: wrap(key, by === 'platform' ? w.platformCustody : w.custody),
  })
  if (contentKey !== undefined || ownKey) return fresh(contentKey ?? randomBytes(32))
  shared[by] ??= fresh(randomBytes(32))
  return wrappedKey === undefined ? shared[by] : { ...shared[by], wrapped: wrappedKey }
}

function wrap(contentKey: Uint8Array, key: KeyObject): Buffer {
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  return publicEncrypt({ key, padding, oaepHash: 'sha256' }, contentKey)
}
