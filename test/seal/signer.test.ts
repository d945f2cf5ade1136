import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError } from '../../lib/model/errors.ts'
import { signingKey } from '../../lib/seal/keys.ts'
import { sealPersonal } from '../../lib/seal/seal.ts'
import { verifySeal } from '../../lib/seal/signature.ts'
import { createSealSigner, platformSigner } from '../../lib/seal/signer.ts'
import { binding, certifier, custody, now, personal, pins, testKey } from './fixtures.ts'

const jwe = sealPersonal(personal, custody, binding)
const minutes = (count: number) => new Date(now.getTime() + count * 60_000)

test('one certification serves an hour, less the last ten minutes', async () => {
  const certify = certifier()
  let at = now
  const source = createSealSigner({ certify, now: () => at, jitterSeconds: 0 })
  assert.equal(certify.calls, 0)
  const first = await source.current()
  at = minutes(49)
  assert.equal(await source.current(), first)
  assert.equal(certify.calls, 1)
  at = minutes(51)
  const second = await source.current()
  assert.notEqual(second, first)
  assert.equal(certify.calls, 2)
  const [a, b] = [first.sign(jwe, 'acme', at), second.sign(jwe, 'acme', at)]
  assert.notEqual(verifySeal(a, pins).signer, verifySeal(b, pins).signer)
})

test('requests that meet share one certification', async () => {
  const certify = certifier()
  const source = createSealSigner({ certify, now: () => now })
  const signers = await Promise.all(Array.from({ length: 50 }, () => source.current()))
  assert.equal(new Set(signers).size, 1)
  assert.equal(certify.calls, 1)
})

test('while the signing key is away the signer in hand serves to its end', async () => {
  const certify = certifier()
  let at = now
  let isAway = true
  const source = createSealSigner({
    certify: {
      kid: certify.kid,
      sign: bytes => (isAway ? Promise.reject(new Error('away')) : certify.sign(bytes)),
    },
    now: () => at,
  })
  const away = new GatewayError('STORE_AWAY', '', { retry: 'later' })
  await assert.rejects(source.current(), { code: away.code, retry: 'later' })
  isAway = false
  const first = await source.current()
  isAway = true
  at = minutes(59)
  assert.equal(await source.current(), first)
  assert.equal(verifySeal(first.sign(jwe, 'acme', at), pins).platform, 'acme')
  at = minutes(60)
  await assert.rejects(source.current(), { code: 'STORE_AWAY' })
  isAway = false
  assert.notEqual(await source.current(), first)
})

test('a certified signer signs for no moment outside its hour', async () => {
  const source = createSealSigner({ certify: certifier(), now: () => now })
  const signer = await source.current()
  const fault = new GatewayError('SIGNATURE_INVALID', '/sealedAt')
  assert.throws(() => signer.sign(jwe, 'acme', minutes(61)), fault)
  assert.throws(() => signer.sign(jwe, 'acme', minutes(-1)), fault)
})

test('a platform signs by P-256 only', () => {
  assert.throws(
    () => platformSigner(signingKey(testKey('nextDispatch'))),
    new GatewayError('VALUE_INVALID', '/kty'),
  )
})
