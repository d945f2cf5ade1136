/** Memory of a process while it works. */
export interface Memory {
  /** Stops looking, and says what was seen. */
  stop(): { readonly memoryMb: number; readonly slopeMbPer100k: number }
}

/** One look: how many requests had been served, and megabytes. */
type Look = readonly [requests: number, megabytes: number]

const EVERY_MS = 1_000

/**
 * Looks at a process once a second. The slope is the straight line through what was seen in the later two
 * thirds, in megabytes for every 100,000 requests: a process fills its heap at first.
 */
export function watchMemory(megabytes: () => number, requests: () => number): Memory {
  const looks: Look[] = []
  const timer = setInterval(() => looks.push([requests(), megabytes()]), EVERY_MS)
  return {
    stop() {
      clearInterval(timer)
      const later = looks.slice(Math.floor(looks.length / 3))
      const memoryMb = Math.round(Math.max(...later.map(([, mb]) => mb)))
      return { memoryMb, slopeMbPer100k: Math.round(slopeOf(later) * 1e6) / 10 }
    },
  }
}

/** Least squares. */
export function slopeOf(points: readonly Look[]): number {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, value]) => value))]
  const over = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0)
  const along = points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0)
  return over === 0 ? 0 : along / over
}
