import { setTimeout as sleep } from 'node:timers/promises'
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  type DynamoDBClientConfig,
  DynamoDBServiceException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb'
import { GatewayError } from '../model/errors.ts'
import type { TableNames } from './tables.ts'

/** How long a call of the store may try before it says that the store is away. */
export const STORE_BUDGET_MS = 8_000

const LONGEST_PAUSE_MS = 1_000
const MOST_ATTEMPTS = 40

const TRANSIENT = new Set([
  'InternalServerError',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ServiceUnavailable',
  'ThrottlingException',
  'TransactionConflictException',
  'TransactionInProgressException',
])

/** What the store is built upon. */
export interface StorePorts {
  readonly client: DynamoDBClient
  readonly tables: TableNames
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** That many random bytes, such as `randomBytes` of `node:crypto`. */
  readonly random: (bytes: number) => Uint8Array
  /** Waits; the real one unless a test has other plans. */
  readonly pause?: (ms: number) => Promise<unknown>
}

/**
 * A DynamoDB client for the store. It tries each request once and not for long: the store itself
 * repeats, because only it knows what may be sent again.
 */
export function createClient(config: DynamoDBClientConfig): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 3_000,
      throwOnRequestTimeout: true,
    },
    ...config,
  })
}

/** Time and attempts that one call of the store has left. */
export interface Budget {
  /** Time left, in milliseconds. */
  left(): number
  /**
   * Waits a random while, longer each time.
   *
   * @throws {GatewayError} `STORE_AWAY` when nothing is left.
   */
  pause(cause: unknown): Promise<void>
  /** A request that was cancelled counts, too. */
  readonly attempts: number
}

/** A fresh budget for one call of the store. */
export function startBudget(ports: StorePorts): Budget {
  const until = performance.now() + STORE_BUDGET_MS
  const wait = ports.pause ?? sleep
  let attempts = 0
  const left = () => until - performance.now()
  return {
    left,
    get attempts() {
      return attempts
    },
    async pause(cause) {
      attempts += 1
      const longest = Math.min(LONGEST_PAUSE_MS, 25 * 2 ** Math.min(attempts, 10))
      const ms = (longest * ((ports.random(1)[0] ?? 0) + 1)) / 256
      if (attempts >= MOST_ATTEMPTS || ms > left()) throw storeAway(cause)
      await wait(ms)
    },
  }
}

/** The one error for a store that cannot be reached or does not do what it should. */
export function storeAway(cause: unknown): GatewayError {
  return new GatewayError('STORE_AWAY', '', { retry: 'later', cause })
}

/**
 * Sends a request, and again while it fails for reasons that pass. The request must be safe to
 * repeat, byte for byte. A failed condition is the caller's to judge and comes out as it is.
 *
 * @throws {GatewayError} `STORE_AWAY` for everything else.
 */
export async function call<T>(
  budget: Budget,
  send: (options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await send({ abortSignal: AbortSignal.timeout(Math.max(1, Math.ceil(budget.left()))) })
    } catch (error) {
      if (isCondition(error)) throw error
      if (!passes(error)) throw storeAway(error)
      await budget.pause(error)
    }
  }
}

/** A condition was not met; also a transaction that was cancelled, for whatever reasons it names. */
function isCondition(error: unknown): boolean {
  return (
    error instanceof TransactionCanceledException ||
    error instanceof ConditionalCheckFailedException
  )
}

/** Whether trying again may help. What is no answer of the service at all is a broken connection. */
function passes(error: unknown): boolean {
  if (!(error instanceof DynamoDBServiceException)) return true
  return error.$fault === 'server' || TRANSIENT.has(error.name)
}
