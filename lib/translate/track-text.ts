import type { Event, Status } from '../model/generated/types.ts'

/** Said where the words that are left would say nothing. */
const MOVING = '运输中'

const texts: Readonly<Record<Status, string>> = {
  accepted: '快递公司已接单',
  'pickup-assigned': '已安排揽收',
  collected: '已揽收',
  departed: MOVING,
  arrived: MOVING,
  'in-transit': MOVING,
  'out-for-delivery': '正在派送',
  'at-pickup-point': '已到代收点',
  delivered: '已签收',
  problem: '派送异常',
  refused: '收件人拒收',
  returning: '退回中',
  returned: '已退回',
  redirected: '已转寄',
  cancelled: '运单已取消',
  lost: '快件遗失',
  unknown: '物流状态更新',
}

/**
 * The text that people are shown for a step of a parcel, made of its status and places; couriers' own
 * texts name people and are never carried. A place that is not known leaves its words out.
 *
 * @example trackText({ status: 'departed', place, next }) // '离开厦门市，发往北京市'
 * @see formats/pairs.md section 8
 */
export function trackText({
  status,
  place,
  next,
}: Pick<Event, 'status' | 'place' | 'next'>): string {
  if (status === 'collected' && place) return `${place.name}已揽收`
  if (status === 'arrived' && place) return `到达${place.name}`
  if (status !== 'departed') return texts[status]
  const words = [place && `离开${place.name}`, next && `发往${next.name}`]
  return words.filter(word => word !== undefined).join('，') || texts.departed
}
