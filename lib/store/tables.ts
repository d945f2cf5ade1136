import {
  CreateTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb'

/** The names of the three tables. */
export interface TableNames {
  readonly orders: string
  readonly keys: string
  readonly audit: string
}

/** How every table is keyed, as data: for the embedded database and for the stack alike. */
export const TABLE_SCHEMA = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Seconds since 1970 after which the database may delete the item. */
  timeToLive: 'ttl',
} as const

/** What each table wants of its backups. */
export const TABLE_CARE = {
  orders: { pointInTimeRecovery: true, deletionProtection: true },
  /** A deleted key must be gone: no copy is kept anywhere. */
  keys: { pointInTimeRecovery: false, deletionProtection: true },
  audit: { pointInTimeRecovery: true, deletionProtection: true },
} as const satisfies Record<keyof TableNames, object>

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
