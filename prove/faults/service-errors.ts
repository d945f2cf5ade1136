import {
  type CancellationReason,
  DynamoDBServiceException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb'

/** A transaction that the service cancels for these reasons. */
export function cancelledFor(CancellationReasons: CancellationReason[]): Error {
  return new TransactionCanceledException({ message: '', $metadata: {}, CancellationReasons })
}

/** Any other error of the service. */
export function serviceError(name: string, fault: 'client' | 'server' = 'client'): Error {
  return new DynamoDBServiceException({ name, $fault: fault, message: '', $metadata: {} })
}
