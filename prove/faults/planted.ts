import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tell } from '../proof.ts'
import { bugs, type Patch } from './bugs.ts'
import { runWorker } from './crew.ts'

/** What became of a planted bug; nothing in `caughtBy` is a proof that does not see it. */
export interface Planted {
  readonly name: string
  readonly caughtBy: string | undefined
}

/** Rooms that the flows take. */
const ROOMS = [
  ...['access', 'couriers', 'custody', 'flow', 'mask'],
  ...['model', 'platforms', 'seal', 'store', 'translate'],
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
  const results: Planted[] = []
  const left = [...bugs]
  const runner = async (): Promise<void> => {
    for (let bug = left.shift(); bug !== undefined; bug = left.shift()) {
      const caughtBy = await tryCopy(root, seed, bug.patches)
      results.push({ name: bug.name, caughtBy })
      const how = caughtBy?.slice(0, 160) ?? ''
      tell(caughtBy === undefined ? `NOT CAUGHT: ${bug.name}` : `planted: ${bug.name}; ${how}`)
    }
  }
  await Promise.all([runner(), runner()])
  return results
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

/** Has something done with a copy of `lib/` with these patches, which is gone afterwards. */
export async function withCopy<T>(
  root: string,
  patches: readonly Patch[],
  use: (copy: string) => Promise<T>,
): Promise<T> {
  const copy = mkdtempSync(join(tmpdir(), 'lasthop-planted-'))
  try {
    for (const room of ROOMS)
      cpSync(join(root, 'lib', room), join(copy, 'lib', room), { recursive: true })
    cpSync(join(root, 'functions/router'), join(copy, 'functions/router'), { recursive: true })
    writeFileSync(join(copy, 'package.json'), '{"type":"module"}')
    for (const name of ['node_modules', 'schemas']) symlinkSync(join(root, name), join(copy, name))
    for (const patch of patches) apply(copy, patch)
    return await use(copy)
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
