/** Releases of one actor are counted in windows of this length, which slide. */
export interface Brake {
  readonly limit: number
  readonly windowSeconds: number
}

/** Number of the fixed window that a moment lies in. */
export function windowOf(at: Date, windowSeconds: number): number {
  return Math.floor(at.getTime() / 1000 / windowSeconds)
}

/**
 * How many releases the running window may hold, so that the sliding window does not hold more than
 * `limit`: the last fixed window weighs in with the share of it that the sliding one still covers.
 *
 * @example room({ limit: 100, windowSeconds: 3600 }, 80, at half past) // 60
 */
export function room(brake: Brake, lastWindow: number, at: Date): number {
  const { limit, windowSeconds } = brake
  const passed = (at.getTime() / 1000 / windowSeconds) % 1
  return Math.max(0, Math.floor(limit - lastWindow * (1 - passed)))
}
