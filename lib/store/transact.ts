import {
  type CancellationReason,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { type Budget, call, type StorePorts, storeAway } from './client.ts'
import type { Write } from './write.ts'

const TRANSIENT = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
])

/**
 * Sends a transaction, again with the same token and bytes while its reply is lost. Returns nothing
 * when it was kept, else the reasons why not, one for each action.
 *
 * @throws {GatewayError} `STORE_AWAY`, also for reasons that only a fault of ours can have
 */
export async function transact(
  ports: StorePorts,
  budget: Budget,
  writes: readonly Pick<Write, 'action'>[],
): Promise<CancellationReason[]> {
  const input = {
    TransactItems: writes.map(write => write.action),
    ClientRequestToken: randomName(ports),
  }
  try {
    await call(budget, options => ports.client.send(new TransactWriteItemsCommand(input), options))
    return []
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error
    const reasons = error.CancellationReasons ?? []
    if (reasons.length !== writes.length || !reasons.every(isKnown)) throw storeAway(error)
    return reasons
  }
}

/** A condition was not met. */
export function isFailed(reason: CancellationReason | undefined): reason is CancellationReason {
  return reason?.Code === 'ConditionalCheckFailed'
}

/** Somebody else was in the way. */
export function isBlocked({ Code = '' }: CancellationReason): boolean {
  return TRANSIENT.has(Code)
}

function isKnown(reason: CancellationReason): boolean {
  const { Code = 'None' } = reason
  return Code === 'None' || isFailed(reason) || isBlocked(reason)
}

/** A name that nobody else gives: 32 hexadecimal digits. */
export function randomName({ random }: StorePorts): string {
  return Buffer.from(random(16)).toString('hex')
}
