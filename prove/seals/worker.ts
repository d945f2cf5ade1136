import { parentPort, workerData } from 'node:worker_threads'
import { allCases } from './all.ts'
import type { Case } from './case.ts'
import type { Base } from './corpus.ts'
import { type Fault, judgeOf, loadSubject } from './judge.ts'
import { pins } from './world.ts'

/** What one worker is to do: every `of`th case, from its own `index` on. */
export interface Order {
  /** Folder that holds the `lib/` which is put to the proof. */
  readonly root: string
  readonly corpus: readonly Base[]
  readonly seed: number
  readonly quick: boolean
  readonly index: number
  readonly of: number
  /** How many cases this worker tries at least; chance fills up. */
  readonly atLeast: number
  /** Ends at the first fault, as for a planted bug. */
  readonly untilFault: boolean
}

/** A fault with what was handed in, so that it can be tried again. */
export interface Found extends Fault {
  readonly doc: unknown
  readonly asked: unknown
}

/** What a worker counted. */
export interface Tally {
  /** Without the controls. */
  cases: number
  controls: number
  attempts: number
  twins: number
  readonly counts: Record<Fault['what'], number>
  readonly kinds: Record<string, number>
  /** The first few of each kind and door. */
  readonly found: Found[]
}

const KEPT = 20

async function work(order: Order): Promise<Tally> {
  const judge = judgeOf(await loadSubject(order.root), pins)
  const tally: Tally = {
    ...{ cases: 0, controls: 0, attempts: 0, twins: 0, kinds: {}, found: [] },
    counts: { opened: 0, refused: 0, crashed: 0, leaked: 0 },
  }
  let n = 0
  for (const lazy of allCases(order.corpus, order)) {
    if (n++ % order.of !== order.index) continue
    const one = lazy()
    if (one === undefined) continue
    count(tally, one, judge(one))
    if (tally.cases % 10_000 === 0) parentPort?.postMessage({ cases: 10_000 })
    if (order.untilFault && tally.found.length > 0) break
    if (one.kind === 'several' && tally.cases >= order.atLeast) break
  }
  return tally
}

function count(tally: Tally, one: Case, verdict: ReturnType<ReturnType<typeof judgeOf>>): void {
  if (one.kind.startsWith('control')) tally.controls++
  else {
    tally.cases++
    tally.kinds[one.kind] = (tally.kinds[one.kind] ?? 0) + 1
  }
  tally.attempts += Object.keys(one.must).length
  if (verdict.twin) tally.twins++
  for (const fault of verdict.faults) {
    tally.counts[fault.what]++
    if (tally.found.length < KEPT) tally.found.push({ ...fault, doc: one.doc, asked: one.asked })
  }
}

if (parentPort !== null) parentPort.postMessage({ tally: await work(workerData) })
