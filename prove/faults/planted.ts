import { withCopy as copyAnd, type Patch, type Planted, plantEach } from '../planted/copy.ts'
import { tell } from '../proof.ts'
import { bugs } from './bugs.ts'
import { runWorker } from './crew.ts'

/** Rooms that the flows take. */
const ROOMS = [
  ...['lib/access', 'lib/couriers', 'lib/custody', 'lib/flow', 'lib/mask'],
  ...['lib/model', 'lib/platforms', 'lib/seal', 'lib/store', 'lib/translate'],
  'functions/router',
]

/** Enough faults to meet every planted bug, and of pairs every so many-th. */
const ENOUGH = { atLeast: 30_000, step: 500 }

/**
 * Runs the proof against copies of `lib/`, each with one bug, until a promise is broken. The copy without
 * any bug comes first, and it must keep all.
 */
export async function plantBugs(root: string, seed: number): Promise<Planted[]> {
  const intact = await tryCopy(root, seed, [], 2_000)
  if (intact !== undefined) throw new Error(`a copy without a bug breaks a promise: ${intact}`)
  return plantEach(
    bugs,
    ({ patches }) => tryCopy(root, seed, patches),
    ({ name, caughtBy }) => {
      const how = caughtBy?.slice(0, 160) ?? ''
      tell(caughtBy === undefined ? `NOT CAUGHT: ${name}` : `planted: ${name}; ${how}`)
    },
  )
}

/** The first promise that a copy with these patches breaks; nothing where it keeps all. */
export async function tryCopy(
  root: string,
  seed: number,
  patches: readonly Patch[],
  atLeast = ENOUGH.atLeast,
): Promise<string | undefined> {
  return withCopy(root, patches, async copy => {
    const share = { index: 0, of: 1, step: ENOUGH.step }
    const { found } = await runWorker({ root: copy, seed, ...share, atLeast, untilBroken: true })
    return found[0]
  })
}

/** Has something done with a copy of the flows' code with these patches, which is gone afterwards. */
export function withCopy<T>(
  root: string,
  patches: readonly Patch[],
  use: (copy: string) => Promise<T>,
): Promise<T> {
  return copyAnd({ root, folders: ROOMS, below: 'lib' }, patches, use)
}
