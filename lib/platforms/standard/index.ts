import { GatewayError } from '../../model/errors.ts'
import type { Platform } from '../platform.ts'
import { answerChanges } from './answer-changes.ts'
import { answerOrders } from './answer-orders.ts'
import { writeCancelResult, writeTracking, writeVerdict } from './events.ts'
import { type ChangeName, readChanges } from './read-changes.ts'
import { type OrderName, readOrders } from './read-orders.ts'
import { sandbox } from './sandbox.ts'
import { fail } from './wire.ts'

/** A platform that speaks the standard itself: it posts `orders.json`, and may seal by itself. */
export const standard: Platform<OrderName, ChangeName> = {
  name: 'standard',
  title: 'Standard',
  calls: 'http-signature',
  /** It has no scheme of its own: whatever is not an HTTP message signature is nobody's. */
  authenticate() {
    throw new GatewayError('UNAUTHENTICATED')
  },
  readOrders,
  answerOrders,
  readChanges,
  answerChanges,
  fail,
  writeVerdict,
  writeTracking,
  writeCancelResult,
  // Both sides are the same document: a table would say of each place that it is itself.
  tables: [],
  sandbox,
}
