import { startDynamoDb } from '../../../lib/local/dynamodb.ts'
import { ours } from './ours.ts'
import { powertools } from './powertools.ts'
import { newOrder, runScript, type Tally } from './script.ts'
import type { Side } from './side.ts'

/** What one side costs and how it fares. */
export interface Repeats extends Tally {
  readonly roundTripsNew: number
  readonly roundTripsRepeat: number
  /** CPU time of this process, of which the database is no part. */
  readonly cpuMsAnOrder: number
}

const ORDERS = 100
const ROUNDS = 5

const median = (figures: readonly number[]): number =>
  figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN

/** Round trips of a new order and of its repeat. */
async function roundTrips({ line, take }: Side) {
  const posted = newOrder()
  const before = line.requests
  await take(posted)
  const between = line.requests
  await take(posted)
  return { roundTripsNew: between - before, roundTripsRepeat: line.requests - between }
}

async function cpu({ take }: Side): Promise<number> {
  const start = process.cpuUsage()
  for (let n = 0; n < ORDERS; n++) await take(newOrder())
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000 / ORDERS
}

/**
 * Intake's store against Powertools' idempotency around a handler that puts twice, over the embedded
 * database: round trips, CPU, and how each fares under one script of lost replies, processes that end,
 * changed bodies and repeats at once.
 */
export async function measureRepeats(): Promise<{ ours: Repeats; powertools: Repeats }> {
  const database = await startDynamoDb({})
  const settings = {
    endpoint: database.endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  }
  try {
    const sides = { ours: await ours(settings), powertools: await powertools(settings) }
    const trips = {
      ours: await roundTrips(sides.ours),
      powertools: await roundTrips(sides.powertools),
    }
    const used = { ours: [] as number[], powertools: [] as number[] }
    for (let n = 0; n < ROUNDS; n++) {
      used.ours.push(await cpu(sides.ours))
      used.powertools.push(await cpu(sides.powertools))
    }
    const of = async (name: 'ours' | 'powertools') => ({
      ...trips[name],
      cpuMsAnOrder: Math.round(median(used[name]) * 100) / 100,
      ...(await runScript(sides[name])),
    })
    return { ours: await of('ours'), powertools: await of('powertools') }
  } finally {
    await database.stop()
  }
}

if (import.meta.main) console.log(await measureRepeats())
