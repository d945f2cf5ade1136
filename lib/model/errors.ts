/** Everything that can go wrong, as a closed list. The code is the contract; no text ever carries a value. */
export type GatewayErrorCode =
  // the caller, the bytes, the address
  | 'UNAUTHENTICATED'
  | 'MALFORMED'
  | 'TOO_LARGE'
  | 'NOT_FOUND'
  | 'THROTTLED'
  | 'STORE_AWAY'
  // the document
  | 'WIRE_INVALID'
  | 'VALUE_INVALID'
  | 'VALUE_TOO_LONG'
  | 'CODE_UNKNOWN'
  | 'COURIER_UNMAPPED'
  | 'PRODUCT_UNMAPPED'
  | 'PAYER_UNMAPPED'
  | 'SERVICE_UNMAPPED'
  | 'ACCOUNT_INVALID'
  | 'SHOWS_TOO_MUCH'
  /** The courier's intake takes no such text in this field. */
  | 'DISPLAY_REFUSED'
  // the order's life
  | 'ORDER_CHANGED'
  | 'ORDER_LOCKED'
  | 'ENTRY_GONE'
  | 'STATE_CONFLICT'
  // seal and custody
  | 'SEAL_INVALID'
  | 'SEAL_TAMPERED'
  | 'SIGNATURE_INVALID'
  | 'ASSIGNMENT_INVALID'
  | 'EPOCH_STALE'
  | 'NOTHING_SEALED'
  | 'RELEASE_REFUSED'

/**
 * The one error of LastHop: a code, a JSON Pointer, and whether to try again.
 *
 * @example throw new GatewayError('VALUE_INVALID', '/receiver/phone')
 */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly code: GatewayErrorCode
  /** JSON Pointer to the place, `''` for the whole document. */
  readonly at: string
  readonly retry: 'never' | 'later'

  constructor(code: GatewayErrorCode, at = '', options: { retry?: 'later'; cause?: unknown } = {}) {
    super(at === '' ? code : `${code} at ${at}`, 'cause' in options ? { cause: options.cause } : {})
    this.code = code
    this.at = at
    this.retry = options.retry ?? 'never'
  }
}
