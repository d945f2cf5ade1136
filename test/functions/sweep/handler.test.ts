import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measureTo } from '../../../functions/metrics.ts'

test('a feed’s measures are one line: names of ours and figures, by partner and by shard', () => {
  const written: string[] = []
  const lines = { write: (line: string) => void written.push(line) }
  const at = new Date('2026-01-01T00:00:00Z')
  const feed = { side: 'courier', partner: 'sf', shard: 1 } as const
  measureTo(lines, () => at)({ ...feed, ageSeconds: 61, depth: 5, parked: 2 })
  assert.equal(written.length, 1)
  assert.ok(written[0]?.endsWith('}\n'))
  assert.deepEqual(JSON.parse(written[0] ?? ''), {
    _aws: {
      Timestamp: at.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: 'LastHop',
          Dimensions: [
            ['side', 'partner'],
            ['side', 'partner', 'shard'],
          ],
          Metrics: [
            { Name: 'feed-age-seconds', Unit: 'Seconds' },
            { Name: 'feed-depth', Unit: 'Count' },
            { Name: 'feed-parked', Unit: 'Count' },
          ],
        },
      ],
    },
    side: 'courier',
    partner: 'sf',
    shard: '1',
    'feed-age-seconds': 61,
    'feed-depth': 5,
    'feed-parked': 2,
  })
})
