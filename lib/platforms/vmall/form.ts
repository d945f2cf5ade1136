import { GatewayError } from '../../model/errors.ts'
import { isIndex, namesOf, partOf } from '../../translate/pointer.ts'

/** One place of a document: where theirs has it, and what our tables call it. */
export interface Place {
  /** Names that lead there in theirs. */
  readonly theirs: readonly string[]
  /** Names that lead there in the document that tables and the wire schema know. */
  readonly named: readonly string[]
  /** The row of the contract that says so, as a JSON Pointer: `/order/weight`. */
  readonly row: string
  /** An object with places of its own, or a list of such. */
  readonly holds?: { readonly kind: 'object' | 'list'; readonly places: readonly Place[] }
}

/**
 * All places of a document. Theirs is turned by it into the document that the tables know, and back:
 * names and nesting change, values never do.
 */
export type Form = readonly Place[]

/** A document: what is not in its form is not looked at. */
type Members = Record<string, unknown>

/**
 * A place, by JSON Pointers; none where the contract has no such row.
 *
 * @throws {TypeError} for a name that every object has from birth
 */
export function place(
  row: string,
  theirs: string | undefined,
  named: string,
  holds?: Place['holds'],
): Place[] {
  if (theirs === undefined) return []
  const names = { theirs: namesOf(theirs), named: namesOf(named), row }
  return [holds === undefined ? names : { ...names, holds }]
}

/**
 * Their document under our names. What is `null` is absent, what the form does not name is left out.
 *
 * @throws {GatewayError} `VALUE_INVALID` at a place of theirs that should be an object or a list and is
 * something else
 */
export function readForm(form: Form, document: unknown): unknown {
  const made: Members = {}
  const members = membersOf(document, [])
  for (const { theirs, named, holds } of form) {
    const value = valueAt(members, theirs)
    if (value === undefined || value === null) continue
    put(made, named, holds === undefined ? value : readHeld(holds, value, theirs))
  }
  return made
}

function readHeld(
  { kind, places }: NonNullable<Place['holds']>,
  value: unknown,
  at: readonly string[],
): unknown {
  if (kind === 'object') return readForm(places, membersOf(value, at))
  if (!Array.isArray(value)) throw wrongAt(at)
  return value.map((item, n) => readForm(places, membersOf(item, [...at, String(n)])))
}

/** A document under our names as theirs: the other way round. @throws as `readForm` */
export function writeForm(form: Form, document: unknown, into: object = {}): object {
  const members = membersOf(document, [])
  for (const { theirs, named, holds } of form) {
    const value = valueAt(members, named)
    if (value === undefined || value === null) continue
    if (holds?.kind === 'object') writeForm(holds.places, value, objectAt(into, theirs))
    else put(into, theirs, holds && Array.isArray(value) ? value.map(each(holds.places)) : value)
  }
  return into
}

const each = (places: Form) => (item: unknown) => writeForm(places, item)

/**
 * The rows of a form that stand in each other's way in theirs: one is named twice, or lies inside
 * another. Lists are looked into by themselves.
 */
export function clashes(form: Form): string[] {
  const all = flat(form, '')
  const found = all.flatMap(({ at, row }, n) =>
    all.some((other, m) => m !== n && (m < n || at !== other.at) && at.startsWith(other.at))
      ? [row]
      : [],
  )
  const inside = all.flatMap(({ places }) => (places === undefined ? [] : clashes(places)))
  return [...found, ...inside]
}

interface Flat {
  readonly at: string
  readonly row: string
  readonly places?: Form
}

/** Places with those of objects among them, each ended by a sign that no name ends in. */
function flat(form: Form, before: string): Flat[] {
  return form.flatMap(({ theirs, row, holds }): Flat[] => {
    const at = `${before}${theirs.map(name => JSON.stringify(name)).join('/')}/`
    if (holds?.kind === 'object') return flat(holds.places, at)
    return [{ at, row, ...(holds === undefined ? {} : { places: holds.places }) }]
  })
}

function valueAt(members: Members, names: readonly string[]): unknown {
  let here: unknown = members
  for (const [n, name] of names.entries()) {
    const object = Array.isArray(here) ? elementsOf(here) : membersOf(here, names.slice(0, n))
    here = Object.hasOwn(object, name) ? object[name] : undefined
    if (here === undefined || here === null) return undefined
  }
  return here
}

/** An array by its indices alone: it has other names of its own. */
const elementsOf = (list: readonly unknown[]): Members => ({ ...list })

function put(into: object, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) Reflect.set(into, name, value)
  else put(holderAt(into, name, rest[0] ?? ''), rest, value)
}

/** The object at a place, made where there is none. */
function objectAt(into: object, [name, ...rest]: readonly string[]): object {
  return name === undefined ? into : objectAt(holderAt(into, name, rest[0] ?? ''), rest)
}

/** What lies behind a name, made for what is to lie behind the next one: an array for an index. */
function holderAt(into: object, name: string, next: string): object {
  const there: unknown = Reflect.get(into, name)
  if (typeof there === 'object' && there !== null) return there
  const made = isIndex(next) ? [] : {}
  Reflect.set(into, name, made)
  return made
}

function membersOf(value: unknown, at: readonly string[]): Members {
  if (!isMembers(value)) throw wrongAt(at)
  return value
}

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const wrongAt = (names: readonly string[]) =>
  new GatewayError('VALUE_INVALID', names.map(partOf).join(''))
