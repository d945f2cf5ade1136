import assert from 'node:assert/strict'
import { constants, createPublicKey, publicEncrypt, verify } from 'node:crypto'
import { test } from 'node:test'
import {
  DecryptCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateMacCommand,
  GetPublicKeyCommand,
  ReEncryptCommand,
  RotateKeyOnDemandCommand,
  SignCommand,
  VerifyCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms'
import { courier, describe, kmsOf, refusal, startKms } from './fixtures.ts'

const Plaintext = Buffer.from('thirty-two bytes of a content key')
const rsaKey = { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' } as const
const oaep = 'RSAES_OAEP_SHA_256'

test('symmetric: opens under the same context only', async t => {
  const { kms, make, KeyId } = await startKms(t)
  const EncryptionContext = { hop: 'H1', day: '2026-11-24' }
  const { CiphertextBlob, ...answer } = await kms.send(
    new EncryptCommand({ KeyId, Plaintext, EncryptionContext }),
  )
  assert.equal(answer.KeyId, KeyId)
  assert.equal(answer.EncryptionAlgorithm, 'SYMMETRIC_DEFAULT')
  const open = (more: object = {}) =>
    kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext, ...more }))
  assert.deepEqual(Buffer.from((await open()).Plaintext ?? []), Plaintext)
  const reordered = { day: '2026-11-24', hop: 'H1' }
  assert.equal((await open({ EncryptionContext: reordered })).KeyId, KeyId)
  assert.equal((await open({ KeyId })).KeyId, KeyId)
  const others = [
    undefined,
    {},
    { hop: 'H1' },
    { ...EncryptionContext, x: '1' },
    { Hop: 'H1', day: '2026-11-24' },
    { hop: 'h1', day: '2026-11-24' },
    { hop: '2026-11-24', day: 'H1' },
  ]
  for (const EncryptionContext of others)
    await assert.rejects(open({ EncryptionContext }), refusal('InvalidCiphertextException'))
  await assert.rejects(open({ KeyId: await make() }), refusal('IncorrectKeyException'))
  const blob = Buffer.from(CiphertextBlob ?? [])
  for (let at = 0; at < blob.length; at++) {
    const broken = Buffer.from(blob)
    broken[at] = (broken[at] ?? 0) ^ 1
    await assert.rejects(open({ CiphertextBlob: broken }), refusal('InvalidCiphertextException'))
  }
  for (const CiphertextBlob of [blob.subarray(0, 46), blob.subarray(0, -1), Buffer.from('x')])
    await assert.rejects(open({ CiphertextBlob }), refusal('InvalidCiphertextException'))
})

test('RSA: sealed outside with the public key, opened only when key and algorithm are named', async t => {
  const { kms, make, KeyId: symmetric } = await startKms(t)
  const KeyId = await make(rsaKey)
  const { PublicKey, ...facts } = await kms.send(new GetPublicKeyCommand({ KeyId }))
  assert.equal(facts.KeySpec, 'RSA_2048')
  assert.deepEqual(facts.EncryptionAlgorithms, ['RSAES_OAEP_SHA_1', oaep])
  const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), type: 'spki', format: 'der' })
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const CiphertextBlob = publicEncrypt({ key, padding, oaepHash: 'sha256' }, Plaintext)
  const open = (more: object) =>
    kms.send(new DecryptCommand({ CiphertextBlob, KeyId, EncryptionAlgorithm: oaep, ...more }))
  assert.deepEqual(Buffer.from((await open({})).Plaintext ?? []), Plaintext)
  await assert.rejects(open({ KeyId: undefined }), refusal('ValidationException', /KeyId/))
  const sha1 = { EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' }
  await assert.rejects(open(sha1), refusal('InvalidCiphertextException'))
  await assert.rejects(
    open({ EncryptionAlgorithm: undefined }),
    refusal('InvalidKeyUsageException'),
  )
  await assert.rejects(
    open({ EncryptionContext: { a: 'b' } }),
    refusal('ValidationException', /context/),
  )
  await assert.rejects(open({ KeyId: await make(rsaKey) }), refusal('InvalidCiphertextException'))
  await assert.rejects(open({ KeyId: symmetric }), refusal('InvalidKeyUsageException'))
  await assert.rejects(
    kms.send(new GetPublicKeyCommand({ KeyId: symmetric })),
    refusal('UnsupportedOperationException'),
  )
})

