import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { GatewayError } from '../../lib/model/errors.ts'
import type { Sealed } from '../../lib/model/validate.ts'
import { certifyKey } from '../../lib/seal/certificate.ts'
import { parseSeal } from '../../lib/seal/envelope.ts'
import { wrappedKeyOf } from '../../lib/seal/held-key.ts'
import { signDetached, signJws } from '../../lib/seal/jws.ts'
import { pinOf, type SigningKey, signingKey } from '../../lib/seal/keys.ts'
import type { SealPins } from '../../lib/seal/pins.ts'
import { sealPersonal } from '../../lib/seal/seal.ts'
import { sealPayload, verifyHeldKey, verifySeal } from '../../lib/seal/signature.ts'
import { platformSigner } from '../../lib/seal/signer.ts'
import * as f from './fixtures.ts'

const intakeKey = signingKey(f.testKey('intake'))
const signatureInvalid = (at = '') => new GatewayError('SIGNATURE_INVALID', at)

/** Signs a seal again, as somebody who holds that key would. */
function signAgain(sealed: Sealed, key: SigningKey, changes: Partial<Sealed> = {}): Sealed {
  const changed = { ...sealed, ...changes }
  const { platform, sealedAt } = changed
  const facts = { ...parseSeal(changed), platform, sealedAt }
  return { ...changed, signature: signDetached('lasthop-seal', sealPayload(facts), key) }
}

async function certificateOf(key: SigningKey, at = f.now): Promise<string> {
  return (await certifyKey(pinOf(key).key, at, f.certifier())).jws
}

test('the signed text is the ten lines of the specification', async () => {
  const sealed = await f.sealAtIntake()
  const hash = (...parts: (Buffer | string)[]) =>
    createHash('sha256')
      .update(Buffer.concat(parts.map(part => Buffer.from(part))))
      .digest('base64url')
  const bytes = (text = '') => Buffer.from(text, 'base64url')
  const { protected: header, iv, ciphertext, tag } = sealed
  const facts = verifySeal(sealed, f.pins)
  const text = sealPayload(facts)
  assert.deepEqual(text.split('\n'), [
    'lasthop-seal-1',
    'acme',
    f.order,
    'swift',
    'receiver',
    '1',
    f.custody.kid,
    hash(bytes(sealed.encrypted_key)),
    hash(bytes(header), '.', bytes(iv), '.', bytes(ciphertext), '.', bytes(tag)),
    '2026-01-05T02:00:00Z',
    '',
  ])
  const signature = bytes(sealed.signature.split('..')[1])
  assert.equal(facts.digest, hash(text, signature))
})

test('a seal of intake and one of a platform verify', async () => {
  const byIntake = await f.sealAtIntake()
  assert.equal(verifySeal(byIntake, f.pins).platform, 'acme')
  const byPlatform = f.sealAtPlatform()
  assert.equal(byPlatform.certificate, undefined)
  assert.equal(verifySeal(byPlatform, f.pins).signer, f.platformKey.kid)
})

test('nothing that the signature covers can be changed', async () => {
  const sealed = await f.sealAtIntake()
  const other = await f.sealAtIntake({ order: f.otherOrder })
  const changes: Partial<Sealed>[] = [
    { platform: 'other' },
    { sealedAt: '2026-01-05T02:00:01Z' },
    { encrypted_key: other.encrypted_key ?? '' },
    { protected: other.protected },
    { iv: other.iv },
    { ciphertext: other.ciphertext },
    { tag: other.tag },
    { signature: other.signature },
  ]
  for (const change of changes) {
    assert.throws(() => verifySeal({ ...sealed, ...change }, f.pins), { code: 'SIGNATURE_INVALID' })
  }
})

test("attack 17: X's wrapped key under order Y, with Y's signature", async () => {
  const [x, y] = [await f.sealAtIntake(), await f.sealAtIntake({ order: f.otherOrder })]
  const held = wrappedKeyOf(y)
  assert.equal(verifyHeldKey(held, f.pins).order, f.otherOrder)
  const swapped = { ...held, wrappedKey: x.encrypted_key ?? '' }
  assert.throws(() => verifyHeldKey(swapped, f.pins), signatureInvalid())
})

test('attack 19: intake cannot sign for the custody key of a platform that seals', async () => {
  const own = f.sealAtPlatform()
  assert.equal(verifySeal(own, f.pins).kid, f.platformCustody.kid)
  const certificate = await certificateOf(intakeKey)
  assert.throws(
    () => verifySeal(signAgain({ ...own, certificate }, intakeKey), f.pins),
    signatureInvalid('/platform'),
  )
  assert.throws(() => verifySeal(signAgain(own, intakeKey), f.pins), signatureInvalid())
  const asOther = signAgain(own, f.platformKey, { platform: 'other' })
  assert.throws(() => verifySeal(asOther, f.pins), signatureInvalid('/platform'))
})

test("a platform's key does not sign for the shared custody key", () => {
  const jwe = sealPersonal(f.personal, f.custody, f.binding)
  const sealed = platformSigner(f.platformKey).sign(jwe, 'acme', f.now)
  assert.throws(() => verifySeal(sealed, f.pins), { code: 'SIGNATURE_INVALID' })
})

