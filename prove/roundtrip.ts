import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProofOptions, ProofResult } from './proof.ts'
import { tell } from './proof.ts'
import { runCrew } from './roundtrip/crew.ts'
import { plantBugs } from './roundtrip/planted.ts'
import type { Tally } from './roundtrip/worker.ts'

/** How many orders come through at least. */
const SIZE = { full: 1_000_000, quick: 4_000 }

/**
 * Orders of every platform to every courier and back: nothing is lost outside the declared list, and
 * what is sealed is what was posted. A full run then plants bugs, one at a time, and shows that each is
 * caught.
 */
export async function run({ quick, seed, planted }: ProofOptions): Promise<ProofResult> {
  const root = join(import.meta.dirname, '..')
  const start = performance.now()
  const atLeast = quick ? SIZE.quick : SIZE.full
  const tally = await runCrew({ root, seed, atLeast }, progress(quick ? 0 : 50_000))
  report(tally)
  const seconds = Math.round((performance.now() - start) / 100) / 10
  const bugs = planted || !quick ? await plantBugs(root, seed) : undefined
  const caught = bugs?.filter(bug => bug.caughtBy !== undefined).length
  return {
    holds: tally.lost === 0 && caught === bugs?.length,
    figures: {
      ...{ cases: tally.cases, lost: tally.lost, pairs: Object.keys(tally.pairs).length },
      ...{ refused: tally.refused, sealed: tally.sealed, opened: tally.opened },
      ...{ seed, seconds },
      ...(bugs === undefined ? {} : { planted: bugs.length, plantedCaught: caught }),
    },
  }
}

function progress(every: number): (count: number) => void {
  let [done, told] = [0, 0]
  return count => {
    done += count
    if (every === 0 || done - told < every) return
    told = done
    tell(`${done.toLocaleString('en')} orders`)
  }
}

function report({ pairs, refusals, found }: Tally): void {
  for (const [pair, count] of Object.entries(pairs)) tell(`${String(count).padStart(9)}  ${pair}`)
  for (const [what, count] of Object.entries(refusals))
    tell(`${String(count).padStart(9)}  refused, then tried plainer: ${what}`)
  for (const line of new Set(found.map(({ what }) => what))) tell(`lost: ${line}`)
  if (found.length === 0) return
  const path = join(tmpdir(), 'lasthop-roundtrip-lost.json')
  writeFileSync(path, JSON.stringify(found, null, 1))
  tell(`the orders that lost something: ${path}`)
}
