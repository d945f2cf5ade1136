import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProofOptions, ProofResult } from './proof.ts'
import { tell } from './proof.ts'
import { makeCorpus } from './seals/corpus.ts'
import { runCrew } from './seals/crew.ts'
import { plantBugs } from './seals/planted.ts'
import type { Tally } from './seals/worker.ts'

/** How many cases are tried at least. */
const SIZE = { full: 1_050_000, quick: 24_000 }

/**
 * No seal that was tampered with is accepted or opened, nothing breaks down, and no error says what was
 * handed in. A full run then plants bugs, one removed check at a time, and shows that each is caught.
 */
export async function run({ quick, seed, planted }: ProofOptions): Promise<ProofResult> {
  const root = join(import.meta.dirname, '..')
  const corpus = makeCorpus()
  const start = performance.now()
  const atLeast = quick ? SIZE.quick : SIZE.full
  const tally = await runCrew({ root, corpus, seed, quick, atLeast }, progress(quick ? 0 : 100_000))
  report(tally)
  const seconds = Math.round((performance.now() - start) / 100) / 10
  const { opened, refused, crashed, leaked } = tally.counts
  const bugs = planted || !quick ? await plantBugs(root, corpus, seed) : undefined
  const caught = bugs?.filter(bug => bug.caughtBy !== undefined).length
  return {
    holds: opened + refused + crashed + leaked === 0 && caught === bugs?.length,
    figures: {
      ...{ cases: tally.cases, opened, crashes: crashed, leaked },
      ...{ controls: tally.controls, controlsRefused: refused, twins: tally.twins },
      ...{ attempts: tally.attempts, seed, seconds },
      ...(bugs === undefined ? {} : { planted: bugs.length, plantedCaught: caught }),
    },
  }
}

function progress(every: number): (count: number) => void {
  let done = 0
  return count => {
    done += count
    if (every > 0 && done % every === 0) tell(`${done.toLocaleString('en')} cases`)
  }
}

function report({ kinds, found }: Tally): void {
  for (const [kind, count] of Object.entries(kinds)) {
    tell(`${String(count).padStart(9)}  ${kind}`)
  }
  for (const line of new Set(found.map(({ what, door, kind }) => `${what} at ${door}: ${kind}`))) {
    tell(line)
  }
  if (found.length === 0) return
  const path = join(tmpdir(), 'lasthop-seals-faults.json')
  writeFileSync(path, JSON.stringify(found, null, 1))
  tell(`what was handed in there: ${path}`)
}
