import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pageQuery } from '../../lib/flow/feeds.ts'

const page = (text: string, shards = 1) => pageQuery(new Map(new URLSearchParams(text)), shards)

const good: [query: string, shards: number, expected: object][] = [
  ['', 1, { limit: 50, shard: 0 }],
  ['limit=1', 1, { limit: 1, shard: 0 }],
  ['limit=100&after=x', 1, { limit: 100, shard: 0, after: 'x' }],
  ['shard=0', 1, { limit: 50, shard: 0 }],
  ['shard=3', 4, { limit: 50, shard: 3 }],
  ['app_key=1&timestamp=2', 1, { limit: 50, shard: 0 }],
]
for (const [query, shards, expected] of good) {
  test(`a page: ?${query} of ${shards}`, () => assert.deepEqual(page(query, shards), expected))
}

const bad: [query: string, shards: number, at: string][] = [
  ['limit=0', 1, '/limit'],
  ['limit=101', 1, '/limit'],
  ['limit=1e1', 1, '/limit'],
  ['limit=%2B1', 1, '/limit'],
  ['limit=', 1, '/limit'],
  ['limit=00001', 1, '/limit'],
  ['', 2, '/shard'],
  ['shard=2', 2, '/shard'],
  ['shard=-1', 2, '/shard'],
  ['shard=x', 2, '/shard'],
  ['after=', 1, '/after'],
]
for (const [query, shards, at] of bad) {
  test(`no page: ?${query} of ${shards}`, () =>
    assert.throws(() => page(query, shards), { code: 'VALUE_INVALID', at }))
}
