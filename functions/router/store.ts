import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  ConditionalCheckFailedException,
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb'
import { GatewayError } from '../../lib/model/errors.ts'
import { type Item, type ItemKey, toItem, toValues } from './item.ts'

/** A condition on the item that stands. */
export interface Condition {
  readonly expression: string
  readonly values?: Readonly<Record<string, string | number | boolean>>
}

/** The few calls that the router makes to its table. */
export interface Store {
  identity(): Promise<string>
  /** Reads consistently; keyed `pk sk`, without those that are not there. */
  read(keys: readonly ItemKey[]): Promise<ReadonlyMap<string, Item>>
  /** Puts the item if the condition holds; else returns the one that stands. */
  put(item: Item, condition: Condition): Promise<Item>
  /** Adds one to `n` when it is below `limit`: the new count, or undefined. */
  addBelow(key: ItemKey, limit: number, ttl: number): Promise<number | undefined>
}

type Keys = Record<string, AttributeValue>[] | undefined

const READ_TRIES = 4

/** The store over a DynamoDB table with the keys `pk` and `sk`. */
export function openStore(client: DynamoDBClient, TableName: string): Store {
  return {
    identity: () => away(describe(client, TableName)),
    read: keys => away(readAll(client, TableName, keys)),
    put: (item, condition) => away(putItem(client, TableName, item, condition)),
    addBelow: (key, limit, ttl) => away(add(client, TableName, key, limit, ttl)),
  }
}

/** Makes the router's table where there is none, as the embedded database and tests need it. */
export async function createRouterTable(client: DynamoDBClient, TableName: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  )
  const TimeToLiveSpecification = { AttributeName: 'ttl', Enabled: true }
  await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }))
}

/** A restored table has another id, also under the name of the one that it replaces. */
async function describe(client: DynamoDBClient, TableName: string): Promise<string> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }))
  const id = Table?.TableId ?? Table?.CreationDateTime?.toISOString()
  if (id === undefined) throw new GatewayError('STORE_AWAY')
  return id
}

async function readAll(
  client: DynamoDBClient,
  table: string,
  keys: readonly ItemKey[],
): Promise<ReadonlyMap<string, Item>> {
  const found = new Map<string, Item>()
  let open: Keys = keys.map(key => toItem(key, {}))
  for (let tries = 0; open !== undefined && open.length > 0; tries++) {
    if (tries === READ_TRIES) throw new GatewayError('STORE_AWAY', '', { retry: 'later' })
    const RequestItems = { [table]: { Keys: open, ConsistentRead: true } }
    const reply: BatchGetItemCommandOutput = await client.send(
      new BatchGetItemCommand({ RequestItems }),
    )
    for (const item of reply.Responses?.[table] ?? []) {
      found.set(`${item.pk?.S} ${item.sk?.S}`, item)
    }
    open = reply.UnprocessedKeys?.[table]?.Keys
  }
  return found
}

async function putItem(
  client: DynamoDBClient,
  TableName: string,
  item: Item,
  { expression, values }: Condition,
): Promise<Item> {
  const command = new PutItemCommand({
    TableName,
    Item: { ...item },
    ConditionExpression: expression,
    ...(values === undefined ? {} : { ExpressionAttributeValues: toValues(values) }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  })
  try {
    await client.send(command)
    return item
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException && error.Item) return error.Item
    throw error
  }
}

async function add(
  client: DynamoDBClient,
  TableName: string,
  key: ItemKey,
  limit: number,
  ttl: number,
): Promise<number | undefined> {
  if (limit <= 0) return undefined
  const command = new UpdateItemCommand({
    TableName,
    Key: toItem(key, {}),
    UpdateExpression: 'ADD n :one SET #ttl = :ttl',
    ConditionExpression: 'attribute_not_exists(n) OR n < :limit',
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: toValues({ ':one': 1, ':ttl': ttl, ':limit': limit }),
    ReturnValues: 'UPDATED_NEW',
  })
  try {
    return Number((await client.send(command)).Attributes?.n?.N)
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined
    throw error
  }
}

/** Throttled, timed out, unreachable: all the same to the caller, who tries again. */
async function away<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause
    throw new GatewayError('STORE_AWAY', '', { retry: 'later', cause })
  }
}
