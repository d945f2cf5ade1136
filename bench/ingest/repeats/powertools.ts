import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency'
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb'
import {
  CreateTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import type { Context } from 'aws-lambda'
import { lineOf } from './line.ts'
import { INVOCATION_MS, type Posted, type Side } from './side.ts'

const [ORDERS, FEED, RECORDS] = ['PtOrders', 'PtFeed', 'PtRecords']

async function createTable(client: DynamoDBClient, TableName: string, ...names: string[]) {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: names.map(AttributeName => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: names.map((AttributeName, n) => ({
        AttributeName,
        KeyType: n === 0 ? 'HASH' : 'RANGE',
      })),
    }),
  )
}

/**
 * A handler that puts the order and then what is owed, made idempotent by Powertools as its guide says:
 * key and body checked, the invocation's time told, the SDK's own retries left on. An entry is named by
 * its time, as a feed must be read in the order of time.
 */
export async function powertools(settings: DynamoDBClientConfig): Promise<Side> {
  const client = new DynamoDBClient(settings)
  await createTable(client, ORDERS, 'id')
  await createTable(client, FEED, 'order', 'at')
  await createTable(client, RECORDS, 'id')
  const documents = DynamoDBDocumentClient.from(client)
  const config = new IdempotencyConfig({
    eventKeyJmesPath: 'order',
    payloadValidationJmesPath: 'body',
    throwOnNoIdempotencyKey: true,
  })
  const handler = async ({ order, body }: Posted) => {
    await documents.send(new PutCommand({ TableName: ORDERS, Item: { id: order, body } }))
    const at = `${new Date().toISOString()}#${order}`
    await documents.send(new PutCommand({ TableName: FEED, Item: { order, at } }))
    return { taken: order }
  }
  const take = makeIdempotent(handler, {
    persistenceStore: new DynamoDBPersistenceLayer({ tableName: RECORDS, awsSdkV3Client: client }),
    config,
  })
  return {
    line: lineOf(client),
    async take(posted) {
      const until = Date.now() + INVOCATION_MS
      config.registerLambdaContext({
        getRemainingTimeInMillis: () => Math.max(0, until - Date.now()),
      } as Context)
      await take(posted)
    },
    async kept(order) {
      const { Item } = await documents.send(
        new GetCommand({ TableName: ORDERS, Key: { id: order }, ConsistentRead: true }),
      )
      const { Items = [] } = await documents.send(
        new QueryCommand({
          TableName: FEED,
          ConsistentRead: true,
          KeyConditionExpression: '#order = :order',
          ExpressionAttributeNames: { '#order': 'order' },
          ExpressionAttributeValues: { ':order': order },
        }),
      )
      return { bodies: Item === undefined ? [] : [String(Item.body)], owed: Items.length }
    },
  }
}
