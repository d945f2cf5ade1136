import { encodings, fragments, hashForms } from './encodings.ts'
import { markedOf, markIn } from './marks.ts'
import { createSearch, type Search } from './search.ts'

/** Leaks that were spliced into what sinks got, and those that the search did not see. */
export interface Spliced {
  readonly all: number
  readonly missed: readonly string[]
}

/**
 * Splices a mark in every encoding, whole and as fragments of six, and every hash of a number, into a
 * true piece of every sink. The piece by itself must show nothing.
 */
export function plantAll(pieces: ReadonlyMap<string, Buffer>, seed: number): Spliced {
  const marked = markedOf(seed, 1, 'receiver')
  const search = createSearch()
  search.know(marked.phone)
  search.know(marked.telephone)
  const leaks = [...leaksOf(marked.phone, marked.address), ...hashesOf(marked)]
  const missed: string[] = []
  for (const [sink, piece] of pieces) {
    if (isFound(search, piece)) missed.push(`${sink}: found where nothing is`)
    const middle = piece.length >> 1
    for (const [name, leak] of leaks) {
      const planted = [piece.subarray(0, middle), QUOTE, leak, QUOTE, piece.subarray(middle)]
      if (!isFound(search, Buffer.concat(planted))) missed.push(`${sink}: ${name}`)
    }
  }
  return { all: pieces.size * leaks.length, missed }
}

const QUOTE = Buffer.from('"')

function isFound(search: Search, piece: Buffer): boolean {
  search.hits.length = 0
  search.look('', piece)
  return search.hits.length > 0
}

/** A number's mark is its six hidden digits: a fragment of it is all of it. */
function leaksOf(phone: string, address: string): [string, Buffer][] {
  const number = phone.slice(3, 9)
  return Object.entries(encodings).flatMap(([form, encode]): [string, Buffer][] => [
    [`phone, ${form}`, encode(phone)],
    [`digits, ${form}`, encode(number)],
    [`address, ${form}`, encode(address)],
    ...Object.entries(fragments).map(([which, cut]): [string, Buffer] => {
      return [`${which} letters, ${form}`, encode(cut(markIn(address)))]
    }),
  ])
}

function hashesOf({ phone, telephone }: { phone: string; telephone: string }): [string, Buffer][] {
  return Object.entries(hashForms).flatMap(([form, encode]): [string, Buffer][] => [
    [`phone, ${form}`, encode(phone)],
    [`telephone, ${form}`, encode(telephone.replace('-', ''))],
  ])
}
