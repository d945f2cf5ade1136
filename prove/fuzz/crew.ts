import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Order, Tally } from './worker.ts'

/**
 * One worker to its end: a process of its own, since it starts a database. One that breaks down is an
 * error of the proof.
 */
export function runWorker(
  order: Order,
  onInputs: (count: number) => void = () => {},
): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const worker = fork(join(import.meta.dirname, 'worker.ts'), [JSON.stringify(order)])
    worker.on('message', (message: { inputs: number } | { tally: Tally }) => {
      if ('tally' in message) resolve(message.tally)
      else onInputs(message.inputs)
    })
    worker.on('error', reject)
    worker.on('exit', code => reject(new Error(`a worker ended without a result: ${code}`)))
  })
}

/** All inputs, shared among as many workers as there are cores, their counts added up. */
export async function runCrew(
  { inputs, ...of }: Pick<Order, 'root' | 'seed' | 'inputs'>,
  onInputs?: (count: number) => void,
): Promise<Tally> {
  const workers = availableParallelism()
  const share = mapped(inputs, count => Math.ceil(count / workers))
  const tallies = await Promise.all(
    Array.from({ length: workers }, (_, index) => {
      const seed = of.seed * 1_000_003 + index
      return runWorker({ ...of, seed, inputs: share, untilFault: false }, onInputs)
    }),
  )
  return tallies.reduce(added)
}

function added(a: Tally, b: Tally): Tally {
  return {
    layers: sum(a.layers, b.layers),
    broken: sum(a.broken, b.broken),
    found: [...a.found, ...b.found],
    longest: Math.max(a.longest, b.longest),
  }
}

function sum<K extends string>(a: Record<K, number>, b: Record<K, number>): Record<K, number> {
  const result: Record<K, number> = { ...a }
  for (const name in b) result[name] = a[name] + b[name]
  return result
}

function mapped<K extends string>(
  counts: Readonly<Record<K, number>>,
  change: (count: number) => number,
): Record<K, number> {
  const result: Record<K, number> = { ...counts }
  for (const name in counts) result[name] = change(counts[name])
  return result
}
