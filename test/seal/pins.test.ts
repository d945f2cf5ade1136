import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError } from '../../lib/model/errors.ts'
import { pinOf } from '../../lib/seal/keys.ts'
import { readSealPins } from '../../lib/seal/pins.ts'
import { custody, gatewayKey, pins, platformCustody, platformKey } from './fixtures.ts'

const jwk = (key: typeof gatewayKey) => pinOf(key).key.export({ format: 'jwk' })
const file = {
  custodyKeys: [
    { kid: custody.kid },
    { kid: platformCustody.kid, platform: 'acme', platformKeys: [jwk(platformKey)] },
  ],
  gatewayKeys: [jwk(gatewayKey)],
}

test('pins are read from a configuration file', () => {
  const read = readSealPins(file)
  assert.deepEqual(
    read.custodyKeys.map(key => [key.kid, key.platform?.name, key.platform?.keys[0]?.kid]),
    pins.custodyKeys.map(key => [key.kid, key.platform?.name, key.platform?.keys[0]?.kid]),
  )
  assert.equal(read.gatewayKeys[0]?.kid, gatewayKey.kid)
  assert.deepEqual(read.revoked, [])
})

test('what cannot be pinned is refused with its place', () => {
  const [shared] = file.custodyKeys
  const faults = [
    [{ ...shared, kid: 'x' }, '/custodyKeys/0/kid'],
    [{ ...shared, kid: custody.kid, retiredAt: 'tomorrow' }, '/custodyKeys/0/retiredAt'],
    [{ ...shared, kid: custody.kid, platform: 'No Slug' }, '/custodyKeys/0/platform'],
    [{ kid: custody.kid, platformKeys: [jwk(platformKey)] }, '/custodyKeys/0/platform'],
  ] as const
  for (const [key, at] of faults) {
    assert.throws(
      () => readSealPins({ ...file, custodyKeys: [key] }),
      new GatewayError('VALUE_INVALID', at),
    )
  }
})

test('keys below the minimum version are not pinned any more', () => {
  const kids = [custody.kid, platformCustody.kid]
  const custodyKeys = kids.map((kid, i) => ({ kid, version: i + 1 }))
  const pinned = (minVersion: number) =>
    readSealPins({ custodyKeys, gatewayKeys: [], minVersion }).custodyKeys.map(({ kid }) => kid)
  assert.deepEqual([pinned(1), pinned(2), pinned(3)], [kids, kids.slice(1), []])
  for (const minVersion of [0, 1.5, Number.NaN]) {
    assert.throws(() => pinned(minVersion), { code: 'VALUE_INVALID', at: '/minVersion' })
  }
})
