import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb'
import { GatewayError } from '../model/errors.ts'
import { type Budget, call, type StorePorts, startBudget } from './client.ts'
import { type EntryKind, type EntryName, type Feed, parseEntryId } from './entry.ts'
import { type Doc, entryKey, feedPartition, type Item, numberOf, textOf } from './items.ts'
import { chunks, docName, pageOf, queryPage, readDocs } from './read.ts'

/** Entries of one page at most, which is as many documents as one read brings. */
export const PAGE_LIMIT = 100

/** Bytes of documents on one page at most. */
const PAGE_BYTES = 4 * 1024 * 1024

/** Queries that one page may take when it meets entries whose time is over. */
const PAGE_QUERIES = 4

/** Deletions that one request takes. */
const ACKS_A_REQUEST = 25

/** An entry as its owner reads it. */
export interface OwedEntry {
  readonly id: string
  readonly kind: EntryKind
  readonly order: string
  readonly life: number
  /** The order's version that made the entry: later things of one order have higher ones. */
  readonly sequence: number
  readonly at: number
  readonly body?: string
  /** The order's documents; absent on custody's side, which looks at heads. */
  readonly doc?: Doc
}

/** A page of what is owed. It may be short or empty although `next` says that more may follow. */
export interface FeedPage {
  readonly entries: readonly OwedEntry[]
  /** Goes into `after` to read on. */
  readonly next?: string
  /** Entries that could not be shown now and stay owed: their documents are missing. */
  readonly withheld: number
}

/** Which part of a feed is read. */
export interface PageOfFeed {
  readonly limit: number
  readonly after?: string
  readonly parked?: true
}

/** Feeds: what is still owed to each partner. */
export interface Feeds {
  /**
   * Reads a page of a feed. Reading moves nothing: an entry stays until it is answered or
   * acknowledged. Two round trips, one to custody's side. Entries that were moved aside are shown
   * only where `parked` asks for them, and then alone.
   *
   * @throws {GatewayError} `VALUE_INVALID` at `/after` for a cursor that no page gave; `STORE_AWAY`
   */
  readFeed(feed: Feed, page: PageOfFeed): Promise<FeedPage>
  /**
   * Takes acknowledged entries off the feeds of a partner. What is gone already, never was, or is
   * another's is passed over. Entries that want an answer stay, and come back in `unanswered`.
   *
   * @throws {GatewayError} `STORE_AWAY`
   */
  ack(owner: Omit<Feed, 'shard'>, ids: readonly string[]): Promise<{ unanswered: string[] }>
}

/** The part of the store that keeps feeds. */
export function createFeeds(ports: StorePorts): Feeds {
  return {
    readFeed: (feed, page) => readPage(ports, feed, page),
    ack: (owner, ids) => acknowledge(ports, owner, ids),
  }
}

interface Pointer {
  readonly item: Item
  readonly id: string
  readonly name: EntryName
}

async function readPage(
  ports: StorePorts,
  feed: Feed,
  { limit, after = '', parked = false }: { limit: number; after?: string; parked?: boolean },
): Promise<FeedPage> {
  if (after !== '' && parseEntryId(after) === undefined) {
    throw new GatewayError('VALUE_INVALID', '/after')
  }
  const budget = startBudget(ports)
  const most = Math.max(1, Math.min(limit, PAGE_LIMIT))
  const query = { feed, after, most, parked }
  const { pointers, next } = await readPointers(ports, budget, query)
  if (feed.side === 'custody') {
    return { entries: pointers.map(one => owed(one)), withheld: 0, ...next }
  }
  const lives = pointers.map(({ item, name }) => ({
    order: name.order,
    life: numberOf(item, 'life'),
  }))
  return joined(feed, pointers, await readDocs(ports, budget, lives), next)
}

interface PointerQuery {
  readonly feed: Feed
  readonly after: string
  readonly most: number
  readonly parked: boolean
}

/**
 * The entries of a page, those left out whose time is over or that lie on the other side; `next` while
 * more may follow.
 */
