/**
 * Writes the vectors of the seal anew: `node test/vectors/make-vectors.ts`. Each is consistent in all but
 * the one thing that it is about, so that it is refused for that alone. Their bytes differ each time.
 */
import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '../../lib/seal/base64url.ts'
import { certifyKey } from '../../lib/seal/certificate.ts'
import { signDetached } from '../../lib/seal/jws.ts'
import { pinOf, signingKey } from '../../lib/seal/keys.ts'
import { sealPayload } from '../../lib/seal/signature.ts'
import * as f from '../seal/fixtures.ts'

const folder = join(import.meta.dirname, 'seal')
const { order, courier, group, rev } = f.binding
const head = { enc: 'A256GCM', typ: 'lasthop-personal+json', order, courier, group, rev, v: 1 }
const sealedAt = '2026-01-05T02:00:00Z'
const intakeKey = signingKey(f.testKey('intake'))
const certify = f.certifier()
const { jws: certificate } = await certifyKey(pinOf(intakeKey).key, f.now, certify)

interface Odd {
  /** Protected header, as an object or as exact text. */
  protected?: object | string
  header?: object | null
  text?: string | Buffer
  /** Length to pad to; 0 for none. */
  pad?: number
  oaepHash?: string
  ivLength?: number
  by?: 'intake' | 'platform'
}

/** A seal that holds in everything but what is asked for. */
function make(odd: Odd = {}) {
  const recipient = odd.by === 'platform' ? f.platformCustody : f.custody
  const text = Buffer.from(odd.text ?? JSON.stringify(f.personal))
  const pad = odd.pad ?? 512
  const padded = Buffer.concat([text, Buffer.alloc(Math.max(0, pad - text.length), ' ')])
  const headText =
    typeof odd.protected === 'string' ? odd.protected : JSON.stringify(odd.protected ?? head)
  const protectedHeader = Buffer.from(headText).toString('base64url')
  const [contentKey, iv] = [randomBytes(32), randomBytes(odd.ivLength ?? 12)]
  const cipher = createCipheriv('aes-256-gcm', contentKey, iv)
  cipher.setAAD(Buffer.from(protectedHeader))
  const ciphertext = Buffer.concat([cipher.update(padded), cipher.final()])
  const wrapped = publicEncrypt(
    {
      key: recipient.key,
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: odd.oaepHash ?? 'sha256',
    },
    contentKey,
  )
  const header = odd.header === undefined ? { alg: 'RSA-OAEP-256', kid: recipient.kid } : odd.header
  return sign(
    {
      protected: protectedHeader,
      ...(header === null ? {} : { header }),
      encrypted_key: wrapped.toString('base64url'),
      iv: iv.toString('base64url'),
      ciphertext: ciphertext.toString('base64url'),
      tag: cipher.getAuthTag().toString('base64url'),
    },
    odd.by ?? 'intake',
  )
}

type Made = Record<string, unknown> &
  Record<'protected' | 'encrypted_key' | 'iv' | 'ciphertext' | 'tag', string>

/** Signs whatever it is, over its actual bytes and what its protected header says. */
function sign(jwe: Made, by: 'intake' | 'platform') {
  const bytes = (name: 'protected' | 'encrypted_key' | 'iv' | 'ciphertext' | 'tag') =>
    Buffer.from(jwe[name], 'base64url')
  const said = { ...head, ...safeParse(bytes('protected').toString()) }
  const payload = sealPayload({
    platform: 'acme',
    order: said.order,
    courier: said.courier,
    group: said.group,
    rev: said.rev,
    kid: by === 'intake' ? f.custody.kid : f.platformCustody.kid,
    keyHash: sha256(bytes('encrypted_key')),
    bodyHash: sha256(
      bytes('protected'),
      '.',
      bytes('iv'),
      '.',
      bytes('ciphertext'),
      '.',
      bytes('tag'),
    ),
    sealedAt,
  })
  const key = by === 'intake' ? intakeKey : f.platformKey
  const signature = signDetached('lasthop-seal', payload, key)
  return {
    ...jwe,
    platform: 'acme',
    sealedAt,
    signature,
    ...(by === 'intake' ? { certificate } : {}),
  }
}

