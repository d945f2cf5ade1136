import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Base } from './corpus.ts'
import type { Order, Tally } from './worker.ts'

/** One worker to its end. A worker that breaks down is an error of the proof. */
export function runWorker(
  order: Order,
  onCases: (count: number) => void = () => {},
): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: order })
    worker.on('message', (message: { cases: number } | { tally: Tally }) => {
      if ('tally' in message) resolve(message.tally)
      else onCases(message.cases)
    })
    worker.on('error', reject)
    worker.on('exit', () => reject(new Error('a worker ended without a result')))
  })
}

/** All cases, shared among as many workers as there are cores, their counts added up. */
export async function runCrew(
  of: { root: string; corpus: readonly Base[]; seed: number; quick: boolean; atLeast: number },
  onCases?: (count: number) => void,
): Promise<Tally> {
  const workers = availableParallelism()
  const tallies = await Promise.all(
    Array.from({ length: workers }, (_, index) =>
      runWorker(
        {
          ...of,
          ...{ index, of: workers, untilFault: false, atLeast: Math.ceil(of.atLeast / workers) },
        },
        onCases,
      ),
    ),
  )
  return tallies.reduce(added)
}

function added(a: Tally, b: Tally): Tally {
  const { opened, refused, crashed, leaked } = a.counts
  return {
    cases: a.cases + b.cases,
    controls: a.controls + b.controls,
    attempts: a.attempts + b.attempts,
    twins: a.twins + b.twins,
    counts: {
      opened: opened + b.counts.opened,
      refused: refused + b.counts.refused,
      crashed: crashed + b.counts.crashed,
      leaked: leaked + b.counts.leaked,
    },
    kinds: addedKinds(a.kinds, b.kinds),
    found: [...a.found, ...b.found],
  }
}

function addedKinds(a: Tally['kinds'], b: Tally['kinds']): Tally['kinds'] {
  const names = Object.keys({ ...a, ...b })
  return Object.fromEntries(names.map(name => [name, (a[name] ?? 0) + (b[name] ?? 0)]))
}
