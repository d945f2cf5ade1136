import assert from 'node:assert/strict'
import { performance } from 'node:perf_hooks'
import { douyinToSf } from './translate/douyin-sf/index.ts'
import { measureFiles } from './translate/file-to-file.ts'
import { kuaishouToKye } from './translate/kuaishou-kye/index.ts'
import { nobody } from './translate/nobody/index.ts'

/** One mapping in several ways, over the same samples. */
interface Contest<S> {
  readonly samples: readonly S[]
  readonly tables: (sample: S) => unknown
  readonly hand: (sample: S) => unknown
  readonly jsonata?: (sample: S) => Promise<unknown>
  /** Members in the same order, byte for byte; or in any, where the hand-written way sets optional ones last. */
  readonly order: 'same' | 'any'
}

const ROUNDS = 60
const WARM_UP = 10
const REPEATS = 40

/** Every way makes the same document, or there is nothing to compare. */
async function check<S>({ samples, tables, hand, jsonata, order }: Contest<S>): Promise<void> {
  for (const sample of samples) {
    const wanted = JSON.stringify(tables(sample))
    if (order === 'any') assert.deepEqual(hand(sample), tables(sample))
    else assert.equal(JSON.stringify(hand(sample)), wanted)
    if (jsonata !== undefined) assert.equal(JSON.stringify(await jsonata(sample)), wanted)
  }
}

/** Microseconds an order in one round. */
function round<S>(samples: readonly S[], translate: (sample: S) => unknown): number {
  const start = performance.now()
  for (let n = 0; n < REPEATS; n++) for (const sample of samples) translate(sample)
  return ((performance.now() - start) * 1000) / (REPEATS * samples.length)
}

/** As `round`, once over the samples: it takes long enough. */
async function slowRound<S>(
  samples: readonly S[],
  translate: (sample: S) => Promise<unknown>,
): Promise<number> {
  const start = performance.now()
  for (const sample of samples) await translate(sample)
  return ((performance.now() - start) * 1000) / samples.length
}

const median = (figures: readonly number[]): number =>
  figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN

/** Medians of interleaved rounds, in microseconds an order. */
async function measure<S>(contest: Contest<S>) {
  await check(contest)
  const { samples, jsonata } = contest
  const figures: Record<'tables' | 'hand' | 'jsonata', number[]> = {
    tables: [],
    hand: [],
    jsonata: [],
  }
  for (let n = 0; n < ROUNDS; n++) {
    figures.hand.push(round(samples, contest.hand))
    figures.tables.push(round(samples, contest.tables))
    if (jsonata !== undefined) figures.jsonata.push(await slowRound(samples, jsonata))
  }
  const us = (name: keyof typeof figures) => median(figures[name].slice(WARM_UP))
  return { tables: us('tables'), hand: us('hand'), jsonata: us('jsonata') }
}

const rounded = (figure: number): number => Math.round(figure * 100) / 100

const orNotRun = (figure: number | undefined): number | string =>
  figure === undefined ? 'notRun' : rounded(figure)

/**
 * Native to native by compiled tables, against the same by hand (target: at most 1.3 times) and by
 * JSONata (target: at least 15 times faster): medians of interleaved rounds, in microseconds an order,
 * and their ratios. First the engine alone, between two documents of nobody's; then real pairs, of which
 * the worse one counts; then
 * file to file against jq, whole processes, in seconds for 20,000 orders.
 */
export async function run(): Promise<Record<string, number | string>> {
  const engine = await measure(nobody)
  const pairs = {
    douyinToSf: await measure(douyinToSf),
    kuaishouToKye: await measure(kuaishouToKye),
  }
  const files = measureFiles()
  const figures = Object.entries(pairs).map(([name, { tables, hand, jsonata }]) => ({
    name,
    us: { tables: rounded(tables), hand: rounded(hand), jsonata: rounded(jsonata) },
    toHandWritten: rounded(tables / hand),
    jsonataTo: rounded(jsonata / tables),
  }))
  for (const figure of figures) console.log(JSON.stringify(figure))
  return {
    ...{ engineUs: rounded(engine.tables), engineHandUs: rounded(engine.hand) },
    engineToHandWritten: rounded(engine.tables / engine.hand),
    toHandWritten: Math.max(...figures.map(figure => figure.toHandWritten)),
    jsonataTo: Math.min(...figures.map(figure => figure.jsonataTo)),
    ...{ fileSeconds: rounded(files.lasthop), jqSeconds: orNotRun(files.jq) },
    jqTo: orNotRun(files.jq && files.jq / files.lasthop),
  }
}

if (import.meta.main) console.log(await run())
