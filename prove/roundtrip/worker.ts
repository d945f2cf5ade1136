import { parentPort, workerData } from 'node:worker_threads'
import type { Draft } from '../../lib/model/draft.ts'
import { draftOf, plainOf, variations } from './draft.ts'
import { judgeOf, type Seals, type Verdict } from './judge.ts'
import { loadCode, sourcesOf, targetsOf } from './subject.ts'

/** What one worker is to do. */
export interface Order {
  /** Folder that holds the `lib/` which is put to the proof. */
  readonly root: string
  readonly seed: number
  readonly index: number
  readonly of: number
  /** How many orders are to come through, at least. */
  readonly atLeast: number
  /** Ends at the first loss, as for a planted bug. */
  readonly untilLost: boolean
}

/** What a worker counted. */
export interface Tally extends Seals {
  cases: number
  refused: number
  lost: number
  /** By pair of partners. */
  readonly pairs: Record<string, number>
  readonly refusals: Record<string, number>
  /** The first few that lost something. */
  readonly found: { readonly what: string; readonly order: Draft }[]
}

const CHUNK = 250
const KEPT = 20

async function work(order: Order): Promise<Tally> {
  const code = await loadCode(order.root)
  const tally: Tally = {
    ...{ cases: 0, refused: 0, lost: 0, sealed: 0, opened: 0 },
    ...{ pairs: {}, refusals: {}, found: [] },
  }
  const judge = judgeOf(code, tally)
  const [sources, targets] = [sourcesOf(order.root, code), targetsOf(code)]
  for (let chunk = 0; tally.cases < order.atLeast; chunk++) {
    const before = tally.cases
    const seed = order.seed * 1_000_003 + chunk * order.of + order.index
    for (const [n, variation] of variations(seed, CHUNK).entries()) {
      for (const source of sources) {
        const base = source.bases[(chunk + n) % source.bases.length]
        if (base === undefined) throw new Error(`${source.platform.name} has no order to vary`)
        const posted = draftOf(base, variation)
        // One posted order goes to every courier, and is sealed for one of them, each in turn.
        const sealing = (chunk + n) % targets.length
        targets.forEach((target, t) => {
          const verdict = (draft: Draft) => judge(source, target, draft, t === sealing)
          count(tally, `${source.platform.name} ${target.courier.name}`, posted, verdict)
        })
      }
      if (order.untilLost && tally.lost > 0) return tally
    }
    if (tally.cases === before) throw new Error('every order is refused')
    parentPort?.postMessage({ cases: tally.cases - before })
  }
  return tally
}

/** An order that a courier's intake would refuse is tried once more without what it may refuse. */
function count(tally: Tally, pair: string, posted: Draft, judge: (draft: Draft) => Verdict): void {
  let verdict = judge(posted)
  if (verdict.kind === 'refused') {
    tally.refused += 1
    tally.refusals[verdict.what] = (tally.refusals[verdict.what] ?? 0) + 1
    verdict = judge(plainOf(posted))
  }
  if (verdict.kind === 'refused') return
  tally.cases += 1
  tally.pairs[pair] = (tally.pairs[pair] ?? 0) + 1
  if (verdict.kind === 'kept') return
  tally.lost += 1
  if (tally.found.length < KEPT) tally.found.push({ what: verdict.what, order: posted })
}

if (parentPort !== null) parentPort.postMessage({ tally: await work(workerData) })
