import { constants, publicEncrypt, randomBytes } from 'node:crypto'
import * as sdk from '@aws-sdk/client-kms'
import { loseKeys, rotate, signAndVerify, useAliases, useMacs } from './more-calls.ts'
import {
  type Backend,
  call,
  der,
  EncryptionContext,
  OAEP,
  Plaintext,
  type Script,
  text,
  UNKNOWN,
} from './script.ts'

/** Sends the whole list of calls to one KMS; answers what came of each, by its name. */
export async function sendCalls(backend: Backend): Promise<ReadonlyMap<string, string>> {
  const script: Script = { backend, keys: {}, outcomes: new Map() }
  await makeKeys(script)
  await lookUp(script)
  const blob = await encryptSymmetric(script)
  await decryptSymmetric(script, blob)
  const sealed = await useRsa(script)
  await reEncrypt(script, blob, sealed)
  await signAndVerify(script)
  await useMacs(script)
  await useAliases(script, blob)
  await rotate(script, blob)
  await loseKeys(script, blob, sealed)
  return script.outcomes
}

async function makeKeys(script: Script): Promise<void> {
  const { kms } = script.backend
  const make = async (name: string, input: sdk.CreateKeyCommandInput) => {
    const answer = await call(
      script,
      `create ${name}`,
      kms.send(new sdk.CreateKeyCommand(input)),
      it => [it.KeyMetadata?.KeySpec, it.KeyMetadata?.KeyUsage, it.KeyMetadata?.KeyState].join(' '),
    )
    script.keys[name] = answer?.KeyMetadata?.Arn ?? UNKNOWN
  }
  await make('symmetric', {})
  await make('second', { Description: 'another' })
  await make('rsa', { KeySpec: 'RSA_3072', KeyUsage: 'ENCRYPT_DECRYPT' })
  await make('rsa two', { KeySpec: 'RSA_3072', KeyUsage: 'ENCRYPT_DECRYPT' })
  await make('ecc', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
  await make('hmac', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
  await make('ecc for encryption', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'ENCRYPT_DECRYPT' })
  await make('hmac for signing', { KeySpec: 'HMAC_256', KeyUsage: 'SIGN_VERIFY' })
  await make('rsa without usage', { KeySpec: 'RSA_3072' })
  await make('with half a policy', { Policy: '{"Version":"2012-10-17"' })
}

async function lookUp(script: Script): Promise<void> {
  const { kms } = script.backend
  const { symmetric = '', rsa = '', ecc = '', hmac = '' } = script.keys
  const describe = (name: string, KeyId: string) =>
    call(script, `describe ${name}`, kms.send(new sdk.DescribeKeyCommand({ KeyId })), it =>
      [it.KeyMetadata?.KeySpec, it.KeyMetadata?.Enabled, it.KeyMetadata?.EncryptionAlgorithms].join(
        ' ',
      ),
    )
  await describe('by ARN', symmetric)
  await describe('by id', rsa.split('/')[1] ?? '')
  await describe('unknown id', UNKNOWN)
  await describe('unknown ARN', symmetric.replace(/[^/]+$/, UNKNOWN))
  await describe('unknown alias', 'alias/nobody')
  const read = (name: string, KeyId: string) =>
    call(script, `public key of ${name}`, kms.send(new sdk.GetPublicKeyCommand({ KeyId })), it =>
      [it.KeySpec, it.KeyUsage, it.PublicKey && keyType(it.PublicKey)].join(' '),
    )
  await read('rsa', rsa)
  await read('ecc', ecc)
  await read('symmetric', symmetric)
  await read('hmac', hmac)
  await read('unknown', UNKNOWN)
  const policy = { PolicyName: 'default', Policy: '{"Version":"2012-10-17","Statement":[]}' }
  await call(
    script,
    'put a policy that locks out',
    kms.send(new sdk.PutKeyPolicyCommand({ KeyId: symmetric, ...policy })),
  )
}

const keyType = (bytes: Uint8Array) => der(bytes).asymmetricKeyType

async function encryptSymmetric(script: Script): Promise<Uint8Array> {
  const { symmetric: KeyId, ecc = '', hmac = '', rsa = '' } = script.keys
  const encrypt = (name: string, more: Partial<sdk.EncryptCommandInput>) =>
    call(
      script,
      `encrypt ${name}`,
      script.backend.kms.send(
        new sdk.EncryptCommand({ KeyId, Plaintext, EncryptionContext, ...more }),
      ),
    )
  const answer = await encrypt('with a context', {})
  await encrypt('without a context', { EncryptionContext: {} })
  await encrypt('4096 bytes', { Plaintext: randomBytes(4096) })
  await encrypt('4097 bytes', { Plaintext: randomBytes(4097) })
  await encrypt('nothing', { Plaintext: new Uint8Array() })
  await encrypt('with an empty value', { EncryptionContext: { hop: '' } })
  await encrypt('with an RSA algorithm', { EncryptionAlgorithm: OAEP })
  await encrypt('with an unknown key', { KeyId: UNKNOWN })
  await encrypt('with a signing key', { KeyId: ecc })
  await encrypt('with a MAC key', { KeyId: hmac })
  await encrypt('with rsa by default', { KeyId: rsa, EncryptionContext: {} })
  await encrypt('with rsa and a context', { KeyId: rsa, EncryptionAlgorithm: OAEP })
  await encrypt('dry', { DryRun: true })
  return answer?.CiphertextBlob ?? new Uint8Array(1)
}

async function decryptSymmetric(script: Script, CiphertextBlob: Uint8Array): Promise<void> {
  const { symmetric, second = '', rsa = '', ecc = '' } = script.keys
  const decrypt = (name: string, more: Partial<sdk.DecryptCommandInput>) =>
    call(
      script,
      `decrypt ${name}`,
      script.backend.kms.send(
        new sdk.DecryptCommand({ CiphertextBlob, EncryptionContext, ...more }),
      ),
      it => [text(it.Plaintext), it.KeyId === symmetric].join(' '),
    )
  const flipped = (at: number) => {
    const bytes = Buffer.from(CiphertextBlob)
    bytes[at] = (bytes.at(at) ?? 0) ^ 1
    return bytes
  }
  await decrypt('under its context', {})
  await decrypt('names in another order', { EncryptionContext: { day: '2026-11-24', hop: 'H1' } })
  await decrypt('naming its key', { KeyId: symmetric })
  await decrypt('without a context', { EncryptionContext: {} })
  await decrypt('a name missing', { EncryptionContext: { hop: 'H1' } })
  await decrypt('a name more', { EncryptionContext: { ...EncryptionContext, x: '' } })
  await decrypt('another hop', { EncryptionContext: { ...EncryptionContext, hop: 'H2' } })
  await decrypt('Hop for hop', { EncryptionContext: { Hop: 'H1', day: '2026-11-24' } })
  await decrypt('values exchanged', { EncryptionContext: { hop: '2026-11-24', day: 'H1' } })
  await decrypt('naming another key', { KeyId: second })
  await decrypt('naming an unknown key', { KeyId: UNKNOWN })
  await decrypt('naming an RSA key', { KeyId: rsa })
  await decrypt('naming a signing key', { KeyId: ecc })
  await decrypt('with an RSA algorithm', { KeyId: symmetric, EncryptionAlgorithm: OAEP })
  await decrypt('the tag flipped', { CiphertextBlob: flipped(CiphertextBlob.length - 1) })
  await decrypt('the body flipped', { CiphertextBlob: flipped(CiphertextBlob.length - 20) })
  await decrypt('cut by a byte', { CiphertextBlob: CiphertextBlob.slice(0, -1) })
  await decrypt('five bytes', { CiphertextBlob: Buffer.from('hello') })
  await decrypt('random bytes', { CiphertextBlob: randomBytes(150) })
  await decrypt('nothing', { CiphertextBlob: new Uint8Array() })
  await decrypt('6145 bytes', { CiphertextBlob: randomBytes(6145) })
  await decrypt('dry', { DryRun: true })
}

/** Seals outside KMS with the public key, as the gateway does. */
async function useRsa(script: Script): Promise<Uint8Array> {
  const { kms } = script.backend
  const { rsa: KeyId = '', 'rsa two': two = '' } = script.keys
  const { PublicKey = new Uint8Array() } = await kms.send(new sdk.GetPublicKeyCommand({ KeyId }))
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const seal = (oaepHash: string) =>
    publicEncrypt({ key: der(PublicKey), padding, oaepHash }, Plaintext)
  const CiphertextBlob = seal('sha256')
  const decrypt = (name: string, more: Partial<sdk.DecryptCommandInput>) =>
    call(
      script,
      `decrypt rsa ${name}`,
      kms.send(
        new sdk.DecryptCommand({ KeyId, CiphertextBlob, EncryptionAlgorithm: OAEP, ...more }),
      ),
      it => [text(it.Plaintext), it.EncryptionAlgorithm].join(' '),
    )
  await decrypt('sealed outside', {})
  await decrypt('without its key', { KeyId: undefined })
  await decrypt('without its algorithm', { EncryptionAlgorithm: undefined })
  await decrypt('by SHA-1', { EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' })
  await decrypt('sealed by SHA-1', { CiphertextBlob: seal('sha1') })
  await decrypt('with another key', { KeyId: two })
  await decrypt('with a context', { EncryptionContext })
  await decrypt('random bytes', { CiphertextBlob: randomBytes(384) })
  await decrypt('too short', { CiphertextBlob: CiphertextBlob.subarray(1) })
  const encrypt = (name: string, length: number) =>
    call(
      script,
      `encrypt rsa ${name}`,
      kms.send(
        new sdk.EncryptCommand({
          ...{ KeyId, Plaintext: randomBytes(length), EncryptionAlgorithm: OAEP },
        }),
      ),
    )
  await encrypt('318 bytes', 318)
  await encrypt('319 bytes', 319)
  return CiphertextBlob
}

async function reEncrypt(script: Script, blob: Uint8Array, sealed: Uint8Array): Promise<void> {
  const { kms } = script.backend
  const { rsa, symmetric: DestinationKeyId, second, 'rsa two': two } = script.keys
  const rewrap = (name: string, more: Partial<sdk.ReEncryptCommandInput>) =>
    call(
      script,
      `re-encrypt ${name}`,
      kms.send(
        new sdk.ReEncryptCommand({
          ...{ CiphertextBlob: sealed, SourceKeyId: rsa, SourceEncryptionAlgorithm: OAEP },
          ...{ DestinationKeyId, DestinationEncryptionContext: EncryptionContext, ...more },
        }),
      ),
    )
  const symmetric = {
    ...{ CiphertextBlob: blob, SourceKeyId: undefined, SourceEncryptionAlgorithm: undefined },
    SourceEncryptionContext: EncryptionContext,
  }
  const answer = await rewrap('rsa to symmetric', {})
  for (const hop of ['H1', 'H2'])
    await call(
      script,
      `decrypt what was re-encrypted, ${hop}`,
      kms.send(
        new sdk.DecryptCommand({
          CiphertextBlob: answer?.CiphertextBlob,
          EncryptionContext: { ...EncryptionContext, hop },
        }),
      ),
      it => text(it.Plaintext),
    )
  await rewrap('rsa without its key', { SourceKeyId: undefined })
  await rewrap('rsa of another key', { SourceKeyId: two })
  await rewrap('rsa by SHA-1', { SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_1' })
  await rewrap('rsa without its algorithm', { SourceEncryptionAlgorithm: undefined })
  await rewrap('rsa with a context', { SourceEncryptionContext: EncryptionContext })
  await rewrap('to an unknown key', { DestinationKeyId: UNKNOWN })
  await rewrap('to a wrong algorithm', { DestinationEncryptionAlgorithm: OAEP })
  await rewrap('to a signing key', { DestinationKeyId: script.keys.ecc })
  await rewrap('to rsa', {
    ...{ DestinationKeyId: two, DestinationEncryptionAlgorithm: OAEP },
    DestinationEncryptionContext: {},
  })
  await rewrap('symmetric to symmetric', { ...symmetric, DestinationKeyId: second })
  await rewrap('symmetric, same key', symmetric)
  await rewrap('symmetric, wrong context', { ...symmetric, SourceEncryptionContext: { hop: 'H1' } })
  await rewrap('symmetric, wrong key', { ...symmetric, SourceKeyId: second })
  await rewrap('dry', { DryRun: true })
}
