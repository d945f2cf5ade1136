import assert from 'node:assert/strict'
import { createSecretKey, generateKeyPairSync } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { EncryptCommand } from '@aws-sdk/client-kms'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import {
  arnOf,
  courier,
  credentialsOf,
  document,
  gateway,
  keyClaims,
  kmsOf,
  makeIssuer,
  refusal,
  region,
  signIn,
  signToken,
  startFor,
  stsOf,
} from './fixtures.ts'

const hour = 3_600_000
const tags = { hop: 'H1', day: '2026-11-24' }
const station = arnOf('station')

/** A station role that trusts one issuer, with tags `hop` and `day` and none else; all that is signed is ours to choose. */
async function setUp(t: TestContext, options: { now?: () => number } = {}) {
  const issuer = makeIssuer()
  const { aws, calls } = await startFor(t, options)
  const { issuer: name, keys, host, provider } = issuer
  aws.putProvider({ account: courier, issuer: name, audiences: ['lasthop-sts', 'second'], keys })
  const federated = { Effect: 'Allow', Principal: { Federated: provider } }
  const trust = document({
    ...federated,
    Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
    Condition: {
      StringEquals: { [`${host}:aud`]: 'lasthop-sts', [`${host}:sub`]: 'station-17' },
      Null: { 'sts:TransitiveTagKeys': 'true' },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['hop', 'day'] },
    },
  })
  aws.putRole({ account: courier, name: 'station', trust })
  const token = async (claims: object = {}) =>
    signToken({ ...keyClaims(issuer, tags), ...claims }, issuer.privateKey)
  return { aws, calls, issuer, token, trust, federated }
}

const who = async (client: STSClient) => {
  const { $metadata, ...identity } = await client.send(new GetCallerIdentityCommand({}))
  assert.equal($metadata.httpStatusCode, 200)
  return identity
}

test('a web identity becomes a session with its tags', async t => {
  const { aws, calls, issuer, token } = await setUp(t)
  const answer = await signIn(aws, await token())
  assert.equal(answer.Audience, 'lasthop-sts')
  assert.equal(answer.Provider, issuer.provider)
  assert.equal(answer.SubjectFromWebIdentityToken, 'station-17')
  const arn = `arn:aws:sts::${courier}:assumed-role/station/s-17`
  assert.equal(answer.AssumedRoleUser?.Arn, arn)
  const expires = answer.Credentials?.Expiration?.getTime() ?? 0
  assert(Math.abs(expires - Date.now() - hour) < 60_000)
  const identity = await who(stsOf(aws, credentialsOf(answer)))
  assert.equal(identity.Arn, arn)
  assert.equal(identity.Account, courier)
  assert.deepEqual(
    calls.map(({ action, principal, decision }) => [action, principal, decision]),
    [
      ['AssumeRoleWithWebIdentity', issuer.provider, 'allowed'],
      ['GetCallerIdentity', arn, 'allowed'],
    ],
  )
})

test('RS256 of a provider with two keys', async t => {
  const { aws, issuer } = await setUp(t)
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const keys = [...issuer.keys, { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'k2' }]
  aws.putProvider({ account: courier, issuer: issuer.issuer, audiences: ['lasthop-sts'], keys })
  const header = { alg: 'RS256', kid: 'k2' }
  await signIn(aws, await signToken(keyClaims(issuer, tags), rsa.privateKey, header))
  await signIn(aws, await signToken(keyClaims(issuer, tags), issuer.privateKey))
  const wrong = await signToken(keyClaims(issuer, tags), rsa.privateKey, {
    alg: 'RS256',
    kid: 'k1',
  })
  await assert.rejects(signIn(aws, wrong), refusal('InvalidIdentityTokenException'))
})

test('tokens that STS refuses, each one step from one that it takes', async t => {
  const { aws, issuer, token } = await setUp(t)
  const now = Math.floor(Date.now() / 1000)
  const claim = (principal_tags: object, more: object = {}) => ({
    'https://aws.amazon.com/tags': { principal_tags, ...more },
  })
  const good = claim({ hop: ['H1'], day: ['D'] })
  for (const claims of [{}, { aud: ['lasthop-sts'] }, { nbf: now }, good])
    await signIn(aws, await token(claims))
  const bad: [string, object][] = [
    ['another audience', { aud: 'lasthop-gateway' }],
    ['two audiences', { aud: ['lasthop-sts', 'lasthop-gateway'] }],
    ['two audiences that are both known', { aud: ['lasthop-sts', 'second'] }],
    ['no audience', { aud: undefined }],
    ['azp', { azp: 'lasthop-sts' }],
    ['azp that is another', { azp: 'app' }],
    ['another issuer', { iss: 'https://id.other.example' }],
    ['issuer with a slash', { iss: `${issuer.issuer}/` }],
    ['no subject', { sub: undefined }],
    ['no exp', { exp: undefined }],
    ['no iat', { iat: undefined }],
    ['iat to come', { iat: now + 900 }],
    ['nbf to come', { nbf: now + 900 }],
    ['exp as text', { exp: `${now + 600}` }],
    ['two values', claim({ hop: ['H1', 'H2'], day: ['D'] })],
    ['no value', claim({ hop: [], day: ['D'] })],
    ['a bare text', claim({ hop: 'H1', day: ['D'] })],
    ['a number', claim({ hop: [1], day: ['D'] })],
    ['another member', claim({ hop: ['H1'] }, { tags: {} })],
    ['a claim of AWS', { 'https://aws.amazon.com/source_identity': 'x' }],
  ]
  for (const [name, claims] of bad)
    await assert.rejects(
      signIn(aws, await token(claims)),
      refusal('InvalidIdentityTokenException'),
      name,
    )
  const old = { iat: now - 700, exp: now - 1 }
  await assert.rejects(signIn(aws, await token(old)), refusal('ExpiredTokenException'))
})

