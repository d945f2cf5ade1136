import type { RawRequest } from '../../access/request.ts'
import { readJson } from '../../access/strict.ts'
import type { Draft } from '../../model/draft.ts'
import { GatewayError } from '../../model/errors.ts'
import { isOrders } from '../../model/generated/validators.js'
import type { PostedOrder } from '../platform.ts'
import { checkElement, type Echo, elementsOf, namesOf } from './wire.ts'

/** What an answer echoes of an order. */
export type OrderName = Echo

/** What may be echoed: text that is no order number could be a person's. */
const echoed = {
  primaryOrder: /^[^,\p{Cc}]{1,64}$/u,
  parcel: /^[^,~\p{Cc}]{1,64}$/u,
}

/**
 * Reads every order of `orders.json`. A posted order is a draft as it is.
 *
 * @throws {GatewayError} `MALFORMED`, `WIRE_INVALID`, `VALUE_INVALID` for the request as a whole
 */
export function readOrders(request: RawRequest): PostedOrder<OrderName>[] {
  return elementsOf(readJson(request.body), 'orders').map((element, n) => {
    const native = { at: `/orders/${n}`, names: namesOf(element, echoed) }
    try {
      return { native, draft: readOrder(element) }
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      return { native, error }
    }
  })
}

function readOrder(element: unknown): Draft {
  const [order] = checkElement(isOrders, 'orders', element).orders
  if (order === undefined) throw new GatewayError('WIRE_INVALID')
  if (!order.platformOrders.includes(order.primaryOrder)) {
    throw new GatewayError('VALUE_INVALID', '/primaryOrder')
  }
  return order
}
