import { body, type schemas } from './documents.ts'
import type { Answer, Operation } from './types.ts'

/** Success, with a JSON body of this form. */
export function json(name: keyof typeof schemas, description: string): Answer {
  return { description, content: { 'application/json': { schema: body(name) } } }
}

/** A JSON body to send. */
export function sends(
  name: keyof typeof schemas,
  description: string,
): NonNullable<Operation['requestBody']> {
  return { description, required: true, content: { 'application/json': { schema: body(name) } } }
}
