import assert from 'node:assert/strict'
import { constants, createPublicKey, publicEncrypt, verify } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import {
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  DecryptCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateMacCommand,
  GetKeyPolicyCommand,
  GetPublicKeyCommand,
  ListAliasesCommand,
  ListKeysCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  RotateKeyOnDemandCommand,
  SignCommand,
  VerifyCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms'
import {
  arnOf,
  courier,
  describe,
  document,
  gateway,
  kmsOf,
  refusal,
  rootOf,
  startFor,
} from './fixtures.ts'

const Plaintext = Buffer.from('thirty-two bytes of a content key')
const rsaKey = { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' } as const
const oaep = 'RSAES_OAEP_SHA_256'

/** The root of the courier's account and a symmetric key of its own, with the default policy. */
async function setUp(t: TestContext) {
  const { aws, calls } = await startFor(t)
  const kms = rootOf(aws)
  const make = async (more: object = {}) => {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand(more))
    return KeyMetadata?.Arn ?? ''
  }
  return { aws, calls, kms, make, KeyId: await make() }
}

test('a key by id, ARN, alias; none by another name or from another account', async t => {
  const { aws, kms, KeyId } = await setUp(t)
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/hop', TargetKeyId: KeyId }))
  const alias = `arn:aws:kms:us-east-1:${courier}:alias/hop`
  for (const name of [KeyId, KeyId.split('/')[1] ?? '', 'alias/hop', alias])
    assert.equal((await describe(kms, name)).Arn, KeyId)
  const { CreationDate, ...metadata } = await describe(kms, KeyId)
  assert(CreationDate && Math.abs(CreationDate.getTime() - Date.now()) < 60_000)
  assert.deepEqual(metadata, {
    AWSAccountId: courier,
    KeyId: KeyId.split('/')[1],
    Arn: KeyId,
    Description: '',
    Enabled: true,
    KeyState: 'Enabled',
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    MultiRegion: false,
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyUsage: 'ENCRYPT_DECRYPT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
  })
  for (const name of ['alias/none', `${KeyId}0`, 'constructor', '__proto__'])
    await assert.rejects(describe(kms, name), refusal('NotFoundException'))
  await assert.rejects(
    describe(rootOf(aws, gateway), KeyId.split('/')[1] ?? ''),
    refusal('NotFoundException'),
  )
  await assert.rejects(describe(rootOf(aws, gateway), KeyId), refusal('AccessDeniedException'))
})

test('aliases are listed for their account; a taken or wrong name is refused', async t => {
  const { aws, kms, make, KeyId } = await setUp(t)
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/hop', TargetKeyId: KeyId }))
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/other', TargetKeyId: await make() }))
  const twice = new CreateAliasCommand({ AliasName: 'alias/hop', TargetKeyId: KeyId })
  await assert.rejects(kms.send(twice), refusal('AlreadyExistsException'))
  for (const AliasName of ['hop', 'alias/aws/hop', 'alias/h p'])
    await assert.rejects(
      kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId })),
      refusal('ValidationException'),
    )
  const { Aliases: all = [] } = await kms.send(new ListAliasesCommand({}))
  assert.deepEqual(
    all.map(each => each.AliasName),
    ['alias/hop', 'alias/other'],
  )
  const { Aliases: one = [] } = await kms.send(new ListAliasesCommand({ KeyId }))
  assert.deepEqual(
    one.map(each => each.TargetKeyId),
    [KeyId.split('/')[1]],
  )
  const { Aliases: none } = await rootOf(aws, gateway).send(new ListAliasesCommand({}))
  assert.deepEqual(none, [])
})

test('symmetric: opens under the same context only', async t => {
  const { kms, make, KeyId } = await setUp(t)
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
  const { kms, make, KeyId: symmetric } = await setUp(t)
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
  const { kms, make } = await setUp(t)
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
  const { kms, make, KeyId } = await setUp(t)
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
  const { kms, make, KeyId: symmetric } = await setUp(t)
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
  const { kms, make } = await setUp(t)
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
  const { aws, kms, KeyId } = await setUp(t)
  const seal = () => kms.send(new EncryptCommand({ KeyId, Plaintext }))
  await seal()
  aws.setKeyState(KeyId, 'Disabled')
  await assert.rejects(seal(), refusal('DisabledException'))
  assert.equal((await describe(kms, KeyId)).Enabled, false)
  aws.setKeyState(KeyId, 'PendingDeletion')
  await assert.rejects(seal(), refusal('KMSInvalidStateException'))
  aws.setKeyState(KeyId, 'Enabled')
  await seal()
})

test('a dry run says what would be, before any cryptography', async t => {
  const { aws, kms, KeyId } = await setUp(t)
  const use = { KeyId, Plaintext, DryRun: true }
  await assert.rejects(kms.send(new EncryptCommand(use)), refusal('DryRunOperationException'))
  const none = kmsOf(aws, aws.credentials(aws.putUser({ account: courier, name: 'lin' })))
  await assert.rejects(none.send(new EncryptCommand(use)), refusal('AccessDeniedException'))
  aws.setKeyState(KeyId, 'Disabled')
  await assert.rejects(kms.send(new EncryptCommand(use)), refusal('DisabledException'))
})

test('rotation: new material for new ciphertexts, old ones still open', async t => {
  const { kms, make, KeyId } = await setUp(t)
  const old = await kms.send(new EncryptCommand({ KeyId, Plaintext }))
  await kms.send(new EnableKeyRotationCommand({ KeyId }))
  await kms.send(new RotateKeyOnDemandCommand({ KeyId }))
  const young = await kms.send(new EncryptCommand({ KeyId, Plaintext }))
  for (const { CiphertextBlob } of [old, young]) {
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob }))
    assert.deepEqual(Buffer.from(opened.Plaintext ?? []), Plaintext)
  }
  const rsa = await make(rsaKey)
  await assert.rejects(
    kms.send(new EnableKeyRotationCommand({ KeyId: rsa })),
    refusal('UnsupportedOperationException'),
  )
})

