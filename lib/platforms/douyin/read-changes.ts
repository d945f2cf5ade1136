import type { RawRequest } from '../../access/request.ts'
import { readJson, readJsonText } from '../../access/strict.ts'
import { GatewayError } from '../../model/errors.ts'
import { reveal } from '../../model/personal-text.ts'
import { unixSeconds } from '../../translate/codecs.ts'
import type { Numeric } from '../../translate/decimal.ts'
import type { ParcelName, PlatformCredential, PostedChange, Wish } from '../platform.ts'
import { changedParts } from './changed-parts.ts'
import { checked, inside, withoutNulls } from './checked.ts'
import { requestTime } from './codecs.ts'
import { couriers } from './codes.ts'
import { businessJson, isCallForm, isMessagePush } from './envelope.ts'
import type { CancelRequest, Messages, UpdateRequest } from './generated/types.ts'
import {
  isCancelRequest,
  isMessageData,
  isMessages,
  isUpdateRequest,
} from './generated/validators.js'
import { namedOrder, parcel, textOf } from './identity.ts'

/** The calls of the platform that cancel and change. */
export const CANCEL = 'logistics.cancelOrder'
export const UPDATE = 'logistics.updateOrder'

/** What the answer to a change depends on: which call it was, and what named the parcel. */
export interface DouyinChange {
  readonly call: 'cancel' | 'update' | 'message'
  readonly byNumber: boolean
}

/** What only `updateOrder` has: where no method tells, a request with one of these is never a cancellation. */
const UPDATES: readonly (keyof UpdateRequest)[] = [
  ...(['receiver_info', 'sender_info', 'items', 'weight', 'volume'] as const),
  ...(['remark', 'extra', 'warehouse'] as const),
]

/** Messages that mean something here; of all others note is taken. */
const WISHES: Readonly<Record<string, Wish>> = {
  105: { kind: 'hold', on: true },
  106: { kind: 'cancel' },
}

/**
 * Reads `logistics/cancelOrder`, `logistics/updateOrder`, or messages that the platform pushed. A
 * parcel is named by its number; the order's number in its stead, or beside it, is our extension.
 *
 * @throws {GatewayError} `MALFORMED`, `WIRE_INVALID` (something is missing), `VALUE_INVALID` …
 * @see formats/douyin.md sections 2 and 6
 */
export function readChanges(
  request: RawRequest,
  credential: PlatformCredential,
): PostedChange<DouyinChange>[] {
  if (isMessagePush(request)) {
    return checked(isMessages, withoutNulls(readJson(request.body))).map(readMessage)
  }
  const document = withoutNulls(readJson(businessJson(request)))
  const timestamp = request.query.get('timestamp') ?? ''
  const at = present(requestTime.to(timestamp))
  if (callOf(request, document) === 'cancel') {
    const named = checked(isCancelRequest, document)
    return [
      { native: nativeOf('cancel', named), parcel: nameOf(named), wish: { kind: 'cancel' }, at },
    ]
  }
  const update = checked(isUpdateRequest, document)
  const parts = changedParts(update, timestamp, credential)
  const wish = { kind: 'change', parts } as const
  return [{ native: nativeOf('update', update), parcel: nameOf(update), wish, at }]
}

function callOf(request: RawRequest, document: unknown): 'cancel' | 'update' {
  if (!isCallForm(request)) {
    return UPDATES.some(name => Object.hasOwn(Object(document), name)) ? 'update' : 'cancel'
  }
  const method = request.query.get('method')
  if (method !== CANCEL && method !== UPDATE) throw new GatewayError('VALUE_INVALID')
  return method === CANCEL ? 'cancel' : 'update'
}

function nativeOf(call: 'cancel' | 'update', { track_no }: CancelRequest): DouyinChange {
  return { call, byNumber: Boolean(track_no) }
}

/** With a number, the order's stands only for a check; without one it names the parcel, the first where none is named. */
function nameOf(named: CancelRequest): ParcelName {
  const { track_no, order_id, pack_id, order_channel, user_id, logistics_code } = named
  const order = order_id === undefined ? '' : textOf(order_id)
  if (!track_no && order === '') throw new GatewayError('WIRE_INVALID', '/track_no')
  const courier = inside('/logistics_code', () => couriers.to(logistics_code))
  const pack = inside('/pack_id', () => parcel.to(pack_id))
  return {
    courier,
    ...(track_no ? { waybill: track_no } : {}),
    ...(order === '' ? {} : namedOrder(order, order_channel, user_id)),
    ...(track_no && pack === '-' ? {} : { parcel: pack }),
  }
}

/** A message names the shop's order, and so every parcel of it. */
function readMessage(message: Messages[number], n: number): PostedChange<DouyinChange> {
  const native = { call: 'message', byNumber: false } as const
  const wish = WISHES[textOf(message.tag)]
  if (wish === undefined) return { native, parcel: {}, wish: { kind: 'notice' }, at: NEVER }
  try {
    return inside(`/${n}/data`, () => {
      const text = message.data === undefined ? '' : reveal(message.data)
      const { p_id, cancel_time, update_time } = checked(isMessageData, readJsonText(text))
      const at = timeOf(cancel_time ?? update_time)
      return { native, parcel: namedOrder(p_id), wish, at }
    })
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return { native, error }
  }
}

/** A message of which only note is taken needs no time. */
const NEVER = '1970-01-01T08:00:00+08:00'

/** Without its time a message could be sent again for ever. */
function timeOf(seconds: Numeric | undefined): string {
  if (seconds === undefined) throw new GatewayError('WIRE_INVALID', '/cancel_time')
  return present(unixSeconds.to(seconds, undefined))
}

/** A codec of values that are there. */
function present(time: string | undefined): string {
  if (time === undefined) throw new GatewayError('VALUE_INVALID')
  return time
}
