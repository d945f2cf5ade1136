/** What was used of AWS, by the account that pays for it: counters, not prices. */
export interface Counts {
  /** Calls that API Gateway received. */
  apiCalls: number
  /** Bytes of their answers, headers left out. */
  outBytes: number
  invocations: number
  /** Each invocation rounded up to a whole millisecond, as it is billed. */
  lambdaMs: number
  /** Calls that functions make to other services and wait for. */
  roundTrips: number
  writeUnits: number
  readUnits: number
  /** KMS requests with an RSA 3072 or P-256 key. */
  kmsAsymmetric: number
  kmsSymmetric: number
  secretReads: number
  /** Bytes that functions write to their logs. */
  logBytes: number
}

/** Who pays. */
export type Account = 'gateway' | 'courier'

/** Counts of both accounts. */
export type Usage = Readonly<Record<Account, Counts>>

/** Nothing used. */
export function nothing(): Counts {
  return {
    ...{ apiCalls: 0, outBytes: 0, invocations: 0, lambdaMs: 0, roundTrips: 0, writeUnits: 0 },
    ...{ readUnits: 0, kmsAsymmetric: 0, kmsSymmetric: 0, secretReads: 0, logBytes: 0 },
  }
}

/** The names of all counters. */
export const COUNTERS = Object.keys(nothing()) as (keyof Counts)[]

/** Every counter by a function of its name. */
export function countsBy(value: (name: keyof Counts) => number): Counts {
  const made = nothing()
  for (const name of COUNTERS) made[name] = value(name)
  return made
}

/** Several together. */
export function sum(all: readonly Counts[]): Counts {
  return countsBy(name => all.reduce((total, one) => total + one[name], 0))
}

/** What one of `orders` took, to four decimals. */
export function perOrder(of: Counts, orders: number): Counts {
  return countsBy(name => Math.round((of[name] / orders) * 10_000) / 10_000)
}
