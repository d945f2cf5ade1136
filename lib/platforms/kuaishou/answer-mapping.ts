import type { Accepted, Change, RefusalReason } from '../../model/generated/types.ts'
import { between } from '../../translate/table.ts'
import { couriers, reasons, results, texts } from './codes.ts'
import type { CancelEvent, EbillNumber, EbillResult } from './generated/types.ts'
import { echoedParcel } from './identity.ts'

/** A parcel that the courier took. */
export interface AcceptedParcel {
  /** As posted. */
  readonly requestId: string
  readonly parcel: string
  readonly acceptance: Accepted
}

/** A parcel that the courier refused. */
export interface RefusedParcel {
  readonly requestId: string
  readonly reason: RefusalReason
}

/** How the cancellation of a parcel ended. */
export interface CancelledParcel {
  readonly primaryOrder: string
  readonly parcel: string
  readonly courier: string
  readonly change: Change
}

/** One element for each number, the mother first ⇄ waybills and parcel. */
const numbers = {
  name: 'numbers',
  to: (boxes: readonly EbillNumber[]) => {
    const [mother] = boxes
    const waybills = boxes.map(({ waybillCode }) => waybillCode)
    return [waybills, mother && echoedParcel.to(mother.waybillPackageCode)] as const
  },
  from: ([waybills = [], parcel = '-']: readonly [
    readonly string[] | undefined,
    string | undefined,
  ]): EbillNumber[] => {
    const [mother = ''] = waybills
    return waybills.map((waybillCode, n) => ({
      waybillCode,
      parentWaybillCode: n === 0 ? '' : mother,
      waybillPackageCode: echoedParcel.from(parcel),
    }))
  },
}

const NOT_SHOWN = 'has no field'

const ofAccepted = between<EbillResult, AcceptedParcel>()

/** An element of an answer's `data` ⇄ an accepted parcel. */
export const accepted = ofAccepted.table(
  ofAccepted.ourConstant('/acceptance/outcome', 'accepted'),
  ofAccepted.row('/requestId', '/requestId'),
  ofAccepted.constant('/baseResponse/result', results.done, { checked: true }),
  ofAccepted.constant('/baseResponse/message', texts.success),
  ofAccepted.constant('/baseResponse/success', true),
  ofAccepted.row('/data', ['/acceptance/waybills', '/parcel'], numbers),
  ofAccepted.ourLoss('/acceptance/order', 'the platform names its orders itself'),
  ofAccepted.ourLoss('/acceptance/courier', NOT_SHOWN),
  ofAccepted.ourLoss('/acceptance/signBackWaybill', NOT_SHOWN),
  ofAccepted.ourLoss('/acceptance/sorting', NOT_SHOWN),
  ofAccepted.ourLoss('/acceptance/label', 'the platform prints what it makes itself'),
  ofAccepted.ourLoss('/acceptance/maskedByCourier', NOT_SHOWN),
)

const ofRefused = between<EbillResult, RefusedParcel>()

/** The fixed text, and no numbers ⇄ the reason. @throws {GatewayError} `CODE_UNKNOWN` for a text that is no reason */
const reason = {
  name: 'reason',
  to: ([text = '']: readonly [string | undefined, readonly EbillNumber[] | undefined]) =>
    reasons.to(text),
  from: (code: RefusalReason['code']) => [reasons.from(code), [] as EbillNumber[]] as const,
}

/** An element of an answer's `data` ⇄ a refused parcel. */
export const refused = ofRefused.table(
  ofRefused.row('/requestId', '/requestId'),
  ofRefused.constant('/baseResponse/result', results.refused, { checked: true }),
  ofRefused.row(['/baseResponse/message', '/data'], '/reason/code', reason),
  ofRefused.constant('/baseResponse/success', false),
  ofRefused.ourLoss('/reason/raw', "the courier's own code is not shown"),
)

/** Whether it is cancelled ⇄ the courier's answer. */
const success = {
  name: 'success',
  to: (done: boolean) => (done ? 'granted' : 'denied'),
  from: (result: 'granted' | 'denied' | 'pending') => result === 'granted',
} as const

/** The mother's number ⇄ all numbers. */
const mother = {
  name: 'mother',
  lossy: { ours: "the mother's number stands for all" },
  to: (waybill: string) => (waybill === '' ? undefined : [waybill]),
  from: ([first = '']: readonly string[]) => first,
}

const ofCancelled = between<CancelEvent, CancelledParcel>()

/** The outcome of a cancellation ⇄ the platform's event. Its form is ours: the platform has none. */
export const cancelled = ofCancelled.table(
  ofCancelled.row('/cancel/expressCompanyCode', '/courier', couriers),
  ofCancelled.row('/cancel/waybillCode', '/change/waybills', mother),
  ofCancelled.row('/cancel/tradeOrderCode', '/primaryOrder'),
  ofCancelled.row('/cancel/packageCode', '/parcel', echoedParcel),
  ofCancelled.row('/cancel/success', '/change/result', success),
  ofCancelled.ourConstant('/change/change', 'cancel'),
  ofCancelled.ourLoss('/change/order', 'the platform names its orders itself'),
  ofCancelled.ourLoss('/change/at', NOT_SHOWN),
  ofCancelled.ourLoss('/change/raw', "the courier's own code is not shown"),
)
