import { cpSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { oracles } from './interop/oracles.ts'
import { Missing, runProgram, runSetup } from './interop/programs.ts'
import { makeTasks, openTasks, sealOf, type Task, tamperedTask } from './interop/tasks.ts'
import { type ProofOptions, type ProofResult, tell } from './proof.ts'

/** What one library did. */
interface Outcome {
  opened: number
  accepted: number
  failed: number
}

/**
 * Our seals are opened by other JOSE libraries, and theirs by us. A library whose toolchain is missing or
 * that cannot be installed is named under `notRun`, with the reason on standard error.
 */
export async function run({ quick }: ProofOptions): Promise<ProofResult> {
  const total: Outcome = { opened: 0, accepted: 0, failed: 0 }
  const notRun: string[] = []
  for (const name of quick ? ['jose'] : Object.keys(oracles)) {
    try {
      const outcome = await tryOracle(name)
      tell(`${name}: ${JSON.stringify(outcome)}`)
      total.opened += outcome.opened
      total.accepted += outcome.accepted
      total.failed += outcome.failed
    } catch (error) {
      if (!(error instanceof Missing)) throw error
      tell(`${name} not run: ${error.message}`)
      notRun.push(name)
    }
  }
  return { holds: total.failed === 0 && total.opened > 0, figures: { ...total, notRun } }
}

async function tryOracle(name: string): Promise<Outcome> {
  const oracle = oracles[name]
  if (oracle === undefined) throw new Missing('no such library')
  const folder = oracle.isHere ? join(import.meta.dirname, 'interop', name) : scratch(name)
  for (const command of oracle.setup) runSetup(command, folder)
  const outcome: Outcome = { opened: 0, accepted: 0, failed: 0 }
  const tasks = openTasks(oracle)
  for (const [i, said] of answers(oracle.open, folder, tasks).entries()) {
    const wanted = tasks[i]
    if (wanted !== undefined && textOf(said) === wanted.text) outcome.opened++
    else fail(outcome, `${name} did not open ${wanted?.name}`)
  }
  if (runProgram(oracle.open, folder, [tamperedTask()]).status === 0) {
    fail(outcome, `${name} opened a seal whose tag was changed`)
  }
  const orders = makeTasks(oracle)
  for (const [i, said] of answers(oracle.make, folder, orders).entries()) {
    const order = orders[i]
    const why = order === undefined ? 'said too much' : order.accept(sealOf(said))
    if (why === undefined) outcome.accepted++
    else fail(outcome, `${name}: ${order?.name}: ${why}`)
  }
  return outcome
}

function fail(outcome: Outcome, why: string): void {
  outcome.failed++
  tell(why)
}

function textOf(said: unknown): unknown {
  return typeof said === 'object' && said !== null && 'text' in said ? said.text : undefined
}

/** One answer for each task; none where the program gave up. */
function answers(command: readonly string[], folder: string, tasks: readonly Task[]): unknown[] {
  const { status, stdout, stderr } = runProgram(command, folder, tasks)
  if (status !== 0) tell(stderr)
  const said: unknown[] = stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))
  return tasks.map((_, i) => said[i])
}

/** Programs are copied and installed outside the repository; what is there from an earlier run is used. */
function scratch(name: string): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
  const folder = join(cache, 'lasthop-interop', name)
  mkdirSync(folder, { recursive: true })
  cpSync(join(import.meta.dirname, 'interop', name), folder, { recursive: true })
  return folder
}
