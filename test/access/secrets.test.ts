import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { Credential, Side } from '../../lib/access/credentials.ts'
import {
  authenticate,
  fileSource,
  openSecrets,
  type SecretSource,
} from '../../lib/access/secrets.ts'
import { secretsManagerSource } from '../../lib/access/secrets-manager.ts'
import { GatewayError } from '../../lib/model/errors.ts'

/** A source whose content, failures and count of reads the test sets, and a clock that it turns. */
function bench(stored: Record<string, unknown>) {
  const state = { reads: 0, stored, failing: false, seconds: 0 }
  const source: SecretSource = async (side: Side, partner: string) => {
    state.reads++
    if (state.failing) throw new Error('s3cret')
    const secret = state.stored[`${side}/${partner}`]
    return secret === undefined ? undefined : Buffer.from(JSON.stringify(secret))
  }
  const secrets = openSecrets(source, 'platforms', () => new Date(state.seconds * 1000))
  return { state, secrets }
}

const douyin = (secret: string, next?: string) => ({
  'platforms/douyin': {
    current: { appKey: '1', secret },
    ...(next === undefined ? {} : { next: { appKey: '1', secret: next } }),
  },
})

test('a secret is read at first use and kept for five minutes', async () => {
  const { state, secrets } = bench(douyin('one'))
  assert.equal(state.reads, 0)
  for (const seconds of [0, 1, 299]) {
    state.seconds = seconds
    assert.equal((await secrets.load('douyin')).current.secret, 'one')
  }
  assert.equal(state.reads, 1)
  state.seconds = 300
  state.stored = douyin('two')
  assert.equal((await secrets.load('douyin')).current.secret, 'two')
  assert.equal(state.reads, 2)
})

test('what many want at once is read once', async () => {
  const { state, secrets } = bench(douyin('one'))
  await Promise.all(Array.from({ length: 20 }, () => secrets.load('douyin')))
  assert.equal(state.reads, 1)
})

test('a partner without a secret is an unknown caller, and that is remembered', async () => {
  const { state, secrets } = bench({ 'couriers/douyin': { current: {} } })
  for (let i = 0; i < 3; i++) {
    await assert.rejects(secrets.load('douyin'), { code: 'UNAUTHENTICATED', at: '' })
  }
  assert.equal(state.reads, 1)
})

test('a failure is answered with "later", is not remembered, and tells no secret', async () => {
  const { state, secrets } = bench(douyin('one'))
  state.failing = true
  await assert.rejects(secrets.load('douyin'), {
    code: 'STORE_AWAY',
    retry: 'later',
    message: 'STORE_AWAY',
  })
  state.failing = false
  assert.equal((await secrets.load('douyin')).current.secret, 'one')
})

test('a secret written wrongly tells nothing of itself', async () => {
  const texts = [
    '{"current":{"secret":"s3cret"',
    '{"current":{"secret":["s3cret"]}}',
    '{"s3cret":1}',
    's3cret',
  ]
  for (const text of texts) {
    const secrets = openSecrets(async () => Buffer.from(text), 'platforms')
    const error = await secrets.load('douyin').catch((thrown: unknown) => thrown)
    assert.ok(error instanceof GatewayError)
    assert.equal(error.code, 'STORE_AWAY')
    assert.equal(error.at, '')
    assert.doesNotMatch(inspect(error, { depth: 9 }), /s3cret/)
  }
})

test('a forced refresh comes at most once a minute, each partner by itself', async () => {
  const { state, secrets } = bench({ ...douyin('one'), 'platforms/kuaishou': { current: {} } })
  await secrets.load('douyin')
  state.stored = { ...state.stored, ...douyin('two') }
  assert.equal((await secrets.reload('douyin'))?.current.secret, 'two')
  assert.equal((await secrets.load('douyin')).current.secret, 'two')
  state.seconds = 59
  assert.equal(await secrets.reload('douyin'), undefined)
  assert.ok(await secrets.reload('kuaishou'))
  state.seconds = 60
  assert.ok(await secrets.reload('douyin'))
  assert.equal(state.reads, 4)
})

test('a refresh that fails leaves what was known', async () => {
  const { state, secrets } = bench(douyin('one'))
  await secrets.load('douyin')
  state.failing = true
  await assert.rejects(secrets.reload('douyin'), { code: 'STORE_AWAY' })
  assert.equal((await secrets.load('douyin')).current.secret, 'one')
})

test('a secret that is gone is gone at the refresh', async () => {
  const { state, secrets } = bench(douyin('one'))
  await secrets.load('douyin')
  state.stored = {}
  await assert.rejects(secrets.reload('douyin'), { code: 'UNAUTHENTICATED' })
  await assert.rejects(secrets.load('douyin'), { code: 'UNAUTHENTICATED' })
})

