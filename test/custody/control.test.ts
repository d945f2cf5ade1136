import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Control, signControl, verifyControl } from '../../lib/custody/control.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import { signJws } from '../../lib/seal/jws.ts'
import { now } from '../seal/fixtures.ts'
import { aud, config, controlKey, dispatchKey, makeWorld, seconds } from './fixtures.ts'

const rules = { ...config, now }
const to = { aud, courier: 'swift', now }
const lift: Control = {
  ...{ action: 'lift-brake', counter: 'hop#XM-0592-017', limit: 500 },
  until: '2026-01-05T12:00:00Z',
}

test('what a control key signs is understood', () => {
  const controls: Control[] = [
    { action: 'register-hop', hop: 'XM-0592-017', kind: 'delivery', limit: 200 },
    { action: 'register-hop', hop: 'XM-0592-017', kind: 'closed', limit: 0 },
    lift,
    { action: 'raise-floor', notBefore: seconds(now) },
  ]
  for (const control of controls) {
    const verified = verifyControl(signControl(control, to, controlKey), rules)
    assert.deepEqual(verified, { control, iat: seconds(now) })
  }
})

test('a dispatch key orders nothing, and an old or foreign statement neither', () => {
  assert.throws(
    () => verifyControl(signControl(lift, to, dispatchKey), rules),
    new GatewayError('SIGNATURE_INVALID'),
  )
  const at = (change: object) => () =>
    verifyControl(signControl(lift, { ...to, ...change }, controlKey), rules)
  const minutes = (count: number) => ({ now: new Date(now.getTime() + count * 60_000) })
  assert.equal(at(minutes(-5))().control.action, 'lift-brake')
  assert.throws(at(minutes(-6)), new GatewayError('VALUE_INVALID', '/iat'))
  assert.throws(at(minutes(6)), new GatewayError('VALUE_INVALID', '/iat'))
  assert.throws(at({ aud: 'lasthop-router:other' }), new GatewayError('VALUE_INVALID', '/aud'))
  assert.throws(at({ courier: 'slow' }), new GatewayError('VALUE_INVALID', '/courier'))
})

test('what it does not know it does not do', () => {
  const faults = [
    [{ action: 'open' }, '/action'],
    [{ action: 'register-hop', hop: 'a b', kind: 'delivery', limit: 1 }, '/hop'],
    [{ action: 'register-hop', hop: 'a', kind: 'hub', limit: 1 }, '/kind'],
    [{ action: 'register-hop', hop: 'a', kind: 'pickup' }, '/limit'],
    [{ ...lift, counter: 'all' }, '/counter'],
    [{ ...lift, until: 'later' }, '/until'],
    [{ action: 'raise-floor' }, '/notBefore'],
  ] as const
  for (const [control, at] of faults) {
    const statement = { aud, courier: 'swift', ...control, iat: seconds(now) }
    const jws = signJws('lasthop-control', JSON.stringify(statement), controlKey)
    assert.throws(() => verifyControl(jws, rules), new GatewayError('VALUE_INVALID', at))
  }
  const undated = { aud, courier: 'swift', ...lift }
  const jws = signJws('lasthop-control', JSON.stringify(undated), controlKey)
  assert.throws(() => verifyControl(jws, rules), new GatewayError('VALUE_INVALID', '/iat'))
})

test('an older statement does not undo a newer one', async () => {
  const world = await makeWorld()
  const hop = { action: 'register-hop', hop: 'NEW', limit: 1 } as const
  const older = signControl(
    { ...hop, kind: 'delivery' },
    { ...to, now: new Date(+now - 60_000) },
    controlKey,
  )
  await world.order({ ...hop, kind: 'closed' })
  assert.deepEqual(await world.router({ control: older }), { ordered: true })
  const state = await world.table.look({
    ...{ order: 'o_x', group: 'receiver', hop: 'NEW', counters: [] },
  })
  assert.equal(state.hop?.kind, 'closed')
})
