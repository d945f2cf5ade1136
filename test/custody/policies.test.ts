import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as policies from '../../lib/custody/policies.ts'

const account: policies.CustodyAccount = {
  ...{ partition: 'aws', region: 'us-east-1', account: '222233334444', courier: 'swift' },
  roles: { router: 'router', station: 'station', keyAdmin: 'key-admin', deploy: 'deploy' },
  issuer: 'id.swift.example',
}
const router = 'arn:aws:iam::222233334444:role/router'
const station = 'arn:aws:iam::222233334444:role/station'

/** Statements of a policy that say something about an action, by their effect. */
function about(policy: policies.PolicyDocument, action: string, effect: 'Allow' | 'Deny') {
  return policy.Statement.filter(one => one.Effect === effect && one.Action.includes(action))
}

test('nobody is allowed to decrypt with the custody key, and everybody is denied', () => {
  const policy = policies.custodyKeyPolicy(account)
  assert.deepEqual(about(policy, 'kms:Decrypt', 'Allow'), [])
  const [deny] = about(policy, 'kms:Decrypt', 'Deny')
  assert.equal(deny?.Principal, '*')
  assert.equal(deny?.Condition, undefined)
  assert.deepEqual(about(policy, 'kms:ReEncryptFrom', 'Allow')[0]?.Principal, { AWS: router })
})

test('a station decrypts with its own hop and day only', () => {
  const policy = policies.hopKeyPolicy(account)
  const [allow, ...more] = about(policy, 'kms:Decrypt', 'Allow')
  assert.deepEqual(more, [])
  assert.deepEqual(allow?.Principal, { AWS: station })
  assert.deepEqual(allow?.Condition, {
    StringEquals: {
      'kms:EncryptionContext:hop': `\${aws:PrincipalTag/hop}`,
      'kms:EncryptionContext:day': `\${aws:PrincipalTag/day}`,
    },
    StringNotEquals: { 'kms:EncryptionContext:hop': '', 'kms:EncryptionContext:day': '' },
  })
  assert.deepEqual(about(policy, 'kms:Decrypt', 'Deny')[0]?.Condition, {
    StringNotEquals: { 'aws:PrincipalArn': station },
  })
})

test('attack 11: the router wraps under exactly the seven names', () => {
  const policy = policies.hopKeyPolicy(account)
  const [allow] = about(policy, 'kms:ReEncryptTo', 'Allow')
  assert.deepEqual(allow?.Principal, { AWS: router })
  const names = ['v', 'courier', 'order', 'group', 'rev', 'hop', 'day']
  assert.deepEqual(allow?.Condition?.['ForAllValues:StringEquals'], {
    'kms:EncryptionContextKeys': names,
  })
  const required = [
    ...Object.keys(allow?.Condition?.StringEquals ?? {}),
    ...Object.keys(allow?.Condition?.Null ?? {}),
  ].map(name => name.replace('kms:EncryptionContext:', ''))
  assert.deepEqual(required.sort(), [...names].sort())
  assert.deepEqual(allow?.Condition?.StringNotEquals, {
    'kms:EncryptionContext:hop': '',
    'kms:EncryptionContext:day': '',
  })
})

test('attack 15: nobody creates a grant on either key', () => {
  for (const policy of [policies.custodyKeyPolicy(account), policies.hopKeyPolicy(account)]) {
    const [deny] = about(policy, 'kms:CreateGrant', 'Deny')
    assert.equal(deny?.Principal, '*')
    assert.ok(deny?.Action.includes('kms:ReplicateKey'))
    assert.deepEqual(about(policy, 'kms:CreateGrant', 'Allow'), [])
  }
})

test('administration is no cryptography, and no policy says StringLike or names the root', () => {
  const all = [policies.custodyKeyPolicy(account), policies.hopKeyPolicy(account)]
  for (const policy of all) {
    const [managed] = about(policy, 'kms:PutKeyPolicy', 'Allow')
    const cryptographic = /Encrypt|Decrypt|DataKey|Sign|Mac|Grant(?!s)|\*/
    assert.deepEqual(
      managed?.Action.filter(action => cryptographic.test(action) && action !== 'kms:RevokeGrant'),
      [],
    )
  }
  const text = JSON.stringify([...all, policies.stationTrustPolicy(account)])
  assert.doesNotMatch(text, /StringLike|:root/)
})

test('attack 13: the router re-encrypts to the hop key and to no other', () => {
  const hopKeyArn = 'arn:aws:kms:us-east-1:222233334444:key/hop'
  const policy = policies.routerPolicy(hopKeyArn)
  const [deny] = about(policy, 'kms:ReEncryptTo', 'Deny')
  assert.deepEqual(deny?.NotResource, [hopKeyArn])
  for (const action of ['CreateGrant', 'PutKeyPolicy', 'Decrypt', 'ScheduleKeyDeletion']) {
    assert.equal(about(policy, `kms:${action}`, 'Deny').length, 1)
  }
})

test('attack 9: the station role is assumed by web identity with both tags, and not otherwise', () => {
  const policy = policies.stationTrustPolicy(account)
  assert.equal(about(policy, 'sts:AssumeRole', 'Deny')[0]?.Principal, '*')
  const [allow] = about(policy, 'sts:AssumeRoleWithWebIdentity', 'Allow')
  assert.deepEqual(allow?.Principal, {
    Federated: 'arn:aws:iam::222233334444:oidc-provider/id.swift.example',
  })
  assert.deepEqual(allow?.Condition, {
    StringEquals: { 'id.swift.example:aud': 'lasthop-sts' },
    StringNotEquals: { 'aws:RequestTag/hop': '', 'aws:RequestTag/day': '' },
    Null: {
      'aws:RequestTag/hop': 'false',
      'aws:RequestTag/day': 'false',
      'sts:TransitiveTagKeys': 'true',
    },
    'ForAllValues:StringEquals': { 'aws:TagKeys': ['hop', 'day'] },
  })
})

test('attack 36: nobody who administers may tag the station role', () => {
  const [deny] = about(policies.roleGuardPolicy(account), 'iam:TagRole', 'Deny')
  assert.deepEqual(deny?.Resource, [station])
})

test("the handheld's helper has no right of its own", () => {
  const [statement] = policies.stationFunctionPolicy().Statement
  assert.deepEqual(statement?.Action, ['kms:*', 'sts:AssumeRole'])
  assert.equal(statement?.Effect, 'Deny')
})
