import type {
  CounterState,
  CounterWindow,
  EpochRecord,
  GroupOf,
  RouterState,
  RouterTable,
  StoredCapsule,
} from '../../lib/custody/router-ports.ts'
import { type Item, type ItemKey, numberOf, textOf, toItem } from './item.ts'
import type { Store } from './store.ts'
import { readCapsule, readEpoch, readHop } from './stored.ts'

/** How the router's table keeps what it keeps. */
export interface TableOptions {
  readonly now: () => Date
  /** How long epochs, bound keys and receipts are kept. */
  readonly keepSeconds: number
  /** Length of a counting window, as the router's brake has it. */
  readonly windowSeconds: number
}

const IDENTITY_MS = 60_000
const CAPSULE_SECONDS = 4 * 86_400
const ABSENT = 'attribute_not_exists(pk)'
const FLOOR: ItemKey = { pk: 'floor', sk: '-' }

const hopKey = (hop: string): ItemKey => ({ pk: `hop#${hop}`, sk: '-' })
const boundKey = (hash: string): ItemKey => ({ pk: `key#${hash}`, sk: '-' })
const epochKey = ({ order, group }: GroupOf): ItemKey => ({
  pk: `order#${order}`,
  sk: `epoch#${group}`,
})
const capsuleKey = ({ order, group }: GroupOf): ItemKey => ({
  pk: `order#${order}`,
  sk: `capsule#${group}`,
})
const receiptKey = (order: string, seq: number): ItemKey => ({
  pk: `order#${order}`,
  sk: `receipt#${String(seq).padStart(8, '0')}`,
})
const windowKey = ({ counter, window }: CounterWindow): ItemKey => ({
  pk: `count#${counter}`,
  sk: `window#${window}`,
})
const liftKey = (counter: string): ItemKey => ({ pk: `count#${counter}`, sk: 'lift' })

/**
 * The router's table over a store. Items: `floor`, `hop#<hop>`, `key#<hash>`, `count#<counter>` with
 * its windows and lift, and `order#<id>` with epoch, capsule and receipts.
 *
 * @see design-storage.md, "Items"
 */
export function openRouterTable(store: Store, options: TableOptions): RouterTable {
  const seconds = () => Math.floor(options.now().getTime() / 1000)
  const kept = () => ({ ttl: seconds() + options.keepSeconds })
  return {
    identity: cached(store.identity, options.now),
    look: at => look(store, at),
    count: (counter, limit) =>
      store.addBelow(windowKey(counter), limit, seconds() + 3 * options.windowSeconds),
    async bindKey(keyHash, { order, courier, group, rev }) {
      const item = toItem(boundKey(keyHash), { order, courier, group, rev, ...kept() })
      const standing = await store.put(item, { expression: ABSENT })
      return {
        order: textOf(standing, 'order'),
        courier: textOf(standing, 'courier'),
        group: textOf(standing, 'group') === 'sender' ? 'sender' : 'receiver',
        rev: numberOf(standing, 'rev'),
      }
    },
    takeEpoch: (of, record) => takeEpoch(store, of, record, kept()),
    keepCapsule: (of, stored) => keepCapsule(store, of, stored, seconds() + CAPSULE_SECONDS),
    dropCapsule: of => dropCapsule(store, of, seconds() + CAPSULE_SECONDS),
    async keepReceipt({ order, seq, head, jws }) {
      const item = toItem(receiptKey(order, seq), { head, jws, ...kept() })
      const standing = await store.put(item, { expression: ABSENT })
      return { order, seq, head: textOf(standing, 'head'), jws: textOf(standing, 'jws') }
    },
    putHop: (hop, { kind, limit }, iat) => putNewer(store, hopKey(hop), { kind, limit }, iat),
    putLift: (counter, { limit, until }, iat) =>
      putNewer(store, liftKey(counter), { limit, until }, iat),
    putFloor: ({ table, notBefore }, iat) => putNewer(store, FLOOR, { table, notBefore }, iat),
  }
}

async function look(
  store: Store,
  at: GroupOf & { hop: string; counters: readonly CounterWindow[] },
): Promise<RouterState> {
  const counterKeys = at.counters.flatMap(one => [windowKey(one), liftKey(one.counter)])
  const keys = [FLOOR, hopKey(at.hop), epochKey(at), capsuleKey(at), ...counterKeys]
  const items = await store.read(keys)
  const find = ({ pk, sk }: ItemKey) => items.get(`${pk} ${sk}`)
  const floor = find(FLOOR)
  const hop = find(hopKey(at.hop))
  const epoch = find(epochKey(at))
  const capsule = find(capsuleKey(at))
  return {
    ...(floor && {
      floor: { table: textOf(floor, 'table'), notBefore: numberOf(floor, 'notBefore') },
    }),
    ...(hop && { hop: readHop(hop) }),
    ...(epoch && { epoch: readEpoch(epoch) }),
    ...(capsule && { capsule: readCapsule(capsule) }),
    counters: at.counters.map(one =>
      counterState(find(windowKey(one)), find(liftKey(one.counter))),
    ),
  }
}

async function takeEpoch(
  store: Store,
  of: GroupOf,
  record: EpochRecord,
  kept: { ttl: number },
): Promise<EpochRecord> {
  const { epoch, rev, seal } = record
  const standing = await store.put(toItem(epochKey(of), { ...record, ...kept }), {
    expression: `${ABSENT} OR (epoch < :epoch AND rev <= :rev AND (ended = :no OR seal <> :seal))`,
    values: { ':epoch': epoch, ':rev': rev, ':seal': seal, ':no': false },
  })
  return readEpoch(standing)
}

async function keepCapsule(
  store: Store,
  of: GroupOf,
  { epoch, capsule }: StoredCapsule,
  ttl: number,
): Promise<StoredCapsule> {
  const parts = capsule && { ...capsule, context: JSON.stringify(capsule.context) }
  const item = toItem(capsuleKey(of), { epoch, ttl, ...parts })
  const isLower = `${ABSENT} OR epoch < :epoch`
  const isDropped = '(epoch = :epoch AND attribute_not_exists(ciphertext))'
  const expression = `${isLower} OR ${capsule === undefined ? 'epoch = :epoch' : isDropped}`
  return readCapsule(await store.put(item, { expression, values: { ':epoch': epoch } }))
}

/** What stands is replaced by its bare epoch. */
async function dropCapsule(store: Store, of: GroupOf, ttl: number): Promise<void> {
  const { pk, sk } = epochKey(of)
  const standing = (await store.read([{ pk, sk }])).get(`${pk} ${sk}`)
  if (standing === undefined) return
  await keepCapsule(store, of, { epoch: readEpoch(standing).epoch }, ttl)
}

async function putNewer(
  store: Store,
  key: ItemKey,
  values: Readonly<Record<string, string | number>>,
  iat: number,
): Promise<void> {
  const expression = `${ABSENT} OR iat <= :iat`
  await store.put(toItem(key, { ...values, iat }), { expression, values: { ':iat': iat } })
}

function counterState(window: Item | undefined, lift: Item | undefined): CounterState {
  return {
    last: window === undefined ? 0 : numberOf(window, 'n'),
    ...(lift && { lift: { limit: numberOf(lift, 'limit'), until: textOf(lift, 'until') } }),
  }
}

function cached(identity: () => Promise<string>, now: () => Date): () => Promise<string> {
  let held: { id: string; until: number } | undefined
  return async () => {
    if (held === undefined || now().getTime() >= held.until) {
      held = { id: await identity(), until: now().getTime() + IDENTITY_MS }
    }
    return held.id
  }
}
