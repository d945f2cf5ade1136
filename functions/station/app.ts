import type { Hono } from 'hono'
import { readRequest } from '../../lib/access/request.ts'
import { readJson } from '../../lib/access/strict.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import { isGroup, isOrderId, isRev } from '../../lib/seal/envelope.ts'
import { newApp, type Report } from '../http.ts'
import { type OpenRequest, openAtHop, type StationPorts } from './open-at-hop.ts'

/** One opening or refusal, for the courier's log: no personal data, no token. */
export interface StationNote {
  readonly outcome: 'opened' | 'refused'
  readonly order: string
  readonly group: string
  /** `SIGNATURE_INVALID`, the reason that is not told outside. */
  readonly reason?: string
}

const MAX_BYTES = 16_384
const MAX_TOKEN = 4096

/**
 * The helper of handhelds that hold no AWS credentials: `POST /v1/open` with order, group, rev and the
 * handheld's two tokens answers the personal data, which is kept nowhere.
 */
export function stationApp(
  ports: StationPorts,
  report: Report,
  note: (note: StationNote) => void,
): Hono {
  const app = newApp(report)
  app.post('/v1/open', async c => {
    const { body } = await readRequest(c.req.raw, { maxBytes: MAX_BYTES })
    const request = readOpenRequest(readJson(body))
    const { order, group } = request
    try {
      const personal = await openAtHop(ports, request)
      note({ outcome: 'opened', order, group })
      return c.json(personal, 200, { 'cache-control': 'no-store' })
    } catch (error) {
      note({ outcome: 'refused', order, group, reason: reasonOf(error) })
      throw error
    }
  })
  return app
}

function readOpenRequest(body: unknown): OpenRequest {
  const { order, group, rev, keyToken, releaseToken }: Readonly<Record<string, unknown>> =
    typeof body === 'object' && body !== null ? { ...body } : {}
  if (!isOrderId(order)) throw new GatewayError('VALUE_INVALID', '/order')
  if (!isGroup(group)) throw new GatewayError('VALUE_INVALID', '/group')
  if (!isRev(rev)) throw new GatewayError('VALUE_INVALID', '/rev')
  return {
    order,
    group,
    rev,
    keyToken: token(keyToken, '/keyToken'),
    releaseToken: token(releaseToken, '/releaseToken'),
  }
}

function token(value: unknown, at: string): string {
  const isToken = typeof value === 'string' && value.length <= MAX_TOKEN && /^[\w.-]+$/.test(value)
  if (!isToken) throw new GatewayError('VALUE_INVALID', at)
  return value
}

/** The innermost reason that is ours: a code and a pointer, never a value. */
function reasonOf(error: unknown): string {
  if (!(error instanceof GatewayError)) return 'unknown'
  return error.cause instanceof GatewayError ? error.cause.message : error.message
}
