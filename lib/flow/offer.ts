import type { Credential } from '../access/credentials.ts'
import type { CourierSettings } from '../couriers/courier.ts'
import { couriers } from '../couriers/index.ts'
import { GatewayError } from '../model/errors.ts'
import type { Order, Party, Sealed } from '../model/generated/types.ts'
import type { EntryKind, OwedEntry } from '../store/index.ts'
import { pageQuery, readPartnerFeed } from './feeds.ts'
import { byName, type ExchangePorts } from './ports.ts'
import type { Group } from './prepare.ts'
import { readAcceptance, readStored } from './stored.ts'

/** One thing owed to a courier, in its own format beside what the standard adds. */
export interface Offer {
  readonly id: string
  readonly kind: EntryKind
  readonly order: string
  readonly sequence: number
  /** The native document; absent where the courier's format has none for this kind. */
  readonly document?: unknown
  readonly parties?: Readonly<Record<Group, Party>>
  /** Seals without their wrapped keys. */
  readonly sealed?: Partial<Record<Group, Sealed>>
  /** Of a `change`: nothing may be released, or the order goes on. */
  readonly change?: 'held' | 'resumed'
  /** Why there is no native document, should configuration have changed since the order was taken. */
  readonly problem?: { readonly code: string; readonly at: string }
}

/**
 * What is owed to a courier. Reading moves nothing: pull again and you see the same.
 *
 * @param credential whose secret stands in documents that want one
 * @throws {GatewayError} `VALUE_INVALID` for a bad query, `STORE_AWAY`
 */
export async function offerEntries(
  ports: ExchangePorts,
  courier: string,
  query: ReadonlyMap<string, string>,
  credential: Pick<Credential, 'secret'>,
): Promise<{ entries: Offer[]; next?: string }> {
  const { shards, settings } = byName(ports.config.couriers, courier)
  const { entries, next } = await readPartnerFeed(ports, {
    side: 'courier',
    partner: courier,
    ...pageQuery(query, shards),
  })
  return {
    entries: entries.map(entry =>
      offerOf(courier, { ...settings, ...secretOf(credential) }, entry, ports.now()),
    ),
    ...(next === undefined ? {} : { next }),
  }
}

/** A courier without a secret has none: a format that wants one says so. */
function secretOf({ secret }: Pick<Credential, 'secret'>): Pick<CourierSettings, 'secret'> {
  return secret === undefined ? {} : { secret }
}

function offerOf(courier: string, settings: CourierSettings, entry: OwedEntry, now: Date): Offer {
  const { id, kind, order, sequence, doc } = entry
  const pointer = { id, kind, order, sequence }
  if (doc === undefined) return pointer
  const stored = readStored(doc)
  const shown = withoutExpired(stored.order, now)
  const adapter = byName(couriers, courier)
  try {
    switch (kind) {
      case 'waybill':
      case 'waybill-copy': {
        const parties = { sender: shown.sender, receiver: shown.receiver }
        const document = adapter.writeWaybill(shown, settings)
        return { ...pointer, document, parties, sealed: stored.sealed }
      }
      case 'cancel': {
        const answer = readAcceptance(doc)
        const numbers = answer?.outcome === 'accepted' ? answer.waybills : []
        return { ...pointer, document: adapter.writeCancel(shown, numbers, settings) }
      }
      case 'change':
        return { ...pointer, ...(isChange(entry.body) ? { change: entry.body } : {}) }
      default:
        return pointer
    }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return { ...pointer, problem: { code: error.code, at: error.at } }
  }
}

function isChange(body: string | undefined): body is 'held' | 'resumed' {
  return body === 'held' || body === 'resumed'
}

/** The order as it may be written now: a virtual number whose time is over is not dialled by anybody. */
export function withoutExpired(order: Order, now: Date): Order {
  const fresh = ({ virtualNumber, ...party }: Party): Party =>
    virtualNumber === undefined || isOver(virtualNumber.expiresAt, now)
      ? party
      : { ...party, virtualNumber }
  return { ...order, sender: fresh(order.sender), receiver: fresh(order.receiver) }
}

function isOver(expiresAt: string | undefined, now: Date): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) <= now.getTime()
}
