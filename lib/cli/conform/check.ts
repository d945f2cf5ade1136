/** What a server was found to do otherwise. Says what was expected, never what else an answer held. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch'
}

/** One thing that a server of the standard does, by name. */
export interface Check<Kit> {
  readonly name: string
  /** @throws {Mismatch} where the server does otherwise */
  readonly run: (kit: Kit) => Promise<void>
}

/** @throws {Mismatch} */
export function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Mismatch(what)
}

/**
 * Two values of JSON that must be the same.
 *
 * @throws {Mismatch} naming both where they are numbers or plain words
 */
export function same(found: unknown, expected: unknown, what: string): void {
  const [left, right] = [canonical(found), canonical(expected)]
  if (left === right) return
  throw new Mismatch(`${what}: expected ${told(expected)}, found ${told(found)}`)
}

/** A value that must be there. */
export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Mismatch(`${what}: there is none`)
  return value
}

/** What may be printed of an answer: numbers and words of ours, else only that it is something else. */
function told(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(told).join(', ')}]`
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value === undefined) return 'nothing'
  return typeof value === 'string' && /^[A-Za-z_-]{1,40}$/.test(value) ? value : 'something else'
}

/** JSON text with sorted names, so that order of members does not count. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}
