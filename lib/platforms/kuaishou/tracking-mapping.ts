import type { Event, Place } from '../../model/generated/types.ts'
import { shanghaiTime } from '../../translate/codecs.ts'
import { between } from '../../translate/table.ts'
import { trackText } from '../../translate/track-text.ts'
import { couriers, scanTypes } from './codes.ts'
import type { TraceEvent } from './generated/types.ts'

/** `netSiteType` of the kinds of sites that have one; a site of no known kind has none. Assumed. */
const siteTypes = [
  [1, 'outlet'],
  [2, 'hub'],
  [3, 'pickup-point'],
] as const

type Where = readonly [city: string | undefined, site: string | undefined, type: number | undefined]

/** `city`, or `netSiteName` and `netSiteType` ⇄ the place. */
const place = {
  name: 'place',
  to: ([city, site, type]: Where): Place | undefined => {
    if (site === undefined) return city === undefined ? undefined : { name: city, kind: 'region' }
    const kind = siteTypes.find(([number]) => number === type)?.[1] ?? 'site'
    return { name: site, kind }
  },
  from: ({ name, kind }: Place): Where =>
    kind === 'region'
      ? [name, undefined, undefined]
      : [undefined, name, siteTypes.find(([, word]) => word === kind)?.[0]],
}

/** `nextCity` or `nextNodeName` ⇄ the next place. */
const next = {
  name: 'next',
  lossy: { ours: 'what kind of site comes next is not shown' },
  to: ([city, site]: readonly [string | undefined, string | undefined]): Place | undefined => {
    if (site !== undefined) return { name: site, kind: 'site' }
    return city === undefined ? undefined : { name: city, kind: 'region' }
  },
  from: ({ name, kind }: Place) =>
    kind === 'region' ? ([name, undefined] as const) : ([undefined, name] as const),
}

const { row, constant, toTheirsOnly, ourLoss, table } = between<TraceEvent, Event>()

/**
 * `param` of `open.logistics.trace.notify` with one step ⇄ the step.
 *
 * @see formats/kuaishou.md section 7
 */
export const tracking = table(
  row('/traces/0/waybillCode', '/waybill'),
  row('/traces/0/expressCompanyCode', '/courier', couriers),
  row('/traces/0/traces/0/scanType', '/status', scanTypes),
  toTheirsOnly(
    '/traces/0/traces/0/desc',
    ['/status', '/place', '/next'],
    ([status, at, to]) =>
      status && trackText({ status, ...(at && { place: at }), ...(to && { next: to }) }),
    'is part of a text for people',
  ),
  row('/traces/0/traces/0/operateTime', '/at', shanghaiTime),
  constant('/traces/0/traces/0/timeZone', 'GMT+8'),
  row(
    ['/traces/0/traces/0/city', '/traces/0/traces/0/netSiteName', '/traces/0/traces/0/netSiteType'],
    '/place',
    place,
  ),
  row(['/traces/0/traces/0/nextCity', '/traces/0/traces/0/nextNodeName'], '/next', next),
  row('/traces/0/traces/0/requestId', '/event'),
  constant('/traces/0/traces/0/extendFields/0/key', 'status'),
  toTheirsOnly(
    '/traces/0/traces/0/extendFields/0/value',
    '/status',
    status => status,
    'once more, in our word',
  ),
  constant('/traces/0/traces/0/extendFields/1/key', 'rawCode'),
  row('/traces/0/traces/0/extendFields/1/value', '/raw/code'),
  ourLoss('/order', 'the platform finds a parcel by its number'),
  ourLoss('/raw/system', 'follows from the courier'),
  ourLoss('/rider', 'personal'),
  ourLoss('/returnWaybill', 'its own events bring it'),
)
