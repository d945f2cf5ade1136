import type { Case, Doc, LazyCase } from './case.ts'
import { type Chance, chanceOf } from './chance.ts'
import { type Base, canonical } from './corpus.ts'
import { heldOf } from './signatures.ts'
import {
  ALPHABET,
  bitsOf,
  edits,
  FOREIGN,
  flipped,
  mustNotOpen,
  type Place,
  placesOf,
  replaced,
} from './tamper.ts'

// The bulk: true seals with something changed, exhaustively where that is finite, by chance beyond.

function changed(kind: string, base: Base, doc: Doc): Case {
  return {
    kind,
    doc,
    must: { verify: 'refuse', open: mustNotOpen(base, doc) ? 'refuse' : 'any' },
    contentKey: Buffer.from(base.contentKey, 'base64url'),
    asked: { ...base.asked },
  }
}

const retexted = (kind: string, base: Base, place: Place, text: string): Case | undefined =>
  text === place.text ? undefined : changed(kind, base, replaced(base.sealed, place, text))

/** Every bit of every part flipped. */
export function* bitCases(corpus: readonly Base[]): Generator<LazyCase> {
  for (const base of corpus) {
    for (const place of placesOf(base.sealed)) {
      const bits = bitsOf(place)
      for (let bit = 0; bit < bits; bit++) {
        yield () => retexted('bit', base, place, flipped(place, bit))
      }
    }
  }
}

/** Every character replaced by every other of the alphabet and by those that do not belong there. */
export function* characterCases(corpus: readonly Base[]): Generator<LazyCase> {
  for (const base of corpus) {
    for (const place of placesOf(base.sealed)) {
      for (let at = 0; at < place.text.length; at++) {
        for (const char of [...ALPHABET, ...FOREIGN]) {
          yield () => retexted('character', base, place, put(place.text, at, char))
        }
      }
    }
  }
}

const put = (text: string, at: number, char: string): string =>
  text.slice(0, at) + char + text.slice(at + 1)

/** The last characters of every text with loose bits, padding, and the other alphabet. */
export function* endCases(corpus: readonly Base[]): Generator<LazyCase> {
  for (const base of corpus) {
    for (const place of placesOf(base.sealed)) {
      const { text } = place
      const endings = [...ALPHABET].map(char => put(text, text.length - 1, char))
      const padded = [
        '=',
        '==',
        '===',
        '====',
        ' ',
        '\n',
        '\r\n',
        'A',
        'AA',
        'AAA',
        'AAAA',
        '\u0000',
      ]
      const plain = Buffer.from(text, 'base64url').toString('base64')
      for (const odd of [
        ...endings,
        ...padded.map(end => text + end),
        plain,
        ` ${text}`,
        `=${text}`,
      ]) {
        yield () => retexted('ending', base, place, odd)
      }
    }
  }
}

/** Every place cut, doubled, left out, turned round. */
export function* editCases(corpus: readonly Base[]): Generator<LazyCase> {
  for (const base of corpus) {
    for (const place of placesOf(base.sealed)) {
      for (let at = 0; at < place.text.length; at++) {
        for (const edit of edits) yield () => retexted('edit', base, place, edit(place.text, at))
      }
    }
  }
}

const MEMBERS = [
  ...['protected', 'header', 'key', 'iv', 'ciphertext', 'tag'],
  ...['platform', 'sealedAt', 'signature', 'certificate'],
]

/** Wrapped key and its hash are one thing in two forms: they are taken over together. */
const namesOf = (member: string): readonly string[] =>
  member === 'key' ? ['encrypted_key', 'keyHash'] : [member]

function mixed(a: Doc, b: Doc, members: readonly string[]): Doc {
  const names = members.flatMap(namesOf)
  const kept = Object.entries(a).filter(([name]) => !names.includes(name))
  const taken = Object.entries(b).filter(([name]) => names.includes(name))
  return Object.fromEntries([...kept, ...taken])
}

const subsetOf = (bits: number): string[] => MEMBERS.filter((_, i) => (bits >> i) & 1)

/** Two seals mixed in every way: each set of members of one put into the other. */
export function* swapCases(corpus: readonly Base[]): Generator<LazyCase> {
  const true_ = new Set(corpus.map(({ sealed }) => canonical(sealed)))
  for (const a of corpus) {
    for (const b of corpus.filter(one => one !== a)) {
      for (let bits = 1; bits < 2 ** MEMBERS.length - 1; bits++) {
        yield () => {
          const doc = mixed(a.sealed, b.sealed, subsetOf(bits))
          return true_.has(canonical(doc)) ? undefined : changed('swap', a, doc)
        }
      }
    }
  }
}

/**
 * The same with what the router holds. The hash of the key that belongs there is claimed beside it: a
 * router that believed it would let the other key through.
 */
export function* heldSwapCases(corpus: readonly Base[]): Generator<LazyCase> {
  const whole = corpus.filter(({ sealed }) => sealed.encrypted_key !== undefined)
  const held = whole.map(({ sealed, stated }) => ({
    doc: heldOf(sealed, stated),
    keyHash: stated.keyHash,
  }))
  const true_ = new Set(held.map(({ doc }) => canonical(doc)))
  for (const a of held) {
    for (const b of held.filter(one => one !== a)) {
      const names = Object.keys({ ...a.doc, ...b.doc })
      for (let bits = 1; bits < 2 ** names.length - 1; bits++) {
        yield () => {
          const taken = names.filter((_, i) => (bits >> i) & 1)
          const doc = Object.fromEntries([
            ...Object.entries(a.doc).filter(([name]) => !taken.includes(name)),
            ...Object.entries(b.doc).filter(([name]) => taken.includes(name)),
          ])
          if (true_.has(canonical(doc))) return undefined
          const claimed = { ...doc, keyHash: a.keyHash }
          return { kind: 'held swap', doc: claimed, must: { held: 'refuse' } }
        }
      }
    }
  }
}

/** Two to four changes at once, by chance: without end. */
export function* chanceCases(corpus: readonly Base[], seed: number): Generator<LazyCase> {
  const true_ = new Set(corpus.map(({ sealed }) => canonical(sealed)))
  for (let n = 0; ; n++) {
    yield () => {
      const chance = chanceOf(seed * 0x10001 + n)
      const base = chance.pick(corpus)
      let doc = base.sealed
      for (let left = 2 + chance.below(3); left > 0; left--)
        doc = changedByChance(doc, corpus, chance)
      return true_.has(canonical(doc)) ? undefined : changed('several', base, doc)
    }
  }
}

function changedByChance(doc: Doc, corpus: readonly Base[], chance: Chance): Doc {
  if (chance.happens(0.25)) {
    return mixed(
      doc,
      chance.pick(corpus).sealed,
      subsetOf(1 + chance.below(2 ** MEMBERS.length - 2)),
    )
  }
  const place = chance.pick(placesOf(doc))
  const length = place.text.length
  if (length === 0) return replaced(doc, place, 'A')
  const at = chance.below(length)
  if (chance.happens(0.4))
    return replaced(doc, place, put(place.text, at, chance.pick([...ALPHABET])))
  if (chance.happens(0.4)) return replaced(doc, place, flipped(place, chance.below(bitsOf(place))))
  return replaced(doc, place, chance.pick(edits)(place.text, at))
}
