import { compile } from './compile.ts'
import {
  type AnyCodec,
  type Convert,
  type Entry,
  lossesOf,
  pointed,
  type Row,
  rowsOf,
  type SideName,
  type ValueEntry,
  within,
} from './rows.ts'
import { unnamed } from './unnamed.ts'

type Given = string | readonly string[]
type Rows = readonly Row<unknown, unknown>[]
type Scoped = (scope: unknown) => Rows

const none = { theirs: '', ours: '' }

const rowOf = (...entries: Entry[]): Row<unknown, unknown> => ({ entries })

const entriesOf = (rows: Rows): Entry[] => rows.flatMap(row => row.entries)

const value = (theirs: Given, ours: Given, rest: Partial<ValueEntry>) =>
  rowOf({ kind: 'value', theirs: pointed(theirs), ours: pointed(ours), scope: none, ...rest })

const fixed = (side: SideName) => (at: string, value: unknown, options?: { checked?: boolean }) =>
  rowOf({ kind: 'constant', side, at, value, scope: none, checked: options?.checked === true })

const loss = (side: SideName) => (at: string, because: string) =>
  rowOf({ kind: 'loss', side, at, because })

const row = (theirs: Given, ours: Given, codec?: AnyCodec) =>
  value(theirs, ours, codec ? { codec } : {})

const each = (theirs: string, ours: string, element: Scoped | AnyCodec) => {
  const rows = typeof element === 'function' ? element(builder) : [row('', '', element)]
  const entries = entriesOf(rows)
  return rowOf({ kind: 'each', theirs: pointed(theirs), ours: pointed(ours), entries })
}

/** Made when it is first asked for: a function that starts cold pays only for the tables it uses. */
const once = <V>(make: () => V): (() => V) => {
  let made: { readonly value: V } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

const table = (...rows: Rows) => {
  const entries = entriesOf(rows)
  const facts = once(() => rowsOf(entries))
  const losses = once(() => lossesOf(entries))
  const toOurs = once(() => compile(entries, 'theirs', 'ours'))
  const toTheirs = once(() => compile(entries, 'ours', 'theirs'))
  const rest = once(() => unnamed(facts(), losses()))
  return {
    toOurs: (theirs: unknown, context: unknown) => toOurs()(theirs, context),
    toTheirs: (ours: unknown, context: unknown) => toTheirs()(ours, context),
    unnamed: (theirs: unknown) => rest()(theirs),
    get rows() {
      return facts()
    },
    get losses() {
      return losses()
    },
  }
}

/** What the functions of `between` do, their types forgotten: rows are data, and `table` compiles them. */
export const builder = {
  row,
  each,
  within: (theirs: string, ours: string, rows: Scoped) =>
    rowOf(...within(entriesOf(rows(builder)), theirs, ours)),
  constant: fixed('theirs'),
  ourConstant: fixed('ours'),
  toTheirsOnly: (theirs: Given, ours: Given, from: Convert, because: string) =>
    value(theirs, ours, { codec: { from }, only: { writes: 'theirs', because } }),
  toOursOnly: (theirs: Given, ours: Given, to: Convert, because: string) =>
    value(theirs, ours, { codec: { to }, only: { writes: 'ours', because } }),
  theirLoss: loss('theirs'),
  ourLoss: loss('ours'),
  table,
}
