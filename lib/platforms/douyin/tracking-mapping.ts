import type { Event, Order } from '../../model/generated/types.ts'
import { unixSeconds } from '../../translate/codecs.ts'
import { between } from '../../translate/table.ts'
import { trackText } from '../../translate/track-text.ts'
import { couriers, routeState } from './codes.ts'
import type { RouteEvent } from './generated/types.ts'
import { echoedParcel } from './identity.ts'

/** A step of a parcel, and whose parcel it is. */
export interface Tracked {
  readonly order: Pick<Order, 'primaryOrder' | 'parcel'>
  readonly event: Event
}

const { row, constant, toTheirsOnly, ourLoss, table } = between<RouteEvent, Tracked>()

/**
 * `{"type":"route"}` ⇄ a step. The platform's own push is not public; the form is the answer of
 * `logistics/queryPackageRoute` with the shop's numbers added.
 */
export const tracking = table(
  constant('/type', 'route', { checked: true }),
  row('/data/track_no', '/event/waybill'),
  row('/data/express', '/event/courier', couriers),
  row('/data/outer_order_id', '/order/primaryOrder'),
  row('/data/pack_id', '/order/parcel', echoedParcel),
  toTheirsOnly(
    '/data/track_routes/0/content',
    ['/event/status', '/event/place', '/event/next'],
    ([status, place, next]) =>
      trackText({ status, ...(place && { place }), ...(next && { next }) }),
    'is part of a text for people',
  ),
  toTheirsOnly(
    '/data/track_routes/0/state',
    '/event/status',
    status => status && routeState(status),
    'the platform has no public list',
  ),
  row('/data/track_routes/0/state_time', '/event/at', unixSeconds),
  row('/data/track_routes/0/opcode', '/event/status'),
  ourLoss('/event/event', 'the platform acknowledges entries, not events'),
  ourLoss('/event/order', 'the platform names its orders itself'),
  ourLoss('/event/raw', "the courier's own code is not shown"),
  ourLoss('/event/rider', 'personal'),
  ourLoss('/event/returnWaybill', 'its own events bring it'),
)
