/**
 * What each Lambda role may do: this list and nothing else. The stacks, the local KMS and the tests
 * all read it. No gateway role has any action on a courier's key; the keys' own policies
 * (`lib/custody/policies.ts`) refuse them a second time.
 */

/** A role of the gateway's account. */
export type GatewayRole = 'intake' | 'exchange' | 'custody' | 'sweep'

/** What a grant is on. */
export type Target =
  | 'table:Orders'
  | 'table:Keys'
  | 'table:Audit'
  | 'key:gateway-signing'
  | 'secrets:platforms'
  | 'secrets:couriers'
  | 'function:custody'
  | 'function:router'

/** Some actions on one thing. */
export interface Grant {
  readonly on: Target
  readonly actions: readonly string[]
  /** Only items whose partition key begins so (`dynamodb:LeadingKeys`). */
  readonly keysLike?: readonly string[]
  /** Only inside a transaction (`dynamodb:EnclosingOperation`). */
  readonly inTransaction?: true
  readonly because: string
}

export const grants: Readonly<Record<GatewayRole, readonly Grant[]>> = {
  // Sees plaintext for milliseconds; can write a wrapped key and never read one back.
  intake: [
    {
      on: 'table:Orders',
      actions: [
        'GetItem',
        'BatchGetItem',
        'PutItem',
        'UpdateItem',
        'DeleteItem',
        'ConditionCheckItem',
      ],
      because: 'an order, its look-ups and the feed entry are written in one transaction',
    },
    {
      on: 'table:Keys',
      actions: ['PutItem'],
      keysLike: ['key#*'],
      inTransaction: true,
      because: 'the wrapped keys go in with their order, never alone',
    },
    {
      on: 'key:gateway-signing',
      actions: ['Sign'],
      because: 'certifies its ephemeral signing key, once an hour',
    },
    {
      on: 'secrets:platforms',
      actions: ['GetSecretValue'],
      because: 'checks native signatures, and keys the hash of a posted body',
    },
  ],
  // Everything between platform and courier that needs neither plaintext nor keys.
  exchange: [
    {
      on: 'table:Orders',
      actions: [
        'GetItem',
        'BatchGetItem',
        'Query',
        'PutItem',
        'UpdateItem',
        'DeleteItem',
        'ConditionCheckItem',
      ],
      because: 'feeds, answers, events and acknowledgements',
    },
    {
      on: 'secrets:platforms',
      actions: ['GetSecretValue'],
      because: 'checks who reads a platform’s events',
    },
    {
      on: 'secrets:couriers',
      actions: ['GetSecretValue'],
      because: 'checks who pulls, answers and pushes',
    },
  ],
  // Holds wrapped keys and can open none of them; hands them to the courier's router.
  custody: [
    {
      on: 'table:Orders',
      actions: ['GetItem', 'BatchGetItem'],
      because: 'looks at the order’s state before any release',
    },
    {
      on: 'table:Orders',
      actions: ['Query', 'DeleteItem'],
      keysLike: ['feed#custody#*'],
      because: 'what asks it to look whether keys must go',
    },
    {
      on: 'table:Keys',
      actions: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'ConditionCheckItem'],
      because: 'epochs, capsules, and the deletion of keys',
    },
    {
      on: 'table:Audit',
      actions: ['GetItem', 'PutItem', 'Query'],
      because: 'appends to the chain of records',
    },
    {
      on: 'secrets:couriers',
      actions: ['GetSecretValue'],
      because: 'checks who sends assignments',
    },
    {
      on: 'function:router',
      actions: ['InvokeFunction'],
      because: 'the router verifies everything again',
    },
  ],
  // Runs every minute: offers past their deadline, age and depth of feeds.
  sweep: [
    {
      on: 'table:Orders',
      actions: [
        'GetItem',
        'BatchGetItem',
        'Query',
        'PutItem',
        'UpdateItem',
        'DeleteItem',
        'ConditionCheckItem',
      ],
      because: 'expires offers and measures what is owed',
    },
    {
      on: 'function:custody',
      actions: ['InvokeFunction'],
      because: 'asks it to look whether keys must go',
    },
  ],
}
