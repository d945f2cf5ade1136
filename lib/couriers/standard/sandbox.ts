import { isChange } from '../../model/generated/validators.js'
import { type Change, checker, checkOrder, type Status } from '../../model/validate.ts'
import type { CourierSandbox } from '../courier.ts'
import { digitsOf } from '../invented.ts'
import { NAME } from './wire.ts'

/** A parcel's way: status, minutes after the start, where. */
const WAY: readonly (readonly [status: Status, minutes: number, place: string])[] = [
  ['collected', 0, '北京市'],
  ['departed', 90, '北京市'],
  ['arrived', 1500, '厦门市'],
  ['out-for-delivery', 1560, '厦门市'],
  ['delivered', 1620, '厦门市'],
]

const checkCancel = checker(isChange, 'WIRE_INVALID')

/** A courier that answers as it is told, with numbers and marks made from the order's id. */
export const sandbox: CourierSandbox = {
  settings: { displayLevel: 'street', native: {} },
  product: 'standard',
  account: 'ACCOUNT-1',
  answer(waybill) {
    const { order, pieces } = checkOrder(waybill)
    const waybills = Array.from({ length: pieces }, (_, i) => `ST${digitsOf(`${order}/${i}`, 13)}`)
    const sorting = { mark: `${digitsOf(order, 3)}-01-7`, outlet: digitsOf(order, 4) }
    return { outcome: 'accepted', order, courier: NAME, waybills, sorting }
  },
  refuse(waybill) {
    const { order } = checkOrder(waybill)
    return { outcome: 'refused', order, courier: NAME, reason: { code: 'out-of-range', raw: 'R2' } }
  },
  answerCancel(document, granted) {
    const { change, order, waybills = [] } = checkCancel(document)
    const verdict: Partial<Change> = granted
      ? { result: 'granted' }
      : { result: 'denied', raw: 'COLLECTED' }
    return { change, order, ...(waybills.length > 0 ? { waybills } : {}), ...verdict }
  },
  pushes: ({ order, waybill, start }) =>
    WAY.map(([status, minutes, name]) => {
      const key = `${waybill}/${status}`
      const raw = { system: NAME, code: status }
      const at = new Date(start.getTime() + minutes * 60_000).toISOString()
      const event = { key, order, waybill, status, raw, at, place: { name, kind: 'region' } }
      return {
        method: 'POST',
        path: `/v1/couriers/${NAME}/events`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ events: [event] }),
      }
    }),
}
