import { BatchGetItemCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb'
import { type Budget, call, type StorePorts } from './client.ts'
import type { Head } from './head.ts'
import { type Doc, docKey, docOf, headKey, headOf, type Item, textOf } from './items.ts'

/** As many items as one BatchGetItem takes. */
const BATCH = 100

/** Parts of a list, each at most `size` long. */
export function chunks<T>(list: readonly T[], size: number): T[][] {
  const parts: T[][] = []
  for (let at = 0; at < list.length; at += size) parts.push(list.slice(at, at + size))
  return parts
}

/**
 * Reads items of table `Orders` consistently, as many as there are. Missing ones are left out.
 *
 * @throws {GatewayError} `STORE_AWAY`
 */
export async function readItems(
  ports: StorePorts,
  budget: Budget,
  keys: readonly Item[],
): Promise<Item[]> {
  const parts = await Promise.all(chunks(keys, BATCH).map(part => readBatch(ports, budget, part)))
  return parts.flat()
}

async function readBatch(ports: StorePorts, budget: Budget, keys: Item[]): Promise<Item[]> {
  const table = ports.tables.orders
  const items: Item[] = []
  for (let wanted: Item[] = keys; ; ) {
    const input = { RequestItems: { [table]: { Keys: wanted, ConsistentRead: true } } }
    const page = await call(budget, options =>
      ports.client.send(new BatchGetItemCommand(input), options),
    )
    items.push(...(page.Responses?.[table] ?? []))
    wanted = page.UnprocessedKeys?.[table]?.Keys ?? []
    if (wanted.length === 0) return items
    await budget.pause(undefined)
  }
}

/** The heads of orders, by order, also of those whose time is over. */
export async function readHeads(
  ports: StorePorts,
  budget: Budget,
  orders: readonly string[],
): Promise<Map<string, Head>> {
  const items = await readItems(ports, budget, [...new Set(orders)].map(headKey))
  const heads = items.map(headOf).filter(head => head !== undefined)
  return new Map(heads.map(head => [head.order, head]))
}

/** The documents of orders in the lives they were in, by `docName`. */
export async function readDocs(
  ports: StorePorts,
  budget: Budget,
  wanted: readonly { readonly order: string; readonly life: number }[],
): Promise<Map<string, Doc>> {
  const keys = new Map(wanted.map(({ order, life }) => [docName(order, life), docKey(order, life)]))
  const items = await readItems(ports, budget, [...keys.values()])
  const docs = items.map(docOf).filter(doc => doc !== undefined)
  return new Map(docs.map(doc => [docName(doc.order, doc.life), doc]))
}

/** Names the documents of one life of an order in a map. */
export const docName = (order: string, life: number): string => `${order}#${life}`

/** One page of a query; `more` says that there may be further items. */
export async function queryPage(
  ports: StorePorts,
  budget: Budget,
  input: QueryCommandInput,
): Promise<{ items: Item[]; more: boolean }> {
  const page = await call(budget, options => ports.client.send(new QueryCommand(input), options))
  return { items: page.Items ?? [], more: page.LastEvaluatedKey !== undefined }
}

/** All items of a partition whose sort key is greater than `after`, in order. */
export async function queryAll(
  ports: StorePorts,
  budget: Budget,
  table: string,
  partition: string,
): Promise<Item[]> {
  const items: Item[] = []
  for (let after = ''; ; ) {
    const page = await queryPage(ports, budget, pageOf(table, partition, after))
    items.push(...page.items)
    after = textOf(page.items.at(-1), 'sk') ?? ''
    if (!page.more || after === '') return items
  }
}

/** A consistent query for what follows `after` in a partition; from the beginning when it is empty. */
export function pageOf(table: string, partition: string, after: string): QueryCommandInput {
  const from = after === '' ? '' : ' AND sk > :after'
  return {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: `pk = :pk${from}`,
    ExpressionAttributeValues: {
      ':pk': { S: partition },
      ...(after === '' ? {} : { ':after': { S: after } }),
    },
  }
}
