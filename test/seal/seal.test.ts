import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError } from '../../lib/model/errors.ts'
import { checkPersonal } from '../../lib/model/validate.ts'
import { packKey, unpackKey, withKey, withoutKey, wrappedKeyOf } from '../../lib/seal/held-key.ts'
import { openSealed } from '../../lib/seal/open.ts'
import { sealPersonal } from '../../lib/seal/seal.ts'
import { verifyHeldKey, verifySeal } from '../../lib/seal/signature.ts'
import { platformSigner } from '../../lib/seal/signer.ts'
import {
  binding,
  custody,
  now,
  otherOrder,
  personal,
  pins,
  platformCustody,
  platformKey,
  sealAtIntake,
} from './fixtures.ts'
import { unwrap } from './unwrap.ts'

/** Personal data whose JSON takes exactly so many bytes. */
function personalOf(bytes: number) {
  const address = '测'.repeat(bytes > 1300 ? 400 : 1)
  const base = { name: '测', phone: '1', address, company: 'x', remark: 'x' }
  let rest = bytes - Buffer.byteLength(JSON.stringify(base))
  const fill = (text: string, max: number) => {
    const length = Math.min(max - text.length, rest)
    rest -= length
    return text + 'x'.repeat(length)
  }
  return checkPersonal({
    name: base.name,
    phone: base.phone,
    address: fill(base.address, 600),
    company: fill(base.company, 200),
    remark: fill(base.remark, 600),
  })
}

test('what was sealed is what is opened, with the key that the custody key wraps', async () => {
  const sealed = await sealAtIntake()
  assert.deepEqual(openSealed(sealed, unwrap(sealed.encrypted_key), binding), personal)
})

test('the text is padded to 512, 1024 or 2048 bytes and refused above', () => {
  const lengths = [512, 513, 1024, 1025, 2048].map(bytes => {
    const text = personalOf(bytes)
    assert.equal(Buffer.byteLength(JSON.stringify(text)), bytes)
    return Buffer.from(sealPersonal(text, custody, binding).ciphertext, 'base64url').length
  })
  assert.deepEqual(lengths, [512, 1024, 1024, 2048, 2048])
  const long = personalOf(2049)
  assert.throws(() => sealPersonal(long, custody, binding), new GatewayError('VALUE_TOO_LONG'))
})

test('each seal has its own content key and IV', () => {
  const [a, b] = [1, 2].map(() => sealPersonal(personal, custody, binding))
  assert.notEqual(a?.iv, b?.iv)
  assert.notDeepEqual(unwrap(a?.encrypted_key), unwrap(b?.encrypted_key))
  assert.notEqual(a?.ciphertext, b?.ciphertext)
})

test('what could not be opened again is not sealed', () => {
  const noPhone = JSON.parse('{"name":"张测试","address":"测试路1号"}')
  assert.throws(() => sealPersonal(noPhone, custody, binding), { code: 'VALUE_INVALID' })
  const faults = [
    { order: 'x' },
    { order: `${binding.order}","v":"2` },
    { courier: 'Swift' },
    { rev: 0 },
    { rev: 1.5 },
  ]
  for (const fault of faults) {
    assert.throws(() => sealPersonal(personal, custody, { ...binding, ...fault }), {
      code: 'SEAL_INVALID',
    })
  }
})

test('a seal opens for nothing but what was asked for', async () => {
  const sealed = await sealAtIntake()
  const key = unwrap(sealed.encrypted_key)
  const others = [
    { order: otherOrder },
    { courier: 'slow' },
    { group: 'sender' as const },
    { rev: 2 },
  ]
  for (const other of others) {
    const at = `/protected/${Object.keys(other)[0]}`
    assert.throws(
      () => openSealed(sealed, key, { ...binding, ...other }),
      new GatewayError('SEAL_INVALID', at),
    )
  }
})

test('attack 32: the key of order X does not open the body of order Y', async () => {
  const [x, y] = [await sealAtIntake(), await sealAtIntake({ order: otherOrder })]
  const key = unwrap(x.encrypted_key)
  assert.deepEqual(openSealed(x, key, binding), personal)
  assert.throws(
    () => openSealed(y, key, binding),
    new GatewayError('SEAL_INVALID', '/protected/order'),
  )
  assert.throws(
    () => openSealed(y, key, { ...binding, order: otherOrder }),
    new GatewayError('SEAL_TAMPERED'),
  )
})

test('a content key of another length opens nothing', async () => {
  const sealed = await sealAtIntake()
  const key = unwrap(sealed.encrypted_key)
  for (const wrong of [key.subarray(0, 16), Buffer.concat([key, key]), Buffer.alloc(0)]) {
    assert.throws(
      () => openSealed(sealed, wrong, binding),
      new GatewayError('SEAL_INVALID', '/encrypted_key'),
    )
  }
})

test('without its key a seal still verifies, and joins its own key only', async () => {
  const sealed = await sealAtIntake()
  const open = withoutKey(sealed)
  assert.equal(open.encrypted_key, undefined)
  assert.deepEqual(verifySeal(open, pins), verifySeal(sealed, pins))
  assert.deepEqual(withoutKey(open), open)
  assert.deepEqual(withKey(open, sealed.encrypted_key ?? ''), sealed)
  const other = await sealAtIntake()
  assert.throws(
    () => withKey(open, other.encrypted_key ?? ''),
    new GatewayError('SEAL_INVALID', '/encrypted_key'),
  )
  assert.throws(() => wrappedKeyOf(open), new GatewayError('SEAL_INVALID', '/encrypted_key'))
})

test('what custody holds proves the same, stored and read back', async () => {
  const sealed = await sealAtIntake()
  const held = wrappedKeyOf(sealed)
  assert.deepEqual(verifyHeldKey(held, pins), verifySeal(sealed, pins))
  const packed = packKey(held)
  assert.equal(packed.wrapped.length, 384)
  assert.deepEqual(unpackKey(packed), held)
  assert.throws(() => unpackKey({ ...packed, signed: '{' }), { code: 'SEAL_INVALID' })
  assert.throws(() => unpackKey({ ...packed, wrapped: packed.wrapped.subarray(1) }), {
    code: 'SEAL_INVALID',
  })
})

test('no error carries what was sealed', async () => {
  const sealed = await sealAtIntake()
  const key = unwrap(sealed.encrypted_key)
  const tampered = { ...sealed, tag: Buffer.alloc(16).toString('base64url') }
  assert.throws(
    () => openSealed(tampered, key, binding),
    (error: unknown) => {
      assert.ok(error instanceof GatewayError)
      return !JSON.stringify([error.message, error.at]).includes('测试')
    },
  )
})

test('what another made and did not pad is not signed', () => {
  const jwe = sealPersonal(personal, platformCustody, binding)
  const signer = platformSigner(platformKey)
  assert.equal(signer.sign(jwe, 'acme', now).platform, 'acme')
  const cut = Buffer.from(jwe.ciphertext, 'base64url').subarray(0, 100).toString('base64url')
  assert.throws(
    () => signer.sign({ ...jwe, ciphertext: cut }, 'acme', now),
    new GatewayError('SEAL_INVALID', '/ciphertext'),
  )
})
