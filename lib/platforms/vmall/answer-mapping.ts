import { GatewayError } from '../../model/errors.ts'
import type { Accepted, RefusalReason } from '../../model/generated/types.ts'
import { between, type Table } from '../../translate/table.ts'
import type { CancelVerdict } from '../platform.ts'
import { echoedParcel } from './codecs.ts'
import { type Codes, caseOfReason, reasonOfCode } from './codes.ts'
import type { CancelResult, WaybillAccepted, WaybillRefused } from './generated/types.ts'

/** Which parcel a document is about, in the platform's own words. */
export interface Parcel {
  readonly primaryOrder: string
  readonly parcel: string
}

/** A parcel that the courier took. */
export interface AcceptedParcel extends Parcel {
  readonly acceptance: Accepted
}

/** A parcel that the courier refused; whose it was, where that is written. */
export interface RefusedParcel extends Parcel {
  readonly courier?: string
  readonly reason: RefusalReason
}

/** A parcel whose courier was asked to cancel it. */
export interface CancelledParcel extends Parcel {
  readonly courier: string
  readonly verdict: CancelVerdict
}

/** The mother's number and the children's ⇄ waybills, mother first. */
const numbers = {
  name: 'numbers',
  to: ([mother, children = []]: readonly [string | undefined, readonly string[] | undefined]) =>
    mother === undefined ? [...children] : [mother, ...children],
  from: ([mother, ...children]: readonly string[]) => [mother, children] as const,
}

/** `code` and its fixed text ⇄ the reason. @throws {GatewayError} `CODE_UNKNOWN` */
const reason = {
  name: 'reason',
  to: ([code = '']: readonly [string | undefined, string | undefined]) => {
    const found = reasonOfCode(code)
    if (found === undefined) throw new GatewayError('CODE_UNKNOWN')
    return found
  },
  from: (name: RefusalReason['code']) => {
    const { code, message } = caseOfReason(name)
    return [code, message] as const
  },
}

/** The number that is named ⇄ waybills. */
const firstNumber = {
  name: 'firstNumber',
  absent: true,
  to: (number: string | undefined) => (number === undefined ? [] : [number]),
  from: (all: readonly string[] | undefined) => all?.[0],
} as const

const NO_FIELD = 'has no counterpart'
const OWN_NAME = 'the platform names its orders itself'

/** `data` of `WAYBILL_ACCEPTED` ⇄ an accepted parcel. */
export function acceptedTable(codes: Codes): Table<WaybillAccepted, AcceptedParcel> {
  const { row, ourConstant, ourLoss, table } = between<WaybillAccepted, AcceptedParcel>()
  return table(
    ourConstant('/acceptance/outcome', 'accepted'),
    row('/orderCode', '/primaryOrder'),
    row('/packageNo', '/parcel', echoedParcel),
    row('/courierCode', '/acceptance/courier', codes.courier),
    row(['/waybillNo', '/subWaybillNos'], '/acceptance/waybills', numbers),
    row('/sortCode', '/acceptance/sorting/mark'),
    ourLoss('/acceptance/order', OWN_NAME),
    ourLoss('/acceptance/signBackWaybill', NO_FIELD),
    ourLoss('/acceptance/sorting/coarse', NO_FIELD),
    ourLoss('/acceptance/sorting/inbound', NO_FIELD),
    ourLoss('/acceptance/sorting/outbound', NO_FIELD),
    ourLoss('/acceptance/sorting/city', NO_FIELD),
    ourLoss('/acceptance/sorting/hub', NO_FIELD),
    ourLoss('/acceptance/sorting/outlet', NO_FIELD),
    ourLoss('/acceptance/sorting/round', NO_FIELD),
    ourLoss('/acceptance/sorting/bag', NO_FIELD),
    ourLoss('/acceptance/label', NO_FIELD),
    ourLoss('/acceptance/maskedByCourier', NO_FIELD),
  )
}

/** `data` of `WAYBILL_REFUSED` ⇄ a refused parcel. */
export function refusedTable(codes: Codes): Table<WaybillRefused, RefusedParcel> {
  const { row, ourLoss, table } = between<WaybillRefused, RefusedParcel>()
  return table(
    row('/orderCode', '/primaryOrder'),
    row('/packageNo', '/parcel', echoedParcel),
    row('/courierCode', '/courier', codes.courier),
    row(['/code', '/message'], '/reason/code', reason),
    ourLoss('/reason/raw', "the courier's own code is not shown"),
  )
}

/** `data` of `CANCEL_RESULT` ⇄ how the cancellation ended. */
export function cancelTable(codes: Codes): Table<CancelResult, CancelledParcel> {
  const { row, ourLoss, table } = between<CancelResult, CancelledParcel>()
  return table(
    row('/orderCode', '/primaryOrder'),
    row('/packageNo', '/parcel', echoedParcel),
    row('/courierCode', '/courier', codes.courier),
    row('/waybillNo', '/verdict/waybills', firstNumber),
    row('/success', '/verdict/granted'),
    row('/code', '/verdict/raw'),
    ourLoss('/verdict/waybills', 'only the first number is named'),
  )
}
