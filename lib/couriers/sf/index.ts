import type { Courier } from '../courier.ts'
import { answer, readAnswer } from './answer.ts'
import { cancel, readCancelResult } from './cancel.ts'
import { event, readEvents } from './event.ts'
import { sandbox } from './sandbox.ts'
import { waybill } from './waybill.ts'
import { acknowledge, fail } from './wire.ts'

/** SF Express 顺丰, by its open platform Fengqiao 丰桥. */
export const sf: Courier = {
  name: 'sf',
  title: 'SF Express 顺丰',
  takes: {
    name: ['masked', 'fixed'],
    phone: ['masked', 'virtual-number', 'placeholder', 'fixed'],
    address: ['masked', 'fixed'],
  },
  writeWaybill: (order, settings) => waybill.toTheirs(order, settings),
  writeCancel: order => cancel.toTheirs(order),
  readAnswer,
  readCancelResult,
  pushes: 'secret-path',
  readEvents,
  acknowledge,
  fail,
  tables: [
    { name: 'waybill', table: waybill, document: 'CreateOrder', carries: 'order', way: 'written' },
    {
      name: 'answer',
      table: answer,
      document: 'CreateOrderAnswer',
      carries: 'acceptance',
      way: 'read',
    },
    { name: 'cancel', table: cancel, document: 'CancelOrder', carries: 'change', way: 'written' },
    { name: 'event', table: event, document: 'Route', carries: 'event', way: 'read' },
  ],
  sandbox,
}
