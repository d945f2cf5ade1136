import assert from 'node:assert/strict'
import {
  constants,
  createCipheriv,
  generateKeyPairSync,
  publicEncrypt,
  randomFillSync,
} from 'node:crypto'
import { performance } from 'node:perf_hooks'
import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  RawRsaKeyringNode,
} from '@aws-crypto/client-node'
import { FlattenedEncrypt, FlattenedSign, flattenedDecrypt } from 'jose'
import { checkPersonal } from '../lib/model/validate.ts'
import { parseJwe } from '../lib/seal/envelope.ts'
import { pinRecipient, signingKey, thumbprint } from '../lib/seal/keys.ts'
import { sealPersonal } from '../lib/seal/seal.ts'
import { sealPayload } from '../lib/seal/signature.ts'
import { platformSigner } from '../lib/seal/signer.ts'

// One seal of the usual size (512 bytes padded, RSA 3072) by four hands: ours, node:crypto with nothing
// around it, jose making the same JWE, and the AWS Encryption SDK with a raw RSA keyring.

const pair = generateKeyPairSync('rsa', { modulusLength: 3072 })
const { publicKey, privateKey } = pair
const kid = thumbprint(publicKey)
const recipient = pinRecipient(publicKey.export({ format: 'jwk' }), kid)
const ecPair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const signer = platformSigner(signingKey(ecPair.privateKey))

const order = 'o_fck7qd6bckys2eiuxjf7u36sdw'
const binding = { order, courier: 'swift', group: 'receiver', rev: 1 } as const
const personal = checkPersonal({
  name: '张测试',
  phone: '13800000000',
  address: '测试路1号样例小区2幢301室',
})
const json = Buffer.from(JSON.stringify(personal))
const text = Buffer.concat([json, Buffer.alloc(512 - json.length, ' ')])
const head = { enc: 'A256GCM', typ: 'lasthop-personal+json', ...binding, v: 1 }
const wrapping = { alg: 'RSA-OAEP-256', kid }
const now = new Date('2026-01-05T02:00:00Z')

const ours = () => sealPersonal(personal, recipient, binding)
const oursSigned = () => signer.sign(ours(), 'acme', now)

/** The two operations that cannot be avoided, on the same number of bytes. */
function bare(): Buffer[] {
  const fresh = randomFillSync(Buffer.allocUnsafe(44))
  const cipher = createCipheriv('aes-256-gcm', fresh.subarray(0, 32), fresh.subarray(32))
  const ciphertext = cipher.update(text)
  cipher.final()
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const wrapped = publicEncrypt(
    { key: publicKey, padding, oaepHash: 'sha256' },
    fresh.subarray(0, 32),
  )
  return [wrapped, ciphertext, cipher.getAuthTag()]
}

const web = {
  recipient: await crypto.subtle.importKey(
    'spki',
    publicKey.export({ format: 'der', type: 'spki' }),
    { name: 'RSA-OAEP', hash: 'SHA-256' },
    false,
    ['encrypt', 'wrapKey'],
  ),
  signer: await crypto.subtle.importKey(
    'pkcs8',
    ecPair.privateKey.export({ format: 'der', type: 'pkcs8' }),
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign'],
  ),
}

const jose = () =>
  new FlattenedEncrypt(text)
    .setProtectedHeader(head)
    .setUnprotectedHeader(wrapping)
    .encrypt(web.recipient)

/** Signs the same ten lines. */
async function joseSigned(): Promise<unknown> {
  const { protected: made = '', iv = '', tag = '', encrypted_key = '', ciphertext } = await jose()
  const parts = { protected: made, iv, tag, encrypted_key, ciphertext }
  const facts = parseJwe({ ...parts, header: { alg: 'RSA-OAEP-256', kid } })
  const lines = sealPayload({ ...facts, platform: 'acme', sealedAt: '2026-01-05T02:00:00Z' })
  return new FlattenedSign(Buffer.from(lines))
    .setProtectedHeader({ alg: 'ES256', kid, typ: 'lasthop-seal' })
    .sign(web.signer)
}

const keyring = new RawRsaKeyringNode({
  ...{ keyName: kid, keyNamespace: 'lasthop', oaepHash: 'sha256' as const },
  padding: constants.RSA_PKCS1_OAEP_PADDING,
  rsaKey: {
    publicKey: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  },
})
const aws = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
const encryptionContext = { ...binding, rev: '1', v: '1' }

const awsSdk = () =>
  aws.encrypt(keyring, text, {
    encryptionContext,
    suiteId: AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
  })
/** Its default: signed by ECDSA with P-384. */
const awsSdkSigned = () => aws.encrypt(keyring, text, { encryptionContext })

const ways = { ours, bare, jose, awsSdk, oursSigned, joseSigned, awsSdkSigned }
type Way = keyof typeof ways
const names: readonly Way[] = [
  ...(['ours', 'bare', 'jose', 'awsSdk'] as const),
  ...(['oursSigned', 'joseSigned', 'awsSdkSigned'] as const),
]

/** Each makes what it should, or there is nothing to compare. */
async function check(): Promise<void> {
  const seal = ours()
  assert.equal(Buffer.from(seal.ciphertext, 'base64url').length, text.length)
  for (const one of [seal, await jose()]) {
    const { plaintext } = await flattenedDecrypt({ ...one, header: { ...one.header } }, privateKey)
    assert.deepEqual(Buffer.from(plaintext), text)
  }
  assert.equal(oursSigned().platform, 'acme')
  for (const make of [awsSdk, awsSdkSigned]) {
    const { result } = await make()
    assert.deepEqual((await aws.decrypt(keyring, result)).plaintext, text)
  }
}

const ROUNDS = 60
const SEALS = 50

/** Microseconds a seal in one round; what is synchronous is not made to wait. */
async function round(name: Way): Promise<number> {
  const make = ways[name]
  const start = performance.now()
  for (let n = 0; n < SEALS; n++) {
    const made = make()
    if (made instanceof Promise) await made
  }
  return ((performance.now() - start) * 1000) / SEALS
}

const median = (figures: readonly number[]): number =>
  figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN

const rounded = (figure: number): number => Math.round(figure * 100) / 100

/**
 * Our seal against bare node:crypto (target: at most 1.3 times), against jose and against the AWS
 * Encryption SDK (target for jose: at least 3.5 times faster): medians of interleaved rounds, in
 * microseconds a seal, and their ratios; the same with a signature.
 */
export async function run(): Promise<Record<string, number>> {
  await check()
  const figures = new Map<Way, number[]>(names.map(name => [name, []]))
  for (let n = 0; n < ROUNDS; n++) {
    for (const name of names) figures.get(name)?.push(await round(name))
  }
  const us = (name: Way): number => median(figures.get(name)?.slice(10) ?? [])
  return {
    ...{ oursUs: rounded(us('ours')), nodeCryptoUs: rounded(us('bare')) },
    ...{ joseUs: rounded(us('jose')), awsSdkUs: rounded(us('awsSdk')) },
    ...{ oursSignedUs: rounded(us('oursSigned')), joseSignedUs: rounded(us('joseSigned')) },
    awsSdkSignedUs: rounded(us('awsSdkSigned')),
    toNodeCrypto: rounded(us('ours') / us('bare')),
    joseTo: rounded(us('jose') / us('ours')),
    awsSdkTo: rounded(us('awsSdk') / us('ours')),
    joseSignedTo: rounded(us('joseSigned') / us('oursSigned')),
    awsSdkSignedTo: rounded(us('awsSdkSigned') / us('oursSigned')),
  }
}

if (import.meta.main) console.log(await run())
