import { createHash } from 'node:crypto'
import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { base32 } from '../../lib/model/base32.ts'
import { type Entry, entryId, type Feed } from '../../lib/store/entry.ts'
import { entryItem, type Item, itemKey, number, text } from '../../lib/store/items.ts'

/** Requests that are under way at once while entries are loaded. */
const AT_ONCE = 8
const A_REQUEST = 25
const DAY = 86_400_000

/** A document of the size that an order of two sealed parties has. */
const DOC = JSON.stringify({ order: 'x'.repeat(4800) })

/** A courier's feed. */
export const feedOf = (partner: string): Feed => ({ side: 'courier', partner, shard: 0 })

/** The order that the n-th entry of a feed is about. */
function orderOf({ partner }: Feed, n: number): string {
  return `o_${base32(createHash('sha256').update(`${partner}/${n}`).digest(), 26)}`
}

/** The id of the n-th entry: ten a second, the first at `start`. */
export function idOf(feed: Feed, n: number, start: number): string {
  const order = orderOf(feed, n)
  return entryId({ at: start + n * 100, order, sequence: 1, shard: feed.shard, due: true })
}

function entryOf(feed: Feed, n: number, start: number): Entry {
  const id = idOf(feed, n, start)
  const order = orderOf(feed, n)
  const expiresAt = start + 60 * DAY
  const rest = { life: 1, docVersion: 1, bytes: DOC.length, expiresAt, deadline: start + 59 * DAY }
  return { feed, id, kind: 'waybill', order, ...rest }
}

function docOf(feed: Feed, n: number): Item {
  return {
    ...itemKey(`order#${orderOf(feed, n)}`, 'doc#1'),
    ...{ version: number(1), platform: text('lark'), courier: text(feed.partner) },
    body: text(DOC),
  }
}

/** Loads a feed with entries, and the documents of those that will be read. */
export async function load(
  client: DynamoDBClient,
  table: string,
  feed: Feed,
  of: { readonly entries: number; readonly start: number; readonly read: readonly number[] },
): Promise<void> {
  const docs = of.read.map(n => docOf(feed, n))
  const all = (function* items(): Generator<Item> {
    yield* docs
    for (let n = 0; n < of.entries; n++) yield entryItem(entryOf(feed, n, of.start))
  })()
  await Promise.all(Array.from({ length: AT_ONCE }, () => drain(client, table, all)))
}

async function drain(client: DynamoDBClient, table: string, all: Generator<Item>): Promise<void> {
  for (;;) {
    const items = [...take(all, A_REQUEST)]
    if (items.length === 0) return
    await put(client, table, items)
  }
}

/** The next items; the others who draw on the same source get others. */
function* take(all: Generator<Item>, most: number): Generator<Item> {
  for (let n = 0; n < most; n++) {
    const { value, done } = all.next()
    if (done) return
    yield value
  }
}

async function put(client: DynamoDBClient, table: string, items: readonly Item[]): Promise<void> {
  let wanted = items.map(Item => ({ PutRequest: { Item } }))
  while (wanted.length > 0) {
    const { UnprocessedItems } = await client.send(
      new BatchWriteItemCommand({ RequestItems: { [table]: wanted } }),
    )
    wanted = (UnprocessedItems?.[table] ?? []).flatMap(({ PutRequest }) =>
      PutRequest?.Item ? [{ PutRequest: { Item: PutRequest.Item } }] : [],
    )
  }
}
