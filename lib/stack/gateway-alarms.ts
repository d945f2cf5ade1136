import { type AlarmSpec, apiAlarms, functionAlarms, tableAlarms } from './alarms.ts'
import type { StackContext } from './context.ts'
import type { GatewayRole } from './grants.ts'
import type { Pins } from './partners.ts'

/** Age at which what is owed has waited too long. */
const AGE_SECONDS = 900

/** Half of what a function has; the sweep has a minute. */
const SLOW_MS: Readonly<Record<GatewayRole, number>> = {
  intake: 10_000,
  exchange: 10_000,
  custody: 10_000,
  sweep: 30_000,
}

/** Where nothing is configured: as in `lib/flow/brake.ts`. */
const RELEASE_ALARMS = [50, 500, 5000]

/** All alarms of the gateway’s account but those on keys, which `KeyWatch` has. */
export function gatewayAlarms(
  { couriers, platforms }: StackContext,
  pins: Pins,
  tables: Readonly<Record<string, string>>,
): AlarmSpec[] {
  const roles = Object.keys(SLOW_MS) as GatewayRole[]
  return [
    ...Object.keys(couriers).flatMap(name => [ageOf('courier', name), ageOf('custody', name)]),
    ...platforms.map(name => ageOf('platform', name)),
    ...roles.flatMap(role => functionAlarms(`lasthop-${role}`, SLOW_MS[role])),
    ...roles.map(role => counted(role, 'bugs', 'A fault of ours, by the class of what was thrown')),
    sweepIsAway,
    ...apiAlarms('lasthop'),
    ...Object.entries(tables).flatMap(([name, table]) => tableAlarms(name, table)),
    ...releases(pins),
    ...troubles,
  ]
}

function ageOf(side: 'courier' | 'platform' | 'custody', partner: string): AlarmSpec {
  return {
    name: `feed-age-${side}-${partner}`,
    about: `What is owed to ${partner} (${side}) waits: nobody answers or acknowledges it`,
    namespace: 'LastHop',
    metric: 'feed-age-seconds',
    of: { side, partner },
    statistic: 'Maximum',
    everySeconds: 60,
    at: AGE_SECONDS,
    times: 3,
  }
}

/** Something that functions count; from the first on, unless told otherwise. */
function counted(
  role: GatewayRole,
  metric: string,
  about: string,
  more: Partial<Pick<AlarmSpec, 'at' | 'times'>> = {},
): AlarmSpec {
  return {
    name: `${role}-${metric}`,
    about,
    namespace: 'LastHop',
    metric,
    of: { function: role },
    statistic: 'Sum',
    everySeconds: 300,
    at: 1,
    times: 1,
    ...more,
  }
}

/** Every age would look well if nobody measured. */
const sweepIsAway: AlarmSpec = {
  name: 'sweep-away',
  about: 'The sweep does not run: offers do not end, and no feed is measured',
  namespace: 'AWS/Lambda',
  metric: 'Invocations',
  of: { FunctionName: 'lasthop-sweep' },
  statistic: 'Sum',
  everySeconds: 60,
  at: 1,
  below: true,
  times: 5,
  missing: 'bad',
}

/** A hop that gets more than its normal load; what a courier’s own counts call so is added. */
function releases({ couriers }: Pins): AlarmSpec[] {
  const counts = new Set(RELEASE_ALARMS)
  for (const { releases: own } of Object.values(couriers)) {
    for (const count of alarmsIn(own)) counts.add(count)
  }
  const ordered = [...counts].sort((a, b) => a - b)
  return [
    ...ordered.map(count =>
      counted('custody', `release-alarm-${count}`, `A hop passed ${count} releases in its window`),
    ),
    counted('custody', 'release-alarm-limit', 'A hop ran over its limit and is stopped: lift it'),
    counted('custody', 'releases-refused', 'Releases are refused, hop by hop', { at: 20 }),
  ]
}

function alarmsIn(releases: object | undefined): number[] {
  const alarms = releases !== undefined && 'alarms' in releases ? releases.alarms : []
  return Array.isArray(alarms) ? alarms.map(Number) : []
}

const troubles: readonly AlarmSpec[] = [
  counted('exchange', 'moves-though-cancelled', 'A parcel moves whose order is cancelled'),
  counted('exchange', 'entries-withheld', 'Entries cannot be shown: documents are missing', {
    times: 3,
  }),
  counted('sweep', 'offers-expired', 'Couriers leave offers unanswered until they end', {
    at: 50,
  }),
  counted('sweep', 'sweeps-delayed', 'Feeds could not be measured', { times: 3 }),
  counted('sweep', 'expiries-delayed', 'Offers past their deadline do not end', { times: 3 }),
  counted('custody', 'shreds-delayed', 'Keys that must go are still there', { times: 3 }),
]
