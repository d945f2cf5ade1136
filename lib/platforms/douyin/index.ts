import type { Platform } from '../platform.ts'
import { answerChanges } from './answer-changes.ts'
import { accepted, refused } from './answer-mapping.ts'
import { answerOrders, fail } from './answers.ts'
import { writeCancelResult, writeTracking, writeVerdict } from './events.ts'
import { order } from './order-mapping.ts'
import { type DouyinChange, readChanges } from './read-changes.ts'
import { type DouyinNative, readOrders } from './read-orders.ts'
import { sandbox } from './sandbox.ts'
import { authenticate } from './signature.ts'
import { tracking } from './tracking-mapping.ts'

/** Douyin's shop open platform (抖店), privacy orders by `logistics/newCreateOrder`. */
export const douyin: Platform<DouyinNative, DouyinChange> = {
  name: 'douyin',
  title: 'Douyin',
  calls: 'native',
  authenticate,
  readOrders,
  answerOrders,
  readChanges,
  answerChanges,
  fail,
  writeVerdict,
  writeTracking,
  writeCancelResult,
  tables: [
    { name: 'order', table: order, document: 'TheirOrder', carries: 'order', way: 'read' },
    {
      name: 'accepted',
      table: accepted,
      document: 'EbillInfo',
      carries: 'acceptance',
      way: 'written',
    },
    { name: 'refused', table: refused, document: 'ErrInfo', carries: 'acceptance', way: 'written' },
    { name: 'route', table: tracking, document: 'RouteEvent', carries: 'event', way: 'written' },
  ],
  sandbox,
}
