import type { RawRequest } from '../../access/request.ts'
import { readForm, readText } from '../../access/strict.ts'
import { GatewayError } from '../../model/errors.ts'

const FORM = 'application/x-www-form-urlencoded'

/** The fields of a call, `sign` among them. */
export type Fields = ReadonlyMap<string, string>

/** What the platform's own calls are made of. */
const named = [
  'access_token',
  'appkey',
  'method',
  'param',
  'sign',
  'signMethod',
  'timestamp',
  'version',
]

/**
 * The fields of a call, decoded: the form in the body; or, where `sign` stands in the query, as in a
 * native GET, the platform's fields of the query, with the body as `param` if the query has none.
 * The second form is for calls that the platform does not have, such as reading events: what else
 * stands in such a query is not signed. Both signature and reading take the fields from here, so that
 * what is signed is what is read.
 *
 * @throws {GatewayError} `MALFORMED` for a broken form, or one that has a field twice; `VALUE_INVALID`
 * for another media type
 */
export function fieldsOf({ query, headers, body }: RawRequest): Fields {
  if (!query.has('sign')) {
    if (!mediaType(headers).startsWith(FORM)) throw new GatewayError('VALUE_INVALID')
    return readForm(body)
  }
  const fields = named.flatMap(name => {
    const value = query.get(name)
    return value === undefined ? [] : [[name, value] as const]
  })
  return new Map([['param', readText(body)], ...fields])
}

/**
 * Whether a request is a message that the platform pushes: encrypted text, and only where changes are
 * read.
 */
export function isPush({ method, path, query, headers }: RawRequest): boolean {
  return (
    method === 'POST' &&
    path.endsWith('/cancellations') &&
    !query.has('sign') &&
    mediaType(headers).startsWith('text/plain')
  )
}

const mediaType = (headers: RawRequest['headers']) =>
  (headers.get('content-type') ?? '').toLowerCase()
