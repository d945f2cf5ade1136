import type { Chance } from '../seals/chance.ts'
import { type Fault, foreign } from './fault.ts'
import { markOf, mutateBytes, mutateText, mutateValue } from './mutate.ts'
import { saysSame, strictly } from './strict-json.ts'
import type { Code, Sample } from './subject.ts'

/** Puts one input, made by chance, to a layer of the gateway: what it broke, or nothing. */
export type Layer = (chance: Chance) => Promise<Fault | undefined> | Fault | undefined

/** Bytes as JSON: taken exactly where another strict reader takes them, and read as it reads them. */
export function jsonLayer({ strict }: Code, samples: readonly Sample[]): Layer {
  const pieces = samples.flatMap(({ document }) => piecesOf(document))
  return chance => {
    const bytes = jsonBytes(pieces, chance)
    const expected = strictly(bytes)
    const fault = (what: string): Fault => ({
      broken: 'lax',
      what,
      input: bytes.toString('latin1'),
    })
    try {
      const value = strict.readJson(bytes)
      if (expected === undefined) return fault('JSON taken that can be read in two ways')
      return saysSame(value, expected.value) ? undefined : fault('JSON read as something else')
    } catch (error) {
      return foreign(error, bytes.toString('latin1')) ?? (expected && fault('plain JSON refused'))
    }
  }
}

/** Small parts of the documents: the same faults show, and sooner. */
function piecesOf(document: unknown): unknown[] {
  if (typeof document !== 'object' || document === null) return []
  const inner = Object.values(document).flatMap(piecesOf)
  return JSON.stringify(document).length < 500 ? [document, ...inner] : inner
}

function jsonBytes(pieces: readonly unknown[], chance: Chance): Buffer {
  const piece = chance.pick(pieces)
  const value = chance.happens(0.5) ? mutateValue(piece, chance, markOf(chance)) : piece
  let text = JSON.stringify(value) ?? ''
  for (let times = chance.below(3); times > 0; times--) text = mutateText(text, chance)
  const bytes = Buffer.from(text)
  return chance.happens(0.2) ? mutateBytes(bytes, chance) : bytes
}

/** Bytes as a form or a query: names once, whole escapes, text that is well formed. */
export function formLayer({ strict }: Code): Layer {
  return chance => {
    const bytes = formBytes(chance)
    const input = bytes.toString('latin1')
    const expected = readsOneWay(bytes)
    try {
      const fields = strict.readForm(bytes)
      const said = JSON.stringify([...fields])
      if (expected === said) return undefined
      return { broken: 'lax', what: 'a form taken that can be read in two ways', input }
    } catch (error) {
      const refused = expected && { broken: 'lax', what: 'a plain form refused', input }
      return foreign(error, input) ?? (refused as Fault | undefined)
    }
  }
}

const formParts = [
  ...['a', 'sign', 'param', '=', '&', '+', '%20', '%E5%BC%A0', '%', '%zz', '%C3', '%00', '%ff'],
  ...['张', '%26', '%3D', ';', '#', '?', '%ED%A0%80', '\0', '1', 'b=2', '&a=1', '%2B', '/', '.'],
]

function formBytes(chance: Chance): Buffer {
  const parts = Array.from({ length: 1 + chance.below(9) }, () => chance.pick(formParts))
  const bytes = Buffer.from(chance.happens(0.5) ? `a=${parts.join('')}` : parts.join(''))
  return chance.happens(0.1) ? mutateBytes(bytes, chance) : bytes
}

/** The pairs of a form as another reader sees them, as JSON; nothing where it must be refused. */
function readsOneWay(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8')
  if (!Buffer.from(text).equals(bytes)) return undefined
  if (text === '') return '[]'
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return undefined
  const raw = text.split('&')
  if (raw.some(pair => !/^[^=]+=/.test(pair))) return undefined
  const pairs = [...new URLSearchParams(`&${text}`)]
  const names = new Set(pairs.map(([name]) => name))
  const isClean = pairs.flat().every(one => !one.includes('\0') && !one.includes('\ufffd'))
  return names.size === raw.length && pairs.length === raw.length && isClean
    ? JSON.stringify(pairs)
    : undefined
}
