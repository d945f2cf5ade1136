import type { Platform } from '../platform.ts'
import { accepted, cancelled, refused } from './answer-mapping.ts'
import { answerChanges, answerOrders, fail } from './answers.ts'
import { cancel, cipherUpdate, clearUpdate } from './change-mapping.ts'
import { writeCancelResult, writeTracking, writeVerdict } from './events.ts'
import { cipherOrder, clearOrder } from './order-mapping.ts'
import { type KuaishouChange, readChanges } from './read-changes.ts'
import { type KuaishouNative, readOrders } from './read-orders.ts'
import { sandbox } from './sandbox.ts'
import { authenticate } from './signature.ts'
import { tracking } from './tracking-mapping.ts'

const ofOrder = { document: 'EbillOrder', carries: 'order', way: 'read' } as const
const ofChange = { document: 'UpdateRequest', carries: 'change', way: 'read' } as const
const ofAnswer = { document: 'EbillResult', carries: 'acceptance', way: 'written' } as const

/** Kuaishou's shop open platform (快手小店), e-waybills by `open.express.ebill.get`. */
export const kuaishou: Platform<KuaishouNative, KuaishouChange> = {
  name: 'kuaishou',
  title: 'Kuaishou',
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
    { name: 'order', table: clearOrder, ...ofOrder },
    { name: 'cipher-order', table: cipherOrder, ...ofOrder },
    { name: 'accepted', table: accepted, ...ofAnswer },
    { name: 'refused', table: refused, ...ofAnswer },
    { name: 'trace', table: tracking, document: 'TraceEvent', carries: 'event', way: 'written' },
    {
      name: 'cancelled',
      table: cancelled,
      document: 'CancelEvent',
      carries: 'change',
      way: 'written',
    },
    { name: 'cancel', table: cancel, document: 'CancelRequest', carries: 'change', way: 'read' },
    { name: 'update', table: clearUpdate, ...ofChange },
    { name: 'cipher-update', table: cipherUpdate, ...ofChange },
  ],
  sandbox,
}
