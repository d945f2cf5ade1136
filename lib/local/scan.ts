import { DynamoDBClient, ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb'

/** Every item of every table of an embedded database as one text, bytes as UTF-8: to search for what must not be there. */
export async function scanTables(
  endpoint: string,
  region: string,
  credentials = { accessKeyId: 'local', secretAccessKey: 'local' },
): Promise<string> {
  const client = new DynamoDBClient({ endpoint, region, credentials })
  const { TableNames = [] } = await client.send(new ListTablesCommand({}))
  const texts: string[] = []
  for (const TableName of TableNames) {
    for (let from: Record<string, never> | undefined, more = true; more; ) {
      const page = await client.send(
        new ScanCommand({ TableName, ...(from === undefined ? {} : { ExclusiveStartKey: from }) }),
      )
      texts.push(JSON.stringify(page.Items, bytesAsText))
      from = page.LastEvaluatedKey as Record<string, never> | undefined
      more = from !== undefined
    }
  }
  client.destroy()
  return texts.join('\n')
}

function bytesAsText(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value
}
