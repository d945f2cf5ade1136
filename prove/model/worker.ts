import { parentPort, workerData } from 'node:worker_threads'
import fc from 'fast-check'
import { prepare } from '../faults/world.ts'
import { playSequence, sequences } from './play.ts'

/** What one worker is to do. */
export interface Order {
  /** Folder that holds the code which is put to the proof. */
  readonly root: string
  readonly seed: number
  readonly sequences: number
  /** Looks for the shortest sequence that makes the two part; any will do for a planted bug. */
  readonly shrinks: boolean
}

/** What a worker counted. `found` is a sequence on which gateway and reference part. */
export interface Tally {
  readonly sequences: number
  readonly commands: number
  readonly divergences: number
  readonly found: string | undefined
}

async function work({ root, seed, sequences: numRuns, shrinks }: Order): Promise<Tally> {
  const bench = await prepare(root)
  let played = 0
  let commands = 0
  const property = fc.asyncProperty(sequences, async sequence => {
    const { commands: sent, divergence } = await playSequence(bench, sequence)
    played += 1
    commands += sent
    if (played % 1000 === 0) parentPort?.postMessage({ sequences: 1000 })
    if (divergence !== undefined) throw new Error(divergence)
  })
  const how = { numRuns, seed, endOnFailure: !shrinks }
  const { failed, counterexample, errorInstance } = await fc.check(property, how)
  const where = errorInstance instanceof Error ? errorInstance.message : ''
  const found = failed ? `${JSON.stringify(counterexample)}\n${where}` : undefined
  return { sequences: played, commands, divergences: failed ? 1 : 0, found }
}

if (parentPort !== null) parentPort.postMessage({ tally: await work(workerData) })
