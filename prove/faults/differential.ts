import * as dynamo from '@aws-sdk/client-dynamodb'
import { type Chance, chanceOf } from '../seals/chance.ts'
import { createDouble } from './double.ts'
import type { Item } from './expressions.ts'
import type { Database } from './world.ts'

type Send = (client: dynamo.DynamoDBClient, input: never) => Promise<object>

const senders: Readonly<Record<string, Send>> = {
  TransactWriteItemsCommand: (to, input) => to.send(new dynamo.TransactWriteItemsCommand(input)),
  QueryCommand: (to, input) => to.send(new dynamo.QueryCommand(input)),
  ScanCommand: (to, input) => to.send(new dynamo.ScanCommand(input)),
  BatchGetItemCommand: (to, input) => to.send(new dynamo.BatchGetItemCommand(input)),
  BatchWriteItemCommand: (to, input) => to.send(new dynamo.BatchWriteItemCommand(input)),
  GetItemCommand: (to, input) => to.send(new dynamo.GetItemCommand(input)),
  PutItemCommand: (to, input) => to.send(new dynamo.PutItemCommand(input)),
  UpdateItemCommand: (to, input) => to.send(new dynamo.UpdateItemCommand(input)),
  DeleteItemCommand: (to, input) => to.send(new dynamo.DeleteItemCommand(input)),
  DescribeTableCommand: (to, input) => to.send(new dynamo.DescribeTableCommand(input)),
}

/** The requests of the store, carried out by a client of a DynamoDB that runs. */
export function databaseOf(client: dynamo.DynamoDBClient): Database {
  return async (name, input) => {
    const send = senders[name]
    if (send === undefined) throw new Error(`no such command here: ${name}`)
    return send(client, input as never)
  }
}

const TABLE = 'Orders'
const n = (value: number) => ({ N: String(value) })
const s = (value: string) => ({ S: value })

/**
 * Sends the same random requests, in every form that the store and the router write, to the double and
 * to a DynamoDB that runs: how many were compared, and the first that was answered differently.
 */
export async function compareDouble(
  client: dynamo.DynamoDBClient,
  seed: number,
  requests: number,
): Promise<{ readonly compared: number; readonly differs?: string }> {
  const double = createDouble()
  const real = databaseOf(client)
  const chance = chanceOf(seed)
  for (let at = 0; at < requests; at++) {
    const [name, input] = requestOf(chance, at)
    const ours = await answerOf(async () => double.run(name, input))
    const theirs = await answerOf(() => real(name, input))
    if (ours !== theirs) {
      return { compared: at, differs: `${name} ${JSON.stringify(input)}: ${ours}, not ${theirs}` }
    }
  }
  return { compared: requests }
}

/** An answer or an error, without what no caller looks at. */
async function answerOf(run: () => Promise<object>): Promise<string> {
  try {
    const { Items, Item, Responses, Attributes, LastEvaluatedKey } = { ...Object(await run()) }
    return JSON.stringify([
      Items?.map(sorted) ?? null,
      Item && sorted(Item),
      Responses?.[TABLE]?.map(sorted).map(String).sort() ?? null,
      Attributes && sorted(Attributes),
      LastEvaluatedKey && sorted(LastEvaluatedKey),
    ])
  } catch (error) {
    const { name, CancellationReasons = [], Item } = Object(error)
    const reasons = CancellationReasons.map((one: dynamo.CancellationReason) => [
      one.Code,
      one.Item && sorted(one.Item),
    ])
    return JSON.stringify([name, reasons, Item && sorted(Item)])
  }
}

const sorted = (item: Item): string => JSON.stringify(Object.entries(item).sort())

function keyOf(chance: Chance): Item {
  return { pk: s(`p${chance.below(3)}`), sk: s(`s${chance.below(5)}`) }
}

function conditionOf(chance: Chance): object {
  const values = { ':read': n(chance.below(4)) }
  return chance.pick([
    {},
    { ConditionExpression: 'attribute_not_exists(pk)' },
    { ConditionExpression: 'attribute_exists(pk)' },
    { ConditionExpression: 'version = :read', ExpressionAttributeValues: values },
    { ConditionExpression: 'version <= :read', ExpressionAttributeValues: values },
    { ConditionExpression: 'version < :read', ExpressionAttributeValues: values },
    {
      ConditionExpression:
        'attribute_not_exists(pk) OR (version < :read AND version <> :no AND #word = :word)',
      ExpressionAttributeNames: { '#word': 'order' },
      ExpressionAttributeValues: { ...values, ':no': n(0), ':word': s('a') },
    },
    {
      ConditionExpression: 'attribute_not_exists(pk) OR #word = :own OR #word = :holder',
      ExpressionAttributeNames: { '#word': 'order' },
      ExpressionAttributeValues: { ':own': s('a'), ':holder': s('b') },
    },
  ])
}

