import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tell } from '../proof.ts'
import { type Bug, bugs, type Patch } from './bugs.ts'
import type { Base } from './corpus.ts'
import { runWorker } from './crew.ts'

/** What became of a planted bug; nothing in `caughtBy` is a proof that does not see it. */
export interface Planted {
  readonly name: string
  readonly caughtBy: string | undefined
}

/** Rooms that a seal passes through. */
const ROOMS = ['model', 'seal', 'access']

/**
 * Runs the quick proof against copies of `lib/`, each without one check. The copy without any bug comes
 * first, and nothing may be found in it.
 */
export async function plantBugs(
  root: string,
  corpus: readonly Base[],
  seed: number,
): Promise<Planted[]> {
  const intact = await tryCopy(root, corpus, seed, [])
  if (intact !== undefined) throw new Error(`a copy without a bug is faulty: ${intact}`)
  const results: Planted[] = []
  const left = [...bugs]
  const runner = async (): Promise<void> => {
    for (let bug = left.shift(); bug !== undefined; bug = left.shift()) {
      const caughtBy = await tryCopy(root, corpus, seed, bug.patches)
      results.push({ name: bug.name, caughtBy })
      tell(line(bug, caughtBy))
    }
  }
  await Promise.all([runner(), runner()])
  return results
}

const line = ({ name }: Bug, caughtBy: string | undefined): string =>
  caughtBy === undefined ? `planted, NOT CAUGHT: ${name}` : `planted: ${name}; caught: ${caughtBy}`

/**
 * The first fault of the quick proof against a copy with these patches: `text, opened at open`. Nothing
 * where it finds none.
 */
export async function tryCopy(
  root: string,
  corpus: readonly Base[],
  seed: number,
  patches: readonly Patch[],
): Promise<string | undefined> {
  const copy = mkdtempSync(join(tmpdir(), 'lasthop-planted-'))
  try {
    for (const room of ROOMS) {
      cpSync(join(root, 'lib', room), join(copy, 'lib', room), { recursive: true })
    }
    writeFileSync(join(copy, 'package.json'), '{"type":"module"}')
    for (const patch of patches) apply(copy, patch)
    const order = { root: copy, corpus, seed, quick: true, atLeast: 0 }
    const { found } = await runWorker({ ...order, index: 0, of: 1, untilFault: true })
    return found.map(({ kind, door, what }) => `${kind}, ${what} at ${door}`)[0]
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

/** A patch that does not apply proves nothing: the list must follow the code. */
function apply(copy: string, { file, find, put }: Patch): void {
  const path = join(copy, 'lib', file)
  const before = readFileSync(path, 'utf8')
  if (!before.includes(find)) throw new Error(`${file} no longer holds: ${find}`)
  writeFileSync(path, before.replaceAll(find, put))
}
