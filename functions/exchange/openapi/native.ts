import { problems, withRetry } from './problems.ts'
import type { Answer, Operation } from './types.ts'

/** A partner’s own document: its form is that partner’s, and stands in its API documents. */
const open = { '*/*': { schema: {} } }

/** A native request body; some partners put everything into the query. */
export const nativeBody: NonNullable<Operation['requestBody']> = {
  description:
    'One native request, byte for byte as the partner’s API says, JSON or a form. At most 1 MB.',
  content: open,
}

/**
 * The answers to a native call. Errors come in the partner’s own form and with status 200, as its
 * clients expect, but for those whose status others on the way may act on.
 */
export function nativeAnswers(success: string): Record<string, Answer> {
  const own = (status: number, description: string): Answer => ({
    description,
    ...withRetry(status),
    content: open,
  })
  // Written by whatever stands before the gateway, too, which knows no partner’s form.
  const shared = problems(['TOO_LARGE', 'THROTTLED', 'STORE_AWAY'])
  const both = Object.entries(shared).map(([status, answer]): [string, Answer] => [
    status,
    { ...answer, content: { ...answer.content, ...open } },
  ])
  return {
    200: own(200, `${success} Errors too, in the partner’s own form and codes.`),
    401: own(401, 'The caller is not known; in the partner’s own form.'),
    ...Object.fromEntries(both),
    422: own(422, 'Of a platform that speaks the standard: well-formed, and wrong as a whole.'),
    ...problems(['MALFORMED', 'NOT_FOUND']),
  }
}
