import { createPublicKey, type KeyObject } from 'node:crypto'
import { GatewayError } from '../model/errors.ts'
import { fromBase64url, toBase64url } from './base64url.ts'
import { parseFlat } from './flat-json.ts'
import { isInstant, millisecondsOf, toInstant } from './instant.ts'
import { signingInput, verifyJws } from './jws.ts'
import { type PinnedKey, pinKey, thumbprint } from './keys.ts'

/** The gateway's long-lived signing key, wherever it lies (KMS). */
export interface CertificateSigner {
  /** RFC 7638 thumbprint of the public half. */
  readonly kid: string
  /** ES256 over the bytes: r‖s, 64 bytes (see `derToRaw` for what KMS gives). */
  sign(bytes: Uint8Array): Promise<Uint8Array>
}

/** A certified key: who may sign seals, and when. Its id is the key's thumbprint. */
export interface Certificate {
  readonly id: string
  readonly key: PinnedKey
  /** First and last moment, UTC: `2026-01-01T00:00:00Z`. */
  readonly from: string
  readonly until: string
}

/** Longest life of a certificate. */
export const CERTIFICATE_SECONDS = 3600

/**
 * Has an ephemeral public key certified for one hour from `from`. The certificate's id is the
 * RFC 7638 thumbprint of that key, which a seal's signature names as its `kid`.
 */
export async function certifyKey(
  publicKey: KeyObject,
  from: Date,
  signer: CertificateSigner,
): Promise<{ id: string; jws: string; from: string; until: string }> {
  const { x, y } = publicKey.export({ format: 'jwk' })
  const window = {
    from: toInstant(from),
    until: toInstant(new Date(from.getTime() + CERTIFICATE_SECONDS * 1000)),
  }
  const payload = JSON.stringify({ x, y, ...window })
  const header = { alg: 'ES256', kid: signer.kid, typ: 'lasthop-certificate' } as const
  const input = signingInput(header, payload)
  const signature = toBase64url(await signer.sign(Buffer.from(input, 'ascii')))
  const jws = `${input}.${signature}`
  return { id: thumbprint(publicKey), jws, ...window }
}

/**
 * Reads a certificate by a pinned gateway key.
 *
 * @throws {GatewayError} `SIGNATURE_INVALID` when it is not one, lasts longer than an hour, or its id
 *   was revoked.
 */
export function verifyCertificate(
  jws: unknown,
  gatewayKeys: readonly PinnedKey[],
  revoked: readonly string[],
): Certificate {
  const keys = gatewayKeys.filter(key => key.alg === 'ES256')
  const { payload } = verifyJws(jws, { typ: ['lasthop-certificate'], keys })
  const { x, y, from, until, ...more } = parseFlat(payload.toString('latin1')) ?? {}
  if (!isInstant(from) || !isInstant(until) || Object.keys(more).length > 0) throw invalid()
  const seconds = (millisecondsOf(until) - millisecondsOf(from)) / 1000
  if (seconds <= 0 || seconds > CERTIFICATE_SECONDS) throw invalid()
  const key = certifiedKey(x, y)
  if (revoked.includes(key.kid)) throw invalid()
  return { id: key.kid, key, from, until }
}

function certifiedKey(x: unknown, y: unknown): PinnedKey {
  const fault = { code: 'SIGNATURE_INVALID', at: '/certificate' } as const
  fromBase64url(x, fault, 32)
  fromBase64url(y, fault, 32)
  try {
    const jwk = { kty: 'EC', crv: 'P-256', x: String(x), y: String(y) }
    createPublicKey({ key: jwk, format: 'jwk' })
    return pinKey(jwk)
  } catch (cause) {
    throw new GatewayError(fault.code, fault.at, { cause })
  }
}

function invalid(): GatewayError {
  return new GatewayError('SIGNATURE_INVALID', '/certificate')
}
