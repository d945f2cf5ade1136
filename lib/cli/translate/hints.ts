import type { GatewayError, GatewayErrorCode } from '../../model/errors.ts'

/** What a person at the command line can do about an error. */
const hints: Partial<Readonly<Record<GatewayErrorCode, string>>> = {
  MALFORMED: 'no JSON that the gateway takes; for one request a line: --format ndjson',
  TOO_LARGE: 'a request has at most 1 MB',
  COURIER_UNMAPPED: 'the order is for another courier than --to',
  PRODUCT_UNMAPPED: 'none that the courier takes; for orders that name none: --product',
  PAYER_UNMAPPED: 'for orders that name none: --payer',
  ACCOUNT_INVALID: 'none of the courier’s form; for orders that name none: --account',
}

/** A hint for a code that has one. */
export const hintOf = (error: GatewayError): string | undefined => hints[error.code]
