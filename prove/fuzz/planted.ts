import { type Patch, type Planted, plantEach, withCopy } from '../planted/copy.ts'
import { tell } from '../proof.ts'
import { bugs } from './bugs.ts'
import { runWorker } from './crew.ts'
import type { Order } from './worker.ts'

/** Enough of each layer to meet every planted bug. */
const ENOUGH: Order['inputs'] = {
  ...{ json: 6_000, form: 6_000, event: 6_000, partner: 6_000, app: 6_000, http: 300 },
}

/**
 * Runs the proof against copies of the code, each with one bug, until something is found. The copy
 * without any bug comes first, and nothing may be found in it.
 */
export async function plantBugs(root: string, seed: number): Promise<Planted[]> {
  const intact = await tryCopy(root, seed, [])
  if (intact !== undefined) throw new Error(`a copy without a bug is at fault: ${intact}`)
  return plantEach(
    bugs,
    ({ patches }) => tryCopy(root, seed, patches),
    one => tell(line(one)),
  )
}

const line = ({ name, caughtBy }: Planted): string =>
  caughtBy === undefined ? `planted, NOT CAUGHT: ${name}` : `planted: ${name}; caught: ${caughtBy}`

/** The first fault of a copy with these patches; nothing where there is none. */
export async function tryCopy(
  root: string,
  seed: number,
  patches: readonly Patch[],
): Promise<string | undefined> {
  return withCopy({ root, folders: ['lib', 'functions'], below: '' }, patches, async copy => {
    const { found } = await runWorker({ root: copy, seed, inputs: ENOUGH, untilFault: true })
    const [first] = found
    return first && `${first.layer}, ${first.broken}, ${first.what}`
  })
}
