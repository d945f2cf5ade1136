import { sha256Hex } from '../../access/digest.ts'
import { checker } from '../../model/validate.ts'
import type { CourierSandbox } from '../courier.ts'
import { digitsOf, minutesAfter } from '../invented.ts'
import { isCancelOrder } from './generated/validators.js'
import { checkWaybill } from './waybill.ts'

/** A parcel's way: opCode, minutes after the start, where, and a text that names people as real ones do. */
const WAY = [
  ['50', 0, '北京市', '顺丰速运 已收取快件（经手人：示例收派员，电话：13900000001）'],
  ['30', 90, '北京市', '快件在【北京样例集散中心】完成分拣，准备发往【厦门样例集散中心】'],
  ['31', 1500, '厦门市', '快件到达【厦门样例营业点】'],
  ['44', 1560, '厦门市', '快件交给示例骑手，正在派送途中（联系电话：13900000002）'],
  ['80', 1620, '厦门市', '已签收，签收人：本人'],
] as const

/** Code of a cancellation that comes too late. */
const CONFIRMED = '8252'

const checkCancel = checker(isCancelOrder, 'WIRE_INVALID')

/** A courier that answers as it is told, with numbers and marks made from the order's id. */
export const sandbox: CourierSandbox = {
  settings: { displayLevel: 'street', native: {} },
  product: '2',
  account: '7551234567',
  answer(waybill) {
    const { orderId, parcelQty = 1 } = checkWaybill(waybill)
    const numbers = Array.from({ length: parcelQty }, (_, i) => numberOf(`${orderId}/${i}`))
    const mark = digitsOf(orderId, 3)
    const routeLabelData = {
      waybillNo: numbers[0],
      destRouteLabel: `${mark}BF-0${mark.slice(0, 2)}`,
      destCityCode: mark,
      destDeptCode: `${mark}BF`,
      destTeamCode: '001',
      destTransferCode: mark,
      sourceTransferCode: '010',
      codingMapping: 'S47',
      proCode: '标快',
      limitTypeCode: 'T6',
      abFlag: 'A',
      checkCode: sha256Hex(orderId).slice(0, 8),
      printIcon: '00000000',
      twoDimensionCode: `MMM={'k1':'${mark}','k5':'${numbers[0]}'}`,
    }
    return answered({
      orderId,
      filterResult: 2,
      waybillNoInfoList: numbers.map((waybillNo, i) => ({
        waybillType: i === 0 ? 1 : 2,
        waybillNo,
      })),
      routeLabelInfo: [{ code: '1000', routeLabelData }],
    })
  },
  refuse(waybill) {
    const { orderId } = checkWaybill(waybill)
    return answered({ orderId, filterResult: 3, remark: '2' })
  },
  answerCancel(document, granted) {
    const { orderId } = checkCancel(document)
    return granted
      ? answered({ orderId, waybillNoInfoList: [], resStatus: 2 })
      : { success: false, errorCode: CONFIRMED, errorMsg: '订单已确认', msgData: null }
  },
  pushes: ({ order, waybill, start }) =>
    WAY.map(([opCode, minutes, acceptAddress, remark]) => ({
      method: 'POST',
      path: '/v1/couriers/sf/events',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        Body: {
          WaybillRoute: [
            {
              id: digitsOf(`${waybill}/${opCode}`, 13),
              mailno: waybill,
              orderid: order,
              acceptTime: minutesAfter(start, minutes),
              acceptAddress,
              remark,
              opCode,
            },
          ],
        },
      }),
    })),
}

const answered = (msgData: object) => ({
  success: true,
  errorCode: 'S0000',
  errorMsg: null,
  msgData,
})

const numberOf = (seed: string): string => `SF${digitsOf(seed, 13)}`
