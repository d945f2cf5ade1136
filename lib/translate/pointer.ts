import type { PersonalText } from '../model/personal-text.ts'

declare const nowhere: unique symbol

/** Stands for the type of a place that a document does not have. */
export interface Nowhere {
  readonly [nowhere]: true
}

/** Without `null` and `undefined`: what a codec is given. */
export type Bare<V> = Exclude<V, null | undefined>

/** The type behind a JSON Pointer: `At<{ a?: { b: 1 }[] }, '/a/0/b'>` is `1 | undefined`; `/a/[]/b` names each element. */
export type At<T, P extends string> = P extends ''
  ? T
  : P extends `/${infer Head}/${infer Rest}`
    ? At<Child<T, Unescaped<Head>>, `/${Rest}`>
    : P extends `/${infer Head}`
      ? Child<T, Unescaped<Head>>
      : Nowhere

type Unescaped<K extends string> = K extends `${infer A}~1${infer B}`
  ? `${Unescaped<A>}/${Unescaped<B>}`
  : K extends `${infer A}~0${infer B}`
    ? `${A}~${Unescaped<B>}`
    : K

type Child<T, K extends string> =
  Found<Step<Bare<T>, K>> extends never
    ? Nowhere
    : Found<Step<Bare<T>, K>> | (Extract<T, null | undefined> extends never ? never : undefined)

type Found<S> = [Exclude<S, Nowhere>] extends [never]
  ? never
  : Exclude<S, Nowhere> | ([Extract<S, Nowhere>] extends [never] ? never : undefined)

type Step<T, K extends string> = T extends Scalar
  ? Nowhere
  : T extends readonly (infer E)[]
    ? K extends '[]'
      ? E
      : K extends `${number}`
        ? K extends keyof T
          ? T[K]
          : number extends T['length']
            ? E | undefined
            : Nowhere
        : Nowhere
    : K extends keyof T
      ? T[K]
      : Nowhere

/** What a row carries without a codec: a value that holds no further names. */
export type Scalar = string | number | boolean | PersonalText

/** `unknown` if the pointer, or each of a tuple of them, leads somewhere in `T`; else a type that nothing fits. */
export type Valid<T, P> = P extends string
  ? [At<T, P>] extends [Nowhere]
    ? { readonly 'no such place': P }
    : unknown
  : P extends readonly [infer First, ...infer Rest]
    ? Valid<T, First> & Valid<T, Rest>
    : unknown

/**
 * The names in a JSON Pointer: `/a~1b/0` gives `['a/b', '0']`, `''` gives none.
 *
 * @throws {TypeError} for text that is no pointer, or a name every object has from birth (`__proto__`, `toString`): a mistake in a table, not in a document
 * @see RFC 6901
 */
export function namesOf(pointer: string): string[] {
  if (pointer === '') return []
  if (!pointer.startsWith('/')) throw new TypeError('a pointer begins with "/"')
  const names = pointer
    .slice(1)
    .split('/')
    .map(name => name.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (names.some(name => name in Object.prototype)) throw new TypeError('a name no row may use')
  return names
}

/** One name as a part of a pointer: `a/b` gives `/a~1b`. */
export const partOf = (name: string): string =>
  `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`

/** Whether a name is an index of an array: `0`, `12`, never `01`. */
export const isIndex = (name: string): boolean => /^(0|[1-9]\d*)$/.test(name)
