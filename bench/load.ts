import { parseArgs } from 'node:util'
import { readIdentities } from '../lib/local/identities.ts'
import { startGateway } from './load/gateway.ts'
import { watchMemory } from './load/memory.ts'
import { ASSIGN_ONE_IN, type Done } from './load/partners.ts'
import { partnersApart } from './load/partners-apart.ts'
import { holds, runTrial, type Setting, type Trial } from './load/trial.ts'

/** Five million orders a day, on average and at the day's peak. */
const [MEAN, PEAK] = [58, 290]
const RATES = [10, 20, 40, MEAN, 80, 100, 125, 150, 175, 200, 250, PEAK]
const FULL_SECONDS = 600
const SHORT_SECONDS = 10
/** Trials of one rate, of which one must hold: others use the machine too. */
const TRIES = 3

interface Options {
  readonly seconds: number
  /** Orders in one request. */
  readonly orders: number
  readonly rates: readonly number[]
  readonly full: boolean
}

function read(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: String(SHORT_SECONDS) },
      orders: { type: 'string', default: '1' },
      rate: { type: 'string' },
      full: { type: 'boolean', default: false },
    },
  })
  const { seconds, orders, rate, full } = values
  const rates = rate === undefined ? RATES : [Number(rate)]
  return { seconds: Number(seconds), orders: Number(orders), rates, full }
}

/** The highest rate that holds, with its trial; the lowest one tried where none does. Ends after two that do not. */
async function search(setting: Setting, { seconds, orders, rates }: Options): Promise<Trial> {
  let best: Trial | undefined
  let missed = 0
  for (const ratePerSecond of rates) {
    const trial = await tryRate(setting, { ratePerSecond, seconds, orders })
    missed = holds(trial) ? 0 : missed + 1
    if (holds(trial) || best === undefined) best = trial
    if (missed === 2) break
  }
  if (best === undefined) throw new Error('no rate to try')
  return best
}

async function tryRate(setting: Setting, of: Parameters<typeof runTrial>[1]): Promise<Trial> {
  const trials: Trial[] = []
  for (let n = 0; n < TRIES; n++) {
    const trial = tell('trial', await runTrial(setting, of))
    if (holds(trial)) return trial
    trials.push(trial)
  }
  const [first, ...rest] = trials
  if (first === undefined) throw new Error('nothing was tried')
  return rest.reduce((a, b) => (b.postP99Ms < a.postP99Ms ? b : a), first)
}

function tell(name: string, trial: Trial): Trial {
  console.log(JSON.stringify({ [name]: trial, holds: holds(trial) }))
  return trial
}

/**
 * Orders that arrive at a fixed rate, each timed from when it was due, against a gateway in its own process
 * with its embedded services, while a courier, a station and the platform do their part: the highest rate
 * at which 99 posts of 100 take at most 50 ms (target: 290 a second), then twice the peak, then a quiet time.
 * `--seconds N` for a trial, `--orders N` in one request, `--rate N` alone, `--full` ten minutes of the best.
 */
export async function run(args: readonly string[] = []): Promise<Record<string, number>> {
  const options = read(args)
  const gateway = await startGateway()
  const identity = readIdentities(gateway.folder)?.platforms.douyin
  if (identity === undefined) throw new Error('no platform')
  const partners = partnersApart(gateway.folder)
  let posts = 0
  const onPost = () => {
    posts += 1
  }
  const setting = { origin: gateway.origin, identity, partners, onPost }
  const memory = watchMemory(gateway.memory, () => posts + partners.done.requests)
  try {
    const { seconds, orders } = options
    tell('warmUp', await runTrial(setting, { ratePerSecond: MEAN, seconds: 5, orders }))
    const found = await search(setting, options)
    const at = { ratePerSecond: found.ratePerSecond, seconds: FULL_SECONDS, orders }
    const best = options.full ? tell('full', await runTrial(setting, at)) : found
    const twice = { ratePerSecond: 2 * Math.max(PEAK, best.ratePerSecond), seconds, orders }
    const over = tell('overload', await runTrial(setting, twice))
    const quiet = { ratePerSecond: Math.min(MEAN, best.ratePerSecond / 2), seconds, orders }
    const after = tell('recovery', await runTrial(setting, quiet))
    await partners.stop()
    return summary({ best, over, after }, partners.done, { ...memory.stop(), posts })
  } finally {
    await partners.stop()
    await gateway.stop()
  }
}

function summary(
  { best, over, after }: Record<'best' | 'over' | 'after', Trial>,
  done: Done,
  { posts, ...memory }: { posts: number; memoryMb: number; slopeMbPer100k: number },
): Record<string, number> {
  const { ratePerSecond, seconds, postP50Ms, postP99Ms, errors, lagMs } = best
  return {
    ...{ ratePerSecond, postP99Ms, errors, seconds, postP50Ms, lagMs },
    lost: best.lost + over.lost + after.lost,
    overloadPerSecond: over.ratePerSecond,
    ...{ overloadTurnedAway: over.turnedAway, overloadErrors: over.errors },
    ...{ overloadAcknowledged: over.acknowledged, overloadP99Ms: over.postP99Ms },
    ...{ recoveryP99Ms: after.postP99Ms, recoveryErrors: after.errors + after.turnedAway },
    ...{ answered: done.answered.size, assigned: done.assigned, assignOneIn: ASSIGN_ONE_IN },
    ...{ opened: done.opened, events: done.events, platformEvents: done.platformEvents },
    ...{ partnerErrors: done.errors, requests: posts + done.requests, ...memory },
  }
}

if (import.meta.main) console.log(await run(process.argv.slice(2)))
