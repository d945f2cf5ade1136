import assert from 'node:assert/strict'
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { listOf, memberOf } from '../../test/stack/rights.ts'
import { synthesize } from '../../test/stack/synthesized.ts'
import type { Account, Usage } from './counts.ts'
import { ORDERS } from './play.ts'
import type { Site } from './site.ts'

/** What stands in an account and is billed by the month. */
export interface Resources {
  readonly keys: number
  readonly secrets: number
  readonly alarms: number
  readonly dashboards: number
  /** Metrics of our own that a healthy gateway writes. */
  readonly metrics: number
}

/** Runs and polls that meet nothing to do, each once. */
export type Idle = Readonly<Record<'sweep' | 'closed' | 'outlived' | 'pull' | 'events', Usage>>

/** Counts each of them. */
export async function measureIdle({ gateway, callers, take }: Site): Promise<Idle> {
  const once = async (work: () => Promise<unknown>): Promise<Usage> => {
    await work()
    take()
    await work()
    return take()
  }
  const { sweep, custody } = gateway.functions
  assert.ok(sweep && custody)
  const told = await callers.platform.events()
  assert.deepEqual(listOf(memberOf(told.body, 'entries')), [], 'all was read before')
  return {
    sweep: await once(() => sweep.invoke({})),
    closed: await once(() => custody.invoke({ shred: 'closed' })),
    outlived: await once(() => custody.invoke({ shred: 'outlived' })),
    pull: await once(() => callers.courier.pull()),
    events: await once(() => callers.platform.events()),
  }
}

/** Counts what the stacks of one platform and one courier make, and the secrets that the operator puts. */
export function countResources(site: Site): Readonly<Record<Account, Resources>> {
  const { templates } = synthesize()
  const count = (type: string, ofGateway: boolean) =>
    Object.entries(templates)
      .filter(([stack]) => (stack === 'Gateway') === ofGateway)
      .flatMap(([, { Resources }]) => Object.values(Resources))
      .filter(({ Type }) => Type === type).length
  const standing = (ofGateway: boolean) => ({
    keys: count('AWS::KMS::Key', ofGateway),
    alarms: count('AWS::CloudWatch::Alarm', ofGateway),
    dashboards: count('AWS::CloudWatch::Dashboard', ofGateway),
  })
  return {
    // Of the platform, of the courier, and the key of posted bodies.
    gateway: { ...standing(true), secrets: 3, metrics: metricsIn(site) },
    // The key of receipts.
    courier: { ...standing(false), secrets: 1, metrics: 0 },
  }
}

/** Partners that play; the sweep measures the feeds of all built-in ones. */
const PLAYING = ['douyin', 'sf', 'undefined']

/** Metrics that were written, each set of dimensions by itself. */
function metricsIn({ gateway }: Site): number {
  const lines = Object.values(gateway.functions).flatMap(host => host.lines())
  const written: unknown[] = lines
    .filter(line => line.startsWith('{"_aws"'))
    .map(line => JSON.parse(line))
  const playing = written.filter(one => PLAYING.includes(String(memberOf(one, 'partner'))))
  const names = playing.flatMap(metric => {
    const [directive] = listOf(memberOf(memberOf(metric, '_aws'), 'CloudWatchMetrics'))
    return listOf(memberOf(directive, 'Dimensions')).flatMap(set =>
      listOf(memberOf(directive, 'Metrics')).map(one => {
        const of = listOf(set).map(name => `${name}=${memberOf(metric, String(name))}`)
        return [memberOf(one, 'Name'), ...of].join(' ')
      }),
    )
  })
  return new Set(names).size
}

/** Bytes that an order leaves in each table once it was delivered. */
export async function bytesStored(
  { dynamodb }: Site,
  tables: readonly string[],
  sizeOf: (item: unknown) => number,
): Promise<Record<string, number>> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new DynamoDBClient({ endpoint: dynamodb, region: 'us-east-1', credentials })
  const bytes: Record<string, number> = {}
  for (const TableName of tables) {
    let total = 0
    for (let from: Record<string, never> | undefined, more = true; more; ) {
      const start = from === undefined ? {} : { ExclusiveStartKey: from }
      const { Items = [], LastEvaluatedKey } = await client.send(
        new ScanCommand({ TableName, ...start }),
      )
      total += Items.reduce(
        (sum, item) => sum + sizeOf(JSON.parse(JSON.stringify(item, base64))),
        0,
      )
      from = LastEvaluatedKey as Record<string, never> | undefined
      more = from !== undefined
    }
    bytes[TableName] = Math.round(total / ORDERS)
  }
  client.destroy()
  return bytes
}

function base64(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
}