const knows = (secret: string) => (credential: Credential) => {
  if (credential.secret !== secret) throw new GatewayError('UNAUTHENTICATED')
  return credential.secret
}

test('rotation: the current secret, the next one, and one that came since', async () => {
  const { state, secrets } = bench(douyin('one', 'two'))
  assert.equal(await authenticate(secrets, 'douyin', knows('one')), 'one')
  assert.equal(await authenticate(secrets, 'douyin', knows('two')), 'two')
  assert.equal(state.reads, 1)
  state.stored = douyin('two', 'three')
  assert.equal(await authenticate(secrets, 'douyin', async c => knows('three')(c)), 'three')
  assert.equal(state.reads, 2)
  await assert.rejects(authenticate(secrets, 'douyin', knows('one')), { code: 'UNAUTHENTICATED' })
})

test('a flood of bad signatures reads once a minute', async () => {
  const { state, secrets } = bench(douyin('one'))
  for (let i = 0; i < 100; i++) {
    await assert.rejects(authenticate(secrets, 'douyin', knows('guess')), {
      code: 'UNAUTHENTICATED',
    })
  }
  assert.equal(state.reads, 2)
})

test('what a check throws beside UNAUTHENTICATED goes through at once', async () => {
  const { state, secrets } = bench(douyin('one', 'two'))
  for (const thrown of [new GatewayError('WIRE_INVALID', '/sign'), new TypeError('x')]) {
    let calls = 0
    const check = () => {
      calls++
      throw thrown
    }
    await assert.rejects(authenticate(secrets, 'douyin', check), error => error === thrown)
    assert.equal(calls, 1)
  }
  assert.equal(state.reads, 1)
})

test('the file of the local server', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'lasthop-secrets-'))
  t.after(() => rm(folder, { recursive: true }))
  const path = join(folder, 'partners.json')
  const write = (secret: string) =>
    writeFile(
      path,
      JSON.stringify({ platforms: { douyin: { current: { secret } } }, couriers: {} }),
    )
  await write('one')
  const secrets = openSecrets(fileSource(path), 'platforms')
  assert.equal((await secrets.load('douyin')).current.secret, 'one')
  await write('two')
  assert.equal((await secrets.reload('douyin'))?.current.secret, 'two')
  for (const partner of ['sf', 'toString', '__proto__', '']) {
    await assert.rejects(secrets.load(partner), { code: 'UNAUTHENTICATED' })
  }
  await assert.rejects(openSecrets(fileSource(path), 'couriers').load('douyin'), {
    code: 'UNAUTHENTICATED',
  })
  await writeFile(path, '{"platforms": {"douyin": {')
  await assert.rejects(openSecrets(fileSource(path), 'platforms').load('douyin'), {
    code: 'STORE_AWAY',
  })
  await assert.rejects(openSecrets(fileSource(join(folder, 'none')), 'platforms').load('douyin'), {
    code: 'STORE_AWAY',
  })
})

/** The real client; only its transport is ours. */
function secretsManager(answer: { status: number; body: unknown }) {
  const asked: unknown[] = []
  const client = new SecretsManagerClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
    requestHandler: {
      async handle(request: { body: Uint8Array }) {
        asked.push(JSON.parse(new TextDecoder().decode(request.body)))
        const headers = { 'content-type': 'application/x-amz-json-1.1' }
        const body = Buffer.from(JSON.stringify(answer.body))
        return { response: { statusCode: answer.status, headers, body } }
      },
    },
  })
  return { client, asked }
}

test('AWS Secrets Manager: one secret a partner, by side', async () => {
  const SecretString = JSON.stringify({ current: { secret: 'one' } })
  const { client, asked } = secretsManager({ status: 200, body: { Name: 'x', SecretString } })
  const secrets = openSecrets(secretsManagerSource(client, 'lasthop'), 'platforms')
  assert.equal((await secrets.load('douyin')).current.secret, 'one')
  assert.deepEqual(asked, [{ SecretId: 'lasthop/platforms/douyin' }])
})

test('AWS Secrets Manager: absent is unknown, anything else is "later"', async () => {
  const absent = secretsManager({ status: 400, body: { __type: 'ResourceNotFoundException' } })
  const denied = secretsManager({ status: 400, body: { __type: 'AccessDeniedException' } })
  const binary = secretsManager({ status: 200, body: { Name: 'x' } })
  const load = ({ client }: typeof absent) =>
    openSecrets(secretsManagerSource(client, 'lasthop'), 'couriers').load('sf')
  await assert.rejects(load(absent), { code: 'UNAUTHENTICATED' })
  await assert.rejects(load(binary), { code: 'UNAUTHENTICATED' })
  await assert.rejects(load(denied), { code: 'STORE_AWAY' })
})
