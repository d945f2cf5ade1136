import { crypto } from './ingest/crypto.ts'
import * as ours from './ingest/ours.ts'
import { measureRepeats, type Repeats } from './ingest/repeats/index.ts'
import { checkSame } from './ingest/same.ts'
import { requestOf, toWeb } from './ingest/setting.ts'
import * as usual from './ingest/usual.ts'

const ROUNDS = 24
const WARM_UP = 4
const BATCH = 24
const SINGLES = 24

/** Microseconds of CPU, which others on the machine disturb less than the clock. */
function cpuSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return user + system
}

/** Microseconds an order: the whole request, from its bytes to the bytes of the transaction. */
async function round({ app }: typeof ours | typeof usual, requests: number, orders: number) {
  const posted = Array.from({ length: requests }, () => requestOf(orders))
  const start = process.cpuUsage()
  for (const request of posted) {
    const reply = await app.fetch(toWeb(request))
    if (reply.status !== 200) throw new Error(`answered ${reply.status}`)
    await reply.text()
  }
  return cpuSince(start) / (requests * orders)
}

/** Microseconds of what no way to seal and sign an order's two groups can do without. */
function cryptoRound(): number {
  const start = process.cpuUsage()
  for (let n = 0; n < BATCH; n++) crypto()
  return cpuSince(start) / BATCH
}

const median = (figures: readonly number[]): number =>
  figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN

const rounded = (figure: number): number => Math.round(figure * 100) / 100

/** The figures of one side of the second comparison, under its name. */
function named(side: string, figures: Repeats): Record<string, number> {
  const { roundTripsNew, roundTripsRepeat, cpuMsAnOrder, cases, turnedAway } = figures
  const wrong = figures.lost + figures.doubled + figures.stuck + figures.replaced
  const all = { roundTripsNew, roundTripsRepeat, cpuMsAnOrder, cases, wrong, turnedAway }
  return Object.fromEntries(
    Object.entries(all).map(([name, figure]) => [
      side === '' ? name : side + name.charAt(0).toUpperCase() + name.slice(1),
      figure,
    ]),
  )
}

/**
 * Intake's whole work without a network (who calls, all checks, translation, seal, signature, the bytes
 * of the transaction), against the same by hono, ajv, JSONata, jose and lib-dynamodb, which writes the
 * same items: medians of interleaved rounds in microseconds of CPU an order, single and in batches of 24. Then
 * the store against Powertools' idempotency around a handler that puts twice.
 */
export async function run(): Promise<Record<string, number>> {
  await checkSame(requestOf(1))
  await checkSame(requestOf(BATCH))
  const figures = { batch: [] as number[], usualBatch: [] as number[] }
  const floor: number[] = []
  const singles = { single: [] as number[], usualSingle: [] as number[] }
  for (let n = 0; n < ROUNDS; n++) {
    floor.push(cryptoRound())
    figures.batch.push(await round(ours, 2, BATCH))
    figures.usualBatch.push(await round(usual, 1, BATCH))
    singles.single.push(await round(ours, SINGLES, 1))
    singles.usualSingle.push(await round(usual, SINGLES, 1))
  }
  const us = (all: readonly number[]) => median(all.slice(WARM_UP))
  const [batch, usualBatch] = [us(figures.batch), us(figures.usualBatch)]
  const repeats = await measureRepeats()
  for (const [side, figure] of Object.entries(repeats))
    console.log(JSON.stringify({ side, ...figure }))
  const [single, usualSingle] = [us(singles.single), us(singles.usualSingle)]
  return {
    batchToUsual: rounded(usualBatch / batch),
    singleToUsual: rounded(usualSingle / single),
    batchBound: rounded(usualBatch / us(floor)),
    ...{ batchUs: rounded(batch), usualBatchUs: rounded(usualBatch) },
    ...{
      singleUs: rounded(single),
      usualSingleUs: rounded(usualSingle),
      cryptoUs: rounded(us(floor)),
    },
    ...named('', repeats.ours),
    ...named('powertools', repeats.powertools),
  }
}

if (import.meta.main) console.log(await run())
