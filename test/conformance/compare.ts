import type { NamedTable } from '../../lib/platforms/platform.ts'
import { covers, differences } from './document.ts'

export type Side = 'theirs' | 'ours'

/** What a table lets differ, by its own declarations. */
export interface Comparer {
  /**
   * What differs and is not declared lost. Of theirs, what no row names is not looked at: it is not
   * carried, and the law of pointers asks that it be declared.
   */
  undeclared(side: Side, a: unknown, b: unknown): string[]
  /** The same for the way there and back: what is only made, by a row of one direction, has its reason declared with the row. */
  notBack(side: Side, a: unknown, b: unknown): string[]
}

const comparers = new WeakMap<NamedTable['table'], Comparer>()

/** The comparer of a table, made once. */
export function comparerOf({ table }: NamedTable): Comparer {
  const known = comparers.get(table)
  if (known !== undefined) return known
  const made = compare(table)
  comparers.set(table, made)
  return made
}

function compare({ rows, losses }: NamedTable['table']): Comparer {
  const naming = (side: Side, at: string) =>
    rows.filter(row => row[side].some(pointer => covers(pointer, at)))
  const lost = kept((side, at) => losses.some(loss => loss.side === side && covers(loss.at, at)))
  const named = kept((side, at) => naming(side, at).length > 0)
  const made = kept((side, at) =>
    naming(side, at).every(row => row.kind === 'value' && row.writes === side),
  )
  const undeclared = (side: Side, a: unknown, b: unknown) =>
    differences(a, b)
      .filter(at => !lost(side, at))
      .filter(at => side === 'ours' || named(side, at))
  return {
    undeclared,
    notBack: (side, a, b) =>
      undeclared(side, a, b).filter(at => !named(side, at) || !made(side, at)),
  }
}

type Question = (side: Side, at: string) => boolean

/** The same question is asked of the same few places over and over. */
function kept(ask: Question): Question {
  const answers = new Map<string, boolean>()
  return (side, at) => {
    const key = `${side} ${at}`
    const known = answers.get(key)
    if (known !== undefined) return known
    const answer = ask(side, at)
    answers.set(key, answer)
    return answer
  }
}
