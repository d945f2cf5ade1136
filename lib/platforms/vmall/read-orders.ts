import type { RawRequest } from '../../access/request.ts'
import { readJson } from '../../access/strict.ts'
import { GatewayError } from '../../model/errors.ts'
import type { PlatformCredential, PostedOrder } from '../platform.ts'
import { ONLY_PARCEL } from './codecs.ts'
import { type Form, readForm } from './form.ts'
import type { Forms } from './forms.ts'
import type { OrderRequest } from './generated/types.ts'
import { isOrderLine, isOrderRequest } from './generated/validators.js'
import type { OrderTable } from './order-mapping.ts'
import { attempt, check } from './read.ts'

/** What an answer echoes of one order, as posted. */
export interface VmallNative {
  readonly orderCode: string
  readonly packageNo: string
}

/** What of a contract the reading of orders needs. */
export interface OrderReader {
  readonly forms: Forms
  readonly order: OrderTable
  readonly maxOrders: number
}

/**
 * Reads every order of a request: what stands beside the orders as a whole, each order by itself.
 * Errors name places as the shipped contract does: `/orders/1/receiver/name`.
 *
 * @throws {GatewayError} `MALFORMED`, `WIRE_INVALID`, `VALUE_INVALID` or `VALUE_TOO_LONG` for the
 * request as a whole
 */
export function readOrders(
  reader: OrderReader,
  request: RawRequest,
  credential: PlatformCredential,
): PostedOrder<VmallNative>[] {
  const document = readForm(reader.forms.request, readJson(request.body))
  const { orders, ...head } = check(isOrderRequest, document)
  if (orders.length > reader.maxOrders) throw new GatewayError('VALUE_TOO_LONG', '/orders')
  return orders.map((element, n) => readOrder(reader, head, element, n, credential))
}

function readOrder(
  { forms, order }: OrderReader,
  head: Omit<OrderRequest, 'orders'>,
  element: unknown,
  n: number,
  credential: PlatformCredential,
): PostedOrder<VmallNative> {
  const line = attempt(() => ({ named: readForm(forms.order, element) }))
  const native = 'named' in line ? echoOf(line.named) : echoOf(readable(forms.order, element))
  if ('error' in line) return { native, error: within(line.error, n) }
  const draft = attempt(() => ({ checked: check(isOrderLine, line.named) }))
  if ('error' in draft) return { native, error: within(draft.error, n) }
  const read = attempt(() => ({
    draft: order.toOurs({ ...head, order: draft.checked }, credential),
  }))
  return 'error' in read ? { native, error: placed(read.error, n) } : { native, ...read }
}

/** The places of an order that can be read, where the order as a whole cannot. */
function readable(form: Form, element: unknown): unknown {
  const found = form.map(one => attempt(() => ({ read: readForm([one], element) })))
  return Object.assign({}, ...found.map(one => ('read' in one ? one.read : {})))
}

function echoOf(line: unknown): VmallNative {
  const { orderCode, packageNo }: { orderCode?: unknown; packageNo?: unknown } = Object(line)
  return { orderCode: textOf(orderCode) ?? '', packageNo: textOf(packageNo) ?? ONLY_PARCEL }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

const within = (error: GatewayError, n: number) =>
  new GatewayError(error.code, `/orders/${n}${error.at}`, { cause: error })

/** The table sees one order at `/order`; in the request it is one of several. */
function placed(error: GatewayError, n: number): GatewayError {
  const at = error.at.replace(/^\/order(?=\/|$)/, `/orders/${n}`)
  return new GatewayError(error.code, at, { cause: error })
}
