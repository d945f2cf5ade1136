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
  onCells: (count: number) => void = () => {},
): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const worker = fork(join(import.meta.dirname, 'worker.ts'), [JSON.stringify(order)])
    worker.on('message', (message: { cells: number } | { tally: Tally }) => {
      if ('tally' in message) resolve(message.tally)
      else onCells(message.cells)
    })
    worker.on('error', reject)
    worker.on('exit', code => reject(new Error(`a worker ended without a result: ${code}`)))
  })
}

/** All cells, shared among as many workers as there are cores, their counts added up. */
export async function runCrew(
  of: Pick<Order, 'root' | 'stride' | 'seed'>,
  onCells?: (count: number) => void,
): Promise<Tally> {
  const workers = availableParallelism()
  const tallies = await Promise.all(
    Array.from({ length: workers }, (_, index) =>
      runWorker({ ...of, index, of: workers, untilWrong: false }, onCells),
    ),
  )
  return tallies.reduce((a, b) => ({
    ...{ cells: a.cells + b.cells, letIn: a.letIn + b.letIn, wrong: a.wrong + b.wrong },
    ...{ bugs: a.bugs + b.bugs, found: [...a.found, ...b.found] },
  }))
}
