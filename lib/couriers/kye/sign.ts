import { md5Hex, sameText, within } from '../../access/digest.ts'
import type { RawRequest } from '../../access/request.ts'
import { readText } from '../../access/strict.ts'
import { GatewayError } from '../../model/errors.ts'

/** How far `X-KYE-TIMESTAMP` may lie from our clock. */
const WINDOW_SECONDS = 300

/**
 * The signature of a body, 32 upper hex digits: header `sign` of a request, where the secret is the
 * `appsecret`, and `X-KYE-SIGN` of a push, where it is the `platformFlag`.
 *
 * @param timestamp as it stands in its header, an input like the others
 * @see formats/kye.md section 3
 */
export function signOf(secret: string, timestamp: string, body: string | Uint8Array): string {
  return md5Hex(
    Buffer.concat([secret, timestamp, body].map(part => Buffer.from(part))),
  ).toUpperCase()
}

/**
 * Checks who sent a push, over its raw bytes. A digest of a secret before a text can be drawn out by
 * whoever has seen one: what is added follows bytes that are no UTF-8, so a body has to be UTF-8, and
 * an array, which no other signed text of this courier is.
 *
 * @throws {GatewayError} `UNAUTHENTICATED`, for whatever reason
 * @see formats/kye.md section 3
 */
export function authenticateEvents(
  { headers, body }: RawRequest,
  secrets: readonly string[],
  now: Date,
): void {
  const timestamp = headers.get('x-kye-timestamp') ?? ''
  const sign = headers.get('x-kye-sign') ?? ''
  // An empty secret is none: everybody knows it.
  const known = secrets.filter(secret => secret !== '')
  // All are compared, so that the time tells nothing of which one fits.
  const fits = known.map(secret => sameText(signOf(secret, timestamp, body), sign))
  if (!fits.includes(true) || !isFresh(timestamp, now) || !isArray(body))
    throw new GatewayError('UNAUTHENTICATED')
}

/** Thirteen digits and no other number, so that no digit of it can be taken for the body's. */
function isFresh(timestamp: string, now: Date): boolean {
  return /^\d{13}$/.test(timestamp) && within(now, new Date(Number(timestamp)), WINDOW_SECONDS)
}

function isArray(body: Uint8Array): boolean {
  try {
    return readText(body).startsWith('[')
  } catch (error) {
    if (error instanceof GatewayError) return false
    throw error
  }
}
