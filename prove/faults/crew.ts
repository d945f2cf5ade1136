import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Order, Tally } from './worker.ts'

/** One worker to its end. A worker that breaks down is an error of the proof. */
export function runWorker(order: Order, onFaults: (faults: number) => void = () => {}) {
  return new Promise<Tally>((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: order })
    worker.on('message', (message: { faults: number } | { tally: Tally }) => {
      if ('tally' in message) resolve(message.tally)
      else onFaults(message.faults)
    })
    worker.on('error', reject)
    worker.on('exit', () => reject(new Error('a worker ended without a result')))
  })
}

/** Every so many-th fault, shared among as many workers as there are cores, their counts added up. */
export async function runCrew(
  of: Pick<Order, 'root' | 'seed' | 'step' | 'atLeast'> & { readonly every: number },
  onFaults: (index: number, faults: number) => void,
): Promise<Tally> {
  const workers = availableParallelism()
  const atLeast = Math.ceil(of.atLeast / workers)
  const tallies = await Promise.all(
    Array.from({ length: workers }, (_, index) =>
      runWorker({ ...of, index, of: workers * of.every, atLeast, untilBroken: false }, faults =>
        onFaults(index, faults),
      ),
    ),
  )
  return tallies.reduce(added)
}

function added(a: Tally, b: Tally): Tally {
  const names = Object.keys({ ...a.broken, ...b.broken })
  return {
    faults: a.faults + b.faults,
    singles: a.singles + b.singles,
    pairs: a.pairs + b.pairs,
    scripts: a.scripts + b.scripts,
    broken: Object.fromEntries(
      names.map(name => [name, (a.broken[name] ?? 0) + (b.broken[name] ?? 0)]),
    ),
    found: [...a.found, ...b.found],
  }
}
