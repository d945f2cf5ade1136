import type { RawRequest } from '../../access/request.ts'
import { readJson } from '../../access/strict.ts'
import { GatewayError } from '../../model/errors.ts'
import { isChanges } from '../../model/generated/validators.js'
import type { Changes } from '../../model/validate.ts'
import type { PostedChange, Wish } from '../platform.ts'
import { checkElement, type Echo, elementsOf, namesOf } from './wire.ts'

/** What an answer echoes of a wish. */
export type ChangeName = Echo

type Wished = Changes['changes'][number]

const echoed = {
  platformOrder: /^[^,\p{Cc}]{1,64}$/u,
  parcel: /^[^,~\p{Cc}]{1,64}$/u,
  waybill: /^[\w-]{1,40}$/,
}

/**
 * Reads every wish of `changes.json`.
 *
 * @throws {GatewayError} `MALFORMED`, `WIRE_INVALID`, `VALUE_INVALID` for the request as a whole
 */
export function readChanges(request: RawRequest): PostedChange<ChangeName>[] {
  return elementsOf(readJson(request.body), 'changes').map((element, n) => {
    const native = { at: `/changes/${n}`, names: namesOf(element, echoed) }
    try {
      const wished = readChange(element)
      const { courier, waybill, platformOrder, shop, parcel } = wished
      const named = only({ courier, waybill, platformOrder, shop, parcel })
      return { native, parcel: named, wish: wishOf(wished), at: wished.at }
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      return { native, error }
    }
  })
}

function readChange(element: unknown): Wished {
  const [wished] = checkElement(isChanges, 'changes', element).changes
  if (wished === undefined) throw new GatewayError('WIRE_INVALID')
  return wished
}

/** @throws {GatewayError} `CODE_UNKNOWN` for a parcel to be brought back or sent elsewhere: nothing here carries that */
function wishOf(wished: Wished): Wish {
  switch (wished.change) {
    case 'cancel':
      return { kind: 'cancel' }
    case 'receiver-changed':
      return { kind: 'change', parts: { receiver: wished.receiver } }
    case 'hold':
      return { kind: 'hold', on: wished.on }
    default:
      throw new GatewayError('CODE_UNKNOWN', '/change')
  }
}

/** What is there of these names. */
function only(names: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
