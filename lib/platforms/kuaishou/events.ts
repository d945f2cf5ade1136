import type { Event, Order } from '../../model/generated/types.ts'
import type { CancelVerdict, EventEntry, Verdict } from '../platform.ts'
import { accepted, cancelled, refused } from './answer-mapping.ts'
import type { CancelEvent, EbillResult, TraceEvent } from './generated/types.ts'
import { tracking } from './tracking-mapping.ts'

/**
 * The courier's answer as the platform pulls it: one element of an answer's `data`, with the
 * `requestId` that the order was posted with.
 *
 * @see formats/kuaishou.md section 7
 */
export function writeVerdict(
  { requestId = '', parcel }: Pick<Order, 'requestId' | 'parcel'>,
  verdict: Verdict,
): EbillResult {
  return verdict.kind === 'accepted'
    ? accepted.toTheirs({ requestId, parcel, acceptance: verdict.acceptance })
    : refused.toTheirs({ requestId, reason: verdict.reason })
}

/** One step of a parcel as the platform pulls it: `param` of `open.logistics.trace.notify`. */
export function writeTracking(_: Order, event: Event): TraceEvent {
  return tracking.toTheirs(event)
}

/** How a cancellation ended, as the platform pulls it. */
export function writeCancelResult(
  { order, primaryOrder, parcel, courier }: Order,
  { waybills, granted, raw }: CancelVerdict,
  { at }: EventEntry,
): CancelEvent {
  const result = granted ? 'granted' : 'denied'
  return cancelled.toTheirs({
    ...{ primaryOrder, parcel, courier },
    change: {
      ...{ change: 'cancel', order, waybills: [...waybills], at, result },
      ...(raw === undefined ? {} : { raw }),
    },
  })
}
