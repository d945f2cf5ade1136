import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { verifyControl } from '../../lib/custody/control.ts'
import { pinOf, signingKey } from '../../lib/seal/index.ts'
import { lasthop, type Run, scratch } from './run.ts'

const at = scratch()
const key = at.file('control.jwk')

before(async () => {
  assert.equal((await lasthop(['keys', 'new', 'signing', key])).code, 0)
})
after(() => at.gone())

/** What a router of that name makes of what was printed. */
function taken({ code, out, err }: Run, aud = 'lasthop-sf-router', courier = 'sf') {
  assert.equal(code, 0, err)
  const jwk = JSON.parse(readFileSync(key, 'utf8'))
  const pin = pinOf(signingKey(createPrivateKey({ key: jwk, format: 'jwk' })))
  const { control } = JSON.parse(out)
  return verifyControl(control, { aud, courier, now: new Date(), controlKeys: [pin] }).control
}

test('a router takes what is printed', async () => {
  const hop = await lasthop([
    'control',
    'register-hop',
    'pickup-1',
    '--kind',
    'pickup',
    '--limit',
    '5',
    '--key',
    key,
  ])
  const wanted = { action: 'register-hop', hop: 'pickup-1', kind: 'pickup', limit: 5 }
  assert.deepEqual(taken(hop), wanted)
  const floor = await lasthop([
    'control',
    'raise-floor',
    '--not-before',
    '7',
    '--courier',
    'kye',
    '--router',
    'r',
    '--key',
    key,
  ])
  assert.deepEqual(taken(floor, 'r', 'kye'), { action: 'raise-floor', notBefore: 7 })
  const until = '2026-01-01T12:00:00Z'
  const lift = await lasthop([
    'control',
    'lift-brake',
    'hop#a',
    '--limit',
    '9',
    '--until',
    until,
    '--key',
    key,
  ])
  assert.deepEqual(taken(lift), { action: 'lift-brake', counter: 'hop#a', limit: 9, until })
})

test('a PEM does as well as a JWK', async () => {
  const pem = at.file('control.pem')
  const jwk = JSON.parse(readFileSync(key, 'utf8'))
  const text = createPrivateKey({ key: jwk, format: 'jwk' }).export({
    format: 'pem',
    type: 'pkcs8',
  })
  writeFileSync(pem, text)
  const { action } = taken(await lasthop(['control', 'raise-floor', '--key', pem]))
  assert.equal(action, 'raise-floor')
})

test('what no router takes is not signed', async () => {
  const run = (...args: string[]) => lasthop(['control', ...args, '--key', key])
  const refused = await run('register-hop', 'a hop', '--limit', '5')
  assert.deepEqual([refused.code, refused.out], [1, ''])
  assert.match(refused.err, /VALUE_INVALID at \/hop/)
  assert.equal((await run('lift-brake', 'x', '--limit', '5', '--until', 'now')).code, 1)
  for (const wrong of [
    ['--kind', 'hub'],
    ['--limit', '-1'],
    ['--limit', '1.5'],
  ]) {
    const { code, out } = await run('register-hop', 'a', '--limit', '5', ...wrong)
    assert.deepEqual([code, out], [2, ''], wrong.join(' '))
  }
})

test('a public key signs nothing', async () => {
  const file = at.file('public.jwk')
  const { d: _, ...open } = JSON.parse(readFileSync(key, 'utf8'))
  writeFileSync(file, JSON.stringify(open))
  const { code, err } = await lasthop(['control', 'raise-floor', '--key', file])
  assert.equal(code, 2)
  assert.match(err, /is no private key/)
})
