import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
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
  of: { root: string; seed: number; atLeast: number },
  onCases?: (count: number) => void,
): Promise<Tally> {
  const workers = availableParallelism()
  const atLeast = Math.ceil(of.atLeast / workers)
  const tallies = await Promise.all(
    Array.from({ length: workers }, (_, index) =>
      runWorker({ ...of, index, of: workers, atLeast, untilLost: false }, onCases),
    ),
  )
  return tallies.reduce(added)
}

function added(a: Tally, b: Tally): Tally {
  return {
    cases: a.cases + b.cases,
    refused: a.refused + b.refused,
    lost: a.lost + b.lost,
    sealed: a.sealed + b.sealed,
    opened: a.opened + b.opened,
    pairs: addedCounts(a.pairs, b.pairs),
    refusals: addedCounts(a.refusals, b.refusals),
    found: [...a.found, ...b.found],
  }
}

type Counts = Readonly<Record<string, number>>

function addedCounts(a: Counts, b: Counts): Record<string, number> {
  const names = Object.keys({ ...a, ...b })
  return Object.fromEntries(names.map(name => [name, (a[name] ?? 0) + (b[name] ?? 0)]))
}
