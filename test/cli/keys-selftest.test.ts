import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { tokenIssuer } from '../../lib/cli/station-client.ts'
import { custodyKeyPolicy, hopKeyPolicy, roleArn } from '../../lib/custody/policies.ts'
import { type LocalGateway, startGateway } from '../../lib/local/server.ts'
import { operator } from './in-process.ts'
import { type Run, scratch } from './run.ts'

const { file, gone } = scratch()
let gateway: LocalGateway

before(async () => {
  gateway = await startGateway({ port: 0 })
  mkdirSync(file('partners'))
  pinKeys({})
})
after(async () => {
  await gateway.stop()
  gone()
})

function keys() {
  const { sf } = gateway.couriers
  assert(sf)
  return sf
}

function pinKeys(instead: { hop?: string }): void {
  const { custody, hop } = keys()
  const custodyKeys = [{ kid: custody.kid, jwk: custody.jwk, use: 'current', arn: custody.arn }]
  writeFileSync(
    file('partners/sf.json'),
    JSON.stringify({ custodyKeys, hopKey: instead.hop ?? hop }),
  )
}

function token(day = '2026-11-24'): string {
  const identity = gateway.identities.couriers.sf
  assert(identity)
  const { keyToken } = tokenIssuer(`https://${keys().account.issuer}`, identity).tokens(
    'station-1',
    day,
  )
  writeFileSync(file('token.jwt'), `${keyToken}\n`)
  return file('token.jwt')
}

/** Runs the self-test with the credentials of a role. */
async function selftest(role: string, ...more: string[]): Promise<Run> {
  const { accessKeyId, secretAccessKey } = gateway.aws.credentials(role)
  process.env.AWS_ACCESS_KEY_ID = accessKeyId
  process.env.AWS_SECRET_ACCESS_KEY = secretAccessKey
  const where = ['--partners', file('partners'), '--endpoint', gateway.aws.endpoint]
  return operator(['keys', 'selftest', 'sf', ...where, ...more])
}

const router = () => roleArn(keys().account, keys().account.roles.router)

test('under the policies that are deployed every check holds', async () => {
  const { code, out, err } = await selftest(router(), '--key-token', token())
  assert.equal(code, 0, out + err)
  assert.match(out, /\n18 checks, 0 failed\n$/)
  assert.match(out, /^ok {7}router: re-wraps from RSA to the hop key: allowed$/m)
  assert.match(out, /^ok {7}router: sealed by RSAES_OAEP_SHA_1: denied$/m)
  assert.match(out, /^ok {7}station: opens what is for its hop and day: allowed$/m)
  assert.match(out, /^ok {7}station: another hop: denied$/m)
})

test('a policy that lets too much through fails the checks that see it', async () => {
  const { account } = keys()
  const { Version, Statement } = hopKeyPolicy(account)
  const careless = Statement.map(({ Condition, ...one }) =>
    one.Effect === 'Allow' && one.Sid !== 'KeyAdministration'
      ? one
      : { ...one, ...(Condition && { Condition }) },
  )
  const hop = await gateway.aws.createKey({
    account: account.account,
    spec: 'SYMMETRIC_DEFAULT',
    policy: JSON.stringify({ Version, Statement: careless }),
  })
  // The router's own policy names the hop key that was deployed.
  gateway.aws.putRole({
    ...{ account: account.account, name: account.roles.router, policies: [] },
    trust: {
      Version,
      Statement: [
        { Effect: 'Allow', Principal: { AWS: account.account }, Action: 'sts:AssumeRole' },
      ],
    },
  })
  pinKeys({ hop })
  const { code, out } = await selftest(router(), '--key-token', token())
  pinKeys({})
  assert.equal(code, 1)
  assert.match(out, /^FAILED {3}router: Hop for hop: allowed, not denied$/m)
  assert.match(out, /^FAILED {3}station: another hop: allowed, not denied$/m)
  assert.match(out, /^ok {7}router: sealed by RSAES_OAEP_SHA_1: denied$/m)
  assert.doesNotMatch(JSON.stringify(custodyKeyPolicy(account)), /SHA_1/)
})

test('what cannot be checked is said', async () => {
  const without = await selftest(router())
  assert.equal(without.code, 0)
  assert.match(without.out, /^not run {2}station: no --key-token$/m)
  const hub = await selftest(keys().hubRole, '--key-token', token())
  assert.equal(hub.code, 1)
  assert.match(hub.out, /^not run {2}router: the credentials are not those of arn:\S+-router$/m)
  assert.match(hub.out, /^not run {2}station: nothing was re-wrapped/m)
  assert.match(hub.out, /\n0 checks, 0 failed\n$/)
  writeFileSync(file('token.jwt'), 'text')
  assert.equal((await selftest(router(), '--key-token', file('token.jwt'))).code, 2)
  writeFileSync(file('partners/sf.json'), '{}')
  assert.equal((await selftest(router())).code, 2)
  pinKeys({})
})
