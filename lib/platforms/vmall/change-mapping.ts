import type { DraftParty } from '../../model/draft.ts'
import { between, type Table } from '../../translate/table.ts'
import { parcel, type Terms } from './codecs.ts'
import type { Action, Codes } from './codes.ts'
import type { TheirChange } from './generated/types.ts'
import { partyRows } from './party.ts'

/** What is wished of which parcel. */
export interface ChangeOrder {
  readonly change: Action
  readonly courier: string
  readonly platformOrder: string
  readonly parcel: string
  readonly waybill?: string
  readonly receiver?: DraftParty
}

/** A table from a request under the names of the wire schema to a wish. */
export type ChangeTable = Table<TheirChange, ChangeOrder, Terms | undefined>

/** A request for a cancellation or a change ⇄ the wish, in the codes of a contract. */
export function changeTable(codes: Codes): ChangeTable {
  const { row, within, theirLoss, table } = between<TheirChange, ChangeOrder, Terms | undefined>()
  return table(
    row('/action', '/change', codes.action),
    row('/courierCode', '/courier', codes.courier),
    row('/orderCode', '/platformOrder'),
    row('/packageNo', '/parcel', parcel),
    row('/waybillNo', '/waybill'),
    within('/receiver', '/receiver', partyRows),
    theirLoss('/requestId', 'names the request, not the wish'),
  )
}
