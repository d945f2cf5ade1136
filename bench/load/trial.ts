import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import type { PlatformIdentity } from '../../lib/local/identities.ts'
import type { Partners } from './partners.ts'
import { arrive, type Posted } from './platform.ts'

/** Longest that the slowest post of a hundred may take, in milliseconds. */
export const POST_MS = 50

/** Longest that the courier may lag behind when the last order has come, in milliseconds. */
const LAG_MS = 2_000

/** Longest that acknowledged orders are waited for before they count as lost, in milliseconds. */
const MOST_LAG_MS = 120_000

/** What a trial was run against. */
export interface Setting {
  readonly origin: string
  readonly identity: PlatformIdentity
  readonly partners: Partners
  /** Counts every post that is answered. */
  readonly onPost: () => void
}

/** Orders at one rate for some time. */
export interface Trial {
  readonly ratePerSecond: number
  readonly seconds: number
  readonly posts: number
  readonly postP50Ms: number
  readonly postP99Ms: number
  readonly acknowledged: number
  /** Posts that were told, properly, to come again. */
  readonly turnedAway: number
  /** Posts that ended in any other way than 200, or with such an answer that says not when. */
  readonly errors: number
  /** From the last arrival until the courier had answered every acknowledged order. */
  readonly lagMs: number
  /** Acknowledged orders that the courier never saw. */
  readonly lost: number
}

/** Whether a trial is what is promised: fast, without an error, and the courier keeps pace. */
export function holds(trial: Trial): boolean {
  const { postP99Ms, turnedAway, errors, lost, lagMs } = trial
  return postP99Ms <= POST_MS && turnedAway + errors + lost === 0 && lagMs <= LAG_MS
}

const rounded = (figure: number): number => Math.round(figure * 10) / 10

function quantile(posted: readonly Posted[], part: number): number {
  const times = posted.map(({ ms }) => ms).sort((a, b) => a - b)
  return rounded(times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN)
}

/** Runs a trial, and waits until what was acknowledged has been answered, two minutes at most. */
export async function runTrial(
  { origin, identity, partners, onPost }: Setting,
  of: { readonly ratePerSecond: number; readonly seconds: number; readonly orders: number },
): Promise<Trial> {
  const { posted, acknowledged } = await arrive(origin, identity, of, onPost)
  const ended = performance.now()
  const { answered } = partners.done
  const isLeft = () => [...acknowledged].some(order => !answered.has(order))
  while (isLeft() && performance.now() - ended < MOST_LAG_MS) await wait(50)
  const lagMs = performance.now() - ended
  const away = posted.filter(({ status, saysWhen }) => isAway(status) && saysWhen)
  const taken = posted.filter(({ status }) => status === 200)
  return {
    ...{ ratePerSecond: of.ratePerSecond, seconds: of.seconds, posts: posted.length },
    ...{ postP50Ms: quantile(taken, 0.5), postP99Ms: quantile(taken, 0.99) },
    acknowledged: acknowledged.size,
    turnedAway: away.length,
    errors:
      posted.length - away.length - taken.length + missing(taken.length, of.orders, acknowledged),
    lagMs: rounded(lagMs),
    lost: [...acknowledged].filter(order => !answered.has(order)).length,
  }
}

const isAway = (status: number): boolean => status === 429 || status === 503

/** Orders of posts that went well and that were not acknowledged all the same. */
const missing = (posts: number, orders: number, acknowledged: ReadonlySet<string>): number =>
  posts * orders - acknowledged.size
