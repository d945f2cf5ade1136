import { GatewayError } from '../model/errors.ts'
import { isOrderId } from '../seal/envelope.ts'
import type { Audit, AuditRecord, Head, Keys, Orders } from '../store/index.ts'
import { next, type Outcome } from './next.ts'
import { groups } from './prepare.ts'

/** What deleting again takes. */
export interface ReshredPorts {
  readonly now: () => Date
  readonly store: Pick<Orders, 'getHeads' | 'changeOrder'> & Pick<Keys, 'deleteKeys'> & Audit
}

/** What became of it. */
export interface Reshredded {
  /** Orders of which keys had been deleted: they are deleted now, and their orders say so. */
  readonly reshredded: number
  /** Those that the store did not let through: run it again for them. */
  readonly failed: number
}

/**
 * After `Orders` was restored: deletes once more what the audit says was deleted, and has the orders say
 * so, which may have come back from before. May be run again at any time; what lives is left alone.
 *
 * @param chains names of chains of the audit; those that are no orders' are passed over
 * @throws {GatewayError} `STORE_AWAY`
 * @see design-storage.md, "Restore: stop intake, re-shred by `Audit`, resume"
 */
export async function reshredOrders(
  ports: ReshredPorts,
  chains: readonly string[],
): Promise<Reshredded> {
  const total = { reshredded: 0, failed: 0 }
  for (const order of chains.filter(isOrderId)) {
    try {
      if (await reshred(ports, order)) total.reshredded += 1
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      total.failed += 1
    }
  }
  return total
}

async function reshred({ store, now }: ReshredPorts, order: string): Promise<boolean> {
  const { records } = await store.readChain(order)
  const deletions = records.flatMap(({ record }) => (record.what === 'deleted' ? [record] : []))
  if (deletions.length === 0) return false
  const head = (await store.getHeads([order])).get(order)
  for (const deletion of deletions) {
    const life = lifeOf(deletion, head)
    if (life === undefined) continue
    const gone = deletion.group === undefined ? groups : [deletion.group]
    await store.deleteKeys(order, life, deletion.group)
    const input = { kind: 'shredded', life, groups: gone } as const
    await store.changeOrder<Outcome>({
      order,
      decide: latest => next(latest, input, now().getTime()),
    })
  }
  return true
}

/** A courier’s `done` names no life: it is of the one that was there then. */
function lifeOf({ life, at }: AuditRecord, head: Head | undefined): number | undefined {
  if (life !== undefined) return life
  return head !== undefined && head.postedAt <= at ? head.life : undefined
}
