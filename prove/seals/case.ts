import type { Freshness } from '../../lib/seal/signature.ts'

/**
 * Where something can be handed in:
 * - `verify` a seal, to who believes its signature (courier, station, intake);
 * - `open` a seal, to who holds the content key of the untampered one;
 * - `held` a wrapped key with its proof, to the router;
 * - `join` a seal without its key and a wrapped key;
 * - `read` the JSON text of a seal, to whoever reads bytes and then verifies.
 */
export type Door = 'verify' | 'open' | 'held' | 'join' | 'read'

/**
 * What a door must do with it. `any`: this door is not the one that decides, but it must not break down.
 * `same`: it may pass, if it says exactly what the untampered seal says (ECDSA gives each signature a twin).
 */
export type Must = 'refuse' | 'pass' | 'any' | 'same'

/** One thing handed in, and what must become of it. */
export interface Case {
  /** Which tampering this is, for the report: `header`, `swap`. */
  readonly kind: string
  readonly doc: unknown
  readonly must: Readonly<Partial<Record<Door, Must>>>
  /** What `open` is asked for, and the key it has. */
  readonly contentKey?: Uint8Array
  readonly asked?: Doc
  /** For `verify`: when a courier looks at it. */
  readonly fresh?: Freshness
  /** For `join`: the wrapped key. */
  readonly wrappedKey?: string
  /** For `same`: what the untampered seal says. */
  readonly says?: Readonly<Record<string, unknown>>
  /** For `same`: the digest that an assignment of the untampered seal names, which this must not have. */
  readonly otherDigest?: string
}

/** A case that is made only where it is used; nothing when the tampering would change nothing. */
export type LazyCase = () => Case | undefined

/** JSON object, as it is handed about. */
export type Doc = Readonly<Record<string, unknown>>
