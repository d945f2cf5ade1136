import { hmacSha256Base64, md5Hex, sameText, within } from '../../access/digest.ts'
import type { RawRequest } from '../../access/request.ts'
import { GatewayError } from '../../model/errors.ts'
import type { PlatformCredential } from '../platform.ts'
import { type Fields, fieldsOf, isPush } from './envelope.ts'
import { openPush } from './push.ts'

/** How far `timestamp` may lie from our clock. */
const WINDOW_SECONDS = 300

/**
 * Finds the credential that signed a call: HMAC-SHA256, or MD5 where the credential allows it. A
 * pushed message has no signature: whoever could encrypt it holds the account's message key.
 *
 * @throws {GatewayError} `UNAUTHENTICATED`, for whatever reason
 * @see formats/kuaishou.md section 2
 */
export function authenticate(
  request: RawRequest,
  credentials: readonly PlatformCredential[],
  now: Date,
): PlatformCredential {
  try {
    const found = isPush(request)
      ? findReceiver(request, credentials)
      : findSigner(fieldsOf(request), credentials, now)
    if (found) return found
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    throw new GatewayError('UNAUTHENTICATED', '', { cause: error })
  }
  throw new GatewayError('UNAUTHENTICATED')
}

function findReceiver({ body }: RawRequest, credentials: readonly PlatformCredential[]) {
  return credentials.find(credential => openPush(body, credential) !== undefined)
}

function findSigner(fields: Fields, credentials: readonly PlatformCredential[], now: Date) {
  if (!isFresh(fields, now)) return undefined
  const text = signedText(fields)
  const sign = fields.get('sign') ?? ''
  return credentials
    .filter(credential => credential.appKey === fields.get('appkey'))
    .find(credential => {
      const digest = digestFor(fields, credential)
      if (digest === undefined) return false
      // All are compared, so that the time tells nothing of which one fits.
      const fits = credential.secrets.map(secret =>
        sameText(digest(secret, `${text}&signSecret=${secret}`), sign),
      )
      return fits.includes(true)
    })
}

function isFresh(fields: Fields, now: Date): boolean {
  const text = fields.get('timestamp') ?? ''
  return /^\d{1,15}$/.test(text) && within(now, new Date(Number(text)), WINDOW_SECONDS)
}

/** All fields but `sign`, empty ones too, by ascending name: `access_token=…&appkey=…`. */
export function signedText(fields: Fields): string {
  return [...fields]
    .filter(([name]) => name !== 'sign')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

type Digest = (secret: string, text: string) => string

function digestFor(fields: Fields, credential: PlatformCredential): Digest | undefined {
  const method = fields.get('signMethod')
  if (method === 'HMAC_SHA256') return hmacSha256Base64
  if (method === 'MD5' && credential.md5) return (_, text) => md5Hex(text)
  return undefined
}
