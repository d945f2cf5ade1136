import { GatewayError } from '../model/errors.ts'

/** The largest body that is read, in bytes: 1 MB (1,048,576). */
export const maxBodyBytes = 1_048_576

/** How deep arrays and objects may nest: `[[1]]` is 2. */
const maxDepth = 64

/** Names that reach an object's prototype when a careless reader copies them. No partner uses them. */
const refusedNames = new Set(['__proto__', 'constructor'])

/** Keys that may stand in a pointer. Other text could be a person's: the pointer ends before it. */
const plainName = /^[A-Za-z_]\w{0,40}$/

/** The smallest number that still has 15 exact digits (below it doubles lose precision). */
const smallestNormal = 2.2250738585072014e-308

/** Numbers written longer than this stay text without a look at their digits (a pass over a million zeros costs). */
const longestNumber = 40

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const numberCharacters = '0123456789.eE+-'

/** What only a look at the text can tell; `JSON.parse` would not. */
type Shape = {
  /** Count of `"key": value` pairs, repeated keys included. */
  readonly members: number
  /** Whether a number stands there that a JS number may not hold exactly. */
  readonly longNumbers: boolean
}

/**
 * Bytes → text. Fatal UTF-8; a byte order mark is kept, so every reader of text refuses it (RFC 8259 section 8.1).
 *
 * @throws {GatewayError} `TOO_LARGE` above `maxBytes`, `MALFORMED` for what is not UTF-8.
 */
export function readText(bytes: Uint8Array, maxBytes = maxBodyBytes): string {
  if (bytes.byteLength > maxBytes) throw new GatewayError('TOO_LARGE')
  try {
    return utf8.decode(bytes)
  } catch {
    throw new GatewayError('MALFORMED')
  }
}

/**
 * JSON bytes → plain values, strictly: the size, UTF-8, at most 64 deep, well-formed strings without NUL, no key
 * twice, no `__proto__` or `constructor`. Numbers lose nothing: one that a JS number cannot hold exactly (an integer
 * beyond ±(2^53-1), more than 15 significant digits, or more than 40 characters) becomes its text, `6900000000000000001` → `"6900000000000000001"`.
 *
 * @throws {GatewayError} `TOO_LARGE`, or `MALFORMED` at the place where it is cheaply known.
 * @see design.md section 7, "Strict intake"
 */
export function readJson(bytes: Uint8Array, options: { maxBytes?: number } = {}): unknown {
  return readJsonText(readText(bytes, options.maxBytes))
}

/**
 * As `readJson`, for JSON that arrives as text inside other text (a form field, a string member).
 *
 * @throws {GatewayError} `MALFORMED`
 */
export function readJsonText(text: string): unknown {
  const shape = scan(text)
  const value = parse(text, shape.longNumbers ? keepNumbers : undefined)
  const found = { members: 0 }
  const fault = faultIn(value, found)
  if (fault !== undefined) throw new GatewayError('MALFORMED', fault)
  if (found.members !== shape.members) throw new GatewayError('MALFORMED')
  return value
}

/**
 * JSON text → the same JSON, keys sorted by UTF-16 code unit at every level, compact, for signatures over re-serialised
 * JSON. Number text stays as received, except that a fraction of zeros is left out: `12.00` → `12`.
 * With `escapeHtml`, `<`, `>`, `&` are written `\u003c`, `\u003e`, `\u0026`.
 *
 * @example sortedJson('{"b": 1, "a": 9007199254740993}') // '{"a":9007199254740993,"b":1}'
 * @throws {GatewayError} `MALFORMED` for all that `readJson` refuses, above all repeated keys.
 * @see Douyin open platform, SPI signature (re-serialised `param_json`)
 */
export function sortedJson(text: string, options: { escapeHtml?: boolean } = {}): string {
  readJsonText(text)
  return String(
    parse(text, printSorted(options.escapeHtml === true ? quoteForHtml : JSON.stringify)),
  )
}

/**
 * `application/x-www-form-urlencoded` bytes → names and values, strictly: every pair is `name=value`, each name comes
 * once, percent escapes are whole and UTF-8, no NUL. `+` is a space. No bytes are no pairs.
 *
 * @throws {GatewayError} `TOO_LARGE`, `MALFORMED`
 */
export function readForm(
  bytes: Uint8Array,
  options: { maxBytes?: number } = {},
): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const [name, value] of readPairs(readText(bytes, options.maxBytes))) {
    if (fields.has(name)) throw new GatewayError('MALFORMED')
    fields.set(name, value)
  }
  return fields
}

