import type { RawRequest } from '../../access/request.ts'
import { readForm } from '../../access/strict.ts'

/** Whether a request comes in the call form: `method` in the query decides. Else it is the SPI form. */
export function isCallForm(request: RawRequest): boolean {
  return request.query.has('method')
}

/** Whether a request brings messages that the platform pushed: their signature is a header. */
export function isMessagePush(request: RawRequest): boolean {
  return request.headers.has(MESSAGE_SIGNATURE)
}

/** The header that signs pushed messages. */
export const MESSAGE_SIGNATURE = 'event-sign'

/**
 * The business JSON of a request, byte for byte: `param_json` of the query, in the SPI form also of a
 * form body, else the body. Both the signature and the reading take it from here, so that what is
 * signed is what is read.
 *
 * @throws {GatewayError} `MALFORMED` for a broken form
 */
export function businessJson(request: RawRequest): Uint8Array {
  const { query, headers, body } = request
  const inQuery = query.get('param_json')
  if (inQuery !== undefined) return Buffer.from(inQuery)
  const isForm = headers
    .get('content-type')
    ?.toLowerCase()
    .startsWith('application/x-www-form-urlencoded')
  const inForm = isForm && !isCallForm(request) ? readForm(body).get('param_json') : undefined
  return inForm === undefined ? body : Buffer.from(inForm)
}
