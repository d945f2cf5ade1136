import type { Lossy } from './codec.ts'
import { namesOf } from './pointer.ts'

/** The two documents a table stands between. */
export type SideName = 'theirs' | 'ours'

/** One function of a codec, its types forgotten: the rows that hold it have checked them. */
export type Convert = (value: unknown, context: unknown) => unknown

/** A codec, or half of one, its types forgotten. */
export interface AnyCodec {
  readonly name?: string
  readonly absent?: boolean
  readonly lossy?: Lossy
  /** The pairs of a code list. */
  readonly codes?: readonly (readonly [number | string, string])[]
  readonly to?: Convert
  readonly from?: Convert
}

/** The pointers of one side of a row; `many` if they were given as a tuple. */
export interface Pointed {
  readonly pointers: readonly string[]
  readonly many: boolean
}

/** The object on each side that a row stands in: `''` if it is the document, or the element. */
type Scope = Readonly<Record<SideName, string>>

/** A value, both ways or one. */
export interface ValueEntry {
  readonly kind: 'value'
  readonly theirs: Pointed
  readonly ours: Pointed
  readonly scope: Scope
  readonly codec?: AnyCodec
  readonly only?: { readonly writes: SideName; readonly because: string }
}

/** An array, by the entries of its elements, or by a codec of them. */
export interface EachEntry {
  readonly kind: 'each'
  readonly theirs: Pointed
  readonly ours: Pointed
  readonly entries: readonly Entry[]
}

/** A fixed value of one side. */
export interface ConstantEntry {
  readonly kind: 'constant'
  readonly side: SideName
  readonly at: string
  readonly scope: Scope
  readonly value: unknown
  readonly checked: boolean
}

/** A declared loss. */
export interface LossEntry extends Loss {
  readonly kind: 'loss'
}

/** What a row is, once its types are checked. */
export type Entry = ValueEntry | EachEntry | ConstantEntry | LossEntry

/** One line of a table between documents of the types `T` and `O`; made by the functions of `between`, read by `table`. */
export interface Row<T, O> {
  readonly entries: readonly Entry[]
  readonly between?: (theirs: T, ours: O) => void
}

/** Something that does not survive the way there and back: where, on which side, and why. */
export interface Loss {
  readonly at: string
  readonly side: SideName
  readonly because: string
}

/** What a row names, for those who check tables: `[]` in a pointer stands for every element. */
export interface RowFacts {
  readonly kind: 'value' | 'constant'
  readonly theirs: readonly string[]
  readonly ours: readonly string[]
  /** The only side it writes; absent for a row that goes both ways. */
  readonly writes?: SideName
  readonly codec?: AnyCodec
}

const one = (pointer: string): Pointed => ({ pointers: [pointer], many: false })

/** The pointers of a row as it was given them. */
export const pointed = (given: string | readonly string[]): Pointed =>
  typeof given === 'string' ? one(given) : { pointers: given, many: true }

/** The same entries, seen from the objects around them. */
export function within(entries: readonly Entry[], theirs: string, ours: string): Entry[] {
  const around: Scope = { theirs, ours }
  const put = (side: SideName, { pointers, many }: Pointed): Pointed => ({
    pointers: pointers.map(pointer => around[side] + pointer),
    many,
  })
  return entries.map(entry => {
    if (entry.kind === 'loss' || entry.kind === 'constant') {
      const at = around[entry.side] + entry.at
      return entry.kind === 'loss' ? { ...entry, at } : { ...entry, at, scope: outer(entry.scope) }
    }
    const both = { theirs: put('theirs', entry.theirs), ours: put('ours', entry.ours) }
    return entry.kind === 'each'
      ? { ...entry, ...both }
      : { ...entry, ...both, scope: outer(entry.scope) }
  })

  function outer(scope: Scope): Scope {
    return { theirs: theirs + scope.theirs, ours: ours + scope.ours }
  }
}

/** Every row with its full pointers, those of elements included. */
export function rowsOf(entries: readonly Entry[], theirs = '', ours = ''): RowFacts[] {
  return entries.flatMap(entry => factsOf(entry, theirs, ours))
}

function factsOf(entry: Entry, theirs: string, ours: string): RowFacts[] {
  if (entry.kind === 'loss') return []
  if (entry.kind === 'each') return rowsOf(entry.entries, ...elements(entry, theirs, ours))
  if (entry.kind === 'constant') {
    const at = (side: SideName, prefix: string) => (entry.side === side ? [prefix + entry.at] : [])
    const places = { theirs: at('theirs', theirs), ours: at('ours', ours) }
    return [{ kind: 'constant', ...places, writes: entry.side }]
  }
  const full = (side: Pointed, prefix: string) => side.pointers.map(pointer => prefix + pointer)
  return [
    {
      kind: 'value',
      theirs: full(entry.theirs, theirs),
      ours: full(entry.ours, ours),
      ...(entry.only ? { writes: entry.only.writes } : {}),
      ...(entry.codec ? { codec: entry.codec } : {}),
    },
  ]
}

const elements = (entry: EachEntry, theirs: string, ours: string): [string, string] => [
  `${theirs}${entry.theirs.pointers[0]}/[]`,
  `${ours}${entry.ours.pointers[0]}/[]`,
]

/** Every loss with its full pointer: declared ones, those of lossy codecs, and what rows of one direction alone read. */
export function lossesOf(entries: readonly Entry[], theirs = '', ours = ''): Loss[] {
  const prefix = { theirs, ours }
  const lose = (side: SideName, because: string | undefined, pointers: readonly string[]) =>
    because === undefined
      ? []
      : pointers.map(pointer => ({ at: prefix[side] + pointer, side, because }))
  return entries.flatMap((entry): Loss[] => {
    if (entry.kind === 'constant') return []
    if (entry.kind === 'loss') return lose(entry.side, entry.because, [entry.at])
    if (entry.kind === 'each') return lossesOf(entry.entries, ...elements(entry, theirs, ours))
    if (entry.only) {
      const read = entry.only.writes === 'theirs' ? 'ours' : 'theirs'
      return lose(read, entry.only.because, readAlone(entry, read, entries))
    }
    const lossy = entry.codec?.lossy
    return [
      ...lose('theirs', lossy?.theirs, entry.theirs.pointers),
      ...lose('ours', lossy?.ours, entry.ours.pointers),
    ]
  })
}

/** What a row of one direction reads and no row of both directions names. */
function readAlone(entry: ValueEntry, read: SideName, entries: readonly Entry[]): string[] {
  const kept = entries.filter(
    other => other.kind === 'each' || (other.kind === 'value' && !other.only),
  )
  return entry[read].pointers.filter(
    pointer => pointer !== '' && !kept.some(other => names(other, read, pointer)),
  )
}

/** Whether an entry names the place, something in it, or something it lies in. */
function names(entry: Entry, side: SideName, pointer: string): boolean {
  if (entry.kind === 'constant' || entry.kind === 'loss') return false
  return entry[side].pointers.some(other => covers(other, pointer))
}

function covers(a: string, b: string): boolean {
  const [short, long] = [namesOf(a), namesOf(b)].sort((x, y) => x.length - y.length)
  return short?.every((name, n) => long?.[n] === name) ?? false
}
