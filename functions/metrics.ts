import type { Ports } from '../lib/flow/ports.ts'
import type { SweepPorts } from '../lib/flow/sweep.ts'

/** Where lines go: standard output itself, since the runtime's `console` puts words before them. */
export interface Lines {
  write(line: string): unknown
}

/**
 * Counts as CloudWatch embedded metrics: one line of JSON a count, in namespace `LastHop`, by function.
 * Names are ours; nothing of a request is in it. A count of nothing writes nothing.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function countTo(lines: Lines, name: string, now: () => Date): Ports['count'] {
  return (metric, by = 1) => {
    if (by !== 0) lines.write(metricLine(name, now(), metric, by, {}))
  }
}

/** Notes a bug of ours: the metric `bugs`, and the class name of what was thrown, never its text. */
export function bugTo(lines: Lines, name: string, now: () => Date): (className: string) => void {
  return bug => void lines.write(metricLine(name, now(), 'bugs', 1, { bug }))
}

/**
 * Measures of feeds as embedded metrics: `feed-age-seconds`, `feed-depth` and `feed-parked`, by side and
 * partner, and by shard as well. Partners are names of ours; no order is in it.
 */
export function measureTo(lines: Lines, now: () => Date): SweepPorts['measure'] {
  const Dimensions = [
    ['side', 'partner'],
    ['side', 'partner', 'shard'],
  ]
  const Metrics = [
    { Name: 'feed-age-seconds', Unit: 'Seconds' },
    { Name: 'feed-depth', Unit: 'Count' },
    { Name: 'feed-parked', Unit: 'Count' },
  ]
  return ({ side, partner, shard, ageSeconds, depth, parked }) => {
    const CloudWatchMetrics = [{ Namespace: 'LastHop', Dimensions, Metrics }]
    const _aws = { Timestamp: now().getTime(), CloudWatchMetrics }
    const values = { 'feed-age-seconds': ageSeconds, 'feed-depth': depth, 'feed-parked': parked }
    const line = { _aws, side, partner, shard: String(shard), ...values }
    lines.write(`${JSON.stringify(line)}\n`)
  }
}

function metricLine(name: string, at: Date, metric: string, by: number, more: object): string {
  const CloudWatchMetrics = [
    {
      Namespace: 'LastHop',
      Dimensions: [['function']],
      Metrics: [{ Name: metric, Unit: 'Count' }],
    },
  ]
  const _aws = { Timestamp: at.getTime(), CloudWatchMetrics }
  return `${JSON.stringify({ _aws, function: name, [metric]: by, ...more })}\n`
}
