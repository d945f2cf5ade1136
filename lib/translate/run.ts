import { GatewayError } from '../model/errors.ts'

/**
 * The error of a step with the place it reads put in front: `''` becomes `/items/2/kg`. An error of
 * a tuple of places may begin with the number of one of them: `/1` is the second place.
 */
export function located(error: unknown, places: readonly string[], indices: number[]): unknown {
  if (!(error instanceof GatewayError)) return error
  const [, number, rest] = (places.length > 1 && /^\/(\d+)(.*)$/s.exec(error.at)) || []
  const place = places[Number(number ?? 0)] ?? ''
  let depth = 0
  const at = place.replaceAll('/[]', () => `/${indices[depth++]}`) + (rest ?? error.at)
  const retry = error.retry === 'later' ? { retry: error.retry } : {}
  return new GatewayError(error.code, at, { ...retry, cause: error })
}

/** The array that `each` reads; anything else is wrong. */
export const array = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : wrong()

/** What a row without a codec carries when it is an object: an array of scalars, copied. `null` is absent. */
export function plain(value: unknown): readonly unknown[] | undefined {
  if (value === null) return undefined
  return array(value).map(item => (typeof item === 'object' ? wrong() : item))
}

/** An array of the parts that are present, if they come first. */
export function gapless(parts: unknown[]): readonly unknown[] {
  const gap = parts.findIndex(part => part == null)
  if (gap < 0) return parts
  return parts.slice(gap).every(part => part == null) ? parts.slice(0, gap) : wrong()
}

/** @throws {GatewayError} `WIRE_INVALID`: the document is not of the form that its schema states */
export function wrong(): never {
  throw new GatewayError('WIRE_INVALID')
}
