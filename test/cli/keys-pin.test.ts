import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { calculateJwkThumbprint } from 'jose'
import { sf } from '../../lib/couriers/sf/index.ts'
import { roleArn } from '../../lib/custody/policies.ts'
import { type LocalGateway, startGateway } from '../../lib/local/server.ts'
import { readPins } from '../../lib/stack/partners.ts'
import { testKey } from '../seal/fixtures.ts'
import { operator } from './in-process.ts'
import { scratch } from './run.ts'

const { file, gone } = scratch()
const partners = file('partners')
const ARN = 'arn:aws:kms:us-east-1:444455556666:key'
let gateway: LocalGateway

before(async () => {
  gateway = await startGateway({ port: 0 })
})
after(async () => {
  await gateway.stop()
  gone()
})

/** A public key in three forms, and its thumbprint as another library calculates it. */
async function forms(name: string, key = createPublicKey(testKey(name))) {
  const jwk = key.export({ format: 'jwk' })
  writeFileSync(file(`${name}.jwk`), JSON.stringify(jwk))
  writeFileSync(file(`${name}.pem`), key.export({ format: 'pem', type: 'spki' }))
  writeFileSync(file(`${name}.der`), key.export({ format: 'der', type: 'spki' }))
  return { jwk, kid: await calculateJwkThumbprint(jwk) }
}

const pin = (...args: string[]) => operator(['keys', 'pin', ...args, '--partners', partners])
const pinned = (name: string) => JSON.parse(readFileSync(`${partners}/${name}.json`, 'utf8'))
const keysOf = (name: string) =>
  pinned(name).custodyKeys.map((key: { kid: string; use: string; version: number }) => [
    key.kid,
    key.use,
    key.version,
  ])

/** Pins with somebody's credentials. */
async function pinAs(role: string, ...args: string[]) {
  const { accessKeyId, secretAccessKey } = gateway.aws.credentials(role)
  process.env.AWS_ACCESS_KEY_ID = accessKeyId
  process.env.AWS_SECRET_ACCESS_KEY = secretAccessKey
  return pin(...args, '--endpoint', gateway.aws.endpoint)
}

test('a file is pinned by the thumbprint that its owner told, in each of three forms', async () => {
  const { kid, jwk } = await forms('custody')
  const arn = ['--arn', `${ARN}/one`]
  const wrong = await pin('acme', file('custody.pem'), '--thumbprint', 'A'.repeat(43), ...arn)
  assert.equal(wrong.code, 1)
  assert.match(wrong.err, /another thumbprint/)
  assert.equal((await pin('acme', file('custody.pem'), ...arn)).code, 2, 'no thumbprint')
  assert.equal((await pin('acme', file('custody.pem'), '--thumbprint', kid)).code, 2, 'no ARN')
  assert.equal(existsSync(`${partners}/acme.json`), false, 'nothing was written')
  for (const form of ['pem', 'der', 'jwk']) {
    const run = await pin('acme', file(`custody.${form}`), '--thumbprint', kid, ...arn)
    assert.equal(run.code, 0, run.err)
    assert.deepEqual(pinned('acme'), {
      custodyKeys: [{ kid, jwk, use: 'current', arn: `${ARN}/one`, version: 1 }],
    })
  }
})

test('what is no public key of the right kind is not understood', async () => {
  const { kid } = await forms('gateway')
  const private_ = testKey('gateway')
  writeFileSync(file('own.pem'), private_.export({ format: 'pem', type: 'pkcs8' }))
  writeFileSync(file('own.jwk'), JSON.stringify(private_.export({ format: 'jwk' })))
  writeFileSync(file('none'), 'text')
  const arn = ['--arn', `${ARN}/one`]
  for (const [name, why] of [
    ['own.pem', /private key/],
    ['own.jwk', /private key/],
    ['none', /no public key/],
    ['nowhere', /cannot read/],
    ['gateway.pem', /RSA with 3072/],
  ] as const) {
    const run = await pin('other', file(name), '--thumbprint', kid, ...arn)
    assert.equal(run.code, 2, name)
    assert.match(run.err, why)
  }
  const asFriend = await pin('other', file('gateway.pem'), '--thumbprint', kid, '--as', 'friend')
  assert.equal(asFriend.code, 2)
  for (const names of [[], ['Other'], ['gateway', file('gateway.pem')], ['a', 'b', 'c']]) {
    assert.equal((await pin(...names, '--thumbprint', kid)).code, 2, names.join(' '))
  }
  assert.equal(existsSync(`${partners}/other.json`), false, 'nothing was written')
})

