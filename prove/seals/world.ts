import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Binding } from '../../lib/seal/envelope.ts'
import type { PinnedKey, SignatureAlgorithm } from '../../lib/seal/keys.ts'
import type { SealPins } from '../../lib/seal/pins.ts'

// Keys, pins and names of the proof. Nothing here runs code of lib/: what is proved must not help to make
// what it is given.

const file: Readonly<Record<string, JsonWebKey>> = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../test/vectors/keys.json'), 'utf8'),
)

/** A private key that signs, under the id that others know it by. */
export interface Signer {
  readonly kid: string
  readonly alg: SignatureAlgorithm
  readonly key: KeyObject
  readonly publicKey: KeyObject
}

/** SHA-256 as base64url. */
export const digest = (...parts: readonly (Uint8Array | string)[]): string =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('base64url')

/** RFC 7638 thumbprint. */
export function thumbprintOf(key: KeyObject): string {
  const { crv, e, kty, n, x, y } = key.export({ format: 'jwk' })
  const members =
    kty === 'RSA' ? { e, kty, n } : kty === 'EC' ? { crv, kty, x, y } : { crv, kty, x }
  return digest(JSON.stringify(members))
}

function signer(key: KeyObject): Signer {
  const publicKey = createPublicKey(key)
  const alg = key.asymmetricKeyType === 'ec' ? 'ES256' : 'EdDSA'
  return { kid: thumbprintOf(publicKey), alg, key, publicKey }
}

const fromFile = (name: string): KeyObject =>
  createPrivateKey({ key: file[name] ?? {}, format: 'jwk' })

const fresh = (): Signer => signer(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)

/** Everybody who signs something, rightly or not. */
export const signers = {
  gateway: signer(fromFile('gateway')),
  /** The gateway's next signing key, already pinned. */
  nextGateway: signer(fromFile('root')),
  intake: signer(fromFile('intake')),
  /** Intake's key in another execution environment. */
  otherIntake: signer(fromFile('dispatch')),
  thirdIntake: fresh(),
  platform: signer(fromFile('platform')),
  otherPlatform: signer(fromFile('issuer')),
  /** Pinned where only ES256 counts, as by a slip in a configuration. */
  edwards: signer(fromFile('control')),
  edwardsGateway: signer(fromFile('receipt')),
  /** Certified by the gateway, then revoked. */
  revoked: fresh(),
  stranger: fresh(),
} as const

export type SignerName = keyof typeof signers

/** The two custody keys whose private halves the proof needs. */
export const custody = createPublicKey(fromFile('custody'))
export const platformCustody = createPublicKey(fromFile('platformCustody'))

/** Ids of custody keys. The last three need no key: a verifier knows custody keys by their id only. */
export const kids = {
  custody: thumbprintOf(custody),
  platform: thumbprintOf(platformCustody),
  otherPlatform: digest('custody key of another platform'),
  next: digest('next custody key'),
  retired: digest('retired custody key'),
} as const

export const order = 'o_fck7qd6bckys2eiuxjf7u36sdw'
export const otherOrder = 'o_zy5ftfbihbb6j65dkio6kv55at'
export const binding: Binding = { order, courier: 'swift', group: 'receiver', rev: 1 }
export const sealedAt = '2026-01-05T02:00:00Z'
export const retiredAt = '2026-01-05T01:00:00Z'

const pinned = ({ kid, alg, publicKey: key }: Signer): PinnedKey => ({ kid, alg, key })

/** What courier, router and station were told to trust. */
export const pins: SealPins = {
  custodyKeys: [
    { kid: kids.custody },
    {
      kid: kids.platform,
      platform: { name: 'acme', keys: [pinned(signers.platform), pinned(signers.edwards)] },
    },
    {
      kid: kids.otherPlatform,
      platform: { name: 'bazaar', keys: [pinned(signers.otherPlatform)] },
    },
    { kid: kids.next },
    { kid: kids.retired, retiredAt },
  ],
  gatewayKeys: [signers.gateway, signers.nextGateway, signers.edwardsGateway].map(pinned),
  revoked: [signers.revoked.kid],
}
