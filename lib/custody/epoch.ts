import { GatewayError } from '../model/errors.ts'
import type { VerifiedAssignment } from './assignment.ts'

/** What is kept of the assignment that stands for an order's group. */
export interface StandingEpoch {
  readonly epoch: number
  /** Hash of that assignment. */
  readonly hash: string
}

/**
 * How an assignment follows the one that stands, in the gateway: exactly one more is `next`, the same
 * one again is a `repeat` (a lost reply, or a release that did not come to its capsule).
 *
 * @throws {GatewayError} `EPOCH_STALE` for a lower or skipped epoch, or another assignment of the same.
 * @see design section 6.3
 */
export function followEpoch(
  standing: StandingEpoch | undefined,
  { assignment, hash }: VerifiedAssignment,
): 'next' | 'repeat' {
  const last = standing?.epoch ?? 0
  if (assignment.epoch === last + 1) return 'next'
  if (assignment.epoch === last && hash === standing?.hash) return 'repeat'
  throw new GatewayError('EPOCH_STALE', '/epoch')
}