function safeParse(text: string): Partial<typeof head> {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/** The last character of a base64url text with its unused bits set. */
function loose(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1) ?? '') + 1]
}

function flip(text: string): string {
  const bytes = Buffer.from(text, 'base64url')
  bytes[7] = (bytes[7] ?? 0) ^ 1
  return bytes.toString('base64url')
}

const good = make()
const own = make({ by: 'platform' })
const second = make({ protected: { ...head, order: f.otherOrder } })
const flipped = (name: 'ciphertext' | 'tag' | 'iv') =>
  sign({ ...good, [name]: flip(good[name]) }, 'intake')
const longText = JSON.stringify({
  ...f.personal,
  remark: '测'.repeat(200),
  company: '试'.repeat(100),
})
const rare = { ...f.personal, name: '𠮷野𪚥·买买提 👩‍👩‍👧', address: '测试路1号\u0000\u200b"\\' }
const asked = f.binding
const key = { alg: 'RSA-OAEP-256', kid: f.custody.kid }

type Vector = { about: string; expect: string; at?: string; [member: string]: unknown }

const vectors: Record<string, Vector> = {
  'opened-512': { about: 'sealed by intake, padded to 512 bytes', expect: 'OPENED', sealed: good },
  'opened-1024': {
    about: 'padded to 1024 bytes',
    expect: 'OPENED',
    sealed: make({ text: longText, pad: 1024 }),
    personal: JSON.parse(longText),
  },
  'opened-2048': { about: 'padded to 2048 bytes', expect: 'OPENED', sealed: make({ pad: 2048 }) },
  'opened-by-platform': {
    about: 'sealed and signed by the platform itself',
    expect: 'OPENED',
    sealed: own,
    key: 'platformCustody',
  },
  'opened-nimbus': {
    about: 'alg and kid in the protected header, as Nimbus makes it',
    expect: 'OPENED',
    sealed: make({
      by: 'platform',
      header: null,
      protected: { ...key, kid: f.platformCustody.kid, ...head },
    }),
    key: 'platformCustody',
  },
  'opened-spaced-header': {
    about: 'a protected header with spaces between its members',
    expect: 'OPENED',
    sealed: make({ protected: JSON.stringify(head, null, 1) }),
  },
  'opened-rare-characters': {
    about: 'a name outside the basic plane, joiners, escapes',
    expect: 'OPENED',
    sealed: make({ text: JSON.stringify(rare) }),
    personal: rare,
  },
  'alg-oaep-sha1': {
    about: 'the key is wrapped by RSA-OAEP with SHA-1 and says so',
    expect: 'SEAL_INVALID',
    at: '/header/alg',
    sealed: make({ header: { ...key, alg: 'RSA-OAEP' }, oaepHash: 'sha1' }),
  },
  'alg-dir': {
    about: 'alg is dir',
    expect: 'SEAL_INVALID',
    at: '/header/alg',
    sealed: make({ header: { ...key, alg: 'dir' } }),
  },
  'alg-in-both-headers': {
    about: 'alg and kid stand in both headers',
    expect: 'SEAL_INVALID',
    at: '/protected',
    sealed: make({ protected: { ...key, ...head } }),
  },
  'alg-in-neither-header': {
    about: 'alg and kid stand nowhere',
    expect: 'SEAL_INVALID',
    at: '/protected',
    sealed: make({ header: null }),
  },
  'alg-protected-kid-not': {
    about: 'alg is protected, kid is not',
    expect: 'SEAL_INVALID',
    at: '/header',
    sealed: make({ header: { kid: key.kid }, protected: { alg: key.alg, ...head } }),
  },
  'enc-a128gcm': {
    about: 'enc says A128GCM',
    expect: 'SEAL_INVALID',
    at: '/protected/enc',
    sealed: make({ protected: { ...head, enc: 'A128GCM' } }),
  },
  'typ-other': {
    about: 'typ is that of another document',
    expect: 'SEAL_INVALID',
    at: '/protected/typ',
    sealed: make({ protected: { ...head, typ: 'JWE' } }),
  },
  'version-2': {
    about: 'a version that does not exist yet',
    expect: 'SEAL_INVALID',
    at: '/protected/v',
    sealed: make({ protected: { ...head, v: 2 } }),
  },
  'header-zip': {
    about: 'zip in the protected header',
    expect: 'SEAL_INVALID',
    at: '/protected',
    sealed: make({ protected: { ...head, zip: 'DEF' } }),
  },
  'header-crit': {
    about: 'crit in the protected header',
    expect: 'SEAL_INVALID',
    at: '/protected',
    sealed: make({ protected: { ...head, crit: ['exp'] } }),
  },
  'header-p2c': {
    about: 'p2c in the protected header',
    expect: 'SEAL_INVALID',
    at: '/protected',
    sealed: make({ protected: { ...head, p2c: 1000000 } }),
  },
  'header-jku': {
    about: 'jku in the unprotected header',
    expect: 'SEAL_INVALID',
    at: '/header',
    sealed: make({ header: { ...key, jku: 'https://example.com/keys' } }),
  },
  'header-jwk': {
    about: 'jwk in the protected header',
    expect: 'SEAL_INVALID',
    at: '/protected',
    sealed: make({ protected: { ...head, jwk: { kty: 'RSA' } } }),
  },
  'header-member-twice': {
    about: 'order stands twice in the protected header',
    expect: 'SEAL_INVALID',
    at: '/protected',
    sealed: make({ protected: `{"order":"${f.otherOrder}",${JSON.stringify(head).slice(1)}` }),
  },
  'header-member-missing': {
    about: 'the protected header names no courier',
    expect: 'SEAL_INVALID',
    at: '/protected',
    sealed: make({ protected: { ...head, courier: undefined } }),
  },
  'header-rev-text': {
    about: 'rev is text',
    expect: 'SEAL_INVALID',
    at: '/protected/rev',
    sealed: make({ protected: { ...head, rev: '1' } }),
  },
  'header-group-unknown': {
    about: 'a group that does not exist',
    expect: 'SEAL_INVALID',
    at: '/protected/group',
    sealed: make({ protected: { ...head, group: 'buyer' } }),
  },
  'base64url-loose-bits': {
    about: 'the tag ends in bits that no byte has',
    expect: 'SEAL_INVALID',
    at: '/tag',
    sealed: { ...good, tag: loose(good.tag) },
  },
  'base64url-padded': {
    about: 'the tag is padded with =',
    expect: 'SEAL_INVALID',
    at: '/tag',
    sealed: { ...good, tag: `${good.tag}==` },
  },
  'iv-16-bytes': {
    about: 'an IV of 16 bytes',
    expect: 'SEAL_INVALID',
    at: '/iv',
    sealed: make({ ivLength: 16 }),
  },
  'tag-12-bytes': {
    about: 'a tag cut to 12 bytes',
    expect: 'SEAL_INVALID',
    at: '/tag',
    sealed: sign({ ...good, tag: good.tag.slice(0, 16) }, 'intake'),
  },
  'text-not-padded': {
    about: 'the text is not padded',
    expect: 'SEAL_INVALID',
    at: '/ciphertext',
    sealed: make({ pad: 0 }),
  },
  'unknown-member': {
    about: 'a member that the standard does not have',
    expect: 'SEAL_INVALID',
    at: '',
    sealed: { ...good, aad: 'AAAA' },
  },
  'kid-not-pinned': {
    about: 'sealed to a key that nobody pinned',
    expect: 'SEAL_INVALID',
    at: '/kid',
    sealed: make({ header: { ...key, kid: '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU' } }),
  },
  'key-of-another-order': {
    about: "another order's wrapped key under this order",
    expect: 'SIGNATURE_INVALID',
    at: '',
    sealed: { ...good, encrypted_key: second.encrypted_key },
  },
  'ciphertext-bit-flipped': {
    about: 'one bit of the ciphertext is flipped',
    expect: 'SIGNATURE_INVALID',
    at: '',
    sealed: { ...good, ciphertext: flip(good.ciphertext) },
  },
  'ciphertext-bit-flipped-signed': {
    about: 'one bit of the ciphertext is flipped, and all signed anew',
    expect: 'SEAL_TAMPERED',
    at: '',
    sealed: flipped('ciphertext'),
  },
  'tag-bit-flipped-signed': {
    about: 'one bit of the tag is flipped, and all signed anew',
    expect: 'SEAL_TAMPERED',
    at: '',
    sealed: flipped('tag'),
  },
  'iv-bit-flipped-signed': {
    about: 'one bit of the IV is flipped, and all signed anew',
    expect: 'SEAL_TAMPERED',
    at: '',
    sealed: flipped('iv'),
  },
  'intake-for-platform-key': {
    about: "intake signs for a sealing platform's own key",
    expect: 'SIGNATURE_INVALID',
    at: '/platform',
    sealed: { ...own, certificate },
  },
  'alg-rsa1-5': {
    about: 'alg is RSA1_5',
    expect: 'SEAL_INVALID',
    at: '/header/alg',
    sealed: make({ header: { ...key, alg: 'RSA1_5' } }),
  },
  'alg-none': {
    about: 'alg is none',
    expect: 'SEAL_INVALID',
    at: '/header/alg',
    sealed: make({ header: { ...key, alg: 'none' } }),
  },
  'enc-a256cbc': {
    about: 'enc says A256CBC-HS512',
    expect: 'SEAL_INVALID',
    at: '/protected/enc',
    sealed: make({ protected: { ...head, enc: 'A256CBC-HS512' } }),
  },
  'header-crit-unprotected': {
    about: 'crit in the unprotected header',
    expect: 'SEAL_INVALID',
    at: '/header',
    sealed: make({ header: { ...key, crit: ['exp'] } }),
  },
  'header-x5u': {
    about: 'x5u in the unprotected header',
    expect: 'SEAL_INVALID',
    at: '/header',
    sealed: make({ header: { ...key, x5u: 'https://example.com/cert' } }),
  },
  'header-not-json': {
    about: 'the protected header is no JSON',
    expect: 'SEAL_INVALID',
    at: '/protected',
    sealed: make({ protected: '{"enc":' }),
  },
  'header-order-malformed': {
    about: 'the protected header names no order id',
    expect: 'SEAL_INVALID',
    at: '/protected/order',
    sealed: make({ protected: { ...head, order: 'o_1' } }),
  },
  'header-courier-malformed': {
    about: 'the protected header names no slug of a courier',
    expect: 'SEAL_INVALID',
    at: '/protected/courier',
    sealed: make({ protected: { ...head, courier: 'SWIFT' } }),
  },
  'header-rev-zero': {
    about: 'rev is 0',
    expect: 'SEAL_INVALID',
    at: '/protected/rev',
    sealed: make({ protected: { ...head, rev: 0 } }),
  },
  'version-text': {
    about: 'v is text',
    expect: 'SEAL_INVALID',
    at: '/protected/v',
    sealed: make({ protected: { ...head, v: '1' } }),
  },
  'kid-malformed': {
    about: 'kid is no thumbprint',
    expect: 'SEAL_INVALID',
    at: '/header/kid',
    sealed: make({ header: { ...key, kid: 'main' } }),
  },
  'encrypted-key-short': {
    about: 'a wrapped key of 383 bytes',
    expect: 'SEAL_INVALID',
    at: '/encrypted_key',
    sealed: sign({ ...good, encrypted_key: good.encrypted_key.slice(4) }, 'intake'),
  },
  'iv-8-bytes': {
    about: 'an IV of 8 bytes',
    expect: 'SEAL_INVALID',
    at: '/iv',
    sealed: make({ ivLength: 8 }),
  },
  'text-4096': {
    about: 'padded to 4096 bytes, which is too long',
    expect: 'SEAL_INVALID',
    at: '/ciphertext',
    sealed: make({ pad: 4096 }),
  },
  'text-empty': {
    about: 'an empty ciphertext',
    expect: 'SEAL_INVALID',
    at: '/ciphertext',
    sealed: sign({ ...good, ciphertext: '' }, 'intake'),
  },
  'base64url-other-alphabet': {
    about: 'the tag is written in plain base64',
    expect: 'SEAL_INVALID',
    at: '/tag',
    sealed: { ...good, tag: Buffer.from(good.tag, 'base64url').toString('base64') },
  },
  'base64url-space': {
    about: 'a space in the IV',
    expect: 'SEAL_INVALID',
    at: '/iv',
    sealed: { ...good, iv: `${good.iv} ` },
  },
  'asked-other-courier': {
    about: 'another courier was asked for',
    expect: 'SEAL_INVALID',
    at: '/protected/courier',
    sealed: good,
    asked: { ...asked, courier: 'kye' },
  },
  'signature-of-another-seal': {
    about: 'signed for another seal of the same signer',
    expect: 'SIGNATURE_INVALID',
    at: '',
    sealed: { ...good, signature: second.signature },
  },
  'platform-other': {
    about: 'another platform than the signed one',
    expect: 'SIGNATURE_INVALID',
    at: '',
    sealed: { ...good, platform: 'other' },
  },
  'sealed-at-other': {
    about: 'another time than the signed one',
    expect: 'SIGNATURE_INVALID',
    at: '',
    sealed: { ...good, sealedAt: '2026-01-05T02:00:01Z' },
  },
  'sealed-at-before-certificate': {
    about: 'a time before the certificate',
    expect: 'SIGNATURE_INVALID',
    at: '/sealedAt',
    sealed: { ...good, sealedAt: '2026-01-04T02:00:00Z' },
  },
  'certificate-missing': {
    about: 'intake signs without its certificate',
    expect: 'SIGNATURE_INVALID',
    at: '',
    sealed: { ...good, certificate: undefined },
  },
  'asked-other-order': {
    about: 'another order was asked for',
    expect: 'SEAL_INVALID',
    at: '/protected/order',
    sealed: good,
    asked: { ...asked, order: f.otherOrder },
  },
  'asked-other-group': {
    about: 'the other group was asked for',
    expect: 'SEAL_INVALID',
    at: '/protected/group',
    sealed: good,
    asked: { ...asked, group: 'sender' },
  },
  'asked-other-rev': {
    about: 'another revision was asked for',
    expect: 'SEAL_INVALID',
    at: '/protected/rev',
    sealed: good,
    asked: { ...asked, rev: 2 },
  },
  'text-not-utf8': {
    about: 'the text is not UTF-8: a name of one byte ff',
    expect: 'VALUE_INVALID',
    at: '',
    sealed: make({ text: Buffer.from('{"name":"\u00ff","phone":"1","address":"x"}', 'latin1') }),
  },
  'text-unknown-member': {
    about: 'the text holds a member that personal.json does not have',
    expect: 'VALUE_INVALID',
    at: '',
    sealed: make({ text: JSON.stringify({ ...f.personal, id: '1' }) }),
  },
  'text-without-phone': {
    about: 'the text holds neither phone nor telephone',
    expect: 'VALUE_INVALID',
    at: '',
    sealed: make({ text: '{"name":"张测试","address":"测试路1号"}' }),
  },
}

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
for (const [
  name,
  { about, expect, at, asked: other, personal, key: opener, ...more },
] of Object.entries(vectors)) {
  const vector = {
    about,
    expect,
    ...(at === undefined ? {} : { at }),
    asked: other ?? asked,
    key: opener ?? 'custody',
    ...(expect === 'OPENED' ? { personal: personal ?? f.personal } : {}),
    ...more,
  }
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(vector, null, 2)}\n`)
}
console.log(`${Object.keys(vectors).length} vectors`)
