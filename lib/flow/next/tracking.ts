import type { Status } from '../../model/validate.ts'
import type { End, Head, Tracking } from '../../store/head.ts'
import type { EventInput } from './causes.ts'
import { tagOf } from './step.ts'

/** Statuses of a parcel that was collected. */
const MOVES: ReadonlySet<Status> = new Set([
  'collected',
  'departed',
  'arrived',
  'in-transit',
  'out-for-delivery',
  'at-pickup-point',
  'refused',
  'returning',
  'redirected',
])

/** Statuses that, after a delivery, say that it was none. */
const REVOKES: ReadonlySet<Status> = new Set(['out-for-delivery', 'refused', 'returning'])

/** Whether a status tells that the parcel was collected. */
export const tellsMove = (status: Status): boolean => MOVES.has(status)

/**
 * What tracking knows after an event. The status follows the newest time. A way that ended stays so,
 * except that a delivery may be revoked, and that a push "cancelled" ends nothing for good: only the
 * courier's answer does.
 */
export function track({ tracking, boxes }: Head, event: EventInput): Tracking {
  const { status, at, role } = event
  const box = tagOf(event.waybill)
  const { ended, endedAt, boxesEnded = [], ...way } = reopened(tracking, event, box)
  const end = endOf(status, role)
  const done = end !== undefined && role === 'box' && boxes > 1
  const all = done ? [...new Set([...boxesEnded, box])] : boxesEnded
  const complete = role === 'return' || boxes === 1 || all.length >= boxes
  const kept = ended === undefined ? {} : { ended, endedAt: endedAt ?? at }
  return {
    ...way,
    ...(at >= tracking.at ? { status, at } : {}),
    ...(MOVES.has(status) ? { moving: true } : {}),
    ...(end !== undefined && complete && gives(ended, end) ? { ended: end, endedAt: at } : kept),
    ...(all.length > 0 ? { boxesEnded: all } : {}),
  }
}

/** The tracking without its end, when the event says that it was none. */
function reopened(tracking: Tracking, { status, at }: EventInput, box: string): Tracking {
  const { ended, endedAt = 0, boxesEnded, ...way } = tracking
  const revoked = ended === 'delivered' && at > endedAt && REVOKES.has(status)
  const revived = ended === 'cancelled' && MOVES.has(status)
  if (!revoked && !revived) return tracking
  const others = boxesEnded?.filter(tag => tag !== box) ?? []
  return others.length > 0 ? { ...way, boxesEnded: others } : way
}

/** Whether one end may follow the end that is known. */
function gives(known: End | undefined, end: End): boolean {
  return (
    known === undefined || known === 'cancelled' || (known === 'delivered' && end === 'returned')
  )
}

/** How a status ends a parcel's way, if it does. What arrives under the number of the way back is returned. */
function endOf(status: Status, role: EventInput['role']): End | undefined {
  if (status === 'delivered') return role === 'return' ? 'returned' : 'delivered'
  return status === 'returned' || status === 'lost' || status === 'cancelled' ? status : undefined
}
