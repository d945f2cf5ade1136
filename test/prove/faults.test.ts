import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startDynamoDb } from '../../lib/local/dynamodb.ts'
import { createClient, createTables } from '../../lib/store/index.ts'
import { bugs } from '../../prove/faults/bugs.ts'
import { compareDouble } from '../../prove/faults/differential.ts'
import { tryCopy } from '../../prove/faults/planted.ts'

const root = join(import.meta.dirname, '../..')

test('prove faults --quick: nothing is lost, doubled or skipped', () => {
  const command = [join(root, 'prove/run.ts'), 'faults', '--quick', '--seed', '7']
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  const { faults, lost, doubled, skipped, singles } = JSON.parse(stdout)
  assert.deepEqual({ lost, doubled, skipped }, { lost: 0, doubled: 0, skipped: 0 })
  assert.ok(faults >= 3_000 && singles > 450, stdout)
})

test('every planted bug still has the text that it replaces', () => {
  for (const { name, patches } of bugs) {
    for (const { file, find } of patches)
      assert.ok(readFileSync(join(root, 'lib', file), 'utf8').includes(find), name)
  }
})

test('a planted bug is caught: what is acknowledged before it is committed', async () => {
  const bug = bugs.find(({ name }) => name === 'acknowledged before it is committed')
  assert.match((await tryCopy(root, 7, bug?.patches ?? [])) ?? 'not caught', /^(lost|doubled)/)
})

test('the double answers 1,000 random requests as a DynamoDB that runs does', async t => {
  const database = await startDynamoDb({})
  t.after(() => database.stop())
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = createClient({ endpoint: database.endpoint, region: 'local', credentials })
  await createTables(client, { orders: 'Orders', keys: 'Keys', audit: 'Audit' })
  assert.deepEqual(await compareDouble(client, 7, 1_000), { compared: 1_000 })
})
