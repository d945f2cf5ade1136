import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { withCopy } from './faults/planted.ts'
import { bugs } from './model/bugs.ts'
import type { Order, Tally } from './model/worker.ts'
import type { Patch } from './planted/copy.ts'
import { type ProofOptions, type ProofResult, tell } from './proof.ts'

/** How many sequences are played, how many at most until a planted bug shows, and with none. */
const SIZE = { full: 100_000, quick: 700, planted: 6_000, intact: 300 }

/**
 * Whatever platforms, couriers and the sweep ask, alone or at once, the gateway says and does what the
 * reference says: sequences of commands, those sent at once interleaved at every call of the store. A
 * full run then plants bugs, and shows that each makes the two part.
 */
export async function run({ quick, seed, planted }: ProofOptions): Promise<ProofResult> {
  const root = join(import.meta.dirname, '..')
  const start = performance.now()
  tell(`seed ${seed}`)
  const workers = availableParallelism()
  const sequences = Math.ceil((quick ? SIZE.quick : SIZE.full) / workers)
  const tallies = await Promise.all(
    Array.from({ length: workers }, (_, at) =>
      runWorker(
        { root, seed: seed * 1_000 + at, sequences, shrinks: true },
        progress(quick ? 0 : 10_000),
      ),
    ),
  )
  for (const { found } of tallies) if (found !== undefined) tell(found)
  const sum = (of: 'sequences' | 'commands' | 'divergences') =>
    tallies.reduce((all, tally) => all + tally[of], 0)
  const seconds = Math.round((performance.now() - start) / 100) / 10
  const caught = planted || !quick ? await plantBugs(root, seed) : undefined
  const divergences = sum('divergences')
  return {
    holds: divergences === 0 && (caught === undefined || caught === bugs.length),
    figures: {
      ...{ sequences: sum('sequences'), commands: sum('commands'), divergences, seed, seconds },
      ...(caught === undefined ? {} : { planted: bugs.length, plantedCaught: caught }),
    },
  }
}

/** How many of the planted bugs show. The copy without any comes first: there nothing may show. */
async function plantBugs(root: string, seed: number): Promise<number> {
  const intact = await tryCopy(root, seed, [], SIZE.intact)
  if (intact !== undefined) throw new Error(`a copy without a bug parts: ${intact}`)
  let caught = 0
  for (const { name, patches } of bugs) {
    const found = await tryCopy(root, seed, patches, SIZE.planted)
    if (found !== undefined) caught += 1
    tell(`${found === undefined ? 'NOT CAUGHT' : 'planted'}: ${name}`)
  }
  return caught
}

/** A sequence on which a copy with these patches and the reference part; undefined where none does. */
async function tryCopy(
  root: string,
  seed: number,
  patches: readonly Patch[],
  sequences: number,
): Promise<string | undefined> {
  const { found } = await withCopy(root, patches, copy =>
    runWorker({ root: copy, seed, sequences, shrinks: false }),
  )
  return found
}

function progress(every: number): (count: number) => void {
  let done = 0
  return count => {
    done += count
    if (every > 0 && done % every === 0) tell(`${done.toLocaleString('en')} sequences of a worker`)
  }
}

/** One worker to its end. A worker that breaks down is an error of the proof. */
function runWorker(order: Order, onSequences: (count: number) => void = () => {}): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./model/worker.ts', import.meta.url), { workerData: order })
    worker.on('message', (message: { sequences: number } | { tally: Tally }) => {
      if ('tally' in message) resolve(message.tally)
      else onSequences(message.sequences)
    })
    worker.on('error', reject)
    worker.on('exit', () => reject(new Error('a worker ended without a result')))
  })
}
