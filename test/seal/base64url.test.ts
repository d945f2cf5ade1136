import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { GatewayError } from '../../lib/model/errors.ts'
import { fromBase64url, sha256, toBase64url } from '../../lib/seal/base64url.ts'

const fault = { code: 'SEAL_INVALID', at: '/iv' } as const

test('bytes and text are one to one', () => {
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      assert.deepEqual(new Uint8Array(fromBase64url(toBase64url(bytes), fault)), bytes)
    }),
  )
})

test('every other spelling is refused', () => {
  assert.equal(fromBase64url('-_8', fault).toString('hex'), 'fbff')
  for (const text of ['-_9', '+/8', '-_8=', '-_8 ', '-_8\n', 'A', '-_8.', undefined, 8]) {
    assert.throws(() => fromBase64url(text, fault), new GatewayError('SEAL_INVALID', '/iv'))
  }
  assert.throws(() => fromBase64url('AAAA', fault, 4), new GatewayError('SEAL_INVALID', '/iv'))
})

test('a hash is over the parts one after the other', () => {
  assert.equal(sha256(), '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU')
  assert.equal(sha256('a', Buffer.from('bc')), sha256('abc'))
})
