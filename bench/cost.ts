import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { countsBy, perOrder, type Usage } from './cost/counts.ts'
import { bytesStored, countResources, measureIdle } from './cost/idle.ts'
import { itemBytes } from './cost/item-size.ts'
import { dollarsPerMillion, renderPage } from './cost/page.ts'
import { ORDERS, play, type Scenario, type Step } from './cost/play.ts'
import type { CostResult, WayName } from './cost/result.ts'
import { openSite, type Site } from './cost/site.ts'

const ROOT = join(import.meta.dirname, '..')
const RESULT = join(ROOT, 'bench/results/cost.json')
/** The page that is made of it. */
export const PAGE = join(ROOT, 'docs/cost.md')

const WAYS: Readonly<Record<WayName, Scenario>> = {
  single: { batch: 1, opened: true },
  batched: { batch: 24, opened: true },
  'single, not opened': { batch: 1, opened: false },
  'batched, not opened': { batch: 24, opened: false },
}

const ROUNDS = 2

/**
 * Counts what one order uses of AWS, from the bundled functions over the embedded services; writes the
 * counts and the page that prices them. The counts are exact; of the times, the quicker of two rounds
 * counts, because other programs disturb.
 */
export async function run(): Promise<Record<string, number>> {
  const site = await openSite()
  try {
    const result = await measure(site)
    mkdirSync(join(ROOT, 'bench/results'), { recursive: true })
    writeFileSync(RESULT, `${JSON.stringify(result, null, 2)}\n`)
    writeFileSync(PAGE, renderPage(result))
    return dollarsPerMillion(result)
  } finally {
    await site.stop()
  }
}

/** The counts that are committed. */
export function readResult(): CostResult {
  return JSON.parse(readFileSync(RESULT, 'utf8'))
}

async function measure(site: Site): Promise<CostResult> {
  let played = 0
  const playNext = async (scenario: Scenario) => {
    played += 1
    return play(site, scenario, played)
  }
  const first = await playNext({ batch: ORDERS, opened: true })
  const warming = summed(first)
  const stored = await bytesStored(site, ['Orders', 'Keys', 'Audit', 'Custody-sf'], itemBytes)
  await playNext({ batch: 1, opened: true })
  const way = async (name: WayName) => {
    const rounds: Step[][] = []
    for (let round = 0; round < ROUNDS; round++) rounds.push(await playNext(WAYS[name]))
    return quicker(rounds)
  }
  const ways = {
    single: await way('single'),
    batched: await way('batched'),
    'single, not opened': await way('single, not opened'),
    'batched, not opened': await way('batched, not opened'),
  }
  const idle = await measureIdle(site)
  return {
    measured: new Date().toISOString().slice(0, 10),
    node: process.version,
    ...{ ways, warming, idle, resources: countResources(site), stored },
  }
}

/** Step by step the round whose functions took less time, for one order. */
function quicker(rounds: readonly Step[][]): Step[] {
  const [first = []] = rounds
  return first.map(({ name }, n) => {
    const same = rounds.map(round => round[n]).filter(step => step !== undefined)
    const [best = { name, used: summed([]) }] = same.sort((a, b) => ms(a) - ms(b))
    const { gateway, courier } = best.used
    return {
      name,
      used: { gateway: perOrder(gateway, ORDERS), courier: perOrder(courier, ORDERS) },
    }
  })
}

const ms = ({ used }: Step) => used.gateway.lambdaMs + used.courier.lambdaMs

function summed(steps: readonly Step[]): Usage {
  const of = (account: keyof Usage) =>
    countsBy(name => steps.reduce((all, { used }) => all + used[account][name], 0))
  return { gateway: of('gateway'), courier: of('courier') }
}
