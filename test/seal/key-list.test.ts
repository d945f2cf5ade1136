import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError } from '../../lib/model/errors.ts'
import { signJws } from '../../lib/seal/jws.ts'
import { readKeyList, signKeyList } from '../../lib/seal/key-list.ts'
import { pinOf, signingKey } from '../../lib/seal/keys.ts'
import { custody, gatewayKey, platformCustody, testKey } from './fixtures.ts'

const root = signingKey(testKey('root'))
const rootKeys = [pinOf(root)]

test("attack 42: keys are taken only from a list that the courier's root signed", () => {
  const published = signKeyList('swift', [custody, platformCustody], root)
  const kids = readKeyList(published, { courier: 'swift', rootKeys }).map(key => key.kid)
  assert.deepEqual(kids, [custody.kid, platformCustody.kid])
  const substituted = signKeyList('swift', [platformCustody], gatewayKey)
  assert.throws(
    () => readKeyList(substituted, { courier: 'swift', rootKeys }),
    new GatewayError('SIGNATURE_INVALID'),
  )
  assert.throws(
    () => readKeyList(published, { courier: 'slow', rootKeys }),
    new GatewayError('SIGNATURE_INVALID', '/courier'),
  )
})

test('a key under an id that is not its thumbprint is refused, also when signed', () => {
  const jwk = { ...custody.key.export({ format: 'jwk' }), kid: platformCustody.kid }
  const list = signJws('lasthop-keys', JSON.stringify({ courier: 'swift', keys: [jwk] }), root)
  assert.throws(() => readKeyList(list, { courier: 'swift', rootKeys }), {
    code: 'VALUE_INVALID',
  })
  const empty = signJws('lasthop-keys', '{"courier":"swift"}', root)
  assert.throws(() => readKeyList(empty, { courier: 'swift', rootKeys }), {
    code: 'VALUE_INVALID',
  })
})
