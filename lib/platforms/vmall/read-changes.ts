import type { RawRequest } from '../../access/request.ts'
import { readJson } from '../../access/strict.ts'
import { GatewayError } from '../../model/errors.ts'
import { stampAt } from '../../translate/civil-time.ts'
import type { PostedChange, Wish } from '../platform.ts'
import type { ChangeOrder, ChangeTable } from './change-mapping.ts'
import { readForm } from './form.ts'
import type { Forms } from './forms.ts'
import type { Contract } from './generated/types.ts'
import { isRequestHead, isTheirChange } from './generated/validators.js'
import { check } from './read.ts'

/** What of a contract the reading of changes needs. */
export interface ChangeReader {
  readonly forms: Forms
  readonly change: ChangeTable
  readonly sign: Contract['sign']
}

/**
 * Reads a request for a cancellation or a change of the receiver: one wish. The time of the signature
 * is the wish's.
 *
 * @throws {GatewayError} `MALFORMED`, `WIRE_INVALID`, `VALUE_INVALID`, `VALUE_TOO_LONG`, `CODE_UNKNOWN`
 * for an unknown action, `COURIER_UNMAPPED`
 * @see formats/vmall.md section 4
 */
export function readChanges(
  { forms, change, sign }: ChangeReader,
  request: RawRequest,
): PostedChange<undefined>[] {
  const document = readForm(forms.change, readJson(request.body))
  check(isRequestHead, document)
  const wished = change.toOurs(check(isTheirChange, document))
  const { courier, platformOrder, parcel, waybill } = wished
  const name = { courier, platformOrder, parcel, ...(waybill === undefined ? {} : { waybill }) }
  const at = signedAt(request, sign)
  return [{ native: undefined, parcel: name, wish: wishOf(wished), at }]
}

/** A change needs the whole receiver; a cancellation has none. */
function wishOf({ change, receiver }: ChangeOrder): Wish {
  if (change === 'cancel') {
    if (receiver !== undefined) throw new GatewayError('VALUE_INVALID', '/receiver')
    return { kind: 'cancel' }
  }
  if (receiver === undefined) throw new GatewayError('WIRE_INVALID', '/receiver')
  return { kind: 'change', parts: { receiver } }
}

/** When a request was signed, RFC 3339, by the header of the contract. */
export function signedAt({ headers }: RawRequest, sign: Contract['sign']): string {
  const time = Number(headers.get(sign.timestampHeader.toLowerCase()))
  return stampAt(sign.timestampUnit === 's' ? time * 1000 : time)
}
