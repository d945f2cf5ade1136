import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  DecryptCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetKeyPolicyCommand,
  ListAliasesCommand,
  ListKeysCommand,
  PutKeyPolicyCommand,
  RotateKeyOnDemandCommand,
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
  startKms,
} from './fixtures.ts'

const Plaintext = Buffer.from('thirty-two bytes of a content key')
const rsaKey = { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' } as const

test('a key by id, ARN, alias; none by another name or from another account', async t => {
  const { aws, kms, KeyId } = await startKms(t)
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
  const { aws, kms, make, KeyId } = await startKms(t)
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

test('rotation: new material for new ciphertexts, old ones still open', async t => {
  const { kms, make, KeyId } = await startKms(t)
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
  const { aws, kms, KeyId } = await startKms(t)
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

test('keys are made and aliases given only by who may', async t => {
  const { aws, kms, KeyId } = await startKms(t)
  const may = (...Action: string[]) => document({ Effect: 'Allow', Action, Resource: '*' })
  const user = (name: string, ...policies: object[]) =>
    kmsOf(aws, aws.credentials(aws.putUser({ account: courier, name, policies })))
  const [able, bare] = [user('able', may('kms:CreateKey', 'kms:ListAliases')), user('bare')]
  const denied = refusal('AccessDeniedException')
  await able.send(new CreateKeyCommand({}))
  await able.send(new ListAliasesCommand({}))
  await assert.rejects(bare.send(new CreateKeyCommand({})), denied)
  await assert.rejects(bare.send(new ListAliasesCommand({})), denied)
  const alias = (name: string) =>
    new CreateAliasCommand({ AliasName: `alias/${name}`, TargetKeyId: KeyId })
  const onAlias = { Effect: 'Allow', Action: 'kms:CreateAlias' }
  const names = document({ ...onAlias, Resource: 'arn:aws:kms:*:*:alias/*' })
  const keys = document({ ...onAlias, Resource: KeyId })
  await user('both', names, keys).send(alias('both'))
  await assert.rejects(user('names', names).send(alias('names')), denied)
  await assert.rejects(user('keys', keys).send(alias('keys')), denied)
  await kms.send(alias('root'))
})

test('what is not served says so, after policy was asked', async t => {
  const { aws, kms, KeyId } = await startKms(t)
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

test('another account needs the key policy and a policy of its own', async t => {
  const { aws, kms, KeyId } = await startKms(t)
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
  const { aws, calls, kms, KeyId } = await startKms(t)
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
