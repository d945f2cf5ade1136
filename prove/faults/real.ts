import { tell } from '../proof.ts'
import { type Chance, chanceOf } from '../seals/chance.ts'
import { type RealDatabase, type RealName, startReal } from './database.ts'
import {
  type Outcome,
  type Plan,
  placesIn,
  play,
  playIn,
  type Stage,
  verdictOf,
} from './enumerate.ts'
import { createProcesses, type Processes } from './killed.ts'
import { deliver } from './play.ts'
import { type Scenario, scenarios } from './scenarios.ts'
import { type Bench, prepare, worldOver } from './world.ts'

/** What was played upon databases that run: plays by database, and processes killed. */
export interface Real {
  readonly dynoxide: number
  /** Undefined where it cannot run here. */
  readonly dynamodbLocal: number | undefined
  readonly kills: number
  /** What was broken, and where. */
  readonly problems: readonly string[]
}

/** How much of it: of the single faults every so many-th, of the scenarios every so many-th. */
export interface Part {
  readonly faultStep: number
  readonly scenarioStep: number
}

/**
 * Plays the scenarios upon databases that run: in peace, with some of the single faults, and with the
 * process killed by SIGKILL in the middle of the request. Each must end as it does in peace in memory.
 */
export async function playReal(root: string, seed: number, part: Part): Promise<Real> {
  const bench = await prepare(root)
  const on = { root, bench, seed, part }
  const dynoxide = await playUpon('dynoxide', await startReal('dynoxide', bench), on)
  const database = await startReal('dynamodbLocal', bench).catch((error: Error) => {
    tell(`NOT PLAYED upon DynamoDB Local: ${error.message}`)
  })
  const local = database && (await playUpon('dynamodbLocal', database, on))
  return {
    ...{ dynoxide: dynoxide.plays, dynamodbLocal: local?.plays },
    kills: dynoxide.kills + (local?.kills ?? 0),
    problems: [...dynoxide.problems, ...(local?.problems ?? [])],
  }
}

interface On {
  readonly root: string
  readonly bench: Bench
  readonly seed: number
  readonly part: Part
}

async function playUpon(name: RealName, real: RealDatabase, { root, bench, seed, part }: On) {
  const problems: string[] = []
  let plays = 0
  const note = (where: string, peace: Outcome, run: Outcome) => {
    plays += 1
    for (const problem of verdictOf(peace, run))
      problems.push(`${problem} — ${where}, upon ${name}`)
  }
  const chance = chanceOf(seed)
  const { endpoint } = real
  const processes = createProcesses(bench.subject, { root, endpoint }, chance.below(2 ** 30))
  try {
    for (const [at, [title, scenario]] of Object.entries(scenarios).entries()) {
      if (at % part.scenarioStep !== 0) continue
      const peace = await play(bench, scenario, new Map())
      const there = { bench, real, scenario, chance }
      for (const plan of plansOf(peace, at, part.faultStep)) {
        const told = [...plan].map(([call, kind]) => `${kind} at ${call}`).join()
        note(`${title} ${told || 'in peace'}`, peace, await playThere(there, plan))
      }
      const calls = 1 + chance.below(peace.calls.length)
      const killed = await playKilled(there, processes, calls)
      note(`${title}, killed after ${calls} calls`, peace, killed)
    }
  } finally {
    await processes.stop()
    await real.stop()
  }
  const { kills } = processes
  tell(`${plays} plays upon ${name}, ${kills} processes killed`)
  return { plays, kills, problems }
}

/** Peace, and every so many-th single fault. */
function plansOf({ calls }: Outcome, at: number, step: number): Plan[] {
  const places = placesIn(calls, 0).filter((_, n) => n % step === at % step)
  return [new Map(), ...places.map(place => new Map([place]))]
}

interface There {
  readonly bench: Bench
  readonly real: RealDatabase
  readonly scenario: Scenario
  readonly chance: Chance
}

/** An empty stage. Names of writes must differ from one play to the next: it is the same database. */
async function stageOf({ bench, real, chance }: There): Promise<Stage> {
  await real.clear()
  const world = worldOver(bench, chance.below(2 ** 30), real.database)
  return { world, items: real.items, journal: [] }
}

const playThere = async (there: There, plan: Plan): Promise<Outcome> =>
  playIn(await stageOf(there), there.scenario, plan)

/** The process that carries out the request is killed, and a fresh one carries out the repeat. */
async function playKilled(there: There, processes: Processes, calls: number): Promise<Outcome> {
  const stage = await stageOf(there)
  const { world } = stage
  const { start } = world
  const send: Stage['send'] = async (request, facts) => {
    processes.now = () => world.now
    processes.killAfter(calls)
    world.start = processes.start
    try {
      return await deliver(world, request, facts)
    } finally {
      world.start = start
      processes.killAfter(Number.POSITIVE_INFINITY)
    }
  }
  return playIn({ ...stage, send }, there.scenario, new Map())
}