/**
 * The pairs of a form or of a query (without its `?`), in their order, repeats included: `a=1&b=%20` → `[['a','1'],['b',' ']]`.
 *
 * @throws {GatewayError} `MALFORMED`
 */
export function readPairs(text: string): [name: string, value: string][] {
  if (text === '') return []
  return text.split('&').map(pair => {
    const split = pair.indexOf('=')
    if (split < 1) throw new GatewayError('MALFORMED')
    return [percentDecode(pair.slice(0, split)), percentDecode(pair.slice(split + 1))]
  })
}

function percentDecode(text: string): string {
  try {
    const decoded = decodeURIComponent(text.replaceAll('+', ' '))
    if (isCleanText(decoded)) return decoded
  } catch {
    // Not a whole escape, or not UTF-8: the error's own text would repeat the input.
  }
  throw new GatewayError('MALFORMED')
}

/** A NUL ends a string early in some partners' systems, so what we check and what they print would differ. */
function isCleanText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown

function parse(text: string, reviver?: Reviver): unknown {
  try {
    return JSON.parse(text, reviver)
  } catch {
    // The engine's message quotes the input.
    throw new GatewayError('MALFORMED')
  }
}

/** One pass over the text before parsing, so that no nesting can exhaust the stack. */
function scan(text: string): Shape {
  let depth = 0
  let members = 0
  let longNumbers = false
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i)
    if (char === '"') i = endOfString(text, i)
    else if (char === ':') members++
    else if (char === '{' || char === '[') depth++
    else if (char === '}' || char === ']') depth--
    else if (char === '-' || isDigit(char)) {
      const end = endOfNumber(text, i)
      // At most 15 characters and no exponent: surely exact.
      longNumbers ||= end - i > 15 || /[eE]/.test(text.slice(i, end))
      i = end - 1
    }
    if (depth > maxDepth) throw new GatewayError('MALFORMED')
  }
  return { members, longNumbers }
}

/** Where the closing quote of the string that opens at `start` stands; the text's end if there is none. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end === -1 ? text.length : end
}

/** Whether an odd number of backslashes stands before `at`. */
function isEscaped(text: string, at: number): boolean {
  let start = at
  while (text.charAt(start - 1) === '\\') start--
  return (at - start) % 2 === 1
}

function endOfNumber(text: string, start: number): number {
  let i = start + 1
  while (i < text.length && numberCharacters.includes(text.charAt(i))) i++
  return i
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9'
}

const keepNumbers: Reviver = (_key, value, context) =>
  typeof value === 'number' ? exactly(context?.source ?? String(value), value) : value

/** Any decimal of at most 15 significant digits comes back from a double as it was (IEEE 754). */
function exactly(text: string, value: number): number | string {
  if (text.length > longestNumber) return text
  if (/^-?\d+$/.test(text)) return Number.isSafeInteger(value) ? value : text
  const digits = text
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '')
    .replace(/0+$/, '')
  const size = Math.abs(value)
  const exact = digits.length <= 15 && size >= smallestNormal && size <= Number.MAX_VALUE
  return digits === '' || exact ? value : text
}

/** Counts members, and gives the pointer of the first string or name that is refused. */
function faultIn(value: unknown, found: { members: number }): string | undefined {
  if (typeof value === 'string') return isCleanText(value) ? undefined : ''
  if (typeof value !== 'object' || value === null) return undefined
  return Array.isArray(value) ? faultInItems(value, found) : faultInMembers(value, found)
}

function faultInItems(items: readonly unknown[], found: { members: number }): string | undefined {
  for (const [index, item] of items.entries()) {
    const fault = faultIn(item, found)
    if (fault !== undefined) return `/${index}${fault}`
  }
  return undefined
}

function faultInMembers(object: object, found: { members: number }): string | undefined {
  for (const [name, member] of Object.entries(object)) {
    found.members++
    if (refusedNames.has(name) || !isCleanText(name)) return ''
    const fault = faultIn(member, found)
    if (fault !== undefined) return plainName.test(name) ? `/${name}${fault}` : ''
  }
  return undefined
}

/** Prints from the inside out: each value is already its text when the array or object around it is printed. */
function printSorted(quote: (text: string) => string): Reviver {
  return (_key, value, context) => {
    if (typeof value === 'string') return quote(value)
    if (typeof value === 'number')
      return (context?.source ?? String(value)).replace(/^(-?\d+)\.0+$/, '$1')
    if (Array.isArray(value)) return `[${value.join(',')}]`
    if (typeof value !== 'object' || value === null) return String(value)
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${members.map(([name, text]) => `${quote(name)}:${text}`).join(',')}}`
  }
}

function quoteForHtml(text: string): string {
  return JSON.stringify(text)
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026')
}
