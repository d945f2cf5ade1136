import { type Shredded, type ShredPorts, shredClosed, shredOutlived } from '../../lib/flow/shred.ts'

/** What a schedule, or the sweep, invokes custody with: no request of API Gateway. */
export interface ShredEvent {
  /** `closed` every minute: orders that are over. `outlived` once a day: those kept long enough. */
  readonly shred: 'closed' | 'outlived'
}

/** Whether an event asks to look whether keys must go. */
export function isShredEvent(event: unknown): event is ShredEvent {
  if (typeof event !== 'object' || event === null || !('shred' in event)) return false
  return event.shred === 'closed' || event.shred === 'outlived'
}

/**
 * Deletes the keys that must go.
 *
 * @throws {GatewayError} `STORE_AWAY`: the next run goes on where this one stopped.
 */
export function shredOn(ports: ShredPorts, { shred }: ShredEvent): Promise<Shredded> {
  return shred === 'closed' ? shredClosed(ports) : shredOutlived(ports)
}
