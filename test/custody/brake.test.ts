import assert from 'node:assert/strict'
import { test } from 'node:test'
import { room, windowOf } from '../../lib/custody/brake.ts'

const brake = { limit: 100, windowSeconds: 3600 }
const at = (text: string) => new Date(`2026-01-05T${text}Z`)

test('the window before weighs in with the share that still counts', () => {
  assert.equal(room(brake, 80, at('02:00:00')), 20)
  assert.equal(room(brake, 80, at('02:30:00')), 60)
  assert.equal(room(brake, 80, at('02:45:00')), 80)
  assert.equal(room(brake, 0, at('02:00:00')), 100)
  assert.equal(room(brake, 500, at('02:00:00')), 0)
})

test('a moment lies in one window', () => {
  const window = windowOf(at('02:59:59'), 3600)
  assert.equal(windowOf(at('02:00:00'), 3600), window)
  assert.equal(windowOf(at('03:00:00'), 3600), window + 1)
})
