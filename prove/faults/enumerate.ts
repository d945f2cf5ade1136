import { check, type ItemsOf } from './check.ts'
import type { Request } from './clients.ts'
import type { Written } from './double.ts'
import { befalls, type Call, type Kind, kinds } from './layer.ts'
import { difference, ledgerOf } from './ledger.ts'
import { deliver, type Facts, noFacts } from './play.ts'
import type { Scenario } from './scenarios.ts'
import { type Bench, createWorld, type World } from './world.ts'

/** Faults of one run, by the number of the call that each befalls. */
export type Plan = ReadonlyMap<number, Kind>

/** How a run went. */
export interface Outcome {
  /** Calls of the request that the faults were for, all its repeats among them. */
  readonly calls: readonly Call[]
  readonly replies: readonly string[]
  readonly ledger: readonly string[]
  /** What was broken, `lost: …`; empty where all promises were kept. */
  readonly problems: readonly string[]
  readonly faults: number
}

/**
 * Plays a scenario in a world of its own. The request under test is sent twice, the second time in peace.
 *
 * @param peace how the same went in peace, where that is known
 */
export async function play(
  bench: Bench,
  scenario: Scenario,
  plan: Plan,
  peace?: Outcome,
): Promise<Outcome> {
  const world = createWorld(bench, 7)
  const { double } = world
  if (double === undefined) throw new Error('no tables in memory')
  const journal: Written[] = []
  double.onWrite = written => journal.push(written)
  return playIn({ world, items: async () => double.items, journal }, scenario, plan, peace)
}

/** Where a scenario is played. */
export interface Stage {
  readonly world: World
  /** Looks at the tables. */
  items(): Promise<ItemsOf>
  /** What was written so far; empty where nobody sees it. */
  readonly journal: readonly Written[]
  /** Has the request under test sent, the first time; by the world's own processes if absent. */
  readonly send?: (request: Request, facts: Facts) => Promise<string>
}

/** Plays a scenario on a stage that is empty. */
export async function playIn(
  stage: Stage,
  scenario: Scenario,
  plan: Plan,
  peace?: Outcome,
): Promise<Outcome> {
  const { world } = stage
  const { layer } = world
  const facts = noFacts()
  const calls: Call[] = []
  const replies: string[] = []
  const send = stage.send ?? ((request, of) => deliver(world, request, of))
  await scenario({
    ...{ world, facts },
    say: request => deliver(world, request, facts),
    async test(request) {
      layer.plan = call => plan.get(calls.push(call) - 1)
      replies.push(await send(request, facts))
      layer.plan = () => undefined
      replies.push(await deliver(world, request, facts))
    },
  })
  await layer.settle()
  const items = await stage.items()
  const ledger = ledgerOf(items, world.now)
  const isKnown = ledger.join('\n') === peace?.ledger.join('\n')
  const problems = await check(world, items, stage.journal, facts, isKnown)
  const faults = Object.values(layer.injected).reduce((sum, count) => sum + count, 0)
  return {
    ...{ calls, replies, ledger, faults },
    problems: problems.map(({ what, where }) => `${what}: ${where}`),
  }
}

/** What was wrong with a run, compared with the same in peace. */
export function verdictOf(peace: Outcome, run: Outcome): string[] {
  const [first = '', repeat = ''] = run.replies
  const isKnown = peace.replies.includes(first) && peace.replies[1] === repeat
  return [
    ...run.problems,
    ...(isKnown ? [] : [`doubled: answered ${first} and then ${repeat}`]),
    ...(run.ledger.join('\n') === peace.ledger.join('\n')
      ? []
      : [`lost: ${difference(peace.ledger, run.ledger)}`]),
  ]
}

/** Which plans are tried: every `of`th single fault from `index` on, and every `step`th pair upon it. */
export interface Share {
  readonly index: number
  readonly of: number
  readonly step: number
}

/** All single faults of a scenario, then all pairs, as far as they are this share's. */
export async function* plansOf(
  peace: Outcome,
  run: (plan: Plan) => Promise<Outcome>,
  { index, of, step }: Share,
): AsyncGenerator<{ plan: Plan; outcome: Outcome }> {
  let pairs = 0
  for (const [n, [at, kind]] of placesIn(peace.calls, 0).entries()) {
    if (n % of !== index) continue
    const first: Plan = new Map([[at, kind]])
    const outcome = await run(first)
    yield { plan: first, outcome }
    for (const [then, second] of placesIn(outcome.calls, at + 1)) {
      if (pairs++ % step !== 0) continue
      const plan: Plan = new Map([...first, [then, second]])
      yield { plan, outcome: await run(plan) }
    }
  }
}

/** Every call from one on, and all that may befall it. */
export function placesIn(calls: readonly Call[], from: number): [number, Kind][] {
  return calls
    .slice(from)
    .flatMap((call, at) =>
      kinds.filter(kind => befalls(kind, call)).map((kind): [number, Kind] => [from + at, kind]),
    )
}
