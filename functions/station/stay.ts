import { GatewayError } from '../../lib/model/errors.ts'

/** Where and when a station is signed in. */
export interface Stay {
  readonly hop: string
  /** Working day: `2026-01-01`. */
  readonly day: string
}

/**
 * Hop and day, as the station's own release token says. The signature is not looked at here: the
 * gateway verifies it, and KMS lets nobody decrypt but the hop and day that the key token names.
 *
 * @throws {GatewayError} `UNAUTHENTICATED` for a text that is no such token.
 */
export function readStay(releaseToken: string): Stay {
  const { hop, day } = readClaims(releaseToken)
  const isHop = typeof hop === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(hop)
  const isDay = typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day)
  if (!isHop || !isDay) throw new GatewayError('UNAUTHENTICATED')
  return { hop, day }
}

function readClaims(token: string): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'),
    )
    return typeof claims === 'object' && claims !== null ? { ...claims } : {}
  } catch {
    throw new GatewayError('UNAUTHENTICATED')
  }
}
