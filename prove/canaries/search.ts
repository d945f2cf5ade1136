import { decoded, type View } from './decode.ts'
import { hashes, hashOf, writtenForms } from './marks.ts'

/** A mark, or a part of one, where none may be. */
export interface Hit {
  readonly sink: string
  readonly what: 'words' | 'number' | 'hash'
  /** How it was written, the outermost form first: `base64 gzip`. */
  readonly form: string
  /** What stands around it. */
  readonly around: string
}

/** Searches what comes to it; each piece is a whole one, such as an answer or an item. */
export interface Search {
  readonly hits: Hit[]
  /** How many bytes were looked at, encoded forms counted once more for each decoding. */
  readonly bytes: number
  /** Makes the hashes of a number known. */
  know(number: string): void
  look(sink: string, piece: string | Uint8Array): void
}

/** How many letters of a mark in a row are a hit: fewer than the six that are promised. */
const LETTERS = 4
const LEAD = Buffer.from([0xe9, 0xbe])
/** How deep what is encoded twice is looked into. */
const DEEPEST = 3
/** Hits of one sink that are kept: one is too many. */
const MOST_KEPT = 10

/** A search of all marks; it takes time in proportion to what it reads, however many marks there are. */
export function createSearch(): Search {
  const known = knownHashes()
  const numbers = new Set<string>()
  const hits: Hit[] = []
  const search = {
    hits,
    bytes: 0,
    know(number: string) {
      known.add(number)
      numbers.add(number.replaceAll('-', ''))
    },
    look(sink: string, piece: string | Uint8Array) {
      const isText = typeof piece === 'string'
      const bytes = isText
        ? Buffer.from(piece)
        : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
      into(sink, { form: '', bytes, isText }, 0)
    },
  }
  function into(sink: string, view: View, depth: number): void {
    const { bytes } = view
    search.bytes += bytes.length
    const text = bytes.toString('latin1')
    const found = (what: Hit['what'], at: number) => {
      if (hits.filter(one => one.sink === sink).length >= MOST_KEPT) return
      const around = bytes.subarray(Math.max(0, at - 60), at + 60).toString()
      hits.push({ sink, what, form: view.form, around })
    }
    const words = wordsAt(bytes)
    if (words >= 0) found('words', words)
    const number = numberAt(text, numbers)
    if (number >= 0) found('number', number)
    const hash = view.isText ? -1 : known.at(bytes)
    if (hash >= 0) found('hash', hash)
    if (depth < DEEPEST) for (const inner of decoded(view, text)) into(sink, inner, depth + 1)
  }
  return search
}

const isLetter = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= 0x80 && byte <= 0xa3 && !COMMON.has(byte)
/** Last bytes of 龄, 龙, 龚 and 龟. */
const COMMON = new Set([0x84, 0x99, 0x9a, 0x9f])

/** Where letters of a mark stand in a row, as UTF-8 or UTF-16 in either order; -1 where nowhere. */
function wordsAt(bytes: Buffer): number {
  for (let at = bytes.indexOf(LEAD); at >= 0; at = bytes.indexOf(LEAD, at + 1)) {
    let run = 0
    for (
      let to = at;
      bytes[to] === 0xe9 && bytes[to + 1] === 0xbe && isLetter(bytes[to + 2]);
      to += 3
    )
      run += 1
    if (run >= LETTERS) return at
  }
  for (let at = bytes.indexOf(0x9f); at >= 0; at = bytes.indexOf(0x9f, at + 1)) {
    if (isWide(bytes, at, at - 1) || isWide(bytes, at, at + 1)) return at
  }
  return -1
}

function isWide(bytes: Buffer, high: number, low: number): boolean {
  for (let n = 0; n < LETTERS; n++)
    if (bytes[high + 2 * n] !== 0x9f || !isLetter(bytes[low + 2 * n])) return false
  return true
}

const NARROW = /[89]{6,}/g
const WIDE = /(?:[89]\0){6}|(?:\0[89]){6}/

/**
 * Where six digits of a marked number stand. Inside a long word of letters and digits, which ciphertext
 * and ids are, six such digits come about by chance: there it takes a whole number that is known.
 */
function numberAt(text: string, known: ReadonlySet<string>): number {
  const wide = text.search(WIDE)
  if (wide >= 0) return wide
  NARROW.lastIndex = 0
  for (let match = NARROW.exec(text); match !== null; match = NARROW.exec(text)) {
    if (isPlain(text, match.index, known)) return match.index
  }
  return -1
}

const RANDOM = 20
const isDigit = (one: string | undefined): boolean => one !== undefined && one >= '0' && one <= '9'
const isOfWord = (one: string | undefined): boolean => one !== undefined && /[\w+/-]/.test(one)

function isPlain(text: string, at: number, known: ReadonlySet<string>): boolean {
  const [start, end] = around(text, at, isOfWord)
  if (end - start < RANDOM || !/[a-z]/i.test(text.slice(start, end))) return true
  const [from, to] = around(text, at, isDigit)
  for (let first = from; first < to; first++)
    for (const length of NUMBERS) if (known.has(text.slice(first, first + length))) return true
  return false
}

/** How many digits a mobile number has, and a landline. */
const NUMBERS = [11, 12]

function around(text: string, at: number, is: (one: string | undefined) => boolean) {
  let [from, to] = [at, at]
  while (is(text[from - 1])) from -= 1
  while (is(text[to])) to += 1
  return [from, to] as const
}

/** Hashes by their first eight bytes, behind a bitmap that rules nearly all others out. */
function knownHashes() {
  const BITS = 27
  const bitmap = new Uint8Array(2 ** (BITS - 3))
  const full = new Set<bigint>()
  const add = (number: string): void => {
    for (const form of writtenForms(number)) {
      for (const name of hashes) {
        const hash = hashOf(name, form)
        const start = hash.readUInt32BE(0) >>> (32 - BITS)
        bitmap[start >>> 3] = (bitmap[start >>> 3] ?? 0) | (1 << (start & 7))
        full.add(hash.readBigUInt64BE(0))
      }
    }
  }
  const at = (bytes: Buffer): number => {
    let window = 0
    for (let end = 0; end < bytes.length; end++) {
      window = (window << 8) | (bytes[end] ?? 0)
      const start = window >>> (32 - BITS)
      if (((bitmap[start >>> 3] ?? 0) & (1 << (start & 7))) === 0 || end < 3) continue
      if (end + 5 <= bytes.length && full.has(bytes.readBigUInt64BE(end - 3))) return end - 3
    }
    return -1
  }
  return { add, at }
}
