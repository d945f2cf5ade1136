import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { EncryptCommand } from '@aws-sdk/client-kms'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import {
  arnOf,
  courier,
  credentialsOf,
  document,
  gateway,
  kmsOf,
  refusal,
  region,
  signIn,
  startFor,
  startStation,
  stsOf,
  who,
} from './fixtures.ts'

const hour = 3_600_000

/** Two roles; `lin` is trusted by name, anybody in the account by its own policy. */
async function setUpRoles(t: TestContext) {
  const { aws } = await startFor(t)
  const account = courier
  const may = document({
    Effect: 'Allow',
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Resource: '*',
  })
  const user = (name: string, policies: object[] = [], of = account) =>
    stsOf(aws, aws.credentials(aws.putUser({ account: of, name, policies })))
  const trusting = (AWS: string) => ({
    Effect: 'Allow',
    Principal: { AWS },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
  })
  const named = document(trusting(`arn:aws:iam::${account}:user/lin`))
  aws.putRole({ account, name: 'named', trust: named })
  aws.putRole({ account, name: 'open', trust: document(trusting(`arn:aws:iam::${account}:root`)) })
  const assume = (client: STSClient, name: string, more: object = {}) =>
    client.send(
      new AssumeRoleCommand({ RoleArn: arnOf(name), RoleSessionName: 'session', ...more }),
    )
  return { aws, may, user, assume, trusting }
}

test('AssumeRole: the trust policy speaks first, then the caller’s own', async t => {
  const { aws, may, user, assume } = await setUpRoles(t)
  const denied = refusal('AccessDenied')
  const lin = user('lin')
  const answer = await assume(lin, 'named')
  const arn = `arn:aws:sts::${courier}:assumed-role/named/session`
  assert.equal((await who(stsOf(aws, credentialsOf(answer)))).Arn, arn)
  await assert.rejects(assume(user('wang', [may]), 'named'), denied)
  await assert.rejects(assume(lin, 'open'), refusal('AccessDenied', /identity-based/))
  await assume(user('wang', [may]), 'open')
  await assert.rejects(assume(user('wang', [may], gateway), 'open'), denied)
  const root = stsOf(aws, aws.credentials(`arn:aws:iam::${courier}:root`))
  await assert.rejects(assume(root, 'open'), refusal('AccessDenied', /root/))
  await assert.rejects(
    assume(lin, 'named', { ExternalId: 'x1' }),
    refusal('ValidationError', /ExternalId/),
  )
})

test('AssumeRole: an hour at most from a session to the next', async t => {
  const { aws, may, user, assume, trusting } = await setUpRoles(t)
  const trust = document(trusting(`arn:aws:iam::${courier}:root`))
  aws.putRole({ account: courier, name: 'long', trust, policies: [may], maxSessionSeconds: 7200 })
  const wang = user('wang', [may])
  const session = stsOf(aws, credentialsOf(await assume(wang, 'long', { DurationSeconds: 7200 })))
  await assert.rejects(
    assume(session, 'long', { DurationSeconds: 7200 }),
    refusal('ValidationError'),
  )
  await assume(session, 'long', { DurationSeconds: 3600 })
})

test('tags of the session win over those of the role, whatever their case', async t => {
  const { aws, user, assume, trusting } = await setUpRoles(t)
  const { calls: _, ...rest } = { calls: 0, account: courier }
  const trust = document(trusting(`arn:aws:iam::${courier}:user/lin`))
  aws.putRole({ ...rest, name: 'tagged', trust, tags: { Hop: 'H0' } })
  const onHop = { StringEquals: { 'kms:EncryptionContext:hop': `\${aws:PrincipalTag/hop}` } }
  const open = {
    Effect: 'Allow',
    Principal: { AWS: arnOf('tagged') },
    Action: 'kms:Encrypt',
    Resource: '*',
  }
  const policy = JSON.stringify(document({ ...open, Condition: onHop }))
  const KeyId = await aws.createKey({ account: courier, spec: 'SYMMETRIC_DEFAULT', policy })
  const seal = async (more: object, hop: string) => {
    const kms = kmsOf(aws, credentialsOf(await assume(user('lin'), 'tagged', more)))
    await kms.send(
      new EncryptCommand({ KeyId, Plaintext: Buffer.from('x'), EncryptionContext: { hop } }),
    )
  }
  const Tags = [{ Key: 'hop', Value: 'H1' }]
  const denied = refusal('AccessDeniedException')
  await seal({}, 'H0')
  await assert.rejects(seal({}, 'H1'), denied)
  await seal({ Tags }, 'H1')
  await assert.rejects(seal({ Tags }, 'H0'), denied)
  const transitive = { Tags, TransitiveTagKeys: ['hop'] }
  await assert.rejects(seal(transitive, 'H1'), refusal('ValidationError', /TransitiveTagKeys/))
})

test('a session ends when its time is over', async t => {
  let shift = 0
  const { aws, token } = await startStation(t, { now: () => Date.now() + shift })
  const credentials = credentialsOf(await signIn(aws, await token()))
  const late = () => stsOf(aws, credentials, { systemClockOffset: shift })
  shift = hour - 60_000
  await who(late())
  shift = hour + 60_000
  await assert.rejects(who(late()), refusal('ExpiredTokenException'))
  const kms = kmsOf(aws, credentials, { systemClockOffset: shift })
  const seal = new EncryptCommand({ KeyId: 'alias/x', Plaintext: Buffer.from('x') })
  await assert.rejects(kms.send(seal), refusal('ExpiredTokenException'))
})

test('who is calling: root, user, role, session', async t => {
  const { aws } = await startFor(t)
  const account = courier
  const root = `arn:aws:iam::${account}:root`
  assert.equal((await who(stsOf(aws, aws.credentials(root)))).Arn, root)
  const user = aws.putUser({ account, name: 'lin' })
  assert.equal((await who(stsOf(aws, aws.credentials(user)))).Arn, user)
  const role = aws.putRole({ account, name: 'router', trust: document() })
  const { Arn, Account } = await who(stsOf(aws, aws.credentials(role)))
  assert.equal(Arn, `arn:aws:sts::${account}:assumed-role/router/local`)
  assert.equal(Account, account)
  assert.deepEqual(aws.credentials(role), aws.credentials(role))
  await assert.rejects(
    who(
      new STSClient({
        endpoint: aws.endpoint,
        region,
        credentials: { accessKeyId: 'AKIA0', secretAccessKey: 'x' },
      }),
    ),
    refusal('InvalidClientTokenId'),
  )
})

test('set-up refuses what it does not understand', async t => {
  const { aws } = await startFor(t)
  const role = { account: courier, name: 'r', trust: document() }
  aws.putRole(role)
  const odd = document({
    Effect: 'Allow',
    Action: 'kms:*',
    Resource: '*',
    Condition: { IpAddress: { 'aws:SourceIp': '1' } },
  })
  assert.throws(() => aws.putRole({ ...role, policies: [odd] }), /IpAddress/)
  assert.throws(() => aws.putRole({ ...role, trust: odd }), /Principal/)
  assert.throws(() => aws.putUser({ ...role, policies: [odd] }), /IpAddress/)
  const provider = {
    account: courier,
    issuer: 'https://id.example',
    audiences: [],
    keys: [{ kty: 'EC' }],
  }
  assert.throws(() => aws.putProvider(provider))
  await assert.rejects(aws.createKey({ account: courier, spec: 'RSA_1024' }))
})
