import { GatewayError } from '../../model/errors.ts'
import type { Accepted, RefusalReason } from '../../model/generated/types.ts'
import { between } from '../../translate/table.ts'
import { CHANGED_HINT, couriers, refusals } from './codes.ts'
import type { EbillInfo, ErrInfo } from './generated/types.ts'
import { echoedParcel } from './identity.ts'

/** Which parcel an answer is about, in the platform's own words. */
export interface Parcel {
  readonly primaryOrder: string
  readonly parcel: string
  /** `order_channel` as posted. */
  readonly channel?: string
}

/** A parcel that the courier took. */
export interface AcceptedParcel extends Parcel {
  readonly acceptance: Accepted
  /** Whether the platform posted the order again, and differently. */
  readonly changed?: boolean
}

/** A parcel that the courier refused. */
export interface RefusedParcel extends Parcel {
  readonly reason: RefusalReason
}

/** Text that is always written: `""` ⇄ absent. */
const orEmpty = {
  name: 'orEmpty',
  absent: true,
  to: (text: string | undefined) => text || undefined,
  from: (text: string | undefined) => text ?? '',
} as const

/** The mother's number and the children's ⇄ waybills, mother first. */
const numbers = {
  name: 'numbers',
  to: ([mother = '', children = '']: readonly [string | undefined, string | undefined]) =>
    [mother, ...children.split(',')].filter(number => number !== ''),
  from: ([mother, ...children]: readonly string[]) => [mother, children.join(',')] as const,
}

/** `hint_msg` ⇄ whether the order differs from the first time. */
const hint = {
  name: 'hint',
  absent: true,
  to: (text: string | undefined) => text === CHANGED_HINT || undefined,
  from: (changed: boolean | undefined) => (changed ? CHANGED_HINT : ''),
} as const

/**
 * `err_code` with `err_msg` ⇄ the reason.
 *
 * @throws {GatewayError} `CODE_UNKNOWN` for a pair that is no reason of a courier
 */
const reason = {
  name: 'reason',
  to: ([code, text]: readonly [string | undefined, string | undefined]) => {
    const found = names.find(name => refusals[name].code === code && refusals[name].text === text)
    if (found === undefined) throw new GatewayError('CODE_UNKNOWN')
    return found
  },
  from: (name: RefusalReason['code']) => [refusals[name].code, refusals[name].text] as const,
}

const names = Object.keys(refusals).filter(
  (name): name is RefusalReason['code'] => name in refusals,
)

const NOT_SHOWN = 'has no counterpart'

const ofAccepted = between<EbillInfo, AcceptedParcel>()

/** An element of `ebill_infos` ⇄ an accepted parcel. */
export const accepted = ofAccepted.table(
  ofAccepted.ourConstant('/acceptance/outcome', 'accepted'),
  ofAccepted.row('/company', '/acceptance/courier', couriers),
  ofAccepted.row('/order_id', '/primaryOrder'),
  ofAccepted.row('/pack_id', '/parcel', echoedParcel),
  ofAccepted.row(['/track_no', '/sub_waybill_codes'], '/acceptance/waybills', numbers),
  ofAccepted.row('/sort_code', '/acceptance/sorting/mark', orEmpty),
  ofAccepted.row('/package_center_code', '/acceptance/sorting/bag/code', orEmpty),
  ofAccepted.row('/package_center_name', '/acceptance/sorting/bag/name', orEmpty),
  ofAccepted.constant('/short_address_code', ''),
  ofAccepted.constant('/short_address_name', ''),
  ofAccepted.constant('/shipping_code', ''),
  ofAccepted.row('/hint_msg', '/changed', hint),
  ofAccepted.constant('/extra_resp', ''),
  ofAccepted.row('/order_channel', '/channel', orEmpty),
  ofAccepted.ourLoss('/acceptance/order', 'the platform names its orders itself'),
  ofAccepted.ourLoss('/acceptance/signBackWaybill', NOT_SHOWN),
  ofAccepted.ourLoss('/acceptance/sorting/coarse', NOT_SHOWN),
  ofAccepted.ourLoss('/acceptance/sorting/inbound', NOT_SHOWN),
  ofAccepted.ourLoss('/acceptance/sorting/outbound', NOT_SHOWN),
  ofAccepted.ourLoss('/acceptance/sorting/city', NOT_SHOWN),
  ofAccepted.ourLoss('/acceptance/sorting/hub', NOT_SHOWN),
  ofAccepted.ourLoss('/acceptance/sorting/outlet', NOT_SHOWN),
  ofAccepted.ourLoss('/acceptance/sorting/round', NOT_SHOWN),
  ofAccepted.ourLoss('/acceptance/label', NOT_SHOWN),
  ofAccepted.ourLoss('/acceptance/maskedByCourier', NOT_SHOWN),
)

const ofRefused = between<ErrInfo, RefusedParcel>()

/** An element of `err_infos` ⇄ a refused parcel. */
export const refused = ofRefused.table(
  ofRefused.row('/order_id', '/primaryOrder'),
  ofRefused.row('/pack_id', '/parcel', echoedParcel),
  ofRefused.row(['/err_code', '/err_msg'], '/reason/code', reason),
  ofRefused.row('/order_channel', '/channel', orEmpty),
  ofRefused.ourLoss('/reason/raw', "the courier's own code is not shown"),
)
