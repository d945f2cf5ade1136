import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { bundleFunctions } from '../lib/model/build/bundle.ts'
import { buildNaive, openFolder } from './cold/naive.ts'
import { EVENTS, openSetting, type Setting } from './cold/setting.ts'

const ROUNDS = 11

/** A cold start: from `fork` to the answer, and of that until the function had loaded. */
interface Start {
  readonly firstMs: number
  readonly initMs: number
  readonly answer: string
}

/** The two ways to ship each function. */
interface Candidate {
  readonly name: string
  readonly ours: string
  readonly naive: string
}

/** Starts a process for a function, hands it its event, and waits for the answer. */
function startCold(file: string, event: unknown, { env }: Setting): Promise<Start> {
  return new Promise((done, fail) => {
    const start = performance.now()
    const child = fork(join(import.meta.dirname, 'cold/child.mjs'), [file], {
      env,
      execArgv: [],
      silent: true,
    })
    let said = ''
    child.stderr?.on('data', data => {
      said += data
    })
    child.once('message', (message: { initMs: number }) => {
      const { initMs, ...answer } = message
      done({ firstMs: performance.now() - start, initMs, answer: JSON.stringify(answer) })
    })
    child.once('exit', code => fail(new Error(`${file} ended with ${code}: ${said}`)))
    child.send({ ...Object(event) })
  })
}

const median = (figures: readonly number[]): number =>
  figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN

const rounded = (figure: number, digits = 1): number => Number(figure.toFixed(digits))

async function build(root: string, folder: string): Promise<Candidate[]> {
  const at = openFolder(root, join(folder, 'naive'))
  const bundles = await bundleFunctions(root, join(folder, 'ours'))
  const candidates: Candidate[] = []
  for (const { name, file } of bundles)
    candidates.push({ name, ours: file, naive: await buildNaive(root, at, name) })
  return candidates
}

/** Both answer alike and as they should, or there is nothing to compare. */
async function check({ name, ours, naive }: Candidate, setting: Setting): Promise<void> {
  const expected = EVENTS[name]
  assert.ok(expected, `no event for ${name}`)
  const one = await startCold(ours, expected.event, setting)
  const other = await startCold(naive, expected.event, setting)
  assert.match(one.answer, expected.answer, name)
  assert.equal(other.answer, one.answer, name)
}

/** Figures of one function, by the medians of interleaved rounds. */
async function measure(candidate: Candidate, setting: Setting) {
  const { name, ours, naive } = candidate
  const figures: Record<'ours' | 'naive', Start[]> = { ours: [], naive: [] }
  for (let n = 0; n < ROUNDS; n++) {
    figures.ours.push(await startCold(ours, EVENTS[name]?.event, setting))
    figures.naive.push(await startCold(naive, EVENTS[name]?.event, setting))
  }
  const of = (way: 'ours' | 'naive', member: 'firstMs' | 'initMs') =>
    median(figures[way].map(start => start[member]))
  return {
    name,
    toNaive: of('ours', 'firstMs') / of('naive', 'firstMs'),
    firstMs: of('ours', 'firstMs'),
    naiveMs: of('naive', 'firstMs'),
    initMs: of('ours', 'initMs'),
    naiveInitMs: of('naive', 'initMs'),
    kB: statSync(ours).size / 1000,
  }
}

/**
 * From the start of a process to a function's first answer, against the same function as it is often
 * shipped (target for the worst: at most 0.35 times), and until it had loaded (target for each: 150 ms).
 * The answers need no network; what AWS says comes from this machine.
 */
export async function run(): Promise<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'lasthop-cold-'))
  const setting = await openSetting(folder)
  try {
    const candidates = await build(resolve(import.meta.dirname, '..'), folder)
    for (const candidate of candidates) await check(candidate, setting)
    const all = []
    for (const candidate of candidates) {
      const one = await measure(candidate, setting)
      console.error(one)
      all.push(one)
    }
    return {
      toNaive: rounded(Math.max(...all.map(one => one.toNaive)), 3),
      initMs: rounded(Math.max(...all.map(one => one.initMs))),
      ...Object.fromEntries(
        all.flatMap(one => [
          [`${one.name}ToNaive`, rounded(one.toNaive, 3)],
          [`${one.name}FirstMs`, rounded(one.firstMs)],
          [`${one.name}InitMs`, rounded(one.initMs)],
          [`${one.name}NaiveMs`, rounded(one.naiveMs)],
          [`${one.name}Kb`, rounded(one.kB, 0)],
        ]),
      ),
    }
  } finally {
    setting.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
