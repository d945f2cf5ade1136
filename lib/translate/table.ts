import type { Fits, Given, Result, WithCodec } from './codec.ts'
import { compile } from './compile.ts'
import type { At, Bare, Scalar, Valid } from './pointer.ts'
import {
  type AnyCodec,
  type Convert,
  type Entry,
  type Loss,
  lossesOf,
  pointed,
  type RowFacts,
  rowsOf,
  within,
} from './rows.ts'
import { unnamed } from './unnamed.ts'

export type { AbsentCodec, Codec, Lossy } from './codec.ts'
export type { At } from './pointer.ts'
export type { Loss, RowFacts } from './rows.ts'

/** One line of a table between documents of the types `T` and `O`; made by the functions of `between`, read by `table`. */
export interface Row<T, O> {
  readonly entries: readonly Entry[]
  readonly between?: (theirs: T, ours: O) => void
}

/** A pointer, or a tuple of pointers whose values a codec takes together. */
export type Pointers = string | readonly string[]

type Context<C> = undefined extends C ? [context?: C] : [context: C]

/** A table, compiled: one document into the other, both ways. */
export interface Table<T, O, C = undefined> {
  /**
   * Theirs, which has passed its schema, into ours. What is required and missing stays missing: the schema of ours finds it.
   *
   * @throws {GatewayError} as the codecs do, `at` the place in theirs
   */
  readonly toOurs: (theirs: T, ...context: Context<C>) => O
  /**
   * Ours into theirs.
   *
   * @throws {GatewayError} as the codecs do, `at` the place in ours
   */
  readonly toTheirs: (ours: O, ...context: Context<C>) => T
  /** What each row names, in order; `[]` in a pointer stands for every element. */
  readonly rows: readonly RowFacts[]
  /** Everything that does not survive, and why: declared by `theirLoss` and `ourLoss`, by codecs, and by rows of one direction. */
  readonly losses: readonly Loss[]
  /** Pointers of what a document of theirs holds and no row or loss names, `[]` for elements, at most a hundred, never a value. */
  readonly unnamed: (theirs: unknown) => string[]
}

/** The rows that can be written between documents of the types `T` and `O`. Theirs always stands on the left. */
export interface Between<T, O, C = undefined> {
  /**
   * One correspondence, both ways. Without a codec both places must hold the same type, and no objects.
   *
   * @example row('/payAmount', '/paid', yuan)
   * @example row(['/province', '/city'], '/region', region)
   */
  readonly row: <const P extends Pointers, const Q extends Pointers>(
    theirs: P & Valid<T, P>,
    ours: Q & Valid<O, Q>,
    ...codec: WithCodec<T, P, O, Q, C>
  ) => Row<T, O>
  /**
   * An array on both sides, element by element: by rows, or by one codec (an element for which it gives `undefined` is left out).
   *
   * @example each('/goods', '/items', ({ row }) => [row('/sku', '/sku')])
   * @example each('/combine_orders', '/platformOrders', identifier)
   */
  readonly each: <const P extends string, const Q extends string>(
    theirs: P & Valid<T, P>,
    ours: Q & Valid<O, Q>,
    element:
      | ((
          scope: Between<Element<T, P>, Element<O, Q>, C>,
        ) => readonly Row<Element<T, P>, Element<O, Q>>[])
      | Fits<Element<T, P>, '', Element<O, Q>, '', C>,
  ) => Row<T, O>
  /**
   * Rows inside an object of each side; `''` is the document itself. Where the object that is read is absent, nothing in it is written, constants neither.
   *
   * @example within('/receiver_info', '/receiver', party)
   * @example within('', '/sizeMm', ({ row }) => [row('/total_length', '/length', centimetres)])
   */
  readonly within: <const P extends string, const Q extends string>(
    theirs: P & Valid<T, P>,
    ours: Q & Valid<O, Q>,
    rows: (
      scope: Between<Bare<At<T, P>>, Bare<At<O, Q>>, C>,
    ) => readonly Row<Bare<At<T, P>>, Bare<At<O, Q>>>[],
  ) => Row<T, O>
  /**
   * A value always written to theirs and, when theirs is read, not looked at; `checked` refuses another one there.
   *
   * @throws {GatewayError} in `toOurs`, `WIRE_INVALID`, if `checked` and theirs has another value or none
   */
  readonly constant: <const P extends string>(
    theirs: P & Valid<T, P>,
    value: Bare<At<T, P>> & Scalar,
    options?: { readonly checked?: boolean },
  ) => Row<T, O>
  /** The same for ours: a value always written to ours, `checked` refuses another one in `toTheirs`. */
  readonly ourConstant: <const Q extends string>(
    ours: Q & Valid<O, Q>,
    value: Bare<At<O, Q>> & Scalar,
    options?: { readonly checked?: boolean },
  ) => Row<T, O>
  /**
   * A value of theirs that is made from ours and never read back. The function is always asked; what is absent comes as `undefined`.
   *
   * @example toTheirsOnly('/isDocall', '/pickup', pickup => (pickup ? 1 : 0), 'follows from the window')
   */
  readonly toTheirsOnly: <const P extends Pointers, const Q extends Pointers>(
    theirs: P & Valid<T, P>,
    ours: Q & Valid<O, Q>,
    make: (ours: Asked<O, Q>, context: C) => Result<T, P>,
    because: string,
  ) => Row<T, O>
  /** A value of ours that is made from theirs and never written back. */
  readonly toOursOnly: <const P extends Pointers, const Q extends Pointers>(
    theirs: P & Valid<T, P>,
    ours: Q & Valid<O, Q>,
    make: (theirs: Asked<T, P>, context: C) => Result<O, Q>,
    because: string,
  ) => Row<T, O>
  /** Declares that a place of theirs has no counterpart. */
  readonly theirLoss: <const P extends string>(
    theirs: P & Valid<T, P>,
    because: string,
  ) => Row<T, O>
  /** Declares that a place of ours has no counterpart. */
  readonly ourLoss: <const Q extends string>(ours: Q & Valid<O, Q>, because: string) => Row<T, O>
  /**
   * Compiles the rows, once, to straight code in both directions. Members are written in the order of the rows.
   *
   * @throws {TypeError} for two rows that write the same place, or a name no row may use: a mistake in the table
   */
  readonly table: (...rows: readonly Row<T, O>[]) => Table<T, O, C>
}

