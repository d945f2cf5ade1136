import type { Acceptance, Change, Event, Order } from '../../model/validate.ts'
import type { CancelVerdict, EventEntry, Verdict } from '../platform.ts'

/** The courier's answer, as `acceptance.json`. */
export function writeVerdict({ order, courier }: Order, verdict: Verdict): Acceptance {
  return verdict.kind === 'accepted'
    ? verdict.acceptance
    : { outcome: 'refused', order, courier, reason: verdict.reason }
}

/** One step of a parcel, as `event.json`. */
export function writeTracking(_order: Order, event: Event): Event {
  return event
}

/** How a cancellation ended, as `change.json` with its result. */
export function writeCancelResult(
  { order }: Order,
  { waybills, granted, raw }: CancelVerdict,
  { at }: EventEntry,
): Change {
  const result = granted ? 'granted' : 'denied'
  return {
    change: 'cancel',
    order,
    ...(waybills.length > 0 ? { waybills: [...waybills] } : {}),
    at,
    result,
    ...(raw === undefined ? {} : { raw }),
  }
}
