import type { At, Bare, Scalar } from './pointer.ts'

/** Why a value does not come back as it was, by the side that loses. */
export interface Lossy {
  /** What theirs loses on the way to ours and back. */
  readonly theirs?: string
  /** What ours loses on the way to theirs and back. */
  readonly ours?: string
}

/**
 * One value, both ways, with one law: `from(to(a))` equals `a`, unless `lossy` says what is lost.
 *
 * `Theirs` is what it reads, `Written` what it writes there (a codec may read more forms than it
 * writes). `undefined` as a result means absent: nothing is written. What is absent is not given
 * to a codec. Both functions are pure, use no `this`, and throw `GatewayError` with the pointer
 * left empty, or relative to the value: the table puts the place in front.
 *
 * @example const flag: Codec<number, boolean> = { to: n => n === 1, from: b => (b ? 1 : 0) }
 */
export interface Codec<Theirs, Ours, Context = unknown, Written extends Theirs = Theirs> {
  readonly name?: string
  readonly absent?: never
  readonly lossy?: Lossy
  readonly to: (theirs: Theirs, context: Context) => Ours | undefined
  readonly from: (ours: Ours, context: Context) => Written | undefined
}

/** A codec that is also asked when there is nothing, and then gets `undefined`: for values that absence stands for. */
export interface AbsentCodec<Theirs, Ours, Context = unknown, Written extends Theirs = Theirs> {
  readonly name?: string
  readonly absent: true
  readonly lossy?: Lossy
  readonly to: (theirs: Theirs | undefined, context: Context) => Ours | undefined
  readonly from: (ours: Ours | undefined, context: Context) => Written | undefined
}

/** What a function is given from `P` in `T`: a bare value, or of a tuple of pointers each value or `undefined`. */
export type Given<T, P> = P extends string
  ? Bare<At<T, P>>
  : { readonly [K in keyof P]: P[K] extends string ? Optional<At<T, P[K]>> : never }

/** What a function may give for `P` in `T`: any part of it may be absent. */
export type Result<T, P> =
  | (P extends string
      ? Bare<At<T, P>>
      : { readonly [K in keyof P]: P[K] extends string ? Bare<At<T, P[K]>> | undefined : never })
  | undefined

type Optional<V> = null extends V ? Bare<V> | undefined : V

/**
 * The codecs that fit between `P` of `T` and `Q` of `O`.
 *
 * A condition that always holds: it makes the compiler fill in `P` and `Q` before it looks at a
 * codec written in place, so that its parameters and results need no types.
 */
export type Fits<T, P, O, Q, C> = [P, Q] extends [infer P1, infer Q1]
  ? Named & (Present<T, P1, O, Q1, C> | Always<T, P1, O, Q1, C>)
  : never

interface Named {
  readonly name?: string
  readonly lossy?: Lossy
}

interface Present<T, P, O, Q, C> {
  readonly absent?: never
  readonly to: (theirs: Given<T, P>, context: C) => Result<O, Q>
  readonly from: (ours: Given<O, Q>, context: C) => Result<T, P>
}

interface Always<T, P, O, Q, C> {
  readonly absent: true
  readonly to: (theirs: Given<T, P> | undefined, context: C) => Result<O, Q>
  readonly from: (ours: Given<O, Q> | undefined, context: C) => Result<T, P>
}

/** A function that makes `Q` of `O` from `P` of `T`, and is asked even if there is nothing. */
export type Makes<T, P, O, Q, C> = [P, Q] extends [infer P1, infer Q1]
  ? (
      value: P1 extends string ? Given<T, P1> | undefined : Given<T, P1>,
      context: C,
    ) => Result<O, Q1>
  : never

/** Whether two places hold the same type and nothing with further names, so that no codec is needed. */
export type Same<A, B> = [Bare<A>] extends [Bare<B>]
  ? [Bare<B>] extends [Bare<A>]
    ? [Bare<A>] extends [Scalar | readonly Scalar[]]
      ? true
      : false
    : false
  : false

/** `unknown` where a row needs no codec, else a type that nothing fits. */
export type NeedsNoCodec<A, B> =
  Same<A, B> extends true ? unknown : { readonly 'name a codec, as the third argument': true }
