import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { startDynamoDb } from '../lib/local/dynamodb.ts'
import {
  createClient,
  createStore,
  createTables,
  type Feed,
  type Store,
} from '../lib/store/index.ts'
import { type Meter, meterOf } from './feed/meter.ts'
import { feedOf, idOf, load } from './feed/owed.ts'

const TABLES = { orders: 'Orders', keys: 'Keys', audit: 'Audit' }
const SIZES = [1_000, 10_000, 100_000, 1_000_000]
const PAGE = 100
/** Where pages are read, as parts of the feed: at its head, within, and near its end. */
const PLACES = [0, 0.25, 0.5, 0.75, 0.9]
const REPEATS = 5
const DAY = 86_400_000

/** What pages of one feed took. */
interface Pages {
  readonly owed: number
  readonly unitsAPage: number
  readonly requestsAPage: number
  readonly msAPage: number
}

const median = (figures: readonly number[]): number =>
  figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN

const rounded = (figure: number): number => Math.round(figure * 100) / 100

const firstOf = (owed: number, place: number): number => Math.floor(owed * place)

/** Reads a page of 100 at each place, several times over, and checks what it holds. */
async function readPages(
  { store, meter }: { store: Store; meter: Meter },
  feed: Feed,
  { owed, start }: { owed: number; start: number },
): Promise<Pages> {
  const units: number[] = []
  const requests: number[] = []
  const times: number[] = []
  for (const place of [...Array(REPEATS)].flatMap(() => PLACES)) {
    const first = firstOf(owed, place)
    const after = first === 0 ? {} : { after: idOf(feed, first - 1, start) }
    const before = { ...meter }
    const began = performance.now()
    const page = await store.readFeed(feed, { limit: PAGE, ...after })
    times.push(performance.now() - began)
    units.push(meter.units - before.units)
    requests.push(meter.requests - before.requests)
    assert.equal(page.withheld, 0)
    assert.deepEqual(
      page.entries.map(({ id }) => id),
      Array.from({ length: Math.min(PAGE, owed - first) }, (_, n) => idOf(feed, first + n, start)),
    )
  }
  const [least, most] = [Math.min(...units), Math.max(...units)]
  assert.ok(most - least <= 1, `pages of one feed differ: ${least} to ${most}`)
  return {
    owed,
    unitsAPage: median(units),
    requestsAPage: Math.max(...requests),
    msAPage: rounded(median(times)),
  }
}

/**
 * What a page of 100 entries costs while from 1,000 to 1,000,000 are owed, in read units as the database
 * counts them (target: the same), at the feed's head, within it and near its end. `--most N` ends sooner.
 */
export async function run(options: readonly string[] = []): Promise<Record<string, number>> {
  const most = Number(options[options.indexOf('--most') + 1] ?? SIZES.at(-1))
  const database = await startDynamoDb({})
  try {
    const settings = {
      endpoint: database.endpoint,
      region: 'local',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }
    const loader = createClient(settings)
    await createTables(loader, TABLES)
    const client = createClient(settings)
    const meter = meterOf(client)
    const clock = Date.now
    const store = createStore({ client, tables: TABLES, clock, random: randomBytes })
    const found: Pages[] = []
    for (const owed of SIZES.filter(size => size <= most)) {
      const feed = feedOf(`c${owed}`)
      const start = clock() - 2 * DAY
      const read = PLACES.flatMap(place =>
        Array.from({ length: PAGE }, (_, n) => firstOf(owed, place) + n),
      ).filter(n => n < owed)
      await load(loader, TABLES.orders, feed, { entries: owed, start, read: [...new Set(read)] })
      const pages = await readPages({ store, meter }, feed, { owed, start })
      console.log(JSON.stringify(pages))
      found.push(pages)
    }
    return summary(found)
  } finally {
    await database.stop()
  }
}

function summary(found: readonly Pages[]): Record<string, number> {
  const [small, large] = [found[0], found.at(-1)]
  if (small === undefined || large === undefined) throw new Error('nothing was read')
  return {
    unitsRatio: rounded(large.unitsAPage / small.unitsAPage),
    ...{ least: small.owed, most: large.owed },
    ...{ unitsAPage: large.unitsAPage, requestsAPage: large.requestsAPage },
    ...{ msAtLeast: small.msAPage, msAtMost: large.msAPage },
  }
}

if (import.meta.main) console.log(await run(process.argv.slice(2)))