test('attack 20: certificate, assignment or statement as the signature of a seal', async () => {
  const sealed = await f.sealAtIntake()
  const certificate = await certificateOf(intakeKey)
  const payload = sealPayload({ ...parseSeal(sealed), platform: 'acme', sealedAt: sealed.sealedAt })
  const good = { ...sealed, certificate }
  const sign = (typ: Parameters<typeof signDetached>[0]) => ({
    ...good,
    signature: signDetached(typ, payload, intakeKey),
  })
  assert.equal(verifySeal(sign('lasthop-seal'), f.pins).signer, intakeKey.kid)
  for (const typ of ['lasthop-certificate', 'lasthop-assignment', 'lasthop-statement'] as const) {
    assert.throws(() => verifySeal(sign(typ), f.pins), signatureInvalid())
  }
  const asCertificate = { ...good, certificate: signJws('lasthop-seal', payload, f.gatewayKey) }
  assert.throws(() => verifySeal(asCertificate, f.pins), signatureInvalid())
})

test('attack 22: sealedAt outside the certificate; revoked certificate', async () => {
  const sealed = { ...(await f.sealAtIntake()), certificate: await certificateOf(intakeKey) }
  const at = (sealedAt: string) => () =>
    verifySeal(signAgain(sealed, intakeKey, { sealedAt }), f.pins)
  assert.equal(at('2026-01-05T02:00:00Z')().signer, intakeKey.kid)
  assert.equal(at('2026-01-05T03:00:00Z')().signer, intakeKey.kid)
  assert.throws(at('2026-01-05T01:59:59Z'), signatureInvalid('/sealedAt'))
  assert.throws(at('2026-01-05T03:00:01Z'), signatureInvalid('/sealedAt'))
  const revoked: SealPins = { ...f.pins, revoked: [intakeKey.kid] }
  assert.throws(
    () => verifySeal(signAgain(sealed, intakeKey), revoked),
    signatureInvalid('/certificate'),
  )
})

test('a certificate is for an hour at most, of one key, by a pinned gateway key', async () => {
  const sealed = signAgain(await f.sealAtIntake(), intakeKey)
  const { x, y } = pinOf(intakeKey).key.export({ format: 'jwk' })
  const claims = { x, y, from: '2026-01-05T02:00:00Z', until: '2026-01-05T03:00:00Z' }
  const by = (key: SigningKey, payload: object | string) => () => {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
    return verifySeal({ ...sealed, certificate: signJws('lasthop-certificate', text, key) }, f.pins)
  }
  assert.equal(by(f.gatewayKey, claims)().signer, intakeKey.kid)
  const refused = [
    by(intakeKey, claims),
    by(f.gatewayKey, { ...claims, until: '2026-01-05T03:00:01Z' }),
    by(f.gatewayKey, { ...claims, until: claims.from }),
    by(f.gatewayKey, { ...claims, from: '2026-01-05T02:00:00+00:00' }),
    by(f.gatewayKey, { ...claims, until: '2026-01-05T25:00:00Z' }),
    by(f.gatewayKey, { ...claims, scope: 'all' }),
    by(f.gatewayKey, { ...claims, x: y }),
    by(f.gatewayKey, { ...claims, y: 'AAAA' }),
    by(f.gatewayKey, 'not json'),
    () => verifySeal(sealed, f.pins),
  ]
  for (const one of refused) assert.throws(one, GatewayError)
  const { certificate: _, ...without } = sealed
  assert.throws(() => verifySeal(without, f.pins), signatureInvalid())
})

test('attack 35: a custody key that the courier did not pin is reported', async () => {
  const sealed = await f.sealAtIntake()
  const others: SealPins = { ...f.pins, custodyKeys: f.pins.custodyKeys.slice(1) }
  assert.throws(() => verifySeal(sealed, others), new GatewayError('SEAL_INVALID', '/kid'))
  assert.equal(verifySeal(f.sealAtPlatform(), others).kid, f.platformCustody.kid)
})

test('a retired custody key takes no later seal', async () => {
  const sealed = await f.sealAtIntake()
  const retired = (retiredAt: string): SealPins => ({
    ...f.pins,
    custodyKeys: [{ kid: f.custody.kid, retiredAt }],
  })
  assert.equal(verifySeal(sealed, retired('2026-01-05T02:00:00Z')).order, f.order)
  assert.throws(
    () => verifySeal(sealed, retired('2026-01-05T01:59:59Z')),
    new GatewayError('SEAL_INVALID', '/sealedAt'),
  )
})

test('a seal that is pulled long after it was made is refused', async () => {
  const sealed = await f.sealAtIntake()
  const seen = (seconds: number) => () =>
    verifySeal(sealed, f.pins, {
      now: new Date(f.now.getTime() + seconds * 1000),
      maxAgeSeconds: 86_400,
    })
  assert.equal(seen(86_400)().order, f.order)
  assert.throws(seen(86_401), signatureInvalid('/sealedAt'))
  assert.throws(seen(-301), signatureInvalid('/sealedAt'))
})