const old = (chance: Chance) =>
  chance.happens(0.5) ? { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } : {}

function itemOf(chance: Chance): Item {
  return {
    ...keyOf(chance),
    ...{ version: n(chance.below(4)), order: s(chance.pick(['a', 'b', 'c'])) },
    ...(chance.happens(0.3) ? { ttl: n(chance.below(9)) } : {}),
  }
}

function updateOf(chance: Chance): object {
  const { ExpressionAttributeNames, ExpressionAttributeValues, ...condition } = Object(
    conditionOf(chance),
  )
  const names = { ...ExpressionAttributeNames }
  const values = { ...ExpressionAttributeValues }
  const [UpdateExpression, more, mine] = chance.pick([
    ['SET answer = :v, #ttl = :ttl', { '#ttl': 'ttl' }, { ':v': s('x'), ':ttl': n(5) }],
    ['SET answer = :v REMOVE #ttl', { '#ttl': 'ttl' }, { ':v': s('y') }],
    ['REMOVE answer', {}, {}],
    ['ADD n :one SET #ttl = :ttl', { '#ttl': 'ttl' }, { ':one': n(1), ':ttl': n(6) }],
  ] as const)
  const [allNames, allValues] = [
    { ...names, ...more },
    { ...values, ...mine },
  ]
  return {
    ...{ TableName: TABLE, Key: keyOf(chance), UpdateExpression, ...condition, ...old(chance) },
    ...(Object.keys(allNames).length > 0 ? { ExpressionAttributeNames: allNames } : {}),
    ...(Object.keys(allValues).length > 0 ? { ExpressionAttributeValues: allValues } : {}),
  }
}

const putOf = (chance: Chance) => ({
  ...{ TableName: TABLE, Item: itemOf(chance), ...conditionOf(chance), ...old(chance) },
})

const deleteOf = (chance: Chance) => ({
  ...{ TableName: TABLE, Key: keyOf(chance), ...conditionOf(chance), ...old(chance) },
})

function transactionOf(chance: Chance, at: number): object {
  const actions = Array.from({ length: 1 + chance.below(3) }, () =>
    chance.pick([
      { Put: putOf(chance) },
      { Update: updateOf(chance) },
      { Delete: deleteOf(chance) },
    ]),
  )
  // Some tokens come again, with the same actions or, which is refused, with others.
  const token = chance.happens(0.2) ? Math.max(0, at - 1 - chance.below(20)) : at
  return { TransactItems: actions, ClientRequestToken: `token-${token}` }
}

function queryOf(chance: Chance): object {
  const after = chance.happens(0.5)
  return {
    ...{ TableName: TABLE, ConsistentRead: true },
    KeyConditionExpression: `pk = :pk${after ? ' AND sk > :after' : ''}`,
    ExpressionAttributeValues: {
      ':pk': s(`p${chance.below(3)}`),
      ...(after ? { ':after': s(`s${chance.below(5)}`) } : {}),
    },
    ...(chance.happens(0.5) ? { Limit: 1 + chance.below(4) } : {}),
    ...(chance.happens(0.3)
      ? {
          ProjectionExpression: 'sk, version, #order',
          ExpressionAttributeNames: { '#order': 'order' },
        }
      : {}),
  }
}

function batchOf(chance: Chance): Item[] {
  const keys = Array.from({ length: 1 + chance.below(4) }, () => keyOf(chance))
  return [...new Map(keys.map(key => [sorted(key), key])).values()]
}

function requestOf(chance: Chance, at: number): [name: string, input: object] {
  switch (chance.below(9)) {
    case 0:
      return ['PutItemCommand', putOf(chance)]
    case 1:
      return ['UpdateItemCommand', { ...updateOf(chance), ReturnValues: 'ALL_NEW' }]
    case 2:
      return ['DeleteItemCommand', deleteOf(chance)]
    case 3:
      return ['GetItemCommand', { TableName: TABLE, Key: keyOf(chance), ConsistentRead: true }]
    case 4: {
      const Keys = batchOf(chance)
      return ['BatchGetItemCommand', { RequestItems: { [TABLE]: { Keys, ConsistentRead: true } } }]
    }
    case 5: {
      const requests = batchOf(chance).map(Key => ({ DeleteRequest: { Key } }))
      return ['BatchWriteItemCommand', { RequestItems: { [TABLE]: requests } }]
    }
    case 6:
      return ['QueryCommand', queryOf(chance)]
    default:
      return ['TransactWriteItemsCommand', transactionOf(chance, at)]
  }
}
