import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCrew } from './fuzz/crew.ts'
import { checkPatterns, type Pattern } from './fuzz/patterns.ts'
import { plantBugs } from './fuzz/planted.ts'
import { runSchemathesis, type Schemathesis } from './fuzz/schemathesis.ts'
import type { Order, Tally } from './fuzz/worker.ts'
import { type ProofOptions, type ProofResult, tell } from './proof.ts'

/** How many inputs each layer gets: the cheaper, the more. */
const SIZE: Readonly<Record<'full' | 'quick', Order['inputs']>> = {
  full: {
    ...{ json: 2_600_000, form: 700_000, event: 900_000 },
    ...{ partner: 900_000, app: 240_000, http: 30_000 },
  },
  quick: { json: 20_000, form: 10_000, event: 10_000, partner: 10_000, app: 6_000, http: 400 },
}

/**
 * Hostile input at every door, from bytes to sockets: no answer of 5xx, none off the contract, none
 * that says what was sent. A full run then proves every pattern linear, has Schemathesis call the
 * gateway by its own description, and plants bugs, one at a time, to show that each is caught.
 */
export async function run({ quick, seed, planted }: ProofOptions): Promise<ProofResult> {
  const root = join(import.meta.dirname, '..')
  const start = performance.now()
  const inputs = SIZE[quick ? 'quick' : 'full']
  const tally = await runCrew({ root, seed, inputs }, progress(quick ? 0 : 250_000))
  report(tally)
  const seconds = Math.round((performance.now() - start) / 100) / 10
  const patterns = quick ? undefined : checkPatterns(root)
  reportPatterns(patterns)
  const outside = quick ? undefined : await runSchemathesis()
  if (outside !== undefined) tell(outside.said)
  const bugs = planted || !quick ? await plantBugs(root, seed) : undefined
  const caught = bugs?.filter(bug => bug.caughtBy !== undefined).length
  const slow = patterns && countOf(patterns, 'not linear')
  return {
    holds: holds(tally, slow, outside) && caught === bugs?.length,
    figures: {
      inputs: sum(tally.layers),
      ...tally.broken,
      ...{ layers: tally.layers, longestAnswer: tally.longest, seed, seconds },
      ...(patterns === undefined ? {} : patternFigures(patterns)),
      ...(outside === undefined ? {} : { schemathesis: outside.figures }),
      ...(bugs === undefined ? {} : { planted: bugs.length, plantedCaught: caught }),
    },
  }
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0)

function holds(tally: Tally, slow: number | undefined, outside: Schemathesis | undefined): boolean {
  return sum(tally.broken) === 0 && (slow ?? 0) === 0 && (outside?.failures ?? 0) === 0
}

function progress(every: number): (count: number) => void {
  let [done, told] = [0, 0]
  return count => {
    done += count
    if (every === 0 || done - told < every) return
    told = done
    tell(`${done.toLocaleString('en')} inputs`)
  }
}

function report({ layers, found }: Tally): void {
  for (const [layer, count] of Object.entries(layers))
    tell(`${String(count).padStart(9)}  ${layer}`)
  for (const { layer, broken, what } of found) tell(`${broken} in ${layer}: ${what}`)
  if (found.length === 0) return
  const path = join(tmpdir(), 'lasthop-fuzz-found.json')
  writeFileSync(path, JSON.stringify(found, null, 1))
  tell(`the inputs that found it: ${path}`)
}

function reportPatterns(patterns: readonly Pattern[] = []): void {
  for (const { how, file, source, why } of patterns)
    if (how === 'not linear') tell(`not linear, ${why}: ${file} /${source}/`)
}

const countOf = (patterns: readonly Pattern[], which: Pattern['how']): number =>
  patterns.filter(({ how }) => how === which).length

const patternFigures = (patterns: readonly Pattern[]) => ({
  patterns: patterns.length,
  ...{ proved: countOf(patterns, 'proved'), counted: countOf(patterns, 'counted') },
  ...{ short: countOf(patterns, 'short'), notLinear: countOf(patterns, 'not linear') },
})
