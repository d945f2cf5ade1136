import { GatewayError } from '../model/errors.ts'
import { type Assignment, checkAssignment } from '../model/validate.ts'
import { sha256 } from '../seal/base64url.ts'
import { parseFlat } from '../seal/flat-json.ts'
import { type JwsType, signJws, verifyJws } from '../seal/jws.ts'
import type { PinnedKey, SigningKey } from '../seal/keys.ts'
import { isAssignableDay } from './day.ts'

/** What an assignment must be: for this router, of this courier, by one of its dispatch keys. */
export interface AssignmentRules {
  readonly keys: readonly PinnedKey[]
  readonly aud: string
  readonly courier: string
  readonly now: Date
}

/** An assignment whose signature and rules held. */
export interface VerifiedAssignment {
  readonly assignment: Assignment
  /** SHA-256 of the signed payload, base64url: the same assignment signed again is the same. */
  readonly hash: string
  /** The dispatch key that signed. */
  readonly kid: string
}

/** Kinds of hop that may be given anything. Hubs, line-haul and warehouses are never registered. */
export type HopKind = 'pickup' | 'delivery'

/** Longest age of an assignment. */
export const ASSIGNMENT_AGE_SECONDS = 86_400
const SKEW_SECONDS = 300

/** Whose data goes to which kind of hop. */
const LEGS = {
  pickup: { group: 'sender', kind: 'pickup' },
  delivery: { group: 'receiver', kind: 'delivery' },
  return: { group: 'sender', kind: 'delivery' },
} as const satisfies Record<string, { group: Assignment['group']; kind: HopKind }>

/** Signs an assignment, or, for leg `done`, the statement that ends a group, by a dispatch key. */
export function signAssignment(assignment: Assignment, key: SigningKey): string {
  return signJws(typeFor(assignment), JSON.stringify(assignment), key)
}

/**
 * Verifies a courier's assignment: signature by a pinned dispatch key, schema, router, courier, age,
 * working day, and the group that its leg allows. Gateway and router both call it. Epoch, hop and
 * seal are for whoever keeps them to check.
 *
 * @throws {GatewayError} `SIGNATURE_INVALID`, or `ASSIGNMENT_INVALID` with the member at fault.
 * @see design section 6.2
 */
export function verifyAssignment(jws: unknown, rules: AssignmentRules): VerifiedAssignment {
  const { typ, kid, payload } = verifyJws(jws, {
    typ: ['lasthop-assignment', 'lasthop-statement'],
    keys: rules.keys.filter(key => key.alg !== 'RS256'),
  })
  const assignment = checkAssignment(parseFlat(payload.toString('latin1')))
  if (typ !== typeFor(assignment)) throw invalid('/leg')
  if (assignment.aud !== rules.aud) throw invalid('/aud')
  if (assignment.courier !== rules.courier) throw invalid('/courier')
  requireTimely(assignment, rules.now)
  if (assignment.leg !== 'done' && assignment.group !== LEGS[assignment.leg].group) {
    throw invalid('/group')
  }
  return { assignment, hash: sha256(payload), kid }
}

/**
 * Requires that a hop may have what the leg gives: a pickup hop on leg `pickup`, a delivery hop on
 * `delivery` and `return`.
 *
 * @throws {GatewayError} `ASSIGNMENT_INVALID` at `/hop` for another kind, or a hop that nobody registered.
 */
export function requireHopFor(leg: Assignment['leg'], kind: HopKind | undefined): void {
  if (leg !== 'done' && LEGS[leg].kind !== kind) throw invalid('/hop')
}

function requireTimely({ iat, day, leg }: Assignment, now: Date): void {
  const age = Math.floor(now.getTime() / 1000) - iat
  if (age > ASSIGNMENT_AGE_SECONDS || age < -SKEW_SECONDS) throw invalid('/iat')
  if (leg !== 'done' && !isAssignableDay(day, now)) throw invalid('/day')
}

function typeFor({ leg }: Assignment): Extract<JwsType, `lasthop-${'assignment' | 'statement'}`> {
  return leg === 'done' ? 'lasthop-statement' : 'lasthop-assignment'
}

function invalid(at: string): GatewayError {
  return new GatewayError('ASSIGNMENT_INVALID', at)
}
