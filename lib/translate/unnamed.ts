import { partOf } from './pointer.ts'
import type { Loss, RowFacts } from './rows.ts'

const MOST = 100
const DEEPEST = 64

interface Known {
  whole: boolean
  readonly parts: Map<string, Known>
}

/**
 * Makes the function that lists what a document of theirs holds and nobody names: pointers to leaves,
 * `[]` for elements, `*` for a name that is not plainly one (a name too could be somebody's).
 *
 * @example unnamed(rows, losses)({ weight: 3, buyer_hint: '…' }) // ['/buyer_hint']
 */
export function unnamed(rows: readonly RowFacts[], losses: readonly Loss[]) {
  const known: Known = { whole: false, parts: new Map() }
  for (const row of rows)
    for (const pointer of row.theirs) if (pointer !== '' || !row.writes) learn(known, pointer)
  for (const loss of losses) if (loss.side === 'theirs' && loss.at !== '') learn(known, loss.at)
  return (theirs: unknown): string[] => {
    const found = new Set<string>()
    visit(theirs, known, '', found, 0)
    return [...found]
  }
}

function learn(known: Known, pointer: string): void {
  let here = known
  for (const part of pointer.split('/').slice(1)) {
    const name = /^\d+$/.test(part) ? '[]' : part
    const next = here.parts.get(name) ?? { whole: false, parts: new Map() }
    here.parts.set(name, next)
    here = next
  }
  here.whole = true
}

function visit(
  value: unknown,
  known: Known | undefined,
  at: string,
  found: Set<string>,
  depth: number,
): void {
  if (known?.whole || value === undefined || found.size >= MOST) return
  if (typeof value !== 'object' || value === null || depth >= DEEPEST) {
    found.add(at)
    return
  }
  for (const [name, member] of Object.entries(value)) {
    const part = Array.isArray(value) ? '/[]' : partOf(name)
    const shown = Array.isArray(value) || plain(name) ? part : '/*'
    visit(member, known?.parts.get(part.slice(1)), at + shown, found, depth + 1)
  }
}

/** A name as programmers write them: no other letters, not long, no run of digits that could be a number of somebody's. */
const plain = (name: string): boolean => /^[A-Za-z_][\w-]{0,39}$/.test(name) && !/\d{5}/.test(name)
