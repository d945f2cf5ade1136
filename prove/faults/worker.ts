import { parentPort, workerData } from 'node:worker_threads'
import { plansOf, play, verdictOf } from './enumerate.ts'
import { difference } from './ledger.ts'
import { playScript } from './random.ts'
import { scenarios } from './scenarios.ts'
import { type Bench, prepare } from './world.ts'

/** What one worker is to do. */
export interface Order {
  /** Folder that holds the code which is put to the proof. */
  readonly root: string
  readonly seed: number
  readonly index: number
  readonly of: number
  /** Every how many-th pair of faults is tried. */
  readonly step: number
  /** How many faults this worker injects at least; chance fills up. */
  readonly atLeast: number
  /** Ends at the first broken promise, as for a planted bug. */
  readonly untilBroken: boolean
}

/** Promises, by what breaks them. */
export const wrongs = [
  ...(['lost', 'doubled', 'skipped', 'moved-back', 'two-hops', 'key-left', 'chain'] as const),
]

export type Wrong = (typeof wrongs)[number]

/** What a worker counted. */
export interface Tally {
  faults: number
  singles: number
  pairs: number
  scripts: number
  readonly broken: Record<string, number>
  /** The first few, each with how it came to be. */
  readonly found: string[]
}

const KEPT = 30

async function work(order: Order): Promise<Tally> {
  const bench = await prepare(order.root)
  const broken = Object.fromEntries(wrongs.map(wrong => [wrong, 0]))
  const tally: Tally = { faults: 0, singles: 0, pairs: 0, scripts: 0, broken, found: [] }
  await enumerate(bench, order, tally)
  for (let n = 0; tally.faults < order.atLeast && !isOver(order, tally); n++) {
    await tryScript(bench, order.seed * 1_000_000 + (n * order.of + order.index) * 3, tally)
    parentPort?.postMessage({ faults: tally.faults })
  }
  return tally
}

const isOver = ({ untilBroken }: Order, { found }: Tally) => untilBroken && found.length > 0

async function enumerate(bench: Bench, order: Order, tally: Tally): Promise<void> {
  for (const [name, scenario] of Object.entries(scenarios)) {
    const peace = await play(bench, scenario, new Map())
    note(tally, `${name}, in peace`, verdictOf(peace, peace))
    for await (const { plan, outcome } of plansOf(
      peace,
      one => play(bench, scenario, one, peace),
      order,
    )) {
      tally.faults += outcome.faults
      if (plan.size === 1) tally.singles++
      else tally.pairs++
      const told = [...plan].map(([at, kind]) => `${kind} at ${outcome.calls[at]?.name} (${at})`)
      note(tally, `${name}, ${told.join(', ')}`, verdictOf(peace, outcome))
      if (isOver(order, tally)) return
    }
  }
}

/** Alone, a script must end as it does in peace; with several requests at once it must keep the promises. */
async function tryScript(bench: Bench, seed: number, tally: Tally): Promise<void> {
  const peace = await playScript(bench, seed, { faults: false, together: false })
  const alone = await playScript(bench, seed, { faults: true, together: false })
  const together = await playScript(bench, seed, { faults: true, together: true })
  tally.faults += alone.faults + together.faults
  tally.scripts += 2
  note(tally, `script ${seed} in peace`, peace.problems)
  note(tally, `script ${seed} alone`, alone.problems)
  note(tally, `script ${seed} together`, together.problems)
  if (alone.ledger.join('\n') === peace.ledger.join('\n')) return
  note(tally, `script ${seed} alone`, [`lost: ${difference(peace.ledger, alone.ledger)}`])
}

function note(tally: Tally, where: string, problems: readonly string[]): void {
  for (const problem of problems) {
    const wrong = problem.split(':')[0] ?? ''
    tally.broken[wrong] = (tally.broken[wrong] ?? 0) + 1
    if (tally.found.length < KEPT) tally.found.push(`${problem} — ${where}`)
  }
}

if (parentPort !== null) parentPort.postMessage({ tally: await work(workerData) })
