import { generateKeyPairSync } from 'node:crypto'
import { GatewayError } from '../model/errors.ts'
import type { Sealed } from '../model/validate.ts'
import { CERTIFICATE_SECONDS, type CertificateSigner, certifyKey } from './certificate.ts'
import { type Jwe, parseJwe } from './envelope.ts'
import { toInstant } from './instant.ts'
import { signDetached } from './jws.ts'
import { type SigningKey, signingKey } from './keys.ts'
import { sealPayload } from './signature.ts'

/** Signs seals; synchronous, no call to anybody. */
export interface SealSigner {
  /**
   * @throws {GatewayError} `SIGNATURE_INVALID` when `at` is outside the signer's certificate.
   */
  sign(jwe: Jwe, platform: string, at: Date): Sealed
}

/** Where intake gets its signer from, once for each request. */
export interface SealSignerSource {
  /**
   * A signer that is certified for at least the next minutes.
   *
   * @throws {GatewayError} `STORE_AWAY` when the gateway's signing key cannot be reached.
   */
  current(): Promise<SealSigner>
}

interface CertifiedSigner extends SealSigner {
  readonly renewAt: number
  readonly until: number
}

const RENEW_BEFORE_SECONDS = 600

/**
 * A platform's own signer, for what it sealed itself: ES256 by the key that the courier pinned.
 *
 * @throws {GatewayError} `VALUE_INVALID` for a key that is not P-256.
 */
export function platformSigner(key: SigningKey): SealSigner {
  if (key.alg !== 'ES256') throw new GatewayError('VALUE_INVALID', '/kty')
  return { sign: (jwe, platform, at) => signSeal(jwe, platform, toInstant(at), key) }
}

/**
 * Intake's signer: an ephemeral P-256 key, certified by the gateway's signing key at first use for one
 * hour. A new one is made when under ten minutes remain (jitter apart), looked at for each request and
 * never by a timer, since an execution environment freezes between requests. Requests that meet share
 * one certification; while renewal fails, the signer in hand serves to its end.
 */
export function createSealSigner(ports: {
  certify: CertificateSigner
  now: () => Date
  /** Seconds by which this environment renews earlier than others, so that they do not all at once. */
  jitterSeconds?: number
}): SealSignerSource {
  const jitter = ports.jitterSeconds ?? Math.random() * 60
  let held: CertifiedSigner | undefined
  let renewal: Promise<CertifiedSigner> | undefined
  const renew = (): Promise<CertifiedSigner> => {
    renewal ??= certifiedSigner(ports.certify, ports.now(), jitter).finally(() => {
      renewal = undefined
    })
    return renewal
  }
  return {
    async current() {
      const now = ports.now().getTime()
      if (held !== undefined && now < held.renewAt) return held
      try {
        held = await renew()
      } catch (cause) {
        if (held === undefined || now >= held.until) {
          throw new GatewayError('STORE_AWAY', '', { retry: 'later', cause })
        }
      }
      return held
    },
  }
}

async function certifiedSigner(
  certify: CertificateSigner,
  now: Date,
  jitterSeconds: number,
): Promise<CertifiedSigner> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const certificate = await certifyKey(publicKey, now, certify)
  const key = signingKey(privateKey)
  const until = now.getTime() + CERTIFICATE_SECONDS * 1000
  return {
    renewAt: until - (RENEW_BEFORE_SECONDS + jitterSeconds) * 1000,
    until,
    sign(jwe, platform, at) {
      const sealedAt = toInstant(at)
      if (sealedAt < certificate.from || sealedAt > certificate.until) {
        throw new GatewayError('SIGNATURE_INVALID', '/sealedAt')
      }
      return { ...signSeal(jwe, platform, sealedAt, key), certificate: certificate.jws }
    },
  }
}

function signSeal(jwe: Jwe, platform: string, sealedAt: string, key: SigningKey): Sealed {
  const facts = { ...parseJwe(jwe), platform, sealedAt }
  return {
    ...jwe,
    platform,
    sealedAt,
    signature: signDetached('lasthop-seal', sealPayload(facts), key),
  }
}
