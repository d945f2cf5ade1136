import { isIndex, partOf } from '../../lib/translate/pointer.ts'

/** Whether a pointer lies at or below a pattern, in which `[]` stands for every element. */
export function covers(pattern: string, pointer: string): boolean {
  const names = pointer.split('/')
  return pattern.split('/').every((name, n) => matches(name, names[n]))
}

const matches = (name: string, other: string | undefined): boolean =>
  name === other ||
  (name === '[]' && isIndex(other ?? '')) ||
  (other === '[]' && isIndex(name)) ||
  false

/** Whether one of two patterns lies at or below the other. */
export const overlap = (a: string, b: string): boolean => covers(a, b) || covers(b, a)

/** Every value of a document by its pointer. What says "none", `""`, null and empty ones, is as good as absent. */
export function leavesOf(document: unknown): Map<string, unknown> {
  const leaves = new Map<string, unknown>()
  collect(document, '', leaves)
  return leaves
}

function collect(value: unknown, at: string, leaves: Map<string, unknown>): void {
  if (typeof value === 'object' && value !== null)
    for (const name in value) collect(Reflect.get(value, name), at + partOf(name), leaves)
  else if (value !== undefined && value !== null && value !== '') leaves.set(at, value)
}

/** Pointers of all values that two documents do not have in common. */
export function differences(a: unknown, b: unknown): string[] {
  const found: string[] = []
  compare(a, b, [], found)
  return found
}

/** Pointers are made where something differs, since most often nothing does. */
function compare(a: unknown, b: unknown, path: string[], found: string[]): void {
  if (a === b) return
  if (isObject(a) && isObject(b)) {
    for (const name in a) below(Reflect.get(a, name), Reflect.get(b, name), name)
    for (const name in b) if (!(name in a)) below(undefined, Reflect.get(b, name), name)
    return
  }
  const at = path.map(partOf).join('')
  const [left, right] = [leavesOf(a), leavesOf(b)]
  for (const pointer of new Set([...left.keys(), ...right.keys()])) found.push(at + pointer)

  function below(left: unknown, right: unknown, name: string): void {
    path.push(name)
    compare(left, right, path, found)
    path.pop()
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** A copy of the document in which one place holds another value; objects on the way are made. */
export function put(document: unknown, pointer: string, value: unknown): unknown {
  const [name, ...rest] = pointer.split('/').slice(1)
  if (name === undefined) return value
  const below = rest.map(part => `/${part}`).join('')
  if (Array.isArray(document) || isIndex(name)) {
    const list: unknown[] = Array.isArray(document) ? [...document] : []
    list[Number(name)] = put(list[Number(name)], below, value)
    return list
  }
  const held = { ...Object(document) }
  return { ...held, [name]: put(held[name], below, value) }
}

/** Pointers of all objects in a document, its own `''` among them. */
export function objectsOf(document: unknown, at = ''): string[] {
  if (typeof document !== 'object' || document === null) return []
  const below = Object.entries(document).flatMap(([name, value]) =>
    objectsOf(value, at + partOf(name)),
  )
  return Array.isArray(document) ? below : [at, ...below]
}

/** The value at a pointer, if there is one. */
export function valueAt(document: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((here, name) => (here == null ? undefined : Object(here)[name]), document)
}
