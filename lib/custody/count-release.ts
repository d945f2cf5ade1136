import { GatewayError } from '../model/errors.ts'
import type { VerifiedAssignment } from './assignment.ts'
import { room, windowOf } from './brake.ts'
import type { CounterState, RouterConfig, RouterPorts, RouterState } from './router-ports.ts'

/**
 * Counts one release for its hop and its dispatch key, in the table, so for all instances together.
 *
 * @throws {GatewayError} `RELEASE_REFUSED` at `/limit/hop` or `/limit/dispatch` when the sliding window is
 *   full; a control statement lifts that, no dispatch key does.
 * @see design section 6.6
 */
export async function countRelease(
  config: RouterConfig,
  ports: RouterPorts,
  { assignment, kid }: VerifiedAssignment,
  state: RouterState,
): Promise<{ hopCount: number; dispatchCount: number }> {
  const [hop, dispatch] = countersOf(assignment.hop, kid)
  const [hopState, dispatchState] = state.counters
  const hopLimit = state.hop?.limit ?? 0
  return {
    hopCount: await countOne(config, ports, hop, hopLimit, hopState),
    dispatchCount: await countOne(config, ports, dispatch, config.brake.limit, dispatchState),
  }
}

async function countOne(
  config: RouterConfig,
  ports: RouterPorts,
  counter: string,
  normal: number,
  { last, lift }: CounterState = { last: 0 },
): Promise<number> {
  const now = ports.now()
  const { windowSeconds } = config.brake
  const isLifted = lift !== undefined && now.getTime() < new Date(lift.until).getTime()
  const limit = isLifted ? Math.max(normal, lift.limit) : normal
  const window = windowOf(now, windowSeconds)
  const below = room({ limit, windowSeconds }, last, now)
  const count = await ports.table.count({ counter, window }, below)
  if (count === undefined) {
    throw new GatewayError('RELEASE_REFUSED', `/limit/${counter.split('#', 1)[0]}`)
  }
  return count
}

/** Names of the counters that a release counts in: `hop#XM-0592-017`, `dispatch#<kid>`. */
export function countersOf(hop: string, kid: string): [hop: string, dispatch: string] {
  return [`hop#${hop}`, `dispatch#${kid}`]
}
