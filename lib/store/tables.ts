import {
  CreateTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb'
import { TABLE_SCHEMA, type TableNames } from './table-schema.ts'

export { TABLE_CARE, TABLE_SCHEMA, type TableNames } from './table-schema.ts'

/** Makes the tables that are not there yet, as the embedded database and tests need them. */
export async function createTables(client: DynamoDBClient, names: TableNames): Promise<void> {
  for (const name of [names.orders, names.keys, names.audit]) await createTable(client, name)
}

async function createTable(client: DynamoDBClient, TableName: string): Promise<void> {
  const { partitionKey, sortKey, timeToLive } = TABLE_SCHEMA
  try {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: partitionKey, AttributeType: 'S' },
          { AttributeName: sortKey, AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: partitionKey, KeyType: 'HASH' },
          { AttributeName: sortKey, KeyType: 'RANGE' },
        ],
      }),
    )
  } catch (error) {
    if (error instanceof ResourceInUseException) return
    throw error
  }
  const TimeToLiveSpecification = { AttributeName: timeToLive, Enabled: true }
  await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }))
}
