import { hmacSha256Hex, md5Hex, sameText, within } from '../../access/digest.ts'
import type { RawRequest } from '../../access/request.ts'
import { sortedJson } from '../../access/strict.ts'
import { GatewayError } from '../../model/errors.ts'
import { shanghaiTime } from '../../translate/codecs.ts'
import type { PlatformCredential } from '../platform.ts'
import { businessJson, isCallForm, isMessagePush, MESSAGE_SIGNATURE } from './envelope.ts'

/** How far `timestamp` may lie from our clock; the platform's own library does not look. */
const WINDOW_SECONDS = 300

/**
 * Finds the credential that signed a request, in the call form (`method` in the query: `param_json` as
 * received) or the SPI form (`param_json` with sorted keys, with or without HTML escaping).
 * HMAC-SHA256 if `sign_method` says so; MD5, which absence means too, only where the credential
 * allows it. Pushed messages are signed by MD5 in a header, without a time: what they tell has its own.
 *
 * @throws {GatewayError} `UNAUTHENTICATED`, for whatever reason
 * @see formats/douyin.md section 2
 */
export function authenticate(
  request: RawRequest,
  credentials: readonly PlatformCredential[],
  now: Date,
): PlatformCredential {
  try {
    const found = isMessagePush(request)
      ? findPusher(request, credentials)
      : isFresh(request, now) && findSigner(request, credentials)
    if (found) return found
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    throw new GatewayError('UNAUTHENTICATED', '', { cause: error })
  }
  throw new GatewayError('UNAUTHENTICATED')
}

function isFresh({ query }: RawRequest, now: Date): boolean {
  const text = query.get('timestamp') ?? ''
  const time = /^\d{1,12}$/.test(text)
    ? new Date(Number(text) * 1000)
    : new Date(shanghaiTime.to(text, undefined) ?? '')
  return within(now, time, WINDOW_SECONDS)
}

function findSigner(
  request: RawRequest,
  credentials: readonly PlatformCredential[],
): PlatformCredential | undefined {
  const signatures = signaturesOf(request)
  const texts = signedTexts(request)
  return credentials
    .filter(credential => credential.appKey === request.query.get('app_key'))
    .find(credential => {
      const digest = digestFor(request, credential)
      if (digest === undefined) return false
      const expected = credential.secrets.flatMap(secret => texts.map(text => digest(secret, text)))
      // All are compared, so that the time tells nothing of which one fits.
      const fits = expected.flatMap(one => signatures.map(sign => sameText(one, sign)))
      return fits.includes(true)
    })
}

/** Lower hex MD5 over application key, raw body and secret. */
function findPusher(
  { headers, body }: RawRequest,
  credentials: readonly PlatformCredential[],
): PlatformCredential | undefined {
  const sign = headers.get(MESSAGE_SIGNATURE) ?? ''
  return credentials
    .filter(({ md5 }) => md5)
    .find(({ appKey, secrets }) =>
      secrets.map(secret => sameText(md5Hex(joined(appKey, body, secret)), sign)).includes(true),
    )
}

function signaturesOf(request: RawRequest): string[] {
  const names = isCallForm(request) ? ['sign'] : ['sign', 'sign_v2']
  return names.flatMap(name => request.query.get(name) ?? [])
}

type Digest = (secret: string, text: Uint8Array) => string

function digestFor({ query }: RawRequest, credential: PlatformCredential): Digest | undefined {
  const method = query.get('sign_method') ?? 'md5'
  if (method === 'hmac-sha256') return (secret, text) => hmacSha256Hex(secret, around(secret, text))
  if (method === 'md5' && credential.md5) return (secret, text) => md5Hex(around(secret, text))
  return undefined
}

/** What is signed, between the secrets. */
function signedTexts(request: RawRequest): Uint8Array[] {
  const { query } = request
  const json = businessJson(request)
  const [key, time] = [query.get('app_key') ?? '', query.get('timestamp') ?? '']
  if (isCallForm(request)) {
    // The signed text names version 2 whatever the query says.
    if ((query.get('v') ?? '2') !== '2') return []
    const front = `app_key${key}method${query.get('method') ?? ''}param_json`
    return [joined(front, json, `timestamp${time}v2`)]
  }
  const text = Buffer.from(json).toString('utf8')
  return [false, true].map(escapeHtml =>
    joined(`app_key${key}param_json`, sortedJson(text, { escapeHtml }), `timestamp${time}`),
  )
}

function joined(...parts: (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(parts.map(part => Buffer.from(part)))
}

const around = (secret: string, text: Uint8Array) => joined(secret, text, secret)
