import { join } from 'node:path'
import { type ProofOptions, type ProofResult, tell } from './proof.ts'
import { runCrew } from './tenants/crew.ts'
import { plantBugs } from './tenants/planted.ts'

/** One cell in so many; a full run tries them all. */
const STRIDE = {
  full: { letIn: 1, refused: 1 },
  quick: { letIn: 5, refused: 47 },
}

/**
 * Who may do what with whose orders, cell by cell, against a table written by hand: principal × call ×
 * address × owner. What is another's answers as what does not exist, byte for byte. A full run then
 * takes out one check at a time, and shows that each is missed.
 */
export async function run({ quick, seed, planted }: ProofOptions): Promise<ProofResult> {
  const root = join(import.meta.dirname, '..')
  const start = performance.now()
  const stride = STRIDE[quick ? 'quick' : 'full']
  const tally = await runCrew({ root, stride, seed }, progress(quick ? 0 : 500))
  for (const line of tally.found.slice(0, 40)) tell(`wrong: ${line}`)
  const seconds = Math.round((performance.now() - start) / 100) / 10
  const bugs = planted || !quick ? await plantBugs(root, seed) : undefined
  const caught = bugs?.filter(bug => bug.caughtBy !== undefined).length
  return {
    holds: tally.wrong + tally.bugs === 0 && caught === bugs?.length,
    figures: {
      ...{ cells: tally.cells, wrong: tally.wrong, letIn: tally.letIn, bugs: tally.bugs },
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
    tell(`${done.toLocaleString('en')} cells`)
  }
}
