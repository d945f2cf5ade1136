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

/** Rooms that an order passes through. */
const ROOMS = [
  ...['access', 'couriers', 'custody', 'flow', 'mask'],
  ...['model', 'platforms', 'seal', 'store', 'translate'],
]

/** Enough orders to meet every planted bug. */
const ENOUGH = 4_000

/**
 * Runs the proof against copies of `lib/`, each with one bug, until something is lost. The copy without
 * any bug comes first, and nothing may be lost in it.
 */
export async function plantBugs(root: string, seed: number): Promise<Planted[]> {
  const intact = await tryCopy(root, seed)
  if (intact !== undefined) throw new Error(`a copy without a bug loses something: ${intact}`)
  const results: Planted[] = []
  const left = [...bugs]
  const runner = async (): Promise<void> => {
    for (let bug = left.shift(); bug !== undefined; bug = left.shift()) {
      const caughtBy = await tryCopy(root, seed, bug)
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
    : `planted: ${name}; caught: lost ${caughtBy}`

/** The first loss of the proof against a copy with this patch; nothing where there is none. */
export async function tryCopy(
  root: string,
  seed: number,
  patch?: Patch,
): Promise<string | undefined> {
  const copy = mkdtempSync(join(tmpdir(), 'lasthop-planted-'))
  try {
    for (const room of ROOMS)
      cpSync(join(root, 'lib', room), join(copy, 'lib', room), { recursive: true })
    writeFileSync(join(copy, 'package.json'), '{"type":"module"}')
    for (const name of ['node_modules', 'schemas']) symlinkSync(join(root, name), join(copy, name))
    if (patch !== undefined) apply(copy, patch)
    const order = { root: copy, seed, index: 0, of: 1, atLeast: ENOUGH, untilLost: true }
    const { found } = await runWorker(order)
    return found[0]?.what
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
