import { builder } from './builder.ts'
import type { Fits, Makes, NeedsNoCodec } from './codec.ts'
import type { At, Bare, Scalar, Valid } from './pointer.ts'
import type { Loss, Row, RowFacts } from './rows.ts'

export type { AbsentCodec, Codec, Lossy } from './codec.ts'
export type { At } from './pointer.ts'
export type { Loss, Row, RowFacts } from './rows.ts'

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
  readonly row: {
    <const P extends string, const Q extends string>(
      theirs: P & Valid<T, P>,
      ours: Q & Valid<O, Q> & NeedsNoCodec<At<T, P>, At<O, Q>>,
    ): Row<T, O>
    <const P extends Pointers, const Q extends Pointers>(
      theirs: P & Valid<T, P>,
      ours: Q & Valid<O, Q>,
      codec: Fits<T, P, O, Q, C>,
    ): Row<T, O>
  }
  /**
   * An array on both sides, element by element: by rows, or by one codec (an element for which it gives `undefined` is left out).
   *
   * @example each('/goods', '/items', ({ row }) => [row('/sku', '/sku')])
   * @example each('/combine_orders', '/platformOrders', identifier)
   */
  readonly each: {
    <const P extends string, const Q extends string>(
      theirs: P & Valid<T, P> & List<At<T, P>>,
      ours: Q & Valid<O, Q> & List<At<O, Q>>,
      rows: (
        scope: Between<Element<T, P>, Element<O, Q>, C>,
      ) => readonly Row<Element<T, P>, Element<O, Q>>[],
    ): Row<T, O>
    <const P extends string, const Q extends string>(
      theirs: P & Valid<T, P> & List<At<T, P>>,
      ours: Q & Valid<O, Q> & List<At<O, Q>>,
      codec: Fits<Element<T, P>, '', Element<O, Q>, '', C>,
    ): Row<T, O>
  }
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
    make: Makes<O, Q, T, P, C>,
    because: string,
  ) => Row<T, O>
  /** A value of ours that is made from theirs and never written back. */
  readonly toOursOnly: <const P extends Pointers, const Q extends Pointers>(
    theirs: P & Valid<T, P>,
    ours: Q & Valid<O, Q>,
    make: Makes<T, P, O, Q, C>,
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
   * Makes the table. Each direction is compiled to straight code once, when it is first used. Members are written in the order of the rows.
   *
   * @throws {TypeError} when first used, for two rows that write the same place, or a name no row may use: a mistake in the table
   */
  readonly table: (...rows: readonly Row<T, O>[]) => Table<T, O, C>
}

/** `unknown` for an array, else a type that nothing fits. */
type List<A> = [Bare<A>] extends [readonly unknown[]] ? unknown : { readonly 'no array': true }

type Element<T, P extends string> = Bare<At<T, P>> extends readonly (infer E)[] ? Bare<E> : never

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