test('another key than the pinned one is refused, unless keys rotate', async () => {
  const [one, two, three] = [
    await forms('custody'),
    await forms('platformCustody'),
    await forms('third', generateKeyPairSync('rsa', { modulusLength: 3072 }).publicKey),
  ]
  const of = (name: string, { kid }: { kid: string }, ...more: string[]) =>
    pin('acme', file(`${name}.pem`), '--thumbprint', kid, '--arn', `${ARN}/${name}`, ...more)
  const refused = await of('platformCustody', two)
  assert.equal(refused.code, 1)
  assert.match(refused.err, /another key is pinned; --rotate/)
  assert.deepEqual(keysOf('acme'), [[one.kid, 'current', 1]])
  assert.equal((await of('custody', one)).code, 1, 'another ARN')
  for (let i = 0; i < 2; i++) assert.equal((await of('platformCustody', two, '--rotate')).code, 0)
  assert.deepEqual(keysOf('acme'), [
    [one.kid, 'current', 1],
    [two.kid, 'next', 2],
  ])
  assert.equal((await of('third', three, '--rotate')).code, 1, 'not two that are next')
  for (let i = 0; i < 2; i++) assert.equal((await of('platformCustody', two, '--promote')).code, 0)
  assert.deepEqual(keysOf('acme'), [
    [one.kid, 'retired', 1],
    [two.kid, 'current', 2],
  ])
  assert.match(pinned('acme').custodyKeys[0].retiredAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  const back = await pin('acme', file('custody.pem'), '--thumbprint', one.kid, '--promote')
  assert.equal(back.code, 2)
})

test('from a running KMS, and from files, all that the stacks want of a courier', async () => {
  const keys = gateway.couriers.sf
  assert(keys)
  const admin = roleArn(keys.account, keys.account.roles.keyAdmin)
  const from = ['sf', '--key', keys.custody.arn, '--hop-key', keys.hop]
  const hub = await pinAs(keys.hubRole, ...from)
  assert.equal(hub.code, 1)
  assert.match(hub.err, /not pinned, KMS says AccessDeniedException/)
  const wrong = await pinAs(admin, ...from, '--thumbprint', 'A'.repeat(43))
  assert.equal(wrong.code, 1)
  for (let i = 0; i < 2; i++) {
    const run = await pinAs(admin, ...from)
    assert.equal(run.code, 0, run.err)
    assert.match(run.out, new RegExp(`^${keys.custody.kid}  sf custody, current  `))
    assert.match(run.err, /still wants: settings, dispatchKeys, issuer\n$/)
  }
  const other = await pin('sf', '--hop-key', `${ARN}/other`)
  assert.equal(other.code, 1)
  assert.equal((await pin('sf', '--hop-key', 'alias/hop')).code, 2)
  for (const [as, name, ...more] of [
    ['dispatch', 'dispatch'],
    ['control', 'control'],
    ['issuer', 'issuer', '--issuer', 'https://id.sf.example/stations'],
  ] as const) {
    const { kid } = await forms(name)
    for (let i = 0; i < 2; i++) {
      const run = await pin('sf', file(`${name}.pem`), '--thumbprint', kid, '--as', as, ...more)
      assert.equal(run.code, 0, run.err)
    }
  }
  const { kid } = await forms('nextDispatch')
  const next = ['sf', file('nextDispatch.pem'), '--thumbprint', kid, '--as', 'dispatch']
  assert.equal((await pin(...next)).code, 1)
  assert.equal((await pin(...next, '--rotate')).code, 0)
  assert.equal(pinned('sf').dispatchKeys.length, 2)
  const third = await forms('receipt')
  const most = ['sf', file('receipt.pem'), '--thumbprint', third.kid, '--as', 'dispatch']
  assert.match((await pin(...most, '--rotate')).err, /two keys are pinned/)

  mkdirSync(partners, { recursive: true })
  const settings = { ...pinned('sf'), settings: sf.sandbox.settings }
  writeFileSync(`${partners}/sf.json`, JSON.stringify(settings))
  const pins = readPins(partners, ['sf'])
  assert.equal(pins.couriers.sf?.custodyKeys[0]?.arn, keys.custody.arn)
  assert.equal(pins.couriers.sf?.hopKey, keys.hop)
})

test('the gateway’s signing key, and its rotation', async () => {
  const [one, two] = [await forms('gateway'), await forms('platform')]
  const of = (name: string, { kid }: { kid: string }, ...more: string[]) =>
    pin('--gateway', file(`${name}.pem`), '--thumbprint', kid, ...more)
  for (let i = 0; i < 2; i++) assert.equal((await of('gateway', one)).code, 0)
  assert.equal((await of('platform', two)).code, 1)
  assert.equal((await of('platform', two, '--rotate')).code, 0)
  const { gateway: pins } = readPins(partners, [])
  assert.equal(pins?.signingKey, one.kid)
  assert.deepEqual(
    pins?.gatewayKeys.map(({ kid }) => kid),
    [one.kid, two.kid],
  )
  assert.equal((await of('platform', two, '--promote')).code, 0)
  assert.equal(pinned('gateway').signingKey, two.kid)
})
