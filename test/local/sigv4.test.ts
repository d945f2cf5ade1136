import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { EncryptCommand, KMSClient } from '@aws-sdk/client-kms'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import {
  type Credentials,
  courier,
  credentialsOf,
  document,
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

type Handler = KMSClient['config']['requestHandler']
type Signed = Parameters<Handler['handle']>[0]

/** Sends requests changed after they were signed, as somebody on the way would change them. */
function tamper(change: (request: Signed) => void): object {
  const { requestHandler: inner } = new KMSClient({ region }).config
  const handle: Handler['handle'] = (request, options) => {
    change(request)
    return inner.handle(request, options)
  }
  return { requestHandler: { handle } }
}

const textOf = (body: unknown) =>
  body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body)

async function setUp(t: TestContext) {
  const { aws, calls } = await startFor(t)
  const KeyId = await aws.createKey({ account: courier, spec: 'SYMMETRIC_DEFAULT' })
  const root = aws.credentials(`arn:aws:iam::${courier}:root`)
  const seal = (credentials: Credentials, change = (_: Signed) => {}, more: object = {}) => {
    const kms = kmsOf(aws, credentials, { maxAttempts: 1, ...tamper(change), ...more })
    return kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }))
  }
  const who = (credentials: Credentials, change = (_: Signed) => {}, more: object = {}) => {
    const sts = stsOf(aws, credentials, { maxAttempts: 1, ...tamper(change), ...more })
    return sts.send(new GetCallerIdentityCommand({}))
  }
  return { aws, calls, KeyId, root, seal, who }
}

