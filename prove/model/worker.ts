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
}

/** What a worker counted. `found` is the shortest sequence on which gateway and reference part. */
export interface Tally {
  readonly sequences: number
  readonly commands: number
  readonly divergences: number
  readonly found: string | undefined
}

async function work({ root, seed, sequences: numRuns }: Order): Promise<Tally> {
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
  const { failed, counterexample, errorInstance } = await fc.check(property, { numRuns, seed })
  const how = errorInstance instanceof Error ? errorInstance.message : ''
  const found = failed ? `${JSON.stringify(counterexample)}\n${how}` : undefined
  return { sequences: played, commands, divergences: failed ? 1 : 0, found }
}

if (parentPort !== null) parentPort.postMessage({ tally: await work(workerData) })
