import { readJson } from '../../lib/access/strict.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import type { StationPorts } from './open-at-hop.ts'

const TIMEOUT_MS = 8000
const MAX_BYTES = 32_768

/**
 * Fetches seal and capsule from the gateway, with the release token as bearer.
 *
 * @throws {GatewayError} `RELEASE_REFUSED` when the gateway refuses, `STORE_AWAY` when it is away.
 */
export function fetchReleaseFrom(
  origin: string,
  courier: string,
  fetchIt: typeof fetch = fetch,
): StationPorts['fetchRelease'] {
  return async ({ hop, order, group, releaseToken }) => {
    const path = ['couriers', courier, 'hops', hop, 'orders', order].map(encodeURIComponent)
    const reply = await fetchIt(`${origin}/v1/${path.join('/')}?group=${group}`, {
      headers: { authorization: `Bearer ${releaseToken}` },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(away)
    if (reply.status === 429 || reply.status >= 500) return away(reply.status)
    if (reply.status !== 200) throw new GatewayError('RELEASE_REFUSED', '/gateway')
    const body = new Uint8Array(await reply.arrayBuffer().catch(away))
    return readJson(body, { maxBytes: MAX_BYTES })
  }
}

function away(cause: unknown): never {
  throw new GatewayError('STORE_AWAY', '/gateway', { retry: 'later', cause })
}
