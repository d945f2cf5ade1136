import {
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  sign,
} from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkPersonal, type Personal, type Sealed } from '../../lib/model/validate.ts'
import type { CertificateSigner } from '../../lib/seal/certificate.ts'
import type { Binding } from '../../lib/seal/envelope.ts'
import { pinOf, type Recipient, signingKey, thumbprint } from '../../lib/seal/keys.ts'
import type { SealPins } from '../../lib/seal/pins.ts'
import { sealPersonal } from '../../lib/seal/seal.ts'
import { createSealSigner, platformSigner } from '../../lib/seal/signer.ts'

const file: Record<string, JsonWebKey> = JSON.parse(
  readFileSync(join(import.meta.dirname, '../vectors/keys.json'), 'utf8'),
)

/** A private key of `test/vectors/keys.json`; they protect nothing. */
export function testKey(name: string): KeyObject {
  return createPrivateKey({ key: file[name] ?? {}, format: 'jwk' })
}

/** A custody key of the file as a recipient of seals. */
export function recipientOf(name: 'custody' | 'platformCustody'): Recipient {
  const key = createPublicKey(testKey(name))
  return { kid: thumbprint(key), key }
}

export const now = new Date('2026-01-05T02:00:00Z')
export const custody = recipientOf('custody')
export const platformCustody = recipientOf('platformCustody')
export const gatewayKey = signingKey(testKey('gateway'))
export const platformKey = signingKey(testKey('platform'))

export const order = 'o_fck7qd6bckys2eiuxjf7u36sdw'
export const otherOrder = 'o_aaaaaaaaaaaaaaaaaaaaaaaaaa'
export const binding: Binding = { order, courier: 'swift', group: 'receiver', rev: 1 }

export const personal: Personal = checkPersonal({
  name: '张测试',
  phone: '13800000000',
  address: '测试路1号样例小区2幢301室',
  remark: '放门口 🚪',
})

/** What courier, router and station pinned: a key for intake's seals, one for platform `acme` alone. */
export const pins: SealPins = {
  custodyKeys: [
    { kid: custody.kid },
    { kid: platformCustody.kid, platform: { name: 'acme', keys: [pinOf(platformKey)] } },
  ],
  gatewayKeys: [pinOf(gatewayKey)],
  revoked: [],
}

/** The gateway's signing key as KMS would be reached, counting its calls. */
export function certifier(): CertificateSigner & { calls: number } {
  return {
    kid: gatewayKey.kid,
    calls: 0,
    async sign(bytes) {
      this.calls++
      return sign('sha256', bytes, { key: gatewayKey.key, dsaEncoding: 'ieee-p1363' })
    },
  }
}

/** A seal as intake makes it: to the custody key, by a certified key. */
export async function sealAtIntake(of: Partial<Binding> = {}, at = now): Promise<Sealed> {
  const source = createSealSigner({ certify: certifier(), now: () => at })
  const signer = await source.current()
  return signer.sign(sealPersonal(personal, custody, { ...binding, ...of }), 'acme', at)
}

/** A seal as platform `acme` makes it by itself. */
export function sealAtPlatform(of: Partial<Binding> = {}, at = now): Sealed {
  const jwe = sealPersonal(personal, platformCustody, { ...binding, ...of })
  return platformSigner(platformKey).sign(jwe, 'acme', at)
}
