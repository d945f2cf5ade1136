import { createHmac } from 'node:crypto'
import { sameText, within } from '../../access/digest.ts'
import type { RawRequest } from '../../access/request.ts'
import { GatewayError } from '../../model/errors.ts'
import type { NativeAnswer, PlatformCredential } from '../platform.ts'
import type { Contract } from './generated/types.ts'

type Sign = Contract['sign']

/** Headers that sign something: its time and the signature. */
export type SignedHeaders = Readonly<Record<string, string>>

const DIGITS = { ms: /^\d{13}$/, s: /^\d{10}$/ } as const
const UNIT_MS = { ms: 1, s: 1000 } as const
const PARAMETER = /^[ \t]*(sign_type|signature)="([^"]*)"[ \t]*$/

/** How a contract signs and checks. */
export interface Signer {
  /**
   * The credential that signed a request.
   *
   * @throws {GatewayError} `UNAUTHENTICATED`, for whatever reason
   */
  authenticate(
    request: RawRequest,
    credentials: readonly PlatformCredential[],
    now: Date,
  ): PlatformCredential
  /** The headers that sign a body. */
  headers(body: string, secret: string, now: Date): SignedHeaders
  /** An answer with its signature over the body, by the first secret. */
  sign(answer: NativeAnswer, credential: PlatformCredential, now: Date): NativeAnswer
}

/**
 * Signing after a contract: HMAC-SHA256 over the text of the time header and the **raw** body, put into
 * the contract's template. The path and the query are not covered: so is the scheme.
 *
 * @see formats/vmall.md section 2
 */
export function signerOf(sign: Sign): Signer {
  const headers: Signer['headers'] = (body, secret, now) => {
    const time = String(Math.floor(now.getTime() / UNIT_MS[sign.timestampUnit]))
    const signature = signatureOf(sign, secret, time, Buffer.from(body))
    return {
      [sign.timestampHeader]: time,
      [sign.header]: `sign_type="${sign.algorithm}", signature="${signature}"`,
    }
  }
  return {
    authenticate: (request, credentials, now) => authenticate(sign, request, credentials, now),
    headers,
    sign: (answer, { secrets: [secret = ''] }, now) => ({
      ...answer,
      headers: { ...answer.headers, ...headers(answer.body, secret, now) },
    }),
  }
}

function authenticate(
  sign: Sign,
  request: RawRequest,
  credentials: readonly PlatformCredential[],
  now: Date,
): PlatformCredential {
  const header = (name: string) => request.headers.get(name.toLowerCase()) ?? ''
  const time = header(sign.timestampHeader)
  const given = signatureIn(header(sign.header), sign.algorithm)
  if (given === undefined || !isFresh(sign, time, now)) throw new GatewayError('UNAUTHENTICATED')
  const key = header(sign.keyIdHeader)
  // All are compared, so that the time tells nothing of which one fits.
  const [found] = credentials
    .filter(({ appKey }) => appKey !== '' && appKey === key)
    .filter(({ secrets }) => {
      const expected = secrets.map(secret => signatureOf(sign, secret, time, request.body))
      return expected.map(one => sameText(one, given)).includes(true)
    })
  if (found === undefined) throw new GatewayError('UNAUTHENTICATED')
  return found
}

function isFresh(sign: Sign, text: string, now: Date): boolean {
  if (!DIGITS[sign.timestampUnit].test(text)) return false
  return within(now, new Date(Number(text) * UNIT_MS[sign.timestampUnit]), sign.windowSeconds)
}

/**
 * The signature in a header. Both parameters stand there once, in any order, and no other; a second
 * header line, which arrives joined by a comma, would repeat them.
 *
 * @example signatureIn('sign_type="HMAC-SHA256", signature="qlxC…="', 'HMAC-SHA256') // 'qlxC…='
 */
function signatureIn(header: string, algorithm: string): string | undefined {
  const parameters = header.split(',').map(part => PARAMETER.exec(part))
  const known = new Map(parameters.map(part => [part?.[1], part?.[2]]))
  const exactly = parameters.length === 2 && known.has('sign_type') && known.has('signature')
  return exactly && known.get('sign_type') === algorithm ? known.get('signature') : undefined
}

/** Compared as text with what was given, so that there is one spelling of it only: strict Base64. */
function signatureOf(sign: Sign, secret: string, time: string, body: Uint8Array): string {
  const hmac = createHmac('sha256', secret)
  for (const part of sign.string.split(/(\{timestamp\}|\{body\})/)) {
    hmac.update(part === '{body}' ? body : part === '{timestamp}' ? time : part)
  }
  return hmac.digest(sign.encoding)
}