test('tokens of another key or algorithm, or broken ones', async t => {
  const { aws, issuer, token } = await setUp(t)
  const claims = keyClaims(issuer, tags)
  const good = await token()
  await signIn(aws, good)
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const secret = createSecretKey(
    Buffer.from(issuer.publicKey.export({ type: 'spki', format: 'pem' })),
  )
  const [head = '', body = '', signature = ''] = good.split('.')
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const bad = {
    'another key': await signToken(claims, other),
    'unknown kid': await signToken(claims, issuer.privateKey, { alg: 'ES256', kid: 'k9' }),
    'no kid': await signToken(claims, issuer.privateKey, { alg: 'ES256' }),
    'HS256 with the public key': await signToken(claims, secret, { alg: 'HS256', kid: 'k1' }),
    none: `${part({ alg: 'none', kid: 'k1' })}.${body}.`,
    'other claims': `${head}.${part({ ...claims, sub: 'x' })}.${signature}`,
    'no signature': `${head}.${body}.`,
    'two parts': `${head}.${body}`,
    'four parts': `${good}.x`,
    'not JSON': `${head}.x.${signature}`,
    'no token': 'x',
  }
  for (const [name, bad_] of Object.entries(bad))
    await assert.rejects(signIn(aws, bad_), refusal('InvalidIdentityTokenException'), name)
})

test('what the trust policy does not allow', async t => {
  const { aws, issuer, token, trust, federated } = await setUp(t)
  const denied = refusal('AccessDenied')
  await signIn(aws, await token())
  await assert.rejects(signIn(aws, await token({ sub: 'station-18' })), denied)
  await assert.rejects(signIn(aws, await token({ aud: 'second' })), denied)
  const extra = await signToken(keyClaims(issuer, { ...tags, role: 'admin' }), issuer.privateKey)
  await assert.rejects(signIn(aws, extra), denied)
  const transitive = { principal_tags: { hop: ['H1'] }, transitive_tag_keys: ['hop'] }
  const inherited = await token({ 'https://aws.amazon.com/tags': transitive })
  await assert.rejects(signIn(aws, inherited), denied)
  await assert.rejects(signIn(aws, await token(), arnOf('none')), denied)
  const signing = { ...federated, Action: 'sts:AssumeRoleWithWebIdentity' }
  aws.putRole({ account: courier, name: 'untagged', trust: document(signing) })
  const bare = await signToken(keyClaims(issuer), issuer.privateKey)
  await signIn(aws, bare, arnOf('untagged'))
  await assert.rejects(
    signIn(aws, await token(), arnOf('untagged')),
    refusal('AccessDenied', /TagSession/),
  )
  aws.putRole({ account: gateway, name: 'station', trust })
  const there = signIn(aws, await token(), arnOf('station', gateway))
  await assert.rejects(there, refusal('InvalidIdentityTokenException'))
})

test('parameters out of bounds', async t => {
  const { aws, issuer, token } = await setUp(t)
  const bad = refusal('ValidationError')
  for (const DurationSeconds of [899, 3601])
    await assert.rejects(signIn(aws, await token(), station, { DurationSeconds }), bad)
  const { Credentials } = await signIn(aws, await token(), station, { DurationSeconds: 900 })
  assert((Credentials?.Expiration?.getTime() ?? 0) < Date.now() + 1_000_000)
  await assert.rejects(signIn(aws, await token(), station, { RoleSessionName: 'a b' }), bad)
  await assert.rejects(signIn(aws, await token(), station, { Policy: '{}' }), bad)
  await assert.rejects(signIn(aws, await token(), 'station'), bad)
  const long = await signToken(keyClaims(issuer, { hop: 'H'.repeat(257) }), issuer.privateKey)
  await assert.rejects(signIn(aws, long), bad)
  const twice = await signToken(keyClaims(issuer, { hop: 'H1', Hop: 'H2' }), issuer.privateKey)
  await assert.rejects(signIn(aws, twice), refusal('InvalidParameterValue'))
})

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
  const { aws, token } = await setUp(t, { now: () => Date.now() + shift })
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
