import type { Event, Order } from '../../model/generated/types.ts'
import { between, type Table } from '../../translate/table.ts'
import { trackText } from '../../translate/track-text.ts'
import { echoedParcel } from './codecs.ts'
import type { Codes } from './codes.ts'
import type { LogisticsTrace } from './generated/types.ts'
import type { Units } from './units.ts'

/** A step of a parcel, and whose parcel it is. */
export interface Tracked {
  readonly order: Pick<Order, 'primaryOrder' | 'parcel'>
  readonly event: Event
}

type Kind = NonNullable<Event['place']>['kind']
type Named = readonly [name: string | undefined, kind: Kind | undefined]

const PROVINCE = /省$|自治区$|特别行政区$/
const COUNTY = /(?<!地)[区县旗]$/

type Levels = readonly [
  province: string | undefined,
  city: string | undefined,
  district: string | undefined,
  node: string | undefined,
]

/** `province`, `city`, `district`, `nodeName` ⇄ a place: one of them, by what its name ends in. */
const place = {
  name: 'place',
  to: ([province, city, district, node]: Levels): Named => {
    const region = district ?? city ?? province
    return region === undefined ? [node, 'site'] : [region, 'region']
  },
  from: ([name, kind]: Named): Levels => {
    if (name === undefined || kind !== 'region') return [undefined, undefined, undefined, name]
    if (PROVINCE.test(name)) return [name, undefined, undefined, undefined]
    if (COUNTY.test(name)) return [undefined, undefined, name, undefined]
    return [undefined, name, undefined, undefined]
  },
}

/** `nextNodeName` ⇄ the next place. */
const next = {
  name: 'next',
  to: (name: string): Named => [name, 'site'],
  from: ([name]: Named) => name,
}

/** `data` of `LOGISTICS_TRACE` ⇄ a step. */
export function trackingTable({ time }: Units, codes: Codes): Table<LogisticsTrace, Tracked> {
  const { row, toTheirsOnly, ourLoss, table } = between<LogisticsTrace, Tracked>()
  return table(
    row('/courierCode', '/event/courier', codes.courier),
    row('/waybillNo', '/event/waybill'),
    row('/orderCode', '/order/primaryOrder'),
    row('/packageNo', '/order/parcel', echoedParcel),
    row('/status', '/event/status', codes.status),
    row('/rawCode', '/event/raw/code'),
    row('/time', '/event/at', time),
    row(
      ['/province', '/city', '/district', '/nodeName'],
      ['/event/place/name', '/event/place/kind'],
      place,
    ),
    row('/nextNodeName', ['/event/next/name', '/event/next/kind'], next),
    toTheirsOnly(
      '/content',
      ['/event/status', '/event/place', '/event/next'],
      ([status = 'unknown', place, next]) =>
        trackText({ status, ...(place && { place }), ...(next && { next }) }),
      'is part of a text for people',
    ),
    ourLoss('/event/event', 'the platform acknowledges entries'),
    ourLoss('/event/order', 'the platform names its orders itself'),
    ourLoss('/event/raw/system', 'one courier has one list of codes'),
    ourLoss('/event/place/kind', 'only regions are told from sites'),
    ourLoss('/event/next/kind', 'only its name is written'),
    ourLoss('/event/rider', 'personal'),
    ourLoss('/event/returnWaybill', 'its own events bring it'),
  )
}
