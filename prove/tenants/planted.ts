import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tell } from '../proof.ts'
import { type Bug, bugs, type Patch } from './bugs.ts'
import { runWorker } from './crew.ts'

/** What became of a planted bug; nothing in `caughtBy` is a proof that does not see it. */
export interface Planted {
  readonly name: string
  readonly caughtBy: string | undefined
}

/** All callers who are let in, and enough of the others to meet every planted bug. */
const ENOUGH = { letIn: 1, refused: 11 }

/**
 * Runs the proof against copies of the code, each with one bug, until a cell is wrong. The copy without
 * any bug comes first, and no cell may be wrong in it.
 */
export async function plantBugs(root: string, seed: number): Promise<Planted[]> {
  const intact = await tryCopy(root, seed, [])
  if (intact !== undefined) throw new Error(`a copy without a bug is wrong: ${intact}`)
  const results: Planted[] = []
  const left = [...bugs]
  const runner = async (): Promise<void> => {
    for (let bug = left.shift(); bug !== undefined; bug = left.shift()) {
      const caughtBy = await tryCopy(root, seed, bug.patches)
      results.push({ name: bug.name, caughtBy })
      tell(line(bug, caughtBy))
    }
  }
  await Promise.all([runner(), runner()])
  return results
}

const line = ({ name }: Bug, caughtBy: string | undefined): string =>
  caughtBy === undefined
    ? `planted, NOT CAUGHT: ${name}`
    : `planted: ${name}; caught: ${caughtBy.slice(0, 200)}`

/** The first wrong cell of a copy with these patches; nothing where there is none. */
export async function tryCopy(
  root: string,
  seed: number,
  patches: readonly Patch[],
): Promise<string | undefined> {
  const copy = mkdtempSync(join(tmpdir(), 'lasthop-planted-'))
  try {
    for (const room of ['lib', 'functions'])
      cpSync(join(root, room), join(copy, room), { recursive: true })
    writeFileSync(join(copy, 'package.json'), '{"type":"module"}')
    for (const name of ['node_modules', 'schemas']) symlinkSync(join(root, name), join(copy, name))
    for (const patch of patches) apply(copy, patch)
    const all = { index: 0, of: 1, untilWrong: true }
    const { found } = await runWorker({ root: copy, seed, stride: ENOUGH, ...all })
    return found[0]
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

/** A patch that does not apply proves nothing: the list must follow the code. */
function apply(copy: string, { file, find, put }: Patch): void {
  const path = join(copy, file)
  const before = readFileSync(path, 'utf8')
  if (!before.includes(find)) throw new Error(`${file} no longer holds: ${find}`)
  writeFileSync(path, before.replaceAll(find, put))
}
