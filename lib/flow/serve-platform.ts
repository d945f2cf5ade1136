import type { RawRequest } from '../access/request.ts'
import { readJson } from '../access/strict.ts'
import { GatewayError } from '../model/errors.ts'
import { nativeParcel } from '../model/order-id.ts'
import type { Group } from '../model/validate.ts'
import { platforms } from '../platforms/index.ts'
import type { CancelVerdict, Platform, PlatformCredential, Verdict } from '../platforms/platform.ts'
import { type Doc, type OwedEntry, parseEntryId } from '../store/index.ts'
import { callerOfPlatform, isOfCaller } from './caller.ts'
import { ackEntries, pageQuery, readPartnerFeed } from './feeds.ts'
import { byName, type ExchangePorts } from './ports.ts'
import { readAcceptance, readChange, readEvent, readStored } from './stored.ts'

/** One thing owed to a platform, in its own format. */
export interface PlatformEntry {
  readonly id: string
  readonly kind: string
  readonly order: string
  readonly sequence: number
  readonly document: unknown
}

/**
 * What is owed to a platform: acceptances, refusals, tracking and outcomes of cancellations. Reading moves nothing.
 *
 * @throws {GatewayError} `UNAUTHENTICATED`, `VALUE_INVALID` for a bad query, `STORE_AWAY`
 */
export async function readPlatformEvents(
  ports: ExchangePorts,
  name: string,
  request: RawRequest,
): Promise<{ entries: PlatformEntry[]; next?: string }> {
  const platform = byName(platforms, name)
  const caller = await callerOfPlatform(ports, platform, request)
  const { shards } = byName(ports.config.platforms, name)
  const feed = { side: 'platform', partner: name, ...pageQuery(request.query, shards) } as const
  const { entries, next } = await readPartnerFeed(ports, feed)
  const shown = entries.flatMap(entry => entryOf(name, caller, entry))
  if (shown.length < entries.length) ports.count('entries-withheld', entries.length - shown.length)
  return { entries: shown, ...(next === undefined ? {} : { next }) }
}

/** An entry in the platform's form; none for what cannot be shown, which stays owed. */
function entryOf(name: string, caller: PlatformCredential, entry: OwedEntry): PlatformEntry[] {
  const { id, kind, order, sequence, doc } = entry
  if (doc === undefined || !isOfCaller(caller, readStored(doc).order)) return []
  const document = documentOf(byName(platforms, name), entry, doc)
  return document === undefined ? [] : [{ id, kind, order, sequence, document }]
}

function documentOf(platform: Platform, { id, kind, body }: OwedEntry, doc: Doc): unknown {
  const { order } = readStored(doc)
  const entry = { id, at: new Date(parseEntryId(id)?.at ?? 0).toISOString() }
  if (kind === 'ebill') return platform.writeVerdict(order, verdictOf(doc), entry)
  if (body === undefined) return undefined
  if (kind === 'tracking') return platform.writeTracking(order, readEvent(body), entry)
  if (kind === 'cancel') return platform.writeCancelResult(order, cancelVerdict(doc, body), entry)
  return undefined
}

/** How the courier answered a cancellation. */
function cancelVerdict(doc: Doc, body: string): CancelVerdict {
  const { result, raw } = readChange(body)
  const answer = readAcceptance(doc)
  return {
    waybills: answer?.outcome === 'accepted' ? answer.waybills : [],
    granted: result === 'granted',
    ...(raw === undefined ? {} : { raw }),
  }
}

/** What the courier answered; an order that nobody answered in time has expired. */
function verdictOf(doc: Doc): Verdict {
  const answer = readAcceptance(doc)
  if (answer?.outcome === 'accepted') return { kind: 'accepted', acceptance: answer }
  const expired = { code: 'expired' } as const
  return { kind: 'refused', reason: answer?.outcome === 'refused' ? answer.reason : expired }
}

/** The state of one order as its platform may see it: open data only. */
export interface OrderState {
  readonly order: string
  readonly parcel: string
  readonly state: string
  readonly waybills: readonly string[]
  readonly tracking?: string
  /** Groups whose keys custody has deleted: their seals are never opened again. */
  readonly shredded?: readonly Group[]
}

/**
 * The parcels of a platform's order number.
 *
 * @throws {GatewayError} `NOT_FOUND` for a number that is unknown, or another's
 */
export async function readOrderState(
  ports: ExchangePorts,
  name: string,
  platformOrder: string,
  request: RawRequest,
): Promise<{ parcels: OrderState[] }> {
  const caller = await callerOfPlatform(ports, byName(platforms, name), request)
  const shop = request.query.get('shop') ?? caller.shop ?? ''
  if (!isOfCaller(caller, { shop })) throw new GatewayError('NOT_FOUND')
  const orders = await ports.store.findByPlatformOrder({ platform: name, shop, platformOrder })
  const heads = [...(await ports.store.getHeads(orders)).values()]
  if (heads.length === 0) throw new GatewayError('NOT_FOUND')
  const docs = await ports.store.getDocs(heads)
  return {
    parcels: heads.flatMap(head => {
      const doc = docs.get(head.order)
      if (doc === undefined) return []
      const answer = readAcceptance(doc)
      const { shredded } = head
      const { status } = head.tracking
      return [
        {
          order: head.order,
          parcel: nativeParcel(readStored(doc).order.parcel),
          state: head.state,
          waybills: answer?.outcome === 'accepted' ? answer.waybills : [],
          ...(status === undefined ? {} : { tracking: status }),
          ...(shredded === undefined ? {} : { shredded }),
        },
      ]
    }),
  }
}

/**
 * Takes acknowledged entries off a platform's feed.
 *
 * @throws {GatewayError} `UNAUTHENTICATED`, `WIRE_INVALID`, `STORE_AWAY`
 */
export async function ackPlatformEvents(
  ports: ExchangePorts,
  name: string,
  request: RawRequest,
): Promise<{ acknowledged: number; unanswered: string[] }> {
  const caller = await callerOfPlatform(ports, byName(platforms, name), request)
  const owner = { side: 'platform', partner: name } as const
  const own = (ids: readonly string[]) => idsOf(ports, caller, ids)
  return ackEntries(ports, owner, readJson(request.body), own)
}

/** The entries among these that a caller may acknowledge; who speaks for the whole platform, all. */
async function idsOf(
  { store }: ExchangePorts,
  caller: PlatformCredential,
  ids: readonly string[],
): Promise<readonly string[]> {
  if (caller.shop === undefined) return ids
  const orders = ids.flatMap(id => parseEntryId(id)?.order ?? [])
  const docs = await store.getDocs([...(await store.getHeads(orders)).values()])
  return ids.filter(id => {
    const name = parseEntryId(id)
    const doc = name && docs.get(name.order)
    return name?.due || (doc !== undefined && isOfCaller(caller, readStored(doc).order))
  })
}
