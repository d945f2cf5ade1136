import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import type { PinnedKey } from '../../lib/flow/config.ts'
import { publishKeys, readSchema } from '../../lib/flow/publish.ts'
import { config, courier } from './fixtures.ts'

test('every schema of the standard, with and without its ending', () => {
  const files = readdirSync(new URL('../../schemas/', import.meta.url)).filter(name =>
    name.endsWith('.json'),
  )
  assert.equal(files.length, 13)
  for (const file of files) assert.equal(readSchema(file), readSchema(file.slice(0, -5)))
  for (const name of ['nothing', '', '__proto__', 'constructor', 'order.json.json'])
    assert.throws(() => readSchema(name), { code: 'NOT_FOUND' }, name)
})

test('the keys that seals may be made to: public halves, no retired one', () => {
  const [current] = courier.custodyKeys
  assert(current)
  const next: PinnedKey = { ...current, use: 'next', kid: 'next' }
  const gone: PinnedKey = { ...current, use: 'retired', kid: 'gone' }
  const late: PinnedKey = { ...current, retiredAt: '2026-01-01T00:00:00Z', kid: 'late' }
  const sf = { ...courier, custodyKeys: [current, next, gone, late] }
  const ports = { config: { ...config, couriers: { sf } }, now: () => new Date(), count: () => {} }
  const { keys } = publishKeys(ports, 'sf')
  assert.deepEqual(
    keys.map(({ kid }) => kid),
    [current.kid, 'next'],
  )
  for (const key of keys)
    assert.deepEqual(Object.keys(key).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use'])
  assert.throws(() => publishKeys(ports, 'nobody'), { code: 'NOT_FOUND' })
  assert.throws(() => publishKeys(ports, '__proto__'), { code: 'NOT_FOUND' })
})