async function readPointers(
  ports: StorePorts,
  budget: Budget,
  { feed, after, most, parked }: PointerQuery,
): Promise<{ pointers: Pointer[]; next: { next?: string } }> {
  const pointers: Pointer[] = []
  let bytes = 0
  let last = after
  for (let queries = 0; queries < PAGE_QUERIES; queries += 1) {
    const input = pageOf(ports.tables.orders, feedPartition(feed), last)
    const Limit = most - pointers.length
    const page = await queryPage(ports, budget, { ...input, Limit })
    for (const item of page.items) {
      const id = textOf(item, 'sk') ?? ''
      const name = nameOf(item)
      const isLive = numberOf(item, 'expiresAt') >= ports.clock()
      if (name !== undefined && isLive && (item.parked !== undefined) === parked) {
        bytes += numberOf(item, 'bytes')
        if (bytes > PAGE_BYTES && pointers.length > 0) return { pointers, next: { next: last } }
        pointers.push({ item, id, name })
      }
      last = id
    }
    if (!page.more) return { pointers, next: {} }
    if (pointers.length >= most) break
  }
  return { pointers, next: { next: last } }
}

const nameOf = (item: Item): EntryName | undefined => parseEntryId(textOf(item, 'sk') ?? '')

/**
 * Joins entries with their documents. One whose documents are missing, or are another partner's, is
 * not shown and stays owed. Documents older than their entry end the page: the next reading has them.
 */
function joined(
  feed: Feed,
  pointers: readonly Pointer[],
  docs: ReadonlyMap<string, Doc>,
  next: { next?: string },
): FeedPage {
  const entries: OwedEntry[] = []
  let withheld = 0
  for (const pointer of pointers) {
    const doc = docs.get(docName(pointer.name.order, numberOf(pointer.item, 'life')))
    const owner = feed.side === 'platform' ? doc?.platform : doc?.courier
    if (doc === undefined || owner !== feed.partner) withheld += 1
    else if (doc.version < numberOf(pointer.item, 'docVersion')) return { entries, withheld }
    else entries.push({ ...owed(pointer), doc })
  }
  return { entries, withheld, ...next }
}

function owed({ item, id, name }: Pointer): OwedEntry {
  const body = textOf(item, 'body')
  return {
    id,
    kind: kindOf(item),
    order: name.order,
    life: numberOf(item, 'life'),
    sequence: name.sequence,
    at: name.at,
    ...(body === undefined ? {} : { body }),
  }
}

const KINDS: Readonly<Record<EntryKind, true>> = {
  waybill: true,
  cancel: true,
  change: true,
  'assignment-missing': true,
  'waybill-copy': true,
  ebill: true,
  tracking: true,
  close: true,
}

function isKind(text: string): text is EntryKind {
  return Object.hasOwn(KINDS, text)
}

/** The kind in an item that the store wrote. */
function kindOf(item: Item): EntryKind {
  const kind = textOf(item, 'kind') ?? ''
  if (!isKind(kind)) throw new GatewayError('CODE_UNKNOWN', '/kind')
  return kind
}

async function acknowledge(
  ports: StorePorts,
  owner: Omit<Feed, 'shard'>,
  ids: readonly string[],
): Promise<{ unanswered: string[] }> {
  const budget = startBudget(ports)
  const named = [...new Set(ids)].flatMap(id => {
    const name = parseEntryId(id)
    return name === undefined ? [] : [{ id, name }]
  })
  const keys = named
    .filter(({ name }) => !name.due)
    .map(({ id, name }) => entryKey({ ...owner, shard: name.shard }, id))
  await Promise.all(chunks(keys, ACKS_A_REQUEST).map(part => deleteAll(ports, budget, part)))
  return { unanswered: named.filter(({ name }) => name.due).map(({ id }) => id) }
}

async function deleteAll(ports: StorePorts, budget: Budget, keys: readonly Item[]): Promise<void> {
  const table = ports.tables.orders
  let wanted = keys.map(Key => ({ DeleteRequest: { Key } }))
  while (wanted.length > 0) {
    const input = { RequestItems: { [table]: wanted } }
    const { UnprocessedItems } = await call(budget, options =>
      ports.client.send(new BatchWriteItemCommand(input), options),
    )
    wanted = (UnprocessedItems?.[table] ?? []).flatMap(({ DeleteRequest }) =>
      DeleteRequest?.Key ? [{ DeleteRequest: { Key: DeleteRequest.Key } }] : [],
    )
    if (wanted.length > 0) await budget.pause(undefined)
  }
}
