import { type Patch, type Planted, plantEach, withCopy } from '../planted/copy.ts'
import { tell } from '../proof.ts'
import { bugs } from './bugs.ts'
import { runWorker } from './crew.ts'

/** Rooms that an order passes through. */
const ROOMS = [
  ...['access', 'couriers', 'custody', 'flow', 'mask'],
  ...['model', 'platforms', 'seal', 'store', 'translate'],
].map(room => `lib/${room}`)

/** Enough orders to meet every planted bug. */
const ENOUGH = 4_000

/**
 * Runs the proof against copies of `lib/`, each with one bug, until something is lost. The copy without
 * any bug comes first, and nothing may be lost in it.
 */
export async function plantBugs(root: string, seed: number): Promise<Planted[]> {
  const intact = await tryCopy(root, seed)
  if (intact !== undefined) throw new Error(`a copy without a bug loses something: ${intact}`)
  return plantEach(
    bugs,
    bug => tryCopy(root, seed, bug),
    one => tell(line(one)),
  )
}

const line = ({ name, caughtBy }: Planted): string =>
  caughtBy === undefined
    ? `planted, NOT CAUGHT: ${name}`
    : `planted: ${name}; caught: lost ${caughtBy}`

/** The first loss of the proof against a copy with this patch; nothing where there is none. */
export async function tryCopy(
  root: string,
  seed: number,
  patch?: Patch,
): Promise<string | undefined> {
  const patches = patch === undefined ? [] : [patch]
  return withCopy({ root, folders: ROOMS, below: 'lib' }, patches, async copy => {
    const order = { root: copy, seed, index: 0, of: 1, atLeast: ENOUGH, untilLost: true }
    const { found } = await runWorker(order)
    return found[0]?.what
  })
}
