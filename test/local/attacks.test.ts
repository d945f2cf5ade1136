import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateGrantCommand,
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  ReplicateKeyCommand,
} from '@aws-sdk/client-kms'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { full, names, provider, sets, startCustody, today } from './custody-world.ts'
import { arnOf, courier, document, gateway, kmsOf, refusal, signIn, stsOf } from './fixtures.ts'

// Attacks on KMS and STS, by their numbers, each beside the same call that succeeds.

const denied = refusal('AccessDeniedException')
const mine = { hop: 'H1', day: today }

for (const [origin, policies] of Object.entries(sets)) {
  test(`signing in, by ${origin}: 1, 3, 4, 9`, async t => {
    const { aws, issuer, token, enter, open, capsule, contentKey } = await startCustody(t, policies)
    const refused = refusal('InvalidIdentityTokenException')
    assert.deepEqual(await open(await enter(mine), capsule), contentKey)
    await assert.rejects(signIn(aws, await token(mine, { aud: 'lasthop-gateway' })), refused, '1')
    await assert.rejects(signIn(aws, await token(mine, { azp: 'lasthop-sts' })), refused, '3 azp')
    const two = ['lasthop-sts', 'lasthop-gateway']
    await assert.rejects(signIn(aws, await token(mine, { aud: two })), refused, '3 audiences')
    await assert.rejects(enter({ ...mine, role: 'x' }), refusal('AccessDenied'), '3 extra tag')
    const claim = (more: object) => ({ 'https://aws.amazon.com/tags': more })
    const principal_tags = { hop: ['H1'], day: [today] }
    const transitive = claim({ principal_tags, transitive_tag_keys: ['hop'] })
    await assert.rejects(
      signIn(aws, await token(undefined, transitive)),
      refusal('AccessDenied'),
      '3 transitive',
    )
    const both = claim({ principal_tags: { hop: ['H1', 'H2'], day: [today] } })
    await assert.rejects(signIn(aws, await token(undefined, both)), refused, '3 two values')
    await assert.rejects(enter(undefined), refusal('AccessDenied'), '4 at STS')
    await assert.rejects(enter({ hop: 'H1' }), refusal('AccessDenied'), '4 without day')

    const able = document({ Effect: 'Allow', Action: ['sts:*', 'kms:*'], Resource: '*' })
    const user = aws.putUser({ account: courier, name: 'lin', policies: [able] })
    const assume = (RoleArn: string) =>
      stsOf(aws, aws.credentials(user)).send(
        new AssumeRoleCommand({
          RoleArn,
          RoleSessionName: 'mine',
          Tags: Object.entries(mine).map(([Key, Value]) => ({ Key, Value })),
        }),
      )
    await assert.rejects(assume(arnOf('station')), refusal('AccessDenied'), '9')
    const root = { AWS: `arn:aws:iam::${courier}:root` }
    const trust = { Effect: 'Allow', Principal: root, Action: ['sts:AssumeRole', 'sts:TagSession'] }
    aws.putRole({ account: courier, name: 'lax', trust: document(trust) })
    await assume(arnOf('lax'))
    assert.equal(issuer.provider, provider)
  })

  test(`a role that asks for no tags opens nothing without them, by ${origin}: 4, 5`, async t => {
    const { aws, enter, open, capsule, contentKey } = await startCustody(t, policies)
    const lax = document({
      Effect: 'Allow',
      Principal: { Federated: provider },
      Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
    })
    aws.putRole({ account: courier, name: 'station', trust: lax })
    assert.deepEqual(await open(await enter(mine), capsule), contentKey)
    for (const tags of [undefined, { hop: 'H1' }, { day: today }, { ...mine, hop: '' }])
      await assert.rejects(open(await enter(tags), capsule), denied, '4')
    for (const tags of [
      { ...mine, hop: '*' },
      { hop: 'H?', day: today },
      { hop: '*', day: '*' },
    ])
      await assert.rejects(open(await enter(tags), capsule), denied, '5')
    aws.putRole({ account: courier, name: 'station', trust: lax, tags: mine })
    assert.deepEqual(await open(await enter(undefined), capsule), contentKey, 'why 36 is an attack')
  })

  test(`another hop, another day, another order, by ${origin}: 6, 7, 8`, async t => {
    const { enter, open, rewrap, capsule, contentKey } = await startCustody(t, policies)
    const own = await enter(mine)
    const other = await enter({ hop: 'H2', day: today })
    assert.deepEqual(await open(own, capsule), contentKey)
    await assert.rejects(open(other, capsule), denied, '6')
    const forged = refusal('InvalidCiphertextException')
    await assert.rejects(open(other, capsule, { ...full, hop: 'H2' }), forged, '7')
    await assert.rejects(open(own, capsule, { ...full, order: 'o_2' }), forged, 'another order')
    const { hop: _, ...unnamed } = full
    const capital: object = { ...unnamed, Hop: 'H1' }
    await assert.rejects(
      open(own, capsule, { ...full, ...capital, hop: 'H2' }),
      forged,
      'both cases',
    )
    const yesterday = await enter({ hop: 'H1', day: '2026-11-23' })
    await assert.rejects(open(yesterday, capsule), denied, '8')
    const { CiphertextBlob: theirs } = await rewrap({ ...full, hop: 'H2' })
    assert.deepEqual(await open(other, theirs, { ...full, hop: 'H2' }), contentKey)
  })

  test(`the router wraps under exactly the seven names, by ${origin}: 10, 11`, async t => {
    const { rewrap } = await startCustody(t, policies)
    await rewrap(full)
    await rewrap({ ...full, order: 'o_2', hop: 'H9', day: '2026-11-25' })
    const without = (name: string) =>
      Object.fromEntries(Object.entries(full).filter(([key]) => key !== name))
    await assert.rejects(rewrap({ ...without('hop'), Hop: 'H1' }), denied, '10')
    await assert.rejects(rewrap({ ...full, Hop: 'H1' }), denied, '10 beside the right one')
    await assert.rejects(rewrap({ ...full, note: 'x' }), denied, '11 eighth')
    for (const name of names)
      await assert.rejects(rewrap(without(name)), denied, `11 without ${name}`)
    await assert.rejects(rewrap({}), denied, '11 empty')
    await assert.rejects(rewrap({ ...full, courier: 'other' }), denied, 'another courier')
    await assert.rejects(rewrap({ ...full, v: '2' }), denied, 'another version')
    const sha1 = { SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_1' }
    await assert.rejects(rewrap(full, sha1), denied, 'another algorithm')
  })

  test(`nobody goes another way, by ${origin}: 12, 13, 14, 15, 16`, async t => {
    const world = await startCustody(t, policies)
    const { aws, custodyKey, hopKey, wrapped, capsule, router, others, rewrap, enter, open } = world
    const rsa = { KeyId: custodyKey, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' } as const
    const station = kmsOf(aws, await enter(mine))
    const opening = { KeyId: hopKey, CiphertextBlob: capsule, EncryptionContext: full }
    const all = { router, station, ...others }
    for (const [name, kms] of Object.entries(all)) {
      await assert.rejects(
        kms.send(new DecryptCommand({ ...rsa, CiphertextBlob: wrapped })),
        denied,
        `12 ${name}`,
      )
      if (name !== 'station')
        await assert.rejects(kms.send(new DecryptCommand(opening)), denied, `14 ${name}`)
      if (name !== 'router')
        await assert.rejects(rewrap(full, {}, kms), denied, `re-encrypts: ${name}`)
      for (const [KeyId, operation] of [
        [custodyKey, 'ReEncryptFrom'],
        [hopKey, 'Decrypt'],
        [hopKey, 'ReEncryptTo'],
      ] as const) {
        const grant = { KeyId, GranteePrincipal: arnOf('power-user'), Operations: [operation] }
        await assert.rejects(kms.send(new CreateGrantCommand(grant)), denied, `15 ${name}`)
      }
      const within = { CiphertextBlob: capsule, SourceEncryptionContext: full }
      const onward = {
        DestinationKeyId: hopKey,
        DestinationEncryptionContext: { ...full, hop: 'H2' },
      }
      await assert.rejects(
        kms.send(new ReEncryptCommand({ ...within, ...onward })),
        denied,
        `16 ${name}`,
      )
      const Plaintext = Buffer.from('x')
      const making = { KeyId: hopKey, Plaintext, EncryptionContext: full }
      await assert.rejects(kms.send(new EncryptCommand(making)), denied, `encrypts: ${name}`)
      await assert.rejects(
        kms.send(new GenerateDataKeyCommand({ KeyId: hopKey })),
        denied,
        `data key: ${name}`,
      )
      const replica = { KeyId: hopKey, ReplicaRegion: 'eu-west-1' }
      await assert.rejects(kms.send(new ReplicateKeyCommand(replica)), denied, `replica: ${name}`)
      if (name === 'admin') continue
      const policy = { KeyId: hopKey, Policy: JSON.stringify(policies.hopKey) }
      await assert.rejects(kms.send(new PutKeyPolicyCommand(policy)), denied, `policy: ${name}`)
    }
    const { KeyMetadata } = await others.powerUser.send(new CreateKeyCommand({}))
    const ownKey = { DestinationKeyId: KeyMetadata?.Arn }
    await assert.rejects(rewrap(full, ownKey), denied, '13 a key of the account')
    const own = await router.send(new CreateKeyCommand({}))
    await router.send(
      new EncryptCommand({ KeyId: own.KeyMetadata?.Arn, Plaintext: Buffer.from('x') }),
    )
    await assert.rejects(
      rewrap(full, { DestinationKeyId: own.KeyMetadata?.Arn }),
      denied,
      '13 its own key',
    )
    const attacker = `arn:aws:iam::${gateway}:root`
    const there = await kmsOf(aws, aws.credentials(attacker)).send(new CreateKeyCommand({}))
    await assert.rejects(
      rewrap(full, { DestinationKeyId: there.KeyMetadata?.Arn }),
      denied,
      '13 elsewhere',
    )
    await rewrap(full)
    assert.deepEqual(await open(await enter(mine), capsule), world.contentKey)
  })

  test(`one ReEncrypt for the assignment, one Decrypt for the opening, by ${origin}`, async t => {
    const { calls, rewrap, enter, open, capsule, hopKey, custodyKey } = await startCustody(
      t,
      policies,
    )
    calls.length = 0
    await rewrap(full)
    await open(await enter(mine), capsule)
    const counted = calls.filter(({ service }) => service === 'kms')
    assert.deepEqual(
      counted.map(({ action, resources, decision }) => [action, resources, decision]),
      [
        ['ReEncrypt', [custodyKey, hopKey], 'allowed'],
        ['Decrypt', [hopKey], 'allowed'],
      ],
    )
  })
}
