import type { RawRequest } from '../../access/request.ts'
import { readJson } from '../../access/strict.ts'
import type { Draft } from '../../model/draft.ts'
import { GatewayError } from '../../model/errors.ts'
import type { PlatformCredential, PostedOrder } from '../platform.ts'
import { checked, inside, withoutNulls } from './checked.ts'
import { businessJson, isCallForm } from './envelope.ts'
import type { OrderRequest } from './generated/types.ts'
import { isOrderInfo, isOrderRequest } from './generated/validators.js'
import { order } from './order-mapping.ts'
import type { Terms } from './service-list.ts'

/** The one call of the platform that posts orders. */
export const METHOD = 'logistics.newCreateOrder'

/** What an answer echoes of one order, as posted. */
export interface DouyinNative {
  readonly orderId: string
  /** `""` if there was none. */
  readonly packId: string
  /** `order_channel`, `""` if there was none. */
  readonly channel: string
}

/**
 * Reads every order of a `logistics/newCreateOrder` request: the envelope as a whole, each element of
 * `order_infos` by itself. Errors point into the request: `/order_infos/1/receiver_info/…`.
 *
 * @throws {GatewayError} `MALFORMED`, `WIRE_INVALID` (something is missing), `VALUE_INVALID` or
 * `VALUE_TOO_LONG` for the envelope, or another method
 */
export function readOrders(
  request: RawRequest,
  credential: PlatformCredential,
): PostedOrder<DouyinNative>[] {
  const { query } = request
  if (isCallForm(request) && query.get('method') !== METHOD) throw new GatewayError('VALUE_INVALID')
  const envelope = checked(isOrderRequest, withoutNulls(readJson(businessJson(request))))
  const timestamp = query.get('timestamp') ?? ''
  return envelope.order_infos.map((element, n) => {
    const native = echoOf(element, envelope)
    try {
      return { native, draft: readOrder(element, envelope, timestamp, credential) }
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      return { native, error: placed(error, n) }
    }
  })
}

function readOrder(
  element: unknown,
  { order_infos: _, ...envelope }: OrderRequest,
  timestamp: string,
  terms: Terms,
): Draft {
  const order_info = inside('/order_info', () => checked(isOrderInfo, element))
  const draft = protectedOnce(order.toOurs({ ...envelope, timestamp, order_info }, terms))
  if (envelope.order_channel && draft.receiver.protection) throw mixed()
  return draft
}

/**
 * Ciphers stand alone, all three of them, with no clear field beside them. A remark, which could only
 * be sealed, is dropped.
 */
export function protectedOnce(draft: Draft): Draft {
  const { personal, protection, ...receiver } = draft.receiver
  if (protection === undefined) return draft
  const clear = personal?.name ?? personal?.phone ?? personal?.telephone ?? personal?.address
  const fields = protection.kind === 'platform-cipher' ? protection.fields : {}
  const whole = fields.name && fields.phone && fields.address
  if (clear !== undefined || !whole) throw mixed()
  return { ...draft, receiver: { ...receiver, protection } }
}

/** Ciphers where clear text must stand, or beside it: another channel's receivers are always clear. */
const mixed = () => new GatewayError('VALUE_INVALID', '/order_info/receiver_info')

function echoOf(element: unknown, { order_channel: channel = '' }: OrderRequest): DouyinNative {
  const { order_id, pack_id }: { order_id?: unknown; pack_id?: unknown } = Object(element)
  return { orderId: idText(order_id), packId: idText(pack_id), channel }
}

function idText(id: unknown): string {
  return typeof id === 'string' || typeof id === 'number' ? String(id) : ''
}

/** The table sees one order at `/order_info`; in the request it is one of several. */
function placed(error: GatewayError, n: number): GatewayError {
  const at = error.at.replace(/^\/order_info(?=\/|$)/, `/order_infos/${n}`)
  return new GatewayError(error.code, at, { cause: error })
}
