import type { Parameter, Ref } from './types.ts'

const slug = { type: 'string', pattern: '^[a-z][a-z0-9-]{0,31}$' }
const orderId = { type: 'string', pattern: '^o_[a-z2-7]{26}$' }

/** An entry’s id, and its place in its feed: `1767225600000.o_fck7qd6bckys2eiuxjf7u36sdw.1.0a`. */
export const entryId = {
  type: 'string',
  pattern: '^[1-9][0-9]{12}\\.o_[a-z2-7]{26}\\.[1-9][0-9]{0,8}\\.(0|[1-9][0-9]{0,2})[ak]$',
  examples: ['1767225600000.o_fck7qd6bckys2eiuxjf7u36sdw.1.0a'],
}

const path = (name: string, description: string, schema: Parameter['schema']): Parameter => ({
  name,
  in: 'path',
  required: true,
  description,
  schema,
})

const query = (name: string, description: string, schema: Parameter['schema']): Parameter => ({
  name,
  in: 'query',
  description,
  schema,
})

/** Every parameter, by the name under which calls refer to it. */
export const parameters = {
  platform: path('platform', 'The platform’s slug.', { ...slug, examples: ['douyin'] }),
  courier: path('courier', 'The courier’s slug.', { ...slug, examples: ['sf'] }),
  platformOrder: path('order', 'The platform’s own order number.', {
    type: 'string',
    pattern: '^[A-Za-z0-9._~-]{1,256}$',
    examples: ['6900000000000000001'],
  }),
  order: path('order', 'Order id, as in the entry.', {
    ...orderId,
    examples: ['o_fck7qd6bckys2eiuxjf7u36sdw'],
  }),
  hop: path('hop', 'The hop that the parcel is assigned to, as in the token.', {
    type: 'string',
    pattern: '^[A-Za-z0-9._-]{1,64}$',
    examples: ['XM-0592-017'],
  }),
  pushToken: path(
    'token',
    'The secret part of the address, 256 bits, agreed with a courier whose pushes are not signed.',
    { type: 'string', pattern: '^[A-Za-z0-9._~-]+$' },
  ),
  schemaName: path('name', 'A schema of the standard, with or without `.json`.', {
    type: 'string',
    pattern:
      '^(acceptance|assignment|changes?|change-outcomes|event|orders?|outcomes|party|personal|push|sealed)(\\.json)?$',
    examples: ['order.json'],
  }),
  limit: query('limit', 'Entries of a page at most.', {
    type: 'integer',
    minimum: 1,
    maximum: 100,
    default: 50,
  }),
  after: query(
    'after',
    'Reads on behind this entry: `next` of the page before. Start again from the head at least every five minutes, for what was committed late.',
    entryId,
  ),
  shard: query('shard', 'Which shard of the feed; required where the feed has several.', {
    type: 'integer',
    minimum: 0,
    maximum: 999,
    default: 0,
  }),
  shop: query('shop', 'The shop, only for orders of another channel.', {
    type: 'string',
    pattern: '^[^,\\u0000-\\u001f\\u007f]{1,128}$',
  }),
  group: query('group', 'Whose data.', {
    enum: ['receiver', 'sender'],
    default: 'receiver',
  }),
} as const satisfies Record<string, Parameter>

/** Refers to parameters by name. */
export function takes(...names: readonly (keyof typeof parameters)[]): Ref[] {
  return names.map(name => ({ $ref: `#/components/parameters/${name}` }))
}
