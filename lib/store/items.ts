import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Entry, Feed } from './entry.ts'
import type { Head } from './head.ts'
import type { Ref, WaybillRole } from './step.ts'

/** An item of a table, as the service writes it. */
export type Item = Record<string, AttributeValue>

/** What items outlive the order by before the database deletes them, in milliseconds. */
export const GRACE_MS = 30 * 86_400_000

/** What wrapped keys outlive the order by, should custody not have deleted them, in milliseconds. */
export const KEYS_GRACE_MS = 86_400_000

export const text = (value: string): AttributeValue => ({ S: value })
export const number = (value: number): AttributeValue => ({ N: String(value) })

/** The text in an attribute; undefined where there is none. */
export const textOf = (item: Item | undefined, name: string): string | undefined => item?.[name]?.S

/** The number in an attribute; 0 where there is none. */
export const numberOf = (item: Item | undefined, name: string): number =>
  Number(item?.[name]?.N ?? 0)

/** Seconds since 1970 for the attribute after which the database deletes. */
export const secondsOf = (ms: number): AttributeValue => number(Math.ceil(ms / 1000))

/** The key of an item. */
export function itemKey(pk: string, sk: string): Item {
  return { pk: text(pk), sk: text(sk) }
}

/** The key of an order's head. */
export const headKey = (order: string): Item => itemKey(`order#${order}`, 'head')

/** The key of an order's documents. Each life has its own, so that what an old entry points to stays. */
export const docKey = (order: string, life: number): Item =>
  itemKey(`order#${order}`, `doc#${life}`)

/** The key of an order's wrapped keys, in table `Keys`. */
export const keysKey = (order: string): Item => itemKey(`key#${order}`, 'key')

/** The partition of a feed. */
export const feedPartition = ({ side, partner, shard }: Feed): string =>
  `feed#${side}#${partner}#${shard}`

/** The key of an entry in a feed. */
export const entryKey = (feed: Feed, id: string): Item => itemKey(feedPartition(feed), id)

/** The partition of the look-ups from a platform's order number. */
export function platformRefPartition(
  platform: string,
  shop: string,
  platformOrder: string,
): string {
  return `ref#platform#${platform}#${encodeURIComponent(shop)}#${encodeURIComponent(platformOrder)}`
}

/** The key of the look-up from a waybill number. */
export function waybillRefKey(courier: string, waybill: string): Item {
  return itemKey(`ref#courier#${courier}#${encodeURIComponent(waybill)}`, 'order')
}

/** The head as an item. `by` names the write that made it, so that its writer knows its own. */
export function headItem(head: Head, by: string, closed: boolean): Item {
  return {
    ...headKey(head.order),
    version: number(head.version),
    by: text(by),
    head: text(JSON.stringify(head)),
    ...(closed ? { ttl: secondsOf(head.expiresAt) } : {}),
  }
}

/** The head in an item that the store wrote. */
export function headOf(item: Item | undefined): Head | undefined {
  const json = textOf(item, 'head')
  if (json === undefined) return undefined
  const head: Head = JSON.parse(json)
  return head
}

/** An order's documents, as they were written. */
export interface Doc {
  readonly order: string
  readonly life: number
  /** The order's version at which they were written last. */
  readonly version: number
  readonly platform: string
  readonly courier: string
  /** The order document. */
  readonly body: string
  /** The courier's answer. */
  readonly answer?: string
}

/** The documents in an item; undefined where the order document is missing. */
export function docOf(item: Item | undefined): Doc | undefined {
  const body = textOf(item, 'body')
  const answer = textOf(item, 'answer')
  if (item === undefined || body === undefined) return undefined
  return {
    order: textOf(item, 'pk')?.slice('order#'.length) ?? '',
    life: Number(textOf(item, 'sk')?.slice('doc#'.length)),
    version: numberOf(item, 'version'),
    platform: textOf(item, 'platform') ?? '',
    courier: textOf(item, 'courier') ?? '',
    body,
    ...(answer === undefined ? {} : { answer }),
  }
}

/** The documents of a life as an item. */
export function docItem(head: Head, body: string, answer: string | undefined): Item {
  return {
    ...docKey(head.order, head.life),
    version: number(head.version),
    platform: text(head.platform),
    courier: text(head.courier),
    body: text(body),
    ...(answer === undefined ? {} : { answer: text(answer) }),
  }
}

/** An entry as an item. Its feed and id are the key. */
export function entryItem(entry: Entry): Item {
  return {
    ...entryKey(entry.feed, entry.id),
    kind: text(entry.kind),
    life: number(entry.life),
    docVersion: number(entry.docVersion),
    bytes: number(entry.bytes),
    expiresAt: number(entry.expiresAt),
    ttl: secondsOf(entry.expiresAt + GRACE_MS),
    ...(entry.deadline === undefined ? {} : { deadline: number(entry.deadline) }),
    ...(entry.body === undefined ? {} : { body: text(entry.body) }),
  }
}

/** A look-up as an item. */
export function refItem(ref: Ref, head: Head): Item {
  const at = { order: text(head.order), ttl: secondsOf(head.expiresAt + GRACE_MS) }
  if (ref.by === 'waybill') {
    return { ...waybillRefKey(head.courier, ref.waybill), ...at, role: text(ref.role) }
  }
  const partition = platformRefPartition(head.platform, ref.shop, ref.platformOrder)
  return { ...itemKey(partition, ref.parcel), ...at }
}

/** The role of the number that a look-up item stands for. */
export function roleOf(item: Item): WaybillRole {
  const role = textOf(item, 'role')
  return role === 'sign-back' || role === 'return' ? role : 'box'
}
