import type { Search } from './search.ts'

/** Every place that something may flow out of: what comes to it is searched at once. */
export interface Outlets {
  put(sink: string, piece: string | Uint8Array): void
  /** The last piece of each sink, to splice planted leaks into. */
  readonly last: Map<string, Buffer>
  readonly pieces: Record<string, number>
}

const KEPT_BYTES = 1024

/** Outlets before a search. */
export function createOutlets(search: Search): Outlets {
  const last = new Map<string, Buffer>()
  const pieces: Record<string, number> = {}
  return {
    last,
    pieces,
    put(sink, piece) {
      if (piece.length === 0) return
      search.look(sink, piece)
      pieces[sink] = (pieces[sink] ?? 0) + 1
      if (!last.has(sink) || pieces[sink] % 64 === 0)
        last.set(sink, Buffer.from(piece).subarray(0, KEPT_BYTES))
    },
  }
}

/** All of a value as text, bytes as base64. */
export const told = (value: unknown): string =>
  JSON.stringify(value, (_name, one: unknown) =>
    one instanceof Uint8Array ? Buffer.from(one).toString('base64') : one,
  ) ?? ''

/** All that is told of an error: its text, its stack, what it carries. Causes are for debuggers and not told. */
export function toldOfError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return `${error.name} ${error.message}\n${error.stack}\n${told({ ...error, cause: undefined })}`
}
