import { DynamoDBClient, ListTablesCommand, paginateScan } from '@aws-sdk/client-dynamodb'
import type { Outlets } from './outlets.ts'

/** Searches every attribute of every item of every table, bytes as they are. */
export async function searchTables(
  endpoint: string,
  region: string,
  outlets: Outlets,
): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new DynamoDBClient({ endpoint, region, credentials })
  const { TableNames = [] } = await client.send(new ListTablesCommand({}))
  for (const TableName of TableNames) {
    const sink = TableName === 'Audit' ? 'audit' : `table ${TableName}`
    for await (const { Items = [] } of paginateScan({ client }, { TableName }))
      for (const item of Items) outlets.put(sink, Buffer.concat(partsOf(item)))
  }
  client.destroy()
}

/** Names and values one behind the other, a line each. */
function partsOf(value: unknown): Buffer[] {
  if (value instanceof Uint8Array) return [Buffer.from(value), LINE]
  if (typeof value !== 'object' || value === null) return [Buffer.from(String(value)), LINE]
  return Object.entries(value).flatMap(([name, one]) => [Buffer.from(name), LINE, ...partsOf(one)])
}

const LINE = Buffer.from('\n')
