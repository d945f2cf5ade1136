import type {
  EpochRecord,
  Floor,
  Receipt,
  RegisteredHop,
  RouterTable,
  StoredCapsule,
} from '../../lib/custody/router-ports.ts'
import type { Binding } from '../../lib/seal/envelope.ts'

/** The router's table in memory, with the conditions of the real one. */
export interface MemoryTable extends RouterTable {
  /** The same items in another table, as a restore makes it. */
  copy(): MemoryTable
}

/** Something that a control statement put, and when that was signed. */
interface Dated<T> {
  readonly value: T
  readonly iat: number
}

interface Items {
  floor: Map<string, Dated<Floor>>
  hops: Map<string, Dated<RegisteredHop>>
  lifts: Map<string, Dated<{ limit: number; until: string }>>
  epochs: Map<string, EpochRecord>
  capsules: Map<string, StoredCapsule>
  bound: Map<string, Binding>
  counts: Map<string, number>
  receipts: Map<string, Receipt>
}

let tables = 0

/** An empty table, or one with what another held. */
export function memoryTable(from?: Items): MemoryTable {
  const id = `table-${++tables}`
  const items: Items = {
    floor: new Map(from?.floor),
    hops: new Map(from?.hops),
    lifts: new Map(from?.lifts),
    epochs: new Map(from?.epochs),
    capsules: new Map(from?.capsules),
    bound: new Map(from?.bound),
    counts: new Map(from?.counts),
    receipts: new Map(from?.receipts),
  }
  return {
    copy: () => memoryTable(items),
    identity: async () => id,
    async look({ order, group, hop, counters }) {
      const floor = items.floor.get('')?.value
      const registered = items.hops.get(hop)?.value
      const epoch = items.epochs.get(`${order} ${group}`)
      const capsule = items.capsules.get(`${order} ${group}`)
      return {
        ...(floor && { floor }),
        ...(registered && { hop: registered }),
        ...(epoch && { epoch }),
        ...(capsule && { capsule }),
        counters: counters.map(({ counter, window }) => {
          const lift = items.lifts.get(counter)?.value
          return { last: items.counts.get(`${counter} ${window}`) ?? 0, ...(lift && { lift }) }
        }),
      }
    },
    async count({ counter, window }, limit) {
      const count = items.counts.get(`${counter} ${window}`) ?? 0
      if (count >= limit) return undefined
      items.counts.set(`${counter} ${window}`, count + 1)
      return count + 1
    },
    bindKey: async (keyHash, binding) => put(items.bound, keyHash, binding, () => false),
    takeEpoch: async ({ order, group }, record) =>
      put(items.epochs, `${order} ${group}`, record, old => {
        const isHigher = old.epoch < record.epoch && old.rev <= record.rev
        return isHigher && (!old.ended || old.seal !== record.seal)
      }),
    keepCapsule: async ({ order, group }, stored) =>
      put(items.capsules, `${order} ${group}`, stored, old => {
        const isDropped = old.epoch === stored.epoch && old.capsule === undefined
        return old.epoch < stored.epoch || isDropped
      }),
    async dropCapsule({ order, group }) {
      const epoch = items.epochs.get(`${order} ${group}`)?.epoch
      if (epoch === undefined) return
      put(items.capsules, `${order} ${group}`, { epoch }, old => old.epoch <= epoch)
    },
    keepReceipt: async receipt =>
      put(items.receipts, `${receipt.order} ${receipt.seq}`, receipt, () => false),
    putHop: async (hop, value, iat) => putNewer(items.hops, hop, { value, iat }),
    putLift: async (counter, value, iat) => putNewer(items.lifts, counter, { value, iat }),
    putFloor: async (value, iat) => putNewer(items.floor, '', { value, iat }),
  }
}

/** Puts a value unless one stands that may not go; returns the one that stands. */
function put<T>(map: Map<string, T>, key: string, value: T, mayGo: (old: T) => boolean): T {
  const old = map.get(key)
  if (old !== undefined && !mayGo(old)) return old
  map.set(key, value)
  return value
}

function putNewer<T>(map: Map<string, Dated<T>>, key: string, dated: Dated<T>): void {
  put(map, key, dated, old => old.iat <= dated.iat)
}
