import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tell } from '../proof.ts'
import { type Bug, bugs, type Patch } from './bugs.ts'
import { runWorker } from './crew.ts'
import type { Order } from './worker.ts'

/** What became of a planted bug; nothing in `caughtBy` is a proof that does not see it. */
export interface Planted {
  readonly name: string
  readonly caughtBy: string | undefined
}

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
  caughtBy === undefined ? `planted, NOT CAUGHT: ${name}` : `planted: ${name}; caught: ${caughtBy}`

/** The first fault of a copy with these patches; nothing where there is none. */
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
    const { found } = await runWorker({ root: copy, seed, inputs: ENOUGH, untilFault: true })
    const [first] = found
    return first && `${first.layer}, ${first.broken}, ${first.what}`
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
