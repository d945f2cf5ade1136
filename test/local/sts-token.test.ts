import assert from 'node:assert/strict'
import { createSecretKey, generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import {
  arnOf,
  courier,
  credentialsOf,
  document,
  gateway,
  keyClaims,
  refusal,
  signIn,
  signToken,
  startStation,
  stsOf,
  tags,
  who,
} from './fixtures.ts'

const hour = 3_600_000
const station = arnOf('station')

test('a web identity becomes a session with its tags', async t => {
  const { aws, calls, issuer, token } = await startStation(t)
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
  const { aws, issuer } = await startStation(t)
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
  const { aws, issuer, token } = await startStation(t)
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
  const { aws, issuer, token } = await startStation(t)
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
  const { aws, issuer, token, trust, federated } = await startStation(t)
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

test('tags that later roles would inherit are not served, also where a trust policy allows them', async t => {
  const { aws, token, federated } = await startStation(t)
  const Action = ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession']
  aws.putRole({ account: courier, name: 'lax', trust: document({ ...federated, Action }) })
  const claim = (more: object) => ({
    'https://aws.amazon.com/tags': { principal_tags: { hop: ['H1'] }, ...more },
  })
  await signIn(aws, await token(claim({})), arnOf('lax'))
  await signIn(aws, await token(claim({ transitive_tag_keys: [] })), arnOf('lax'))
  const inherited = await token(claim({ transitive_tag_keys: ['hop'] }))
  await assert.rejects(
    signIn(aws, inherited, arnOf('lax')),
    refusal('ValidationError', /transitive/),
  )
})

test('parameters out of bounds', async t => {
  const { aws, issuer, token } = await startStation(t)
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
