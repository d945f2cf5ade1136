import type { Phase } from './things.ts'
import type { Side } from './world.ts'

/** Every call that names something by an id, a number or a cursor. */
export type CallName =
  | 'post its number'
  | 'cancel by order number'
  | 'cancel by waybill'
  | 'change by order number'
  | 'events from its entry on'
  | 'acknowledge its event'
  | 'state of its number'
  | 'waybills from its entry on'
  | 'answer its entry'
  | 'acknowledge its entry'
  | 'park its entry'
  | 'assign it'
  | 'push its waybill'
  | 'push its order'
  | 'release'

/** What a call does to, or tells of, what is the caller's own. */
export type Effect =
  /** What is kept changes. */
  | 'moves'
  /** The answer is another than that for what does not exist. */
  | 'shows'
  /** A page that holds the caller's own entries and no others. */
  | 'lists'
  /** Nothing changes, and the answer is 200. */
  | 'stays'

/** One line of the table: who may call is said below it. */
export interface Line {
  readonly call: CallName
  readonly side: Side
  /** How far the order has come that is called for. */
  readonly phase: Phase
  readonly own: Effect
  /** For what is another's, and for what does not exist: status and words of the one answer to both. */
  readonly strange: { readonly status: number; readonly says: RegExp }
}

/** How each platform says that it knows no such order, number or parcel. */
const UNKNOWN = /电子面单号不存在|订单信息不存在|运单不存在|订单不存在|"outcome":"unknown"/

/**
 * Written by hand from design sections 2 and 7. A line holds for each partner of its side, and for each
 * of these:
 *
 * - The partner itself, with its current or its next credential, natively or by HTTP message signature:
 *   as the line says.
 * - Anybody else at that partner's address (the partner's expired credential, its public names with
 *   another's secrets, every other partner, also of the same name on the other side, a station, nobody):
 *   401, one answer for all of them and for everything that is called for; nothing changes.
 *
 * A shop that has a credential of its own is to its platform's other shops as a platform to the others.
 */
export const table: readonly Line[] = [
  line('platforms', 'post its number', 'owed', 'stays', 200, /./),
  line('platforms', 'cancel by order number', 'owed', 'moves', 200, UNKNOWN),
  line('platforms', 'cancel by waybill', 'assigned', 'moves', 200, UNKNOWN),
  line('platforms', 'change by order number', 'owed', 'moves', 200, UNKNOWN),
  line('platforms', 'events from its entry on', 'assigned', 'lists', 200, /^\{"entries":\[/),
  line('platforms', 'acknowledge its event', 'assigned', 'moves', 200, /"unanswered":\[\]/),
  line('platforms', 'state of its number', 'owed', 'shows', 404, /"code":"NOT_FOUND"/),
  line('couriers', 'waybills from its entry on', 'owed', 'lists', 200, /^\{"entries":\[/),
  line('couriers', 'answer its entry', 'owed', 'moves', 200, /"status":404,"code":"not-found"/),
  line('couriers', 'acknowledge its entry', 'cancelled', 'moves', 200, /"unanswered":\[\]/),
  line('couriers', 'park its entry', 'owed', 'moves', 200, /"parked":0/),
  line('couriers', 'assign it', 'assigned', 'moves', 200, /"status":404,"code":"not-found"/),
  line('couriers', 'push its waybill', 'assigned', 'moves', 200, /./),
  line('couriers', 'push its order', 'owed', 'moves', 200, /./),
]

/** KYE's pushes name a waybill and no order. */
export const exceptions: Readonly<Partial<Record<string, Effect>>> = {
  'push its order at kye': 'stays',
}

/**
 * The line of a station, which differs: its token names courier and hop. At another courier's address, or
 * another hop's, it is 401 as for everybody; at its own, seal and capsule of what was assigned to it
 * today, else 403 with one answer.
 */
export const release: Line = line(
  'couriers',
  'release',
  'assigned',
  'shows',
  403,
  /"code":"RELEASE_REFUSED"/,
)

/** A shop's post that names another shop is refused by itself, whatever is there. */
export const strangeShopPost = /"code":"VALUE_INVALID","at":"\/orders\/0\/shop"/

function line(
  side: Side,
  call: CallName,
  phase: Phase,
  own: Effect,
  status: number,
  says: RegExp,
): Line {
  return { side, call, phase, own, strange: { status, says } }
}
