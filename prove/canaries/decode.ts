import { constants, inflateRawSync } from 'node:zlib'

/** Bytes, and how they were written before. */
export interface View {
  readonly form: string
  readonly bytes: Buffer
  /** Whether it is text of which no hash can be a part. */
  readonly isText: boolean
}

/** All that a piece may say in other words. `text` holds its bytes, one a character. */
export function* decoded(view: View, text: string): Generator<View> {
  const inner = (form: string, bytes: Buffer, isText = false): View => {
    return { form: view.form === '' ? form : `${view.form} ${form}`, bytes, isText }
  }
  if (ESCAPE.test(text)) yield inner('escapes', unescaped(text), true)
  if (PERCENT.test(text)) yield inner('percent', unpercented(text))
  const hex = joined(text, HEX, 'ffff')
  for (const from of [0, 1]) if (hex !== '') yield inner('hex', Buffer.from(hex.slice(from), 'hex'))
  const dump = joined(text, DUMP, 'ff').replace(/[ :]/g, '')
  if (dump !== '') yield inner('hex', Buffer.from(dump, 'hex'))
  const numbers = joined(text, DECIMAL, ',10,')
  if (numbers !== '') yield inner('decimal', Buffer.from(numbers.split(',').map(Number)))
  const base64 = joined(text, BASE64, '____')
  for (const from of [0, 1, 2, 3])
    if (base64 !== '') yield inner('base64', Buffer.from(base64.slice(from), 'base64'))
  yield* inflated(view.bytes, inner)
}

/** Four of `\u9f80`, however often escaped, or of `&#40832;`. */
const ESCAPE = /(?:\\+u[0-9a-fA-F]{4}){4}|(?:&#x?[0-9a-fA-F]{2,6};){4}/
const ESCAPES = /\\+u([0-9a-f]{4})|&#x([0-9a-f]{2,6});|&#(\d{2,7});/gi

function unescaped(text: string): Buffer {
  const plain = Buffer.from(text, 'latin1').toString()
  return Buffer.from(
    plain.replace(ESCAPES, (_all, u?: string, x?: string, d?: string) => {
      const code = d === undefined ? Number.parseInt(u ?? x ?? '', 16) : Number(d)
      return code <= 0x10ffff ? String.fromCodePoint(code) : ''
    }),
  )
}

const PERCENT = /(?:%(?:25)*[0-9a-fA-F]{2}){4}/

function unpercented(text: string): Buffer {
  const plain = text.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(plain, 'latin1')
}

/** Six bytes or more in hexadecimal, as a dump of bytes, in base64 or base64url that begins anywhere. */
const HEX = /[0-9a-fA-F]{12,}/g
const DUMP = /(?:[0-9a-fA-F]{2}[ :]){5,}[0-9a-fA-F]{2}/g
/** Six bytes or more as JSON and the console write them. */
const DECIMAL = /\d{1,3}(?:,\s*\d{1,3}){5,}/g
const BASE64 = /[\w+/-]{8,}/g

/**
 * All runs at once, with bits of one between them: each whole byte of a run comes out right at one of
 * the offsets, whatever stands before and behind the run.
 */
const joined = (text: string, form: RegExp, gap: string): string =>
  text.match(form)?.join(gap) ?? ''

const GZIP = Buffer.from([0x1f, 0x8b, 0x08])
const ZLIB = [0x01, 0x5e, 0x9c, 0xda]
const LIMITS = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 16_777_216 }

/** What begins as gzip or zlib do, and goes on so. What stands behind it is ignored. */
function* inflated(bytes: Buffer, inner: (form: string, bytes: Buffer) => View): Generator<View> {
  for (let at = bytes.indexOf(GZIP); at >= 0; at = bytes.indexOf(GZIP, at + 1)) {
    const plain = inflate(bytes.subarray(at + headerOf(bytes, at)))
    if (plain !== undefined) yield inner('gzip', plain)
  }
  for (let at = bytes.indexOf(0x78); at >= 0; at = bytes.indexOf(0x78, at + 1)) {
    if (!ZLIB.includes(bytes[at + 1] ?? 0)) continue
    const plain = inflate(bytes.subarray(at + 2))
    if (plain !== undefined) yield inner('deflate', plain)
  }
}

const [EXTRA, NAME, COMMENT] = [4, 8, 16]

/** The length of a gzip header (RFC 1952): ten bytes, and what its flags say. */
function headerOf(bytes: Buffer, at: number): number {
  const flags = bytes[at + 3] ?? 0
  let to = at + 10
  if (flags & EXTRA) to += 2 + (bytes[to] ?? 0) + 256 * (bytes[to + 1] ?? 0)
  for (const flag of [NAME, COMMENT]) if (flags & flag) to = bytes.indexOf(0, to) + 1
  return to - at
}

/** What only looks compressed is none of it. */
function inflate(bytes: Buffer): Buffer | undefined {
  try {
    const plain = inflateRawSync(bytes, LIMITS)
    return plain.length > 0 ? plain : undefined
  } catch {
    return undefined
  }
}
