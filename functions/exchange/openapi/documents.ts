import { entryId } from './parameters.ts'
import { codes, failure, problem } from './problems.ts'
import type { Ref, Schema } from './types.ts'

const text = { type: 'string' }
const order = { $ref: 'schemas/order.json#/properties/order' }
const waybills = { type: 'array', maxItems: 1000, items: { type: 'string' } }
const open = (description: string): Schema => ({ description })

function record(
  description: string,
  properties: Readonly<Record<string, Schema | Ref>>,
  ...optional: readonly string[]
): Schema {
  const required = Object.keys(properties).filter(name => !optional.includes(name))
  return { description, type: 'object', required, properties, unevaluatedProperties: false }
}

function list(description: string, items: Schema | Ref, maxItems?: number): Schema {
  return { description, type: 'array', ...(maxItems === undefined ? {} : { maxItems }), items }
}

const next = { ...entryId, description: 'Goes into `after`; absent at the end of the feed.' }

const sequence = {
  description:
    'The order’s version that made the entry: later things of one order have higher ones.',
  type: 'integer',
  minimum: 1,
}

const group = { enum: ['sender', 'receiver'] }

const ofGroups = (item: Ref, description: string, ...optional: readonly string[]): Schema =>
  record(description, { sender: item, receiver: item }, ...optional)

const waybillEntry = record(
  'One thing owed to a courier.',
  {
    id: entryId,
    kind: { enum: ['waybill', 'waybill-copy', 'cancel', 'change', 'assignment-missing'] },
    order,
    sequence,
    document: open(
      'The courier’s native document; absent where its format has none for this kind.',
    ),
    parties: ofGroups({ $ref: 'schemas/party.json' }, 'Sender and receiver, open data only.'),
    sealed: ofGroups(
      { $ref: 'schemas/sealed.json' },
      'Seals of the groups that are sealed, each without its wrapped key.',
      'sender',
      'receiver',
    ),
    change: {
      description: 'Of a `change`: nothing may be released, or the order goes on.',
      enum: ['held', 'resumed'],
    },
    problem: record('Why there is no native document, should configuration have changed since.', {
      code: { enum: codes },
      at: text,
    }),
  },
  'document',
  'parties',
  'sealed',
  'change',
  'problem',
)

const platformEntry = record('One thing owed to a platform.', {
  id: entryId,
  kind: { enum: ['ebill', 'tracking', 'cancel'] },
  order,
  sequence,
  document: open('The platform’s native document.'),
})

const failed = (statuses: readonly number[], more: Readonly<Record<string, Schema>>): Schema =>
  record(
    'What is wrong with this one; the others are not touched by it.',
    { status: { enum: statuses }, ...failure, ...more },
    'state',
  )

const state = { enum: ['posted', 'accepted', 'cancelling', 'refused', 'cancelled', 'expired'] }

const answerResult = {
  oneOf: [
    record('It is taken.', {
      id: text,
      status: { const: 200 },
      order,
      outcome: { enum: ['accepted', 'refused', 'pending', 'same', 'cancelled', 'cancel-denied'] },
    }),
    failed([400, 404, 409, 422, 503], {
      id: text,
      state: {
        ...state,
        description:
          'Of an entry that is gone: where its order stands. A number drawn for it is void.',
      },
    }),
  ],
}

const assignmentResult = {
  oneOf: [
    record('It is carried out.', {
      status: { const: 200 },
      order,
      group,
      epoch: { type: 'integer', minimum: 1 },
      outcome: { enum: ['released', 'ended'] },
    }),
    failed([403, 404, 409, 422, 503], {}),
  ],
}

const base64url = { type: 'string', pattern: '^[A-Za-z0-9_-]+$' }

const context = record('Encryption context of the capsule, exactly these names.', {
  v: { const: '1' },
  courier: text,
  order,
  group,
  rev: { type: 'string', pattern: '^[1-9][0-9]*$' },
  hop: text,
  day: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d$', examples: ['2026-01-01'] },
})

