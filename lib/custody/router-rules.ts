import { GatewayError } from '../model/errors.ts'
import type { Binding } from '../seal/envelope.ts'
import type { VerifiedSeal } from '../seal/signature.ts'
import type { VerifiedAssignment } from './assignment.ts'
import type { EpochRecord } from './router-ports.ts'

/**
 * The seal is of the order that is assigned, and it is the one that the courier verified when it pulled.
 *
 * @throws {GatewayError} `ASSIGNMENT_INVALID` at the member that differs.
 */
export function requireSealOf(
  { assignment }: VerifiedAssignment,
  seal: VerifiedSeal,
): VerifiedSeal {
  for (const member of ['courier', 'order', 'group', 'rev'] as const) {
    if (seal[member] !== assignment[member]) {
      throw new GatewayError('ASSIGNMENT_INVALID', `/${member}`)
    }
  }
  if (seal.digest !== assignment.seal) throw new GatewayError('ASSIGNMENT_INVALID', '/seal')
  return seal
}

/** What is kept of an assignment. */
export function recordOf({ assignment, hash }: VerifiedAssignment): EpochRecord {
  const { epoch, rev, seal, hop, day, leg } = assignment
  return { epoch, hash, rev, seal, hop, day, ended: leg === 'done' }
}

/** Whether this very assignment stands already. */
export function isSame(standing: EpochRecord | undefined, record: EpochRecord): boolean {
  return standing?.epoch === record.epoch && standing.hash === record.hash
}

/**
 * A new assignment has a higher epoch, no lower revision, and not the seal that leg `done` ended.
 *
 * @throws {GatewayError} `EPOCH_STALE` at the member at fault.
 */
export function requireHigher(standing: EpochRecord | undefined, record: EpochRecord): void {
  if (standing === undefined) return
  if (standing.epoch >= record.epoch) throw new GatewayError('EPOCH_STALE', '/epoch')
  if (standing.rev > record.rev) throw new GatewayError('EPOCH_STALE', '/rev')
  if (standing.ended && standing.seal === record.seal)
    throw new GatewayError('EPOCH_STALE', '/seal')
}

/** @throws {GatewayError} `EPOCH_STALE` when another assignment took the epoch first. */
export function requireTaken(standing: EpochRecord, record: EpochRecord): void {
  if (!isSame(standing, record)) throw new GatewayError('EPOCH_STALE', '/epoch')
}

/**
 * A wrapped key serves one order, group and revision, whoever signs for it again.
 *
 * @throws {GatewayError} `RELEASE_REFUSED` at `/wrappedKey` for a key that is bound to another.
 */
export function requireBound(seal: VerifiedSeal, bound: Binding): void {
  const { order, group, rev } = bound
  if (order !== seal.order || group !== seal.group || rev !== seal.rev) {
    throw new GatewayError('RELEASE_REFUSED', '/wrappedKey')
  }
}

/** What a verified seal binds its wrapped key to. */
export function bindingOf({ order, courier, group, rev }: VerifiedSeal): Binding {
  return { order, courier, group, rev }
}
