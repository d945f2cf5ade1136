import { join } from 'node:path'
import { runCrew } from './faults/crew.ts'
import { plantBugs } from './faults/planted.ts'
import { playReal, type Real } from './faults/real.ts'
import type { Tally } from './faults/worker.ts'
import { type ProofOptions, type ProofResult, tell } from './proof.ts'

/** How many faults are injected at least, and every how many-th single fault and pair upon it is tried. */
const SIZE = {
  full: { atLeast: 1_000_000, every: 1, step: 1 },
  quick: { atLeast: 3_000, every: 3, step: 2_000 },
}

/**
 * Whatever befalls the calls to the store, to KMS and to routers, no acknowledged order is lost, doubled
 * or skipped, and no other promise is broken: every single fault and every pair at every call of every
 * flow, then scripts of chance. A full run then plays upon databases that run, with processes that are
 * killed, and plants bugs, and shows that each is caught.
 */
export async function run({ quick, seed, planted }: ProofOptions): Promise<ProofResult> {
  const root = join(import.meta.dirname, '..')
  const start = performance.now()
  tell(`seed ${seed}`)
  const size = quick ? SIZE.quick : SIZE.full
  const tally = await runCrew({ root, seed, ...size }, progress(quick ? 0 : 50_000))
  report(tally)
  const seconds = Math.round((performance.now() - start) / 100) / 10
  const real = quick ? undefined : await playReal(root, seed, { faultStep: 20, scenarioStep: 1 })
  for (const problem of real?.problems ?? []) tell(problem.slice(0, 2000))
  const bugs = planted || !quick ? await plantBugs(root, seed) : undefined
  const caught = bugs?.filter(bug => bug.caughtBy !== undefined).length
  const { lost, doubled, skipped, ...others } = tally.broken
  const isKept = Object.values(tally.broken).every(count => count === 0) && !real?.problems.length
  const { faults, singles, pairs, scripts } = tally
  return {
    holds: isKept && caught === bugs?.length,
    figures: {
      ...{ faults, lost, doubled, skipped, ...others, singles, pairs, scripts, seed, seconds },
      ...(real === undefined ? {} : { real: figuresOf(real) }),
      ...(bugs === undefined ? {} : { planted: bugs.length, plantedCaught: caught }),
    },
  }
}

/** Plays upon each database; null where it cannot run here. */
const figuresOf = ({ dynoxide, dynamodbLocal, kills, problems }: Real) => ({
  ...{ dynoxide, dynamodbLocal: dynamodbLocal ?? null, kills, problems: problems.length },
})

function progress(every: number): (index: number, faults: number) => void {
  const of = new Map<number, number>()
  let told = 0
  return (index, faults) => {
    of.set(index, faults)
    const sum = [...of.values()].reduce((all, one) => all + one, 0)
    if (every === 0 || sum < told + every) return
    told = sum
    tell(`${sum.toLocaleString('en')} faults`)
  }
}

function report({ found, singles, pairs, scripts }: Tally): void {
  tell(`${singles} single faults, ${pairs} pairs, ${scripts} scripts of chance`)
  for (const line of found) tell(line.slice(0, 2000))
}
