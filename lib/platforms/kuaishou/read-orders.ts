import type { RawRequest } from '../../access/request.ts'
import type { Draft } from '../../model/draft.ts'
import { GatewayError } from '../../model/errors.ts'
import type { PlatformCredential, PostedOrder } from '../platform.ts'
import { methods } from './codes.ts'
import { fieldsOf } from './envelope.ts'
import { isEbillOrder, isOrderRequest } from './generated/validators.js'
import { cipherOrder, clearOrder } from './order-mapping.ts'
import { carriesCiphers, check, readParam } from './reading.ts'

/** What an answer echoes of one order, as posted. */
export interface KuaishouNative {
  readonly requestId: string
  /** `""` if there was none. */
  readonly packageCode: string
}

/** Where the orders of a request stand. */
const ORDERS = '/getEbillOrderRequest'

/**
 * Reads every order of an `open.express.ebill.get` request: the envelope as a whole, each element by
 * itself. Errors point into the request: `/getEbillOrderRequest/1/receiverContract/…`.
 *
 * @throws {GatewayError} `MALFORMED`, `WIRE_INVALID` (something is missing), `VALUE_INVALID` or
 * `VALUE_TOO_LONG` for the envelope, another method, or a `requestId` that stands there twice
 */
export function readOrders(
  request: RawRequest,
  credential: PlatformCredential,
): PostedOrder<KuaishouNative>[] {
  const fields = fieldsOf(request)
  if (fields.get('method') !== methods.get) throw new GatewayError('VALUE_INVALID')
  const { getEbillOrderRequest: elements } = check(isOrderRequest, readParam(fields))
  const natives = elements.map(echoOf)
  const ids = natives.map(({ requestId }) => requestId).filter(id => id !== '')
  if (new Set(ids).size < ids.length) throw new GatewayError('VALUE_INVALID', ORDERS)
  const timestamp = fields.get('timestamp') ?? ''
  return natives.map((native, n) => {
    try {
      return { native, draft: readOrder(elements[n], timestamp, credential) }
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      const at = error.at === '/timestamp' ? error.at : `${ORDERS}/${n}${error.at}`
      return { native, error: new GatewayError(error.code, at, { cause: error }) }
    }
  })
}

function readOrder(element: unknown, timestamp: string, credential: PlatformCredential): Draft {
  if (typeof element !== 'object') throw new GatewayError('VALUE_INVALID')
  const theirs = check(isEbillOrder, { ...element, timestamp })
  const table = carriesCiphers(theirs.orderChannel, credential) ? cipherOrder : clearOrder
  return table.toOurs(theirs, credential)
}

function echoOf(element: unknown): KuaishouNative {
  const { requestId, packageCode }: { requestId?: unknown; packageCode?: unknown } = Object(element)
  return { requestId: idText(requestId), packageCode: idText(packageCode) }
}

function idText(id: unknown): string {
  return typeof id === 'string' || typeof id === 'number' ? String(id) : ''
}
