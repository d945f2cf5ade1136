import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAssignableDay, workingDay } from '../../lib/custody/day.ts'

test('the working day runs from 04:00 to 04:00 in Shanghai', () => {
  const days = {
    '2026-01-05T23:50:00+08:00': '2026-01-05',
    '2026-01-06T00:30:00+08:00': '2026-01-05',
    '2026-01-06T03:59:59+08:00': '2026-01-05',
    '2026-01-06T04:00:00+08:00': '2026-01-06',
    '2026-01-06T05:30:00+08:00': '2026-01-06',
    '2025-12-31T20:00:00Z': '2026-01-01',
    '2025-12-31T19:59:59Z': '2025-12-31',
  }
  for (const [at, day] of Object.entries(days)) assert.equal(workingDay(new Date(at)), day)
})

test('this working day and the next can be assigned', () => {
  const now = new Date('2026-01-06T00:30:00+08:00')
  const days = ['2026-01-04', '2026-01-05', '2026-01-06', '2026-01-07']
  assert.deepEqual(
    days.filter(day => isAssignableDay(day, now)),
    ['2026-01-05', '2026-01-06'],
  )
})
