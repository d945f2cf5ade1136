import { type Patch, type Planted, plantEach, withCopy } from '../planted/copy.ts'
import { tell } from '../proof.ts'
import { bugs } from './bugs.ts'
import { runWorker } from './crew.ts'

/** All callers who are let in, and enough of the others to meet every planted bug. */
const ENOUGH = { letIn: 1, refused: 11 }

/**
 * Runs the proof against copies of the code, each with one bug, until a cell is wrong. The copy without
 * any bug comes first, and no cell may be wrong in it.
 */
export async function plantBugs(root: string, seed: number): Promise<Planted[]> {
  const intact = await tryCopy(root, seed, [])
  if (intact !== undefined) throw new Error(`a copy without a bug is wrong: ${intact}`)
  return plantEach(
    bugs,
    ({ patches }) => tryCopy(root, seed, patches),
    one => tell(line(one)),
  )
}

const line = ({ name, caughtBy }: Planted): string =>
  caughtBy === undefined
    ? `planted, NOT CAUGHT: ${name}`
    : `planted: ${name}; caught: ${caughtBy.slice(0, 200)}`

/** The first wrong cell of a copy with these patches; nothing where there is none. */
export async function tryCopy(
  root: string,
  seed: number,
  patches: readonly Patch[],
): Promise<string | undefined> {
  return withCopy({ root, folders: ['lib', 'functions'], below: '' }, patches, async copy => {
    const all = { index: 0, of: 1, untilWrong: true }
    const { found } = await runWorker({ root: copy, seed, stride: ENOUGH, ...all })
    return found[0]
  })
}
