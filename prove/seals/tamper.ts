import type { Doc } from './case.ts'
import type { Base } from './corpus.ts'

// Changes of single characters and bits, at every place of every text of a seal.

/** Where a text stands: `/header/kid`; of a JWS the part too. */
export interface Place {
  readonly path: readonly string[]
  /** Which part of a JWS, from 0. */
  readonly part?: number
  readonly text: string
}

/** Members that what is encrypted and authenticated consists of. */
const AUTHENTICATED = ['protected', 'iv', 'ciphertext', 'tag']

/** Whether an opener, who does not look at the signature, must refuse what was made of this seal. */
export function mustNotOpen(base: Base, doc: Doc): boolean {
  return AUTHENTICATED.some(name => doc[name] !== base.sealed[name])
}

/** All texts of a document. */
export function placesOf(doc: Doc): Place[] {
  return Object.entries(doc).flatMap(([name, value]): Place[] => {
    if (typeof value === 'object' && value !== null) {
      return placesOf({ ...value }).map(place => ({ ...place, path: [name, ...place.path] }))
    }
    const text = String(value)
    return name === 'signature' || name === 'certificate'
      ? text.split('.').map((part, i) => ({ path: [name], part: i, text: part }))
      : [{ path: [name], text }]
  })
}

/** The document with another text in that place. */
export function replaced(doc: Doc, { path, part }: Place, text: string): Doc {
  const [name = '', ...rest] = path
  const old = doc[name]
  if (typeof old === 'object' && old !== null) {
    return { ...doc, [name]: replaced({ ...old }, { path: rest, text: '' }, text) }
  }
  return {
    ...doc,
    [name]: part === undefined ? text : String(old).split('.').with(part, text).join('.'),
  }
}

/** One bit of the bytes that a text encodes, or of the text itself where it is none. */
export function flipped({ path, text }: Place, bit: number): string {
  const plain = path.some(name => ['platform', 'sealedAt', 'alg'].includes(name))
  const bytes = Buffer.from(text, plain ? 'latin1' : 'base64url')
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return bytes.toString(plain ? 'latin1' : 'base64url')
}

/** How many bits `flipped` can flip. */
export function bitsOf({ path, text }: Place): number {
  const plain = path.some(name => ['platform', 'sealedAt', 'alg'].includes(name))
  return Buffer.from(text, plain ? 'latin1' : 'base64url').length * 8
}

/** Characters of base64url. */
export const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Characters that a careless decoder skips, maps or stops at. */
export const FOREIGN = ['=', '+', '/', ' ', '\n', '.', '\u0000', 'é', '%', '\u200b', '"', '\\']

/** The text with one place edited in one of many ways. */
export const edits: readonly ((text: string, at: number) => string)[] = [
  (text, at) => text.slice(0, at),
  (text, at) => text.slice(at + 1),
  (text, at) => text.slice(0, at) + text.slice(at + 1),
  (text, at) => text.slice(0, at + 1) + text.slice(at),
  (text, at) => text.slice(at) + text.slice(0, at),
  (text, at) => `${text}${text.slice(0, at + 1)}`,
  (text, at) => `${text.slice(0, at)}A${text.slice(at)}`,
  (text, at) => `${text.slice(0, at)}\n${text.slice(at)}`,
  (text, at) => `${text.slice(0, at)}=${text.slice(at)}`,
  (text, at) => text.slice(0, at) + other(text, at + 1) + other(text, at) + text.slice(at + 2),
  (text, at) => text.slice(0, at) + swapCase(other(text, at)) + text.slice(at + 1),
  (text, at) => text.slice(0, at) + encodeURIComponent(other(text, at)) + text.slice(at + 1),
  (text, at) =>
    `${text.slice(0, at)}%${other(text, at).charCodeAt(0).toString(16)}${text.slice(at + 1)}`,
]

const other = (text: string, at: number): string => text[at] ?? ''

const swapCase = (char: string): string =>
  char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase()
