import type { Courier } from '../courier.ts'
import { answer, readAnswer } from './answer.ts'
import { cancel, readCancelResult } from './cancel.ts'
import { event, readEvents } from './event.ts'
import { sandbox } from './sandbox.ts'
import { authenticateEvents } from './sign.ts'
import { waybill } from './waybill.ts'
import { acknowledge, fail } from './wire.ts'

/** The flag that stands in the fixtures. */
const context = { ...sandbox.settings, secret: 'SZYG' }

/** KYE Express 跨越速运, by its open platform. */
export const kye: Courier = {
  name: 'kye',
  title: 'KYE Express 跨越速运',
  takes: {
    name: ['masked', 'fixed'],
    phone: ['masked', 'virtual-number', 'placeholder', 'fixed'],
    address: ['masked', 'fixed'],
  },
  writeWaybill: (order, settings) => waybill.toTheirs(order, settings),
  writeCancel: (_order, waybills, settings) =>
    cancel.toTheirs({ change: 'cancel', waybills: [...waybills] }, settings),
  readAnswer,
  readCancelResult,
  pushes: 'signed',
  authenticateEvents,
  readEvents,
  acknowledge,
  fail,
  tables: [
    {
      name: 'waybill',
      table: waybill,
      document: 'PlanOrder',
      carries: 'order',
      way: 'written',
      context,
    },
    {
      name: 'answer',
      table: answer,
      document: 'PlanOrderAnswer',
      carries: 'acceptance',
      way: 'read',
    },
    {
      name: 'cancel',
      table: cancel,
      document: 'CancelOrder',
      carries: 'change',
      way: 'written',
      context,
    },
    { name: 'event', table: event, document: 'Route', carries: 'event', way: 'read' },
  ],
  sandbox,
}