test('RSA: encrypts as many bytes as the padding leaves', async t => {
  const { kms, make } = await startKms(t)
  for (const [KeySpec, most] of [
    ['RSA_2048', 190],
    ['RSA_3072', 318],
    ['RSA_4096', 446],
  ] as const) {
    const KeyId = await make({ ...rsaKey, KeySpec })
    const seal = (length: number) =>
      kms.send(
        new EncryptCommand({
          KeyId,
          EncryptionAlgorithm: oaep,
          Plaintext: Buffer.alloc(length, 1),
        }),
      )
    const { CiphertextBlob } = await seal(most)
    await assert.rejects(seal(most + 1), refusal('ValidationException'))
    const opened = await kms.send(
      new DecryptCommand({ KeyId, EncryptionAlgorithm: oaep, CiphertextBlob }),
    )
    assert.equal(opened.Plaintext?.length, most)
  }
})

test('ReEncrypt: RSA to symmetric under a new context, back and onward', async t => {
  const { kms, make, KeyId } = await startKms(t)
  const SourceKeyId = await make(rsaKey)
  const seal = new EncryptCommand({ KeyId: SourceKeyId, EncryptionAlgorithm: oaep, Plaintext })
  const { CiphertextBlob } = await kms.send(seal)
  const context = { order: 'o_1', hop: 'H1' }
  const from = { CiphertextBlob, SourceKeyId, SourceEncryptionAlgorithm: oaep } as const
  const to = { DestinationKeyId: KeyId, DestinationEncryptionContext: context }
  const rewrap = (more: object = {}) => kms.send(new ReEncryptCommand({ ...from, ...to, ...more }))
  const { CiphertextBlob: capsule, $metadata, ...answer } = await rewrap()
  assert.equal($metadata.httpStatusCode, 200)
  assert.deepEqual(answer, {
    SourceKeyId,
    KeyId,
    SourceEncryptionAlgorithm: oaep,
    DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
  })
  const open = (EncryptionContext: Record<string, string>) =>
    kms.send(new DecryptCommand({ CiphertextBlob: capsule, EncryptionContext }))
  assert.deepEqual(Buffer.from((await open(context)).Plaintext ?? []), Plaintext)
  await assert.rejects(open({ order: 'o_2', hop: 'H1' }), refusal('InvalidCiphertextException'))
  await assert.rejects(
    rewrap({ SourceKeyId: undefined }),
    refusal('ValidationException', /SourceKeyId/),
  )
  const unnamed = { SourceEncryptionAlgorithm: undefined }
  await assert.rejects(rewrap(unnamed), refusal('InvalidKeyUsageException'))
  const contexts = { SourceEncryptionContext: { a: 'b' } }
  await assert.rejects(rewrap(contexts), refusal('ValidationException', /context/))
  await assert.rejects(rewrap({ CiphertextBlob: Plaintext }), refusal('InvalidCiphertextException'))
  const again = {
    CiphertextBlob: capsule,
    SourceEncryptionContext: context,
    DestinationKeyId: KeyId,
  }
  const { CiphertextBlob: second } = await kms.send(new ReEncryptCommand(again))
  assert.equal((await kms.send(new DecryptCommand({ CiphertextBlob: second }))).KeyId, KeyId)
})

test('signs ECDSA over SHA-256 in DER, verifies, refuses the rest', async t => {
  const { kms, make, KeyId: symmetric } = await startKms(t)
  const KeyId = await make({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
  const Message = Buffer.from('lasthop-certificate')
  const use = { KeyId, Message, SigningAlgorithm: 'ECDSA_SHA_256' } as const
  const { Signature = new Uint8Array() } = await kms.send(new SignCommand(use))
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId }))
  const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), type: 'spki', format: 'der' })
  assert(verify('sha256', Message, key, Signature))
  const check = (more: object = {}) => kms.send(new VerifyCommand({ ...use, Signature, ...more }))
  assert.equal((await check()).SignatureValid, true)
  await assert.rejects(
    check({ Message: Buffer.from('x') }),
    refusal('KMSInvalidSignatureException'),
  )
  await assert.rejects(check({ KeyId: symmetric }), refusal('InvalidKeyUsageException'))
  await assert.rejects(
    kms.send(new SignCommand({ ...use, SigningAlgorithm: 'ECDSA_SHA_384' })),
    refusal('InvalidKeyUsageException'),
  )
  const rsa = await make(rsaKey)
  const wrong: object = { KeyId: rsa, SigningAlgorithm: oaep }
  await assert.rejects(
    kms.send(new SignCommand({ ...use, ...wrong })),
    refusal('InvalidKeyUsageException'),
  )
  await assert.rejects(
    kms.send(new SignCommand({ ...use, MessageType: 'DIGEST' })),
    refusal('UnsupportedOperationException'),
  )
  await assert.rejects(
    kms.send(new EncryptCommand({ KeyId, Plaintext, EncryptionAlgorithm: oaep })),
    refusal('InvalidKeyUsageException'),
  )
})

