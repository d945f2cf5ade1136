import { GatewayError } from '../model/errors.ts'
import type { Sealed } from '../model/validate.ts'
import { sha256 } from './base64url.ts'
import { verifyCertificate } from './certificate.ts'
import { type Binding, parseSeal } from './envelope.ts'
import { type HeldKey, hashOfKey } from './held-key.ts'
import { isInstant, millisecondsOf } from './instant.ts'
import { verifyDetached } from './jws.ts'
import type { PinnedKey } from './keys.ts'
import type { CustodyKeyPin, SealPins } from './pins.ts'

/** What the signature over a seal states. */
export interface SealFacts extends Binding {
  readonly platform: string
  /** RFC 7638 thumbprint of the custody key. */
  readonly kid: string
  /** SHA-256 of the wrapped key's bytes, base64url. */
  readonly keyHash: string
  /** SHA-256 of protected "." iv "." ciphertext "." tag, over the decoded bytes, base64url. */
  readonly bodyHash: string
  /** UTC, whole seconds: `2026-01-01T00:00:00Z`. */
  readonly sealedAt: string
}

/** How old a seal may be when it is looked at. */
export interface Freshness {
  readonly now: Date
  readonly maxAgeSeconds: number
}

const SKEW_SECONDS = 300

/** A seal whose signature held. */
export interface VerifiedSeal extends SealFacts {
  /** SHA-256 over payload and signature bytes, base64url: what an assignment names as `seal`. */
  readonly digest: string
  /** The key that signed: a certificate's id, or the platform's own key. */
  readonly signer: string
}

/**
 * The text that is signed, each line ended by LF: `lasthop-seal-1`, platform, order, courier, group,
 * rev, kid, hash of the wrapped key, hash of the body, sealedAt.
 *
 * @see design section 5
 */
export function sealPayload(facts: SealFacts): string {
  const { platform, order, courier, group, rev, kid, keyHash, bodyHash, sealedAt } = facts
  return `lasthop-seal-1\n${platform}\n${order}\n${courier}\n${group}\n${rev}\n${kid}\n${keyHash}\n${bodyHash}\n${sealedAt}\n`
}

/**
 * Verifies a seal: what a courier does when it pulls, a station before it opens, and intake with what
 * a platform sealed itself. The seal may hold its wrapped key or only the key's hash.
 *
 * @throws {GatewayError} `SEAL_INVALID` for a malformed seal or a custody key that is not pinned;
 *   `SIGNATURE_INVALID` for a signer, certificate or signature that does not hold.
 * @see design section 5
 */
export function verifySeal(seal: unknown, pins: SealPins, fresh?: Freshness): VerifiedSeal {
  const envelope = parseSeal(seal)
  const { order, courier, group, rev, kid, keyHash, bodyHash, sealed } = envelope
  const { platform, sealedAt } = sealed
  const facts = { platform, order, courier, group, rev, kid, keyHash, bodyHash, sealedAt }
  const verified = verifyFacts(facts, sealed, pins)
  if (fresh !== undefined) requireFresh(sealedAt, fresh)
  return verified
}

/**
 * Verifies a held key: what the router does. The hash is taken of the actual wrapped key, so a key
 * that was moved from another order fails here.
 *
 * @throws {GatewayError} as `verifySeal`.
 */
export function verifyHeldKey(held: HeldKey, pins: SealPins): VerifiedSeal {
  const { platform, order, courier, group, rev, kid, bodyHash, sealedAt, wrappedKey } = held
  const keyHash = hashOfKey(wrappedKey)
  const facts = { platform, order, courier, group, rev, kid, keyHash, bodyHash, sealedAt }
  return verifyFacts(facts, held, pins)
}

function requireFresh(sealedAt: string, { now, maxAgeSeconds }: Freshness): void {
  const age = (now.getTime() - millisecondsOf(sealedAt)) / 1000
  if (age > maxAgeSeconds || age < -SKEW_SECONDS) {
    throw new GatewayError('SIGNATURE_INVALID', '/sealedAt')
  }
}

function verifyFacts(
  facts: SealFacts,
  proof: Pick<Sealed, 'signature' | 'certificate'>,
  pins: SealPins,
): VerifiedSeal {
  const pin = pins.custodyKeys.find(key => key.kid === facts.kid)
  if (pin === undefined) throw new GatewayError('SEAL_INVALID', '/kid')
  if (!isInstant(facts.sealedAt)) throw new GatewayError('SEAL_INVALID', '/sealedAt')
  if (pin.retiredAt !== undefined && facts.sealedAt > pin.retiredAt) {
    throw new GatewayError('SEAL_INVALID', '/sealedAt')
  }
  const keys = signersOf(facts, pin, proof.certificate, pins)
  const payload = sealPayload(facts)
  const { signature, kid } = verifyDetached(proof.signature, payload, {
    typ: ['lasthop-seal'],
    keys: keys.filter(key => key.alg === 'ES256'),
  })
  return { ...facts, digest: sha256(payload, signature), signer: kid }
}

/** A platform's custody key is signed for by that platform only, any other by certified intake only. */
function signersOf(
  facts: SealFacts,
  pin: CustodyKeyPin,
  certificate: string | undefined,
  pins: SealPins,
): readonly PinnedKey[] {
  if (pin.platform !== undefined) {
    const own = certificate === undefined && facts.platform === pin.platform.name
    if (!own) throw new GatewayError('SIGNATURE_INVALID', '/platform')
    return pin.platform.keys
  }
  const { from, until, key } = verifyCertificate(certificate, pins.gatewayKeys, pins.revoked)
  if (facts.sealedAt < from || facts.sealedAt > until) {
    throw new GatewayError('SIGNATURE_INVALID', '/sealedAt')
  }
  return [key]
}
