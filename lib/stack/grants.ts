/**
 * What each Lambda role may do: this list and nothing else. The stacks, the local KMS and the tests
 * all read it. No gateway role has any action on a courier's key; the keys' own policies
 * (`lib/custody/policies.ts`) refuse them a second time.
 *
 * It follows "Rights" in design-storage.md, narrowed to what the code does:
 * - orders are read in batches and written in transactions, so there is no `GetItem` and no `Scan`;
 * - acknowledged entries go in batches, so there is `BatchWriteItem` where feeds are read;
 * - custody also puts the head of an order, to note that a group is assigned or its keys are gone, and
 *   reads the end of the audit chain that it appends to; the chain itself only people read;
 * - the sweep asks custody to look by an entry in its feed, in the order's transaction, so it invokes
 *   nobody;
 * - the key of posted bodies lies beside the platforms' secrets and is intake's alone.
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
  | 'secret:body-keys'
  | 'function:router'
  | 'log:own'
  | 'traces:any'

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

type Limits = Pick<Grant, 'keysLike' | 'inTransaction'>

const may = (actions: string, on: Target, because: string, limits: Limits = {}): Grant => ({
  on,
  actions: actions.split(' '),
  because,
  ...limits,
})

const inTransaction = true
// X-Ray knows no resources. What is sent is names and times: no SDK of ours adds anything.
const traces = may('PutTraceSegments PutTelemetryRecords', 'traces:any', 'how long calls take')
const log = may('CreateLogStream PutLogEvents', 'log:own', 'codes, counts, opaque ids')

export const grants: Readonly<Record<GatewayRole, readonly Grant[]>> = {
  // Sees plaintext for milliseconds; can write a wrapped key and never read one back.
  intake: [
    may('BatchGetItem', 'table:Orders', 'what a repeat is answered from, orders that change', {
      keysLike: ['order#*', 'ref#courier#*'],
    }),
    may('Query', 'table:Orders', 'orders by their platform’s number, to cancel or change them', {
      keysLike: ['ref#platform#*'],
    }),
    may('PutItem UpdateItem DeleteItem', 'table:Orders', 'orders, look-ups, entries', {
      inTransaction,
    }),
    may('PutItem UpdateItem', 'table:Keys', 'wrapped keys go in with their order, never alone', {
      keysLike: ['key#*'],
      inTransaction,
    }),
    may('Sign', 'key:gateway-signing', 'certifies its own signing key, once an hour'),
    may('GetSecretValue', 'secrets:platforms', 'checks native signatures'),
    may('GetSecretValue', 'secret:body-keys', 'keys the hash of a posted body'),
    log,
    traces,
  ],
  // Everything between platform and courier that needs neither plaintext nor keys.
  exchange: [
    may('BatchGetItem Query', 'table:Orders', 'pages of feeds, orders by number'),
    may('PutItem UpdateItem DeleteItem', 'table:Orders', 'answers and events', { inTransaction }),
    may('BatchWriteItem', 'table:Orders', 'acknowledged entries go'),
    may('GetSecretValue', 'secrets:platforms', 'checks who reads a platform’s events'),
    may('GetSecretValue', 'secrets:couriers', 'checks who pulls, answers and pushes'),
    log,
    traces,
  ],
  // Holds wrapped keys and can open none of them; hands them to the courier's router.
  custody: [
    may('BatchGetItem', 'table:Orders', 'looks at the order’s state before any release', {
      keysLike: ['order#*'],
    }),
    may('PutItem', 'table:Orders', 'notes in its head what became of its keys', {
      keysLike: ['order#*'],
      inTransaction,
    }),
    may('Query BatchWriteItem', 'table:Orders', 'what asks it to look whether keys must go', {
      keysLike: ['feed#custody#*'],
    }),
    may('GetItem PutItem UpdateItem DeleteItem', 'table:Keys', 'epochs, capsules, deletion'),
    may('Scan', 'table:Keys', 'finds, once a day, what outlived its order'),
    may('GetItem', 'table:Audit', 'where the chain ends'),
    may('PutItem', 'table:Audit', 'appends a record', { inTransaction }),
    may('GetSecretValue', 'secrets:couriers', 'checks who sends assignments'),
    may('InvokeFunction', 'function:router', 'the router verifies everything again'),
    log,
    traces,
  ],
  // Runs every minute: offers past their deadline, age and depth of feeds.
  sweep: [
    may('BatchGetItem Query', 'table:Orders', 'measures what is owed'),
    may('PutItem UpdateItem DeleteItem', 'table:Orders', 'expires offers', { inTransaction }),
    log,
    traces,
  ],
}