test('makes and checks MACs', async t => {
  const { kms, make } = await startKms(t)
  const KeyId = await make({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
  const use = { KeyId, Message: Buffer.from('order'), MacAlgorithm: 'HMAC_SHA_256' } as const
  const { Mac = new Uint8Array() } = await kms.send(new GenerateMacCommand(use))
  assert.equal(Mac.length, 32)
  const check = (more: object = {}) => kms.send(new VerifyMacCommand({ ...use, Mac, ...more }))
  assert.equal((await check()).MacValid, true)
  const other = { Message: Buffer.from('other') }
  await assert.rejects(check(other), refusal('KMSInvalidMacException'))
  await assert.rejects(check({ Mac: Mac.subarray(1) }), refusal('KMSInvalidMacException'))
  await assert.rejects(
    kms.send(new GenerateMacCommand({ ...use, MacAlgorithm: 'HMAC_SHA_512' })),
    refusal('InvalidKeyUsageException'),
  )
})

test('a disabled key and one that waits for its deletion do nothing', async t => {
  const { aws, kms, KeyId } = await startKms(t)
  const seal = () => kms.send(new EncryptCommand({ KeyId, Plaintext }))
  const rotations = () => [
    kms.send(new EnableKeyRotationCommand({ KeyId })),
    kms.send(new RotateKeyOnDemandCommand({ KeyId })),
  ]
  await seal()
  aws.setKeyState(KeyId, 'Disabled')
  await assert.rejects(seal(), refusal('DisabledException'))
  for (const one of rotations()) await assert.rejects(one, refusal('DisabledException'))
  assert.equal((await describe(kms, KeyId)).Enabled, false)
  aws.setKeyState(KeyId, 'PendingDeletion')
  await assert.rejects(seal(), refusal('KMSInvalidStateException'))
  for (const one of rotations()) await assert.rejects(one, refusal('KMSInvalidStateException'))
  aws.setKeyState(KeyId, 'Enabled')
  await seal()
})

test('a dry run says what would be, before any cryptography', async t => {
  const { aws, kms, KeyId } = await startKms(t)
  const use = { KeyId, Plaintext, DryRun: true }
  await assert.rejects(kms.send(new EncryptCommand(use)), refusal('DryRunOperationException'))
  const none = kmsOf(aws, aws.credentials(aws.putUser({ account: courier, name: 'lin' })))
  await assert.rejects(none.send(new EncryptCommand(use)), refusal('AccessDeniedException'))
  aws.setKeyState(KeyId, 'Disabled')
  await assert.rejects(kms.send(new EncryptCommand(use)), refusal('DisabledException'))
})

test('parameters of a wrong form are refused', async t => {
  const { kms, make, KeyId } = await startKms(t)
  const invalid = refusal('ValidationException')
  await assert.rejects(
    kms.send(new EncryptCommand({ KeyId, Plaintext: new Uint8Array() })),
    invalid,
  )
  const much = { KeyId, Plaintext: Buffer.alloc(4097) }
  await assert.rejects(kms.send(new EncryptCommand(much)), invalid)
  await kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.alloc(4096) }))
  await assert.rejects(kms.send(new EncryptCommand({ KeyId: undefined, Plaintext })), invalid)
  const unnamed = { KeyId, Plaintext, EncryptionContext: { '': 'x' } }
  await assert.rejects(kms.send(new EncryptCommand(unnamed)), invalid)
  await assert.rejects(make({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }), invalid)
  await assert.rejects(make({ KeySpec: 'ECC_NIST_P256' }), invalid)
  await assert.rejects(make({ KeySpec: 'ECC_SECG_P256K1', KeyUsage: 'SIGN_VERIFY' }), invalid)
})
