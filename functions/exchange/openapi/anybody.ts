import { json } from './calls.ts'
import { takes } from './parameters.ts'
import { ofAnyCall, problems } from './problems.ts'
import { byAnybody } from './security.ts'
import type { Answer, Paths } from './types.ts'

const tags = ['anybody']
const security = byAnybody

const document = (description: string): Answer => ({
  description,
  content: { 'application/json': { schema: { type: 'object' } } },
})

/** What anybody may read. */
export const openPaths: Paths = {
  '/v1/health': {
    get: {
      operationId: 'readHealth',
      summary: 'See whether it runs',
      description: 'Looks at nothing behind it.',
      tags,
      security,
      responses: { 200: json('Health', 'It runs.'), ...problems(ofAnyCall) },
    },
  },
  '/v1/openapi.json': {
    get: {
      operationId: 'readOpenApi',
      summary: 'Read this document',
      description: 'OpenAPI 3.1.',
      tags,
      security,
      responses: { 200: document('This document.'), ...problems(ofAnyCall) },
    },
  },
  '/v1/schemas/{name}': {
    get: {
      operationId: 'readSchema',
      summary: 'Read a schema of the standard',
      description: 'JSON Schema 2020-12.',
      tags,
      security,
      parameters: takes('schemaName'),
      responses: { 200: document('The schema.'), ...problems(ofAnyCall, 'NOT_FOUND') },
    },
  },
  '/v1/couriers/{courier}/keys': {
    get: {
      operationId: 'readKeys',
      summary: 'Read a courier’s custody keys',
      description:
        'A convenience for platforms that seal by themselves: they pin the thumbprint that they got from the courier, and compare.',
      tags,
      security,
      parameters: takes('courier'),
      responses: {
        200: json('KeySet', 'Keys that seals may be made to.'),
        ...problems(ofAnyCall, 'NOT_FOUND'),
      },
    },
  },
}
