import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CompactSign } from 'jose'
import { requireHopFor, signAssignment, verifyAssignment } from '../../lib/custody/assignment.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import { signJws } from '../../lib/seal/jws.ts'
import { now, sealAtIntake } from '../seal/fixtures.ts'
import * as c from './fixtures.ts'

const rules = { keys: c.config.dispatchKeys, aud: c.aud, courier: 'swift', now }
const sealed = await sealAtIntake()
const assignment = c.assignmentFor(sealed)
const sign = (changes: object) =>
  signJws('lasthop-assignment', JSON.stringify({ ...assignment, ...changes }), c.dispatchKey)
const invalid = (at: string) => new GatewayError('ASSIGNMENT_INVALID', at)

test('an assignment by either dispatch key verifies', () => {
  for (const key of [c.dispatchKey, c.nextDispatchKey]) {
    const verified = verifyAssignment(signAssignment(assignment, key), rules)
    assert.deepEqual(verified.assignment, assignment)
    assert.equal(verified.kid, key.kid)
  }
})

test('an assignment that jose signed verifies', async () => {
  const jws = await new CompactSign(Buffer.from(JSON.stringify(assignment)))
    .setProtectedHeader({ alg: 'ES256', kid: c.dispatchKey.kid, typ: 'lasthop-assignment' })
    .sign(c.dispatchKey.key)
  assert.deepEqual(verifyAssignment(jws, rules).assignment, assignment)
})

test('the same assignment signed again has the same hash, another has another', () => {
  const hash = (changes = {}) => verifyAssignment(sign(changes), rules).hash
  assert.equal(hash(), hash())
  assert.notEqual(hash(), hash({ hop: 'XM-0592-018' }))
})

test('leg done is a statement and nothing else is', () => {
  const done = { ...assignment, leg: 'done' as const }
  const statement = signAssignment(done, c.dispatchKey)
  assert.equal(verifyAssignment(statement, rules).assignment.leg, 'done')
  assert.throws(() => verifyAssignment(sign({ leg: 'done' }), rules), invalid('/leg'))
  const asStatement = signJws('lasthop-statement', JSON.stringify(assignment), c.dispatchKey)
  assert.throws(() => verifyAssignment(asStatement, rules), invalid('/leg'))
  const late = signAssignment({ ...done, day: '2025-12-01' }, c.dispatchKey)
  assert.equal(verifyAssignment(late, rules).assignment.day, '2025-12-01')
})

test('each member is held to the schema', () => {
  const faults = {
    courier: 'slow',
    order: 'o_x',
    group: 'buyer',
    rev: 0,
    leg: 'hub',
    hop: 'XM 1',
    day: '2026-02-30',
    epoch: 0,
    seal: 'AAAA',
    jti: 'short',
    aud: 'lasthop-router:other',
  }
  for (const [name, value] of Object.entries(faults)) {
    assert.throws(() => verifyAssignment(sign({ [name]: value }), rules), invalid(`/${name}`))
    assert.throws(() => verifyAssignment(sign({ [name]: undefined }), rules), invalid(''))
  }
  assert.throws(() => verifyAssignment(sign({ aud: [c.aud] }), rules), invalid(''))
  assert.throws(() => verifyAssignment(sign({ more: 1 }), rules), invalid(''))
  const twice = `{"hop":"XM-0592-018",${JSON.stringify(assignment).slice(1)}`
  const jws = signJws('lasthop-assignment', twice, c.dispatchKey)
  assert.throws(() => verifyAssignment(jws, rules), invalid(''))
})

test('it is at most 24 hours old and not from the future', () => {
  const at = (age: number) => () => verifyAssignment(sign({ iat: c.seconds(now) - age }), rules)
  for (const age of [0, 86_400, -300]) assert.equal(at(age)().assignment.epoch, 1)
  for (const age of [86_401, -301]) assert.throws(at(age), invalid('/iat'))
})

test('attack 21: a signature of a key that is not pinned, or by another algorithm', () => {
  const jws = signAssignment(assignment, c.controlKey)
  assert.throws(() => verifyAssignment(jws, rules), new GatewayError('SIGNATURE_INVALID'))
  const [header, payload] = signAssignment(assignment, c.dispatchKey).split('.')
  assert.throws(
    () => verifyAssignment(`${header}.${payload}.`, rules),
    new GatewayError('SIGNATURE_INVALID'),
  )
})

test('only the kind of hop that the leg names', () => {
  requireHopFor('pickup', 'pickup')
  requireHopFor('delivery', 'delivery')
  requireHopFor('return', 'delivery')
  requireHopFor('done', undefined)
  for (const [leg, kind] of [
    ['pickup', 'delivery'],
    ['delivery', 'pickup'],
    ['return', 'pickup'],
    ['delivery', undefined],
  ] as const) {
    assert.throws(() => requireHopFor(leg, kind), invalid('/hop'))
  }
})
