import { type Problem, problemOf } from '../../access/problem.ts'
import { GatewayError } from '../../model/errors.ts'
import type { Validator } from '../../model/generated/validators.js'
import type { NativeAnswer } from '../platform.ts'

/** Most elements of one request. */
const MOST = 100

/** What of an element its answer echoes, and where it stood in the request. */
export interface Echo {
  /** `/orders/0` */
  readonly at: string
  readonly names: Readonly<Record<string, string>>
}

/**
 * The elements of a request `{"<list>": […]}`, which are looked at one by one.
 *
 * @throws {GatewayError} `WIRE_INVALID` where there is no such list, or no or too many elements;
 *   `VALUE_INVALID` where something stands beside it
 */
export function elementsOf(document: unknown, list: string): readonly unknown[] {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new GatewayError('WIRE_INVALID')
  }
  const { [list]: elements, ...rest }: Readonly<Record<string, unknown>> = { ...document }
  if (!Array.isArray(elements)) throw new GatewayError('WIRE_INVALID', `/${list}`)
  if (Object.keys(rest).length > 0) throw new GatewayError('VALUE_INVALID')
  if (elements.length === 0 || elements.length > MOST) {
    throw new GatewayError('WIRE_INVALID', `/${list}`)
  }
  return elements
}

/**
 * Checks one element as a request of its own.
 *
 * @throws {GatewayError} `WIRE_INVALID` where something is missing, else `VALUE_INVALID`, at the
 *   deepest fault: of several forms that an element may have, the one that fits it best
 */
export function checkElement<T>(is: Validator<T>, list: string, element: unknown): T {
  const request: unknown = { [list]: [element] }
  if (is(request)) return request
  const [fault] = [...(is.errors ?? [])].sort((a, b) => rank(b) - rank(a))
  const code = fault?.keyword === 'required' ? 'WIRE_INVALID' : 'VALUE_INVALID'
  throw new GatewayError(code, fault?.instancePath.slice(`/${list}/0`.length))
}

/** The deeper, the likelier; a word that tells forms apart is wrong in all forms but one. */
function rank({ instancePath, keyword }: { instancePath: string; keyword: string }): number {
  return instancePath.split('/').length - (keyword === 'const' ? 0.5 : 0)
}

/** The names of an element, as far as they can be read. */
export function namesOf(
  element: unknown,
  patterns: Readonly<Record<string, RegExp>>,
): Record<string, string> {
  const members: Readonly<Record<string, unknown>> = Object(element)
  return Object.fromEntries(
    Object.entries(patterns).flatMap(([name, pattern]) => {
      const value = members[name]
      return typeof value === 'string' && pattern.test(value) ? [[name, value]] : []
    }),
  )
}

/** An error of one element, as a problem with its place in the request. */
export function problemAt(error: GatewayError, { at }: Echo): Problem {
  const retry = error.retry === 'later' ? { retry: error.retry } : {}
  return problemOf(new GatewayError(error.code, at + error.at, retry))
}

/** An answer to a request whose elements were looked at one by one. */
export function answer(outcomes: readonly object[]): NativeAnswer {
  return { status: 200, contentType: 'application/json', body: JSON.stringify({ outcomes }) }
}

/** A problem document (RFC 9457), as everywhere outside native endpoints. */
export function fail(error: GatewayError): NativeAnswer {
  const problem = problemOf(error)
  const body = JSON.stringify(problem)
  return { status: problem.status, contentType: 'application/problem+json', body }
}