/** The bodies that this document describes itself; those of the standard lie in `/v1/schemas`. */
export const schemas = {
  Problem: problem,
  Health: record('It runs.', { status: { const: 'ok' } }),
  WaybillPage: record(
    'What is owed to a courier, oldest first. Reading moves nothing. A page may be short or empty although `next` says that more may follow.',
    { entries: list('At most `limit`.', waybillEntry, 100), next },
    'next',
  ),
  EventPage: record(
    'What is owed to a platform, oldest first. Reading moves nothing. A page may be short or empty although `next` says that more may follow.',
    { entries: list('At most `limit`.', platformEntry, 100), next },
    'next',
  ),
  Answers: {
    description: 'Answers to entries, each by itself.',
    type: 'object',
    required: ['answers'],
    properties: {
      answers: {
        type: 'array',
        maxItems: 100,
        items: {
          type: 'object',
          required: ['id'],
          properties: {
            id: { type: 'string', description: 'The entry that is answered.' },
            document: open(
              'The courier’s native create-order or cancel response. An answer without one is refused by itself.',
            ),
          },
        },
      },
    },
  },
  AnswerResults: record('One result an answer, in their order.', {
    results: list('What became of each.', answerResult, 100),
  }),
  Acks: {
    description: 'Entries that are dealt with. What is gone already is passed over.',
    type: 'object',
    required: ['ids'],
    properties: { ids: { type: 'array', maxItems: 500, items: { type: 'string' } } },
  },
  AckResults: record('What became of them.', {
    acknowledged: { type: 'integer', minimum: 0, maximum: 500 },
    unanswered: list('Entries that stay: they want an answer.', entryId, 500),
  }),
  ParkResults: record('What became of them.', {
    parked: {
      description: 'Entries that lie aside now.',
      type: 'integer',
      minimum: 0,
      maximum: 500,
    },
  }),
  OrderStates: record('The parcels of an order number, open data only.', {
    parcels: list(
      'One for each parcel.',
      record(
        'Where a parcel stands.',
        {
          order,
          parcel: { $ref: 'schemas/order.json#/properties/parcel' },
          state,
          waybills: { ...waybills, description: 'Waybill numbers, the mother first.' },
          tracking: { $ref: 'schemas/event.json#/properties/status' },
          shredded: list('Groups whose keys are deleted: nobody can open them any more.', group, 2),
        },
        'tracking',
        'shredded',
      ),
    ),
  }),
  Assignments: {
    description: 'The courier’s signed statements of who holds parcels.',
    type: 'object',
    required: ['assignments'],
    properties: {
      assignments: {
        type: 'array',
        maxItems: 50,
        items: {
          type: 'string',
          description:
            'Compact JWS (ES256 or EdDSA) by a dispatch key; `typ` `lasthop-assignment`, or `lasthop-statement` for leg `done`; its payload is `schemas/assignment.json`.',
        },
      },
    },
  },
  AssignmentResults: record('One result an assignment, in their order.', {
    results: list('What became of each.', assignmentResult, 50),
  }),
  Release: record('What a hop needs beside its own credentials to open a seal.', {
    sealed: { $ref: 'schemas/sealed.json' },
    capsule: record('The content key, wrapped by KMS to the hop, order and day.', {
      ciphertext: { ...base64url, description: 'KMS ciphertext blob, base64url.' },
      context,
      key: { ...text, description: 'ARN of the hop key; a station pins its own.' },
    }),
  }),
  KeySet: record('Custody keys that seals may be made to (JWKS, RFC 7517).', {
    keys: list('The current key, and the next while they change.', {
      description: 'An RSA public key; its `kid` is its RFC 7638 thumbprint.',
      type: 'object',
      required: ['kty', 'n', 'e', 'kid', 'use', 'alg'],
      properties: {
        kty: { const: 'RSA' },
        n: base64url,
        e: base64url,
        kid: { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' },
        use: { const: 'enc' },
        alg: { const: 'RSA-OAEP-256' },
      },
    }),
  }),
} satisfies Record<string, Schema>

/** Refers to a body by name. */
export function body(name: keyof typeof schemas): Ref {
  return { $ref: `#/components/schemas/${name}` }
}