type Element<T, P extends string> = Bare<At<T, P>> extends readonly (infer E)[] ? Bare<E> : never

type Asked<T, P> = P extends string ? Given<T, P> | undefined : Given<T, P>

/**
 * Opens a table between a partner's document and ours. `Context` is what functions get as second
 * argument, given with each call of the table: what a partner's configuration says.
 *
 * @example
 * const { row, each, table } = between<SwiftOrder, Order>()
 * export const order = table(row('/orderNo', '/order'), row('/payAmount', '/paid', yuan))
 */
export function between<Theirs, Ours, Context = undefined>(): Between<Theirs, Ours, Context> {
  return builder as unknown as Between<Theirs, Ours, Context>
}

const of = (...entries: Entry[]): Row<unknown, unknown> => ({ entries })
const none = { theirs: '', ours: '' }

type Given_ = string | readonly string[]
type Rows = readonly Row<unknown, unknown>[]
type Scoped = (scope: unknown) => Rows

const entriesOf = (rows: Rows): Entry[] => rows.flatMap(row => row.entries)

const builder = {
  row: (theirs: Given_, ours: Given_, codec?: AnyCodec) =>
    of({
      kind: 'value',
      theirs: pointed(theirs),
      ours: pointed(ours),
      scope: none,
      ...(codec ? { codec } : {}),
    }),
  each: (theirs: string, ours: string, element: Scoped | AnyCodec) =>
    of({
      kind: 'each',
      theirs: pointed(theirs),
      ours: pointed(ours),
      entries: entriesOf(
        typeof element === 'function' ? element(builder) : [builder.row('', '', element)],
      ),
    }),
  within: (theirs: string, ours: string, rows: Scoped) =>
    of(...within(entriesOf(rows(builder)), theirs, ours)),
  constant: (at: string, value: unknown, options?: { checked?: boolean }) =>
    of({
      kind: 'constant',
      side: 'theirs',
      at,
      value,
      scope: none,
      checked: options?.checked === true,
    }),
  ourConstant: (at: string, value: unknown, options?: { checked?: boolean }) =>
    of({
      kind: 'constant',
      side: 'ours',
      at,
      value,
      scope: none,
      checked: options?.checked === true,
    }),
  toTheirsOnly: (theirs: Given_, ours: Given_, from: Convert, because: string) =>
    of({
      kind: 'value',
      theirs: pointed(theirs),
      ours: pointed(ours),
      scope: none,
      codec: { from },
      only: { writes: 'theirs', because },
    }),
  toOursOnly: (theirs: Given_, ours: Given_, to: Convert, because: string) =>
    of({
      kind: 'value',
      theirs: pointed(theirs),
      ours: pointed(ours),
      scope: none,
      codec: { to },
      only: { writes: 'ours', because },
    }),
  theirLoss: (at: string, because: string) => of({ kind: 'loss', side: 'theirs', at, because }),
  ourLoss: (at: string, because: string) => of({ kind: 'loss', side: 'ours', at, because }),
  table: (...rows: Rows) => {
    const entries = entriesOf(rows)
    const [facts, losses] = [rowsOf(entries), lossesOf(entries)]
    return {
      toOurs: compile(entries, 'theirs', 'ours'),
      toTheirs: compile(entries, 'ours', 'theirs'),
      rows: facts,
      losses,
      unnamed: unnamed(facts, losses),
    }
  },
}
