import { problemName, statusOf } from '../../../lib/access/problem.ts'
import type { GatewayErrorCode } from '../../../lib/model/errors.ts'
import type { Answer, Schema } from './types.ts'

/** Every code there is. */
export const codes = Object.keys(statusOf).filter(isCode)

function isCode(text: string): text is GatewayErrorCode {
  return Object.hasOwn(statusOf, text)
}

/** What every error says, but for those in a partner’s own form. No value of the input is in it. */
export const problem: Schema = {
  title: 'Problem',
  description: 'An error (RFC 9457). It never holds a value of the request.',
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'at', 'retry'],
  properties: {
    type: {
      description: 'Names the kind of error; stable.',
      type: 'string',
      pattern: '^https://lasthop\\.dev/problems/[a-z-]+$',
      examples: ['https://lasthop.dev/problems/wire-invalid'],
    },
    title: { description: 'The same in words.', type: 'string', examples: ['Wire invalid'] },
    status: {
      description: 'The HTTP status.',
      enum: [...new Set(Object.values(statusOf))],
      examples: [422],
    },
    code: {
      description: 'The contract: a closed list.',
      enum: codes,
      examples: ['WIRE_INVALID'],
    },
    at: {
      description: 'JSON Pointer to the place, empty for the whole request.',
      type: 'string',
      pattern: '^(/.*)?$',
      examples: ['/answers/0/id'],
    },
    retry: {
      description: 'Whether the same request may pass later.',
      enum: ['never', 'later'],
      examples: ['never'],
    },
  },
  unevaluatedProperties: false,
}

/** Members of an outcome that is an error of one entry alone. */
export const failure = {
  code: {
    description: 'What was wrong, as in `type` of a problem.',
    enum: codes.map(problemName),
    examples: ['entry-gone'],
  },
  at: { description: 'JSON Pointer into the document.', type: 'string', pattern: '^(/.*)?$' },
  retry: { description: 'Whether the same may pass later.', enum: ['never', 'later'] },
}

/** `Retry-After` of 429 and 503. */
export const headers = {
  retryAfter: {
    description: 'Seconds to wait.',
    schema: { type: 'integer', minimum: 1, examples: [5] },
  },
}

/** What may go wrong before a call is looked at for meaning. */
export const ofAnyCall = ['MALFORMED', 'TOO_LARGE', 'THROTTLED', 'STORE_AWAY'] as const

/** What may go wrong with a call that names its caller. */
export const ofKnownCallers = [...ofAnyCall, 'UNAUTHENTICATED', 'NOT_FOUND'] as const

const meanings: Readonly<Record<number, string>> = {
  400: 'No JSON, no UTF-8, a key that comes twice, nesting too deep: it cannot be read in one way only.',
  401: 'The caller is not known; one answer for all reasons.',
  403: 'Refused; one answer for all reasons.',
  404: 'There is no such thing, or it is another’s.',
  409: 'It does not fit what is kept.',
  413: 'The body is above 1 MB.',
  422: 'It can be read, and is wrong at the place named.',
  429: 'Too many calls.',
  503: 'Something is away for now; a repeat does no harm.',
}

/** The answers to a call that fail with these codes, as problem documents, by status. */
export function problems(
  known: readonly GatewayErrorCode[],
  ...more: readonly GatewayErrorCode[]
): Record<string, Answer> {
  const byStatus = Map.groupBy([...known, ...more], code => statusOf[code])
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => [String(status), problemAnswer(status, some)]),
  )
}

function problemAnswer(status: number, some: readonly GatewayErrorCode[]): Answer {
  const exact = { properties: { status: { const: status }, code: { enum: some } } }
  const schema = { allOf: [{ $ref: '#/components/schemas/Problem' }, exact] }
  return {
    description: meanings[status] ?? '',
    ...withRetry(status),
    content: { 'application/problem+json': { schema } },
  }
}

/** The header of answers that ask to come back. */
export function withRetry(status: number): Pick<Answer, 'headers'> {
  const retryAfter = { $ref: '#/components/headers/retryAfter' }
  return status === 429 || status === 503 ? { headers: { 'retry-after': retryAfter } } : {}
}
