import type { Courier, FieldForm } from '../courier.ts'
import { readAnswer } from './answer.ts'
import { readCancelResult, writeCancel } from './cancel.ts'
import { readEvents } from './events.ts'
import { sandbox } from './sandbox.ts'
import { writeWaybill } from './waybill.ts'
import { acknowledge, fail } from './wire.ts'

/** Whatever an order may show: who speaks the standard knows all its forms. */
const ANY: readonly FieldForm[] = ['masked', 'virtual-number', 'token', 'placeholder', 'fixed']

/** A courier that speaks the standard itself: it pulls `order.json` and answers `acceptance.json`. */
export const standard: Courier = {
  name: 'standard',
  title: 'Standard',
  takes: { name: ANY, phone: ANY, address: ANY },
  writeWaybill,
  writeCancel,
  readAnswer,
  readCancelResult,
  pushes: 'http-signature',
  readEvents,
  acknowledge,
  fail,
  // Both sides are the same document: a table would say of each place that it is itself.
  tables: [],
  sandbox,
}
