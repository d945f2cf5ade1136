import type { Event, Order } from '../../model/generated/types.ts'
import type { CancelVerdict, Verdict } from '../platform.ts'
import { accepted, refused } from './answer-mapping.ts'
import type { CancelEvent, EbillEvent, RouteEvent } from './generated/types.ts'
import { tracking } from './tracking-mapping.ts'

/**
 * The courier's answer as the platform pulls it: `{"type":"ebill"}` with one parcel in one of the two
 * lists of a create-order answer.
 *
 * @see formats/douyin.md section 8
 */
export function writeVerdict(order: Order, verdict: Verdict): EbillEvent {
  const { primaryOrder, parcel } = order
  const data =
    verdict.kind === 'accepted'
      ? {
          ebill_infos: [
            accepted.toTheirs({ primaryOrder, parcel, acceptance: verdict.acceptance }),
          ],
          err_infos: [],
        }
      : {
          ebill_infos: [],
          err_infos: [refused.toTheirs({ primaryOrder, parcel, reason: verdict.reason })],
        }
  return { type: 'ebill', data }
}

/** One step of a parcel as the platform pulls it: `{"type":"route"}`. */
export function writeTracking(order: Order, event: Event): RouteEvent {
  return tracking.toTheirs({ order, event })
}

/** How the courier answered a cancellation, as the platform pulls it: `{"type":"cancel"}`. */
export function writeCancelResult(_order: Order, verdict: CancelVerdict): CancelEvent {
  const [track_no = ''] = verdict.waybills
  return { type: 'cancel', data: { track_no, cancel_result: { success: verdict.granted } } }
}