const minute = 60_000
const altered: [name: string, change: (request: Signed) => void, kms: string, sts: string][] = [
  [
    'no signature',
    ({ headers }) => delete headers.authorization,
    'MissingAuthenticationTokenException',
    'MissingAuthenticationToken',
  ],
  [
    'another scheme',
    ({ headers }) => {
      headers.authorization = 'Bearer x'
    },
    'IncompleteSignatureException',
    'IncompleteSignature',
  ],
  [
    'signature cut',
    ({ headers }) => {
      headers.authorization = headers.authorization?.slice(0, -1) ?? ''
    },
    'IncompleteSignatureException',
    'IncompleteSignature',
  ],
  [
    'no date',
    ({ headers }) => delete headers['x-amz-date'],
    'IncompleteSignatureException',
    'IncompleteSignature',
  ],
  [
    'host is not signed',
    ({ headers }) => {
      headers.authorization = headers.authorization?.replace('host;', '') ?? ''
    },
    'IncompleteSignatureException',
    'IncompleteSignature',
  ],
  [
    'an x-amz- header that is not signed',
    ({ headers }) => {
      headers['x-amz-extra'] = '1'
    },
    'IncompleteSignatureException',
    'IncompleteSignature',
  ],
  [
    'another signature',
    ({ headers }) => {
      headers.authorization = headers.authorization?.replace(/.{64}$/, '0'.repeat(64)) ?? ''
    },
    'InvalidSignatureException',
    'SignatureDoesNotMatch',
  ],
  [
    'another body',
    request => {
      request.body = textOf(request.body).replace(/eA==|06-15/, each =>
        each === 'eA==' ? 'eQ==' : '06-16',
      )
    },
    'InvalidSignatureException',
    'SignatureDoesNotMatch',
  ],
  [
    'another host',
    ({ headers }) => {
      headers.host = 'kms.us-east-1.amazonaws.com'
    },
    'InvalidSignatureException',
    'SignatureDoesNotMatch',
  ],
  [
    'another payload hash',
    ({ headers }) => {
      headers['x-amz-content-sha256'] = '0'.repeat(64)
    },
    'InvalidSignatureException',
    'SignatureDoesNotMatch',
  ],
  [
    'unsigned payload',
    ({ headers }) => {
      headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD'
    },
    'InvalidSignatureException',
    'SignatureDoesNotMatch',
  ],
  [
    'another day in the scope',
    ({ headers }) => {
      headers.authorization = headers.authorization?.replace(/\/\d{8}\//, '/20200101/') ?? ''
    },
    'InvalidSignatureException',
    'SignatureDoesNotMatch',
  ],
  [
    'an unknown key',
    ({ headers }) => {
      headers.authorization = headers.authorization?.replace(/AKIA\w+/, 'AKIA0000') ?? ''
    },
    'UnrecognizedClientException',
    'InvalidClientTokenId',
  ],
  [
    'a key named as an inherited property',
    ({ headers }) => {
      headers.authorization = headers.authorization?.replace(/AKIA\w+/, 'constructor') ?? ''
    },
    'UnrecognizedClientException',
    'InvalidClientTokenId',
  ],
]

test('a request that was changed on its way is refused by both services', async t => {
  const { root, seal, who } = await setUp(t)
  await seal(root)
  await who(root)
  for (const [name, change, kms, sts] of altered) {
    await assert.rejects(seal(root, change), refusal(kms), name)
    await assert.rejects(who(root, change), refusal(sts), name)
  }
})

test('another secret, region, or a time more than five minutes away', async t => {
  const { root, seal, who } = await setUp(t)
  const none = () => {}
  const wrong = { ...root, secretAccessKey: 'x'.repeat(40) }
  await assert.rejects(seal(wrong), refusal('InvalidSignatureException'))
  await assert.rejects(who(wrong), refusal('SignatureDoesNotMatch'))
  await assert.rejects(
    seal(root, none, { region: 'eu-west-1' }),
    refusal('InvalidSignatureException', /region/),
  )
  for (const systemClockOffset of [4 * minute, -4 * minute]) {
    await seal(root, none, { systemClockOffset })
    await who(root, none, { systemClockOffset })
  }
  for (const systemClockOffset of [6 * minute, -6 * minute]) {
    await assert.rejects(
      seal(root, none, { systemClockOffset }),
      refusal('InvalidSignatureException', /time/),
    )
    await assert.rejects(
      who(root, none, { systemClockOffset }),
      refusal('SignatureDoesNotMatch', /time/),
    )
  }
})

test('temporary credentials need their own token, whole', async t => {
  const { aws, root, who } = await setUp(t)
  const issuer = makeIssuer()
  const { issuer: name, keys } = issuer
  aws.putProvider({ account: courier, issuer: name, audiences: ['lasthop-sts'], keys })
  const trust = {
    Effect: 'Allow',
    Principal: { Federated: issuer.provider },
    Action: 'sts:AssumeRoleWithWebIdentity',
  }
  aws.putRole({ account: courier, name: 'station', trust: document(trust) })
  const token = await signToken(keyClaims(issuer), issuer.privateKey)
  const [one, two] = [await signIn(aws, token), await signIn(aws, token)].map(credentialsOf)
  assert(one && two)
  const { sessionToken = '', ...pair } = one
  await who(one)
  await who(two)
  const refused = refusal('InvalidClientTokenId')
  await assert.rejects(who(pair), refused)
  await assert.rejects(who({ ...one, sessionToken: two.sessionToken ?? '' }), refused)
  await assert.rejects(who({ ...root, sessionToken }), refused)
  await assert.rejects(
    who({ ...one, sessionToken: sessionToken.replace(/^./, each => (each === 'A' ? 'B' : 'A')) }),
    refused,
  )
  await assert.rejects(who({ ...one, sessionToken: 'x' }), refused)
  await assert.rejects(
    who({ ...one, secretAccessKey: two.secretAccessKey }),
    refusal('SignatureDoesNotMatch'),
  )
  const { aws: other } = await startFor(t)
  other.putRole({ account: courier, name: 'station', trust: document(trust) })
  await assert.rejects(stsOf(other, one).send(new GetCallerIdentityCommand({})), refused)
})

test('what is no call of either service, or no JSON, gets an error and no more', async t => {
  const { aws, seal, root } = await setUp(t)
  const json = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'TrentService.Encrypt',
  }
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const cases: [RequestInit, string, number, RegExp][] = [
    [{ method: 'GET' }, '/', 404, /UnknownOperation/],
    [{ method: 'POST', body: '{}' }, '/', 404, /UnknownOperation/],
    [{ method: 'POST', headers: json, body: '{}' }, '/x', 404, /UnknownOperation/],
    [{ method: 'POST', headers: json, body: '{}' }, '/?a=1', 404, /UnknownOperation/],
    [{ method: 'POST', headers: json, body: '{' }, '/', 400, /Serialization/],
    [{ method: 'POST', headers: json, body: 'null' }, '/', 400, /Serialization/],
    [{ method: 'POST', headers: json, body: '{}' }, '/', 403, /MissingAuthenticationToken/],
    [{ method: 'POST', headers: json, body: ' '.repeat(1_048_577) }, '/', 413, /TooLarge/],
    [{ method: 'POST', headers: form, body: 'Action=toString' }, '/', 400, /UnknownOperation/],
    [
      { method: 'POST', headers: form, body: 'Action=GetCallerIdentity' },
      '/',
      403,
      /MissingAuthenticationToken</,
    ],
    [
      { method: 'POST', headers: form, body: 'Action=AssumeRoleWithWebIdentity' },
      '/',
      400,
      /ValidationError/,
    ],
    [
      { method: 'POST', headers: form, body: 'Action=AssumeRoleWithWebIdentity&__proto__=1' },
      '/',
      400,
      /ValidationError/,
    ],
  ]
  for (const [init, path, status, text] of cases) {
    const answer = await fetch(aws.endpoint + path, init)
    assert.equal(answer.status, status, String(text))
    assert.match(answer.headers.get('x-amzn-requestid') ?? '', /^[0-9a-f-]{36}$/)
    assert.match(await answer.text(), text)
  }
  await seal(root)
})
