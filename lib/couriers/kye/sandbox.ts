import type { CourierSandbox } from '../courier.ts'
import { digitsOf, minutesAfter } from '../invented.ts'
import { checkCancel } from './cancel.ts'
import { signOf } from './sign.ts'
import { checkWaybill } from './waybill.ts'

/** A parcel's way: node, step, minutes after the start, where, and a text that names people as real ones do. */
const WAY = [
  [2, '已安排取件', 0, '北京市', '示例取件员（电话：13900000001）将上门取件'],
  [3, '揽件完毕', 60, '北京市', '示例取件员（电话：13900000001）已取件'],
  [5, '运输中', 150, '北京市', '快件已从北京样例点发出'],
  [80, '派送中', 1560, '厦门市', '示例派件员（电话：13900000002）正在派送'],
  [100, '已签收', 1620, '厦门市', '已签收，签收人：本人'],
] as const

/** The only code of a refusal that is public: not found. */
const NOT_FOUND = 10010

/** A courier that answers as it is told, with numbers made from the order's id. */
export const sandbox: CourierSandbox = {
  settings: { displayLevel: 'street', native: { customerCode: '75500000000' } },
  product: '20',
  account: '75500000000',
  answer(waybill) {
    const data = checkWaybill(waybill).orderInfos.flatMap(({ orderId, count = 1 }) =>
      Array.from({ length: count }, (_, n) => ({
        orderId,
        waybillNumber: `KY${digitsOf(`${orderId}/${n}`, 13)}`,
      })),
    )
    return { ...granted, data }
  },
  refuse(waybill) {
    checkWaybill(waybill)
    return refused
  },
  answerCancel(document, isGranted) {
    checkCancel(document)
    return isGranted ? granted : refused
  },
  pushes: ({ waybill, start, now, secret }) =>
    WAY.map(([node, step, minutes, currCity, desc]) => {
      const time = minutesAfter(start, minutes)
      const body = JSON.stringify([{ mailno: waybill, node, step, desc, time, currCity }])
      const timestamp = String(now.getTime())
      return {
        method: 'POST',
        path: '/v1/couriers/kye/events',
        headers: {
          'content-type': 'application/json',
          'x-kye-timestamp': timestamp,
          'x-kye-sign': signOf(secret, timestamp, body),
        },
        body,
      }
    }),
}

const granted = { code: 10000, success: true, msg: '' }
const refused = { code: NOT_FOUND, success: false, msg: '样例拒绝' }
