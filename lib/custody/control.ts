import { GatewayError } from '../model/errors.ts'
import { type FlatObject, parseFlat } from '../seal/flat-json.ts'
import { isInstant } from '../seal/instant.ts'
import { signJws, verifyJws } from '../seal/jws.ts'
import type { PinnedKey, SigningKey } from '../seal/keys.ts'
import type { AssignmentRules, HopKind } from './assignment.ts'

/** What the courier's control key may order the router to do. */
export type Control =
  /** Registers a hop, or closes it. `limit` is how many releases it may have in one window. */
  | { action: 'register-hop'; hop: string; kind: HopKind | 'closed'; limit: number }
  /** Lifts a brake: until then the counter may go up to `limit`. */
  | { action: 'lift-brake'; counter: string; limit: number; until: string }
  /** Opens the router's table, new or restored: no assignment signed before then counts. */
  | { action: 'raise-floor'; notBefore: number }

/** A control statement that held, and when it was signed (seconds since 1970). */
export interface VerifiedControl {
  readonly control: Control
  readonly iat: number
}

const WINDOW_SECONDS = 300

/** Signs a control statement; `aud` and `courier` name the router. */
export function signControl(
  control: Control,
  to: { aud: string; courier: string; now: Date },
  key: SigningKey,
): string {
  const { aud, courier, now } = to
  const statement = { aud, courier, ...control, iat: Math.floor(now.getTime() / 1000) }
  return signJws('lasthop-control', JSON.stringify(statement), key)
}

/**
 * Verifies a control statement by one of the courier's control keys, which are never dispatch keys:
 * who assigns parcels can neither lift a brake nor register a hop.
 *
 * @throws {GatewayError} `SIGNATURE_INVALID`, or `VALUE_INVALID` with the member at fault.
 * @see design section 6.6
 */
export function verifyControl(
  jws: unknown,
  rules: Omit<AssignmentRules, 'keys'> & { controlKeys: readonly PinnedKey[] },
): VerifiedControl {
  const keys = rules.controlKeys.filter(key => key.alg !== 'RS256')
  const { payload } = verifyJws(jws, { typ: ['lasthop-control'], keys })
  const { aud, courier, iat, ...order } = parseFlat(payload.toString('latin1')) ?? {}
  if (aud !== rules.aud) throw invalid('/aud')
  if (courier !== rules.courier) throw invalid('/courier')
  const age = Math.floor(rules.now.getTime() / 1000) - Number(iat)
  if (!(Math.abs(age) <= WINDOW_SECONDS)) throw invalid('/iat')
  return { control: readControl(order), iat: Number(iat) }
}

function readControl(order: FlatObject): Control {
  const { action, hop, kind, limit, counter, until, notBefore } = order
  switch (action) {
    case 'register-hop':
      return { action, hop: hopName(hop), kind: hopKind(kind), limit: count(limit, '/limit') }
    case 'lift-brake':
      if (!isCounter(counter)) throw invalid('/counter')
      if (!isInstant(until)) throw invalid('/until')
      return { action, counter, limit: count(limit, '/limit'), until }
    case 'raise-floor':
      return { action, notBefore: count(notBefore, '/notBefore') }
    default:
      throw invalid('/action')
  }
}

function hopName(hop: unknown): string {
  if (typeof hop === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(hop)) return hop
  throw invalid('/hop')
}

function hopKind(kind: unknown): HopKind | 'closed' {
  if (kind === 'pickup' || kind === 'delivery' || kind === 'closed') return kind
  throw invalid('/kind')
}

function isCounter(counter: unknown): counter is string {
  return typeof counter === 'string' && /^(hop|dispatch)#[A-Za-z0-9._-]{1,64}$/.test(counter)
}

function count(value: unknown, at: string): number {
  if (typeof value !== 'number') throw invalid(at)
  return value
}

function invalid(at: string): GatewayError {
  return new GatewayError('VALUE_INVALID', at)
}
