import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CONTEXT_NAMES,
  capsuleContext,
  checkCapsule,
  isSameContext,
} from '../../lib/custody/capsule.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import { sealAtIntake } from '../seal/fixtures.ts'
import { assignmentFor } from './fixtures.ts'
import { hopKeyArn } from './memory-kms.ts'

const context = capsuleContext(assignmentFor(await sealAtIntake()))
const capsule = { ciphertext: 'AAAA', context, key: hopKeyArn }

test('a context holds exactly the seven names, all texts', () => {
  assert.deepEqual(Object.keys(context).sort(), [...CONTEXT_NAMES].sort())
  assert.ok(Object.values(context).every(value => typeof value === 'string'))
})

test('a capsule of another form is refused', () => {
  assert.deepEqual(checkCapsule(capsule), capsule)
  const { hop: _, ...short } = context
  const faults = [
    undefined,
    'text',
    { ...capsule, key: 1 },
    { ...capsule, ciphertext: undefined },
    { ...capsule, context: short },
    { ...capsule, context: { ...context, v: '2' } },
    { ...capsule, context: { ...context, rev: 1 } },
    { ...capsule, context: { ...context, Hop: 'X' } },
  ]
  for (const fault of faults) assert.throws(() => checkCapsule(fault), { code: 'MALFORMED' })
  assert.throws(() => checkCapsule({ ...capsule, context: null }), GatewayError)
})

test('contexts are the same in all names or not the same', () => {
  assert.ok(isSameContext(context, { ...context }))
  for (const name of CONTEXT_NAMES) {
    assert.equal(isSameContext(context, { ...context, [name]: 'other' }), false)
  }
})
