import { room, windowOf } from '../custody/brake.ts'
import { GatewayError } from '../model/errors.ts'
import type { Audit, CounterState, Counters } from '../store/index.ts'
import type { CourierConfig, ReleaseBrake } from './config.ts'
import type { Ports } from './ports.ts'

/** What is needed to count releases. */
export interface BrakePorts extends Ports {
  readonly store: Counters & Audit
}

/** A hop's counter as it stands, before its next release. */
export interface HopCounter {
  readonly name: string
  readonly brake: ReleaseBrake
  readonly limit: number
  readonly window: number
  readonly at: Date
  readonly state: CounterState
}

/** Where nothing is configured: a busy station's hour, and three alarms. */
const DEFAULT: ReleaseBrake = { windowSeconds: 3600, limit: 10_000, alarms: [50, 500, 5000] }

/** Names a hop's counter, and the chain of audit records of what befell it: `hop#sf#XM-0592-017`. */
export const hopCounter = (courier: string, hop: string): string => `hop#${courier}#${hop}`

/**
 * Reads where a hop stands: its normal load is configured, and a person may have lifted it.
 *
 * @throws {GatewayError} `STORE_AWAY`
 */
export async function readHopCounter(
  ports: BrakePorts,
  courier: string,
  hop: string,
  { releases: brake = DEFAULT }: CourierConfig,
): Promise<HopCounter> {
  const at = ports.now()
  const name = hopCounter(courier, hop)
  const window = windowOf(at, brake.windowSeconds)
  const state = await ports.store.readCounter(name, window)
  const own = brake.hops?.[hop] ?? brake.limit
  const { lift } = state
  const isLifted = lift !== undefined && at.getTime() < lift.until
  return { name, brake, window, at, state, limit: isLifted ? Math.max(own, lift.limit) : own }
}

/** Whether a hop ran over its limit and nobody has lifted that: it gets nothing, however long it waits. */
export function isStopped({ state: { stoppedAt, lift } }: HopCounter): boolean {
  return stoppedAt !== undefined && stoppedAt > (lift?.at ?? 0)
}

/**
 * Counts one release of a hop, in the table, so for all instances together. Where the sliding window
 * passes an alarm it is a metric (`release-alarm-50`) and an audit record; at the limit the hop is
 * stopped.
 *
 * @returns false at the limit: nothing may be released
 * @throws {GatewayError} `STORE_AWAY`
 * @see design section 6.6
 */
export async function countRelease(ports: BrakePorts, counter: HopCounter): Promise<boolean> {
  const { name, brake, limit, window, at, state } = counter
  const { windowSeconds } = brake
  const endsAt = (window + 3) * windowSeconds * 1000
  const below = room({ limit, windowSeconds }, state.last, at)
  const count = await ports.store.countBelow(name, { window, endsAt }, below)
  if (count === undefined) {
    if (await ports.store.stopCounter(name, at.getTime())) await alarm(ports, counter, 'limit')
    return false
  }
  const sliding = count + limit - room({ limit, windowSeconds }, state.last, at)
  for (const threshold of brake.alarms) {
    if (sliding === threshold) await alarm(ports, counter, threshold)
  }
  return true
}

/** A metric, on which the operator's alarms stand, and a record in the hop's own chain. */
async function alarm(
  { count, store }: BrakePorts,
  { name, at }: HopCounter,
  threshold: number | 'limit',
): Promise<void> {
  const because = `release-alarm-${threshold}`
  count(because)
  await store.appendAudit(name, { what: 'alarmed', at: at.getTime(), because })
}

/** A person lets a hop go on. */
export interface LiftRequest {
  readonly courier: string
  readonly hop: string
  /** Releases that it may have in one window until then. */
  readonly limit: number
  readonly until: Date
  /** Who lifts, by an id: `ops-7`. */
  readonly actor: string
}

/**
 * Lifts a hop's brake, and records who did. The courier's router has a brake of its own, which only the
 * courier's control key lifts.
 *
 * @throws {GatewayError} `VALUE_INVALID` for a limit or an actor that is none; `STORE_AWAY`
 */
export async function liftHop(
  ports: Pick<BrakePorts, 'store' | 'now'>,
  request: LiftRequest,
): Promise<void> {
  const { courier, hop, limit, until, actor } = request
  const at = ports.now().getTime()
  if (!Number.isSafeInteger(limit) || limit < 1) throw new GatewayError('VALUE_INVALID', '/limit')
  if (!(until.getTime() > at)) throw new GatewayError('VALUE_INVALID', '/until')
  const name = hopCounter(courier, hop)
  await ports.store.appendAudit(name, { what: 'lifted', at, hop, actor })
  await ports.store.liftCounter(name, { at, limit, until: until.getTime() })
}