test('key policies are read, replaced, and refused when they lock their author out or are not understood', async t => {
  const { aws, kms, KeyId } = await setUp(t)
  const admin = { AWS: `arn:aws:iam::${courier}:root` }
  const keep = { Effect: 'Allow', Principal: admin, Action: 'kms:*', Resource: '*' }
  const put = (policy: object, more: object = {}) =>
    kms.send(new PutKeyPolicyCommand({ KeyId, Policy: JSON.stringify(policy), ...more }))
  const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }))
  assert.deepEqual(JSON.parse(Policy ?? ''), { Version: '2012-10-17', Statement: keep })
  await put(document(keep, { ...keep, Effect: 'Deny', Action: 'kms:Encrypt' }))
  const seal = new EncryptCommand({ KeyId, Plaintext })
  await assert.rejects(kms.send(seal), refusal('AccessDeniedException', /explicit deny/))
  await put(document(keep))
  await kms.send(seal)
  const odd = document({ ...keep, Condition: { StringEquals: { 'kms:ViaService': 's3' } } })
  await assert.rejects(put(odd), refusal('MalformedPolicyDocumentException', /kms:ViaService/))
  const other = document({ ...keep, Principal: { AWS: arnOf('admin') } })
  await assert.rejects(put(other), refusal('MalformedPolicyDocumentException', /in the future/))
  const make = { Policy: JSON.stringify(other) }
  await assert.rejects(
    kms.send(new CreateKeyCommand(make)),
    refusal('MalformedPolicyDocumentException', /in the future/),
  )
  await put(other, { BypassPolicyLockoutSafetyCheck: true })
  await assert.rejects(put(document(keep)), refusal('AccessDeniedException'))
  const policies = [document({ Effect: 'Allow', Action: 'kms:CreateKey', Resource: '*' })]
  const account = courier
  const role = kmsOf(
    aws,
    aws.credentials(aws.putRole({ account, name: 'admin', policies, trust: document() })),
  )
  await role.send(new CreateKeyCommand(make))
  assert.equal((await describe(role, KeyId)).Arn, KeyId)
})

test('what is not served says so, after policy was asked', async t => {
  const { aws, kms, KeyId } = await setUp(t)
  const grant = { KeyId, GranteePrincipal: arnOf('x'), Operations: ['Decrypt'] } as const
  const unsupported = refusal('UnsupportedOperationException')
  await assert.rejects(
    kms.send(new CreateGrantCommand({ ...grant, Operations: [...grant.Operations] })),
    unsupported,
  )
  await assert.rejects(kms.send(new GenerateDataKeyCommand({ KeyId })), unsupported)
  const none = kmsOf(aws, aws.credentials(aws.putUser({ account: courier, name: 'lin' })))
  await assert.rejects(
    none.send(new CreateGrantCommand({ ...grant, Operations: [...grant.Operations] })),
    refusal('AccessDeniedException', /kms:CreateGrant/),
  )
  await assert.rejects(
    none.send(new GenerateDataKeyCommand({ KeyId })),
    refusal('AccessDeniedException', /kms:GenerateDataKey/),
  )
  await assert.rejects(kms.send(new ListKeysCommand({})), refusal('UnknownOperationException'))
  await assert.rejects(kms.send(new CreateKeyCommand({ MultiRegion: true })), unsupported)
  await assert.rejects(
    kms.send(new EncryptCommand({ KeyId, Plaintext, GrantTokens: ['x'] })),
    unsupported,
  )
})

test('parameters of a wrong form are refused', async t => {
  const { kms, make, KeyId } = await setUp(t)
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

test('another account needs the key policy and a policy of its own', async t => {
  const { aws, kms, KeyId } = await setUp(t)
  const allow = { Effect: 'Allow', Action: 'kms:Encrypt', Resource: KeyId }
  const account = gateway
  const bare = kmsOf(aws, aws.credentials(aws.putUser({ account, name: 'bare' })))
  const able = kmsOf(
    aws,
    aws.credentials(aws.putUser({ account, name: 'able', policies: [document(allow)] })),
  )
  const seal = () => new EncryptCommand({ KeyId, Plaintext })
  await assert.rejects(able.send(seal()), refusal('AccessDeniedException', /resource-based/))
  const keep = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${courier}:root` },
    Action: 'kms:*',
    Resource: '*',
  }
  const share = { ...keep, Principal: { AWS: gateway }, Action: 'kms:Encrypt' }
  await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: JSON.stringify(document(keep, share)) }))
  await able.send(seal())
  await assert.rejects(bare.send(seal()), refusal('AccessDeniedException', /identity-based/))
})

test('each call is recorded once, with who, what and how, and nothing of its data', async t => {
  const { aws, calls, kms, KeyId } = await setUp(t)
  calls.length = 0
  await kms.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext: { order: 'o_secret' } }))
  const none = kmsOf(aws, aws.credentials(aws.putUser({ account: courier, name: 'lin' })))
  await assert.rejects(none.send(new EncryptCommand({ KeyId, Plaintext })))
  const record = { service: 'kms', action: 'Encrypt', resources: [KeyId] }
  assert.deepEqual(calls, [
    { ...record, principal: `arn:aws:iam::${courier}:root`, decision: 'allowed' },
    {
      ...record,
      principal: `arn:aws:iam::${courier}:user/lin`,
      decision: 'refused',
      error: 'AccessDeniedException',
    },
  ])
})
