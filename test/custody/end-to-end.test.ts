import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { ServerResponse } from 'node:http'
import { after, before, describe, mock, test } from 'node:test'
import {
  type AttributeValue,
  DeleteTableCommand,
  PutItemCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb'
import {
  CreateGrantCommand,
  CreateKeyCommand,
  DecryptCommand,
  KMSClient,
  ReEncryptCommand,
} from '@aws-sdk/client-kms'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { createRouterTable } from '../../functions/router/store.ts'
import { member } from '../../lib/cli/send.ts'
import { type Capsule, capsuleContext } from '../../lib/custody/capsule.ts'
import { workingDay } from '../../lib/custody/day.ts'
import { roleArn } from '../../lib/custody/policies.ts'
import type { RouterAnswer } from '../../lib/custody/router.ts'
import { recipientOf } from '../../lib/flow/keyring.ts'
import { gatewayRoleArn } from '../../lib/local/accounts.ts'
import { checkPersonal, type Sealed } from '../../lib/model/validate.ts'
import { type HeldKey, sealPersonal, verifySeal, wrappedKeyOf } from '../../lib/seal/index.ts'
import { type Bench, startBench } from '../functions/http/bench.ts'
import { fresh, info, type Json, request } from '../functions/http/orders.ts'
import { type Changes, parcelsOn, today } from '../functions/http/parcels.ts'

// Who may open, and when: attacks on a whole gateway with KMS and STS, each beside the same call that
// succeeds. The attacks by number, and where each is shown:
//
//    1, 3-16         test/local/attacks.test.ts; 1, 3-16 here, on the accounts of a running gateway
//    2, 30, 31, 48   test/functions/http/strangers.test.ts; the rules in test/access, test/store/feed.test.ts
//    17, 18, 24      here; test/custody/router.test.ts, test/seal/signature.test.ts
//    19-22, 35       test/seal/signature.test.ts, test/seal/jws.test.ts; 19 test/custody/router.test.ts
//    23, 33, 34, 38  here; test/custody/router.test.ts
//    25, 37          test/functions/http/assignments.test.ts; test/custody/router.test.ts
//    26, 44          test/functions/http/events.test.ts
//    28              test/functions/http/repeats.test.ts
//    29              test/store/audit.test.ts
//    32, 39-41       here; test/functions/station.test.ts
//    36              test/custody/policies.test.ts
//    42              test/seal/key-list.test.ts
//    43              test/custody/router.test.ts, test/functions/router.test.ts
//    46              test/platforms/douyin/signature.test.ts, test/functions/http/posting.test.ts

let bench: Bench
let parcels: ReturnType<typeof parcelsOn>
before(async () => {
  bench = await startBench()
  parcels = parcelsOn(bench)
})
after(() => bench.stop())

type Released = Awaited<ReturnType<(typeof parcels)['released']>>

test('KMS: nothing at intake but one certificate, one ReEncrypt and one Decrypt a group', async () => {
  const used = async (work: () => Promise<unknown>) => {
    const from = bench.calls.length
    await work()
    return bench.calls
      .slice(from)
      .filter(({ service }) => service === 'kms')
      .map(({ action, principal }) => `${action} by ${/lasthop-[a-z-]+/.exec(principal)}`)
  }
  const post = () => bench.post(request([info(fresh())]))
  const twenty = () => Promise.all(Array.from({ length: 20 }, post))
  assert.deepEqual(await used(twenty), ['Sign by lasthop-intake'])
  assert.deepEqual(await used(twenty), [])

  const parcel = await parcels.taken()
  const wrapped = ['ReEncrypt by lasthop-sf-router']
  assert.deepEqual(await used(() => parcels.assigned(parcel)), wrapped)
  assert.deepEqual(await used(() => parcels.assigned(parcel, { group: 'sender' })), wrapped)
  assert.deepEqual(await used(() => parcels.handed(parcel)), [])
  const opened = await used(() => parcels.opens(parcel))
  assert.deepEqual(opened, ['Decrypt by lasthop-sf-station'])
})

describe('KMS and STS refuse, with everybody’s true credentials', () => {
  const role = (name: 'router' | 'station' | 'keyAdmin') =>
    roleArn(bench.keys.account, bench.keys.account.roles[name])
  const session = (hop: string, day = today()) =>
    bench.station.assume(bench.issuer.tokens(hop, day).keyToken, hop)
  const tagged = (hop: string[], day = [today()]) =>
    bench.issuer.sign({
      aud: 'lasthop-sts',
      'https://aws.amazon.com/tags': { principal_tags: { hop, day } },
    })
  const enter = (token: string) => bench.station.assume(token, 'station-1')
  const kms = (credentials: Awaited<ReturnType<typeof session>>) => {
    const { endpoint, region } = bench.world.aws
    return new KMSClient({ endpoint, region, credentials, maxAttempts: 1 })
  }
  const decrypt = (by: KMSClient, { ciphertext, context, key }: Capsule) =>
    by.send(
      new DecryptCommand({
        KeyId: key,
        CiphertextBlob: Buffer.from(ciphertext, 'base64url'),
        EncryptionContext: { ...context },
      }),
    )
  /** What the router asks of KMS, its context or its target changed. */
  const rewrap = async (parcel: Released, change: Json = {}, target = bench.keys.hop) => {
    const { wrappedKey } = await parcels.heldOf(parcel)
    const group = 'receiver'
    const of = {
      courier: 'sf',
      order: parcel.order,
      group,
      rev: 1,
      hop: 'station-1',
      day: today(),
    } as const
    const context = Object.entries({ ...capsuleContext(of), ...change }).flatMap(
      ([name, value]): [string, string][] => (value === undefined ? [] : [[name, String(value)]]),
    )
    return bench.kms(role('router')).send(
      new ReEncryptCommand({
        SourceKeyId: bench.keys.custody.arn,
        SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
        CiphertextBlob: Buffer.from(wrappedKey, 'base64url'),
        DestinationKeyId: target,
        DestinationEncryptionContext: Object.fromEntries(context),
      }),
    )
  }
  const unwrap = (by: () => string) => async (parcel: Released) =>
    bench.kms(by()).send(
      new DecryptCommand({
        KeyId: bench.keys.custody.arn,
        EncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
        CiphertextBlob: Buffer.from((await parcels.heldOf(parcel)).wrappedKey, 'base64url'),
      }),
    )
  const grant = (by: string, KeyId: string, operation: 'Decrypt' | 'ReEncryptFrom') => {
    const Operations = [operation]
    const GranteePrincipal = bench.keys.hubRole
    return bench.kms(by).send(new CreateGrantCommand({ KeyId, GranteePrincipal, Operations }))
  }
  const assumeStation = () => {
    const { endpoint, region } = bench.world.aws
    const credentials = bench.world.aws.credentials(bench.keys.hubRole)
    const Tags = Object.entries({ hop: 'station-1', day: today() }).map(([Key, Value]) => ({
      Key,
      Value,
    }))
    return new STSClient({ endpoint, region, credentials, maxAttempts: 1 }).send(
      new AssumeRoleCommand({ RoleArn: role('station'), RoleSessionName: 'mine', Tags }),
    )
  }
  const onward = ({ ciphertext, context, key }: Capsule) =>
    bench.kms(role('router')).send(
      new ReEncryptCommand({
        CiphertextBlob: Buffer.from(ciphertext, 'base64url'),
        SourceKeyId: key,
        SourceEncryptionContext: { ...context },
        DestinationKeyId: key,
        DestinationEncryptionContext: { ...context, hop: 'station-2' },
      }),
    )
  /** The SDK's own error, below what ours say of it. */
  const innermost = (error: unknown): string => {
    if (!(error instanceof Error)) return 'no error'
    return error.cause instanceof Error ? innermost(error.cause) : error.name
  }
  const refusalOf = (work: Promise<unknown>) => work.then(() => 'let in', innermost)

  const denied = 'AccessDeniedException'
  const badToken = 'InvalidIdentityTokenException'
  const cases: Record<string, [expected: string, attempt: (parcel: Released) => Promise<unknown>]> =
    {
      '1: a release token at STS': [
        badToken,
        () => enter(bench.issuer.tokens('station-1', today()).releaseToken),
      ],
      '3: a tag of two values': [badToken, () => enter(tagged(['station-1', 'station-2']))],
      '4: a token without tags': [
        'AccessDenied',
        () => enter(bench.issuer.sign({ aud: 'lasthop-sts' })),
      ],
      '5: a hop that is a star': [
        denied,
        async ({ capsule }) => decrypt(kms(await enter(tagged(['*']))), capsule),
      ],
      '6: another hop’s credentials': [
        denied,
        async ({ capsule }) => decrypt(kms(await session('station-2')), capsule),
      ],
      '7: the same, the context forged to be its own': [
        'InvalidCiphertextException',
        async ({ capsule }) => {
          const context = { ...capsule.context, hop: 'station-2' }
          return decrypt(kms(await session('station-2')), { ...capsule, context })
        },
      ],
      '8: yesterday’s session': [
        denied,
        async ({ capsule }) => {
          const yesterday = workingDay(new Date(Date.now() - 86_400_000))
          return decrypt(kms(await session('station-1', yesterday)), capsule)
        },
      ],
      '9: the station role, assumed with tags of one’s own': ['AccessDenied', assumeStation],
      '10: Hop for hop': [denied, held => rewrap(held, { hop: undefined, Hop: 'station-1' })],
      '11: an eighth name': [denied, held => rewrap(held, { note: 'x' })],
      '11: a name less': [denied, held => rewrap(held, { day: undefined })],
      '12: the router unwraps': [denied, unwrap(() => role('router'))],
      '12: the administrator unwraps': [denied, unwrap(() => role('keyAdmin'))],
      '12: the gateway’s intake unwraps': [denied, unwrap(() => gatewayRoleArn('intake'))],
      '12: the gateway’s custody unwraps': [denied, unwrap(() => gatewayRoleArn('custody'))],
      '13: the router wraps to another key': [
        denied,
        async held => {
          const { KeyMetadata } = await bench.kms(bench.keys.hubRole).send(new CreateKeyCommand({}))
          return rewrap(held, {}, KeyMetadata?.Arn)
        },
      ],
      '14: a power user opens': [
        denied,
        ({ capsule }) => decrypt(bench.kms(bench.keys.hubRole), capsule),
      ],
      '15: a grant to open': [denied, () => grant(bench.keys.hubRole, bench.keys.hop, 'Decrypt')],
      '15: one by the administrator': [
        denied,
        () => grant(role('keyAdmin'), bench.keys.hop, 'Decrypt'),
      ],
      '15: a grant to wrap anew': [
        denied,
        () => grant(role('router'), bench.keys.custody.arn, 'ReEncryptFrom'),
      ],
      '16: wrapped again, for another hop': [denied, ({ capsule }) => onward(capsule)],
    }
  let parcel: Released
  before(async () => {
    parcel = await parcels.released()
  })
  for (const [name, [expected, attempt]] of Object.entries(cases)) {
    test(`attack ${name}`, async () => assert.equal(await refusalOf(attempt(parcel)), expected))
  }
  test('and the same calls, rightly made, succeed', async () => {
    assert.equal(await refusalOf(rewrap(parcel)), 'let in')
    const right = kms(await enter(tagged(['station-1'])))
    assert.equal((await decrypt(right, parcel.capsule)).Plaintext?.byteLength, 32)
    await parcels.opens(parcel)
  })
})

describe('a station refuses what the gateway hands it', () => {
  const seal = (handed: unknown, change: Json = {}) => ({
    ...Object(member(handed, 'sealed')),
    ...change,
  })
  const capsule = (handed: unknown, change: Json = {}) => ({
    ...Object(member(handed, 'capsule')),
    ...change,
  })
  const elsewhere = (handed: unknown) => ({
    ...Object(member(handed, 'capsule', 'context')),
    hop: 'station-2',
  })
  const cases: Record<string, (x: unknown, y: unknown) => { sealed: unknown; capsule: unknown }> = {
    '32: the capsule of one order, the body of another': (x, y) => ({
      sealed: seal(y),
      capsule: capsule(x),
    }),
    '32: the body of one order, the capsule of another': (x, y) => ({
      sealed: seal(x),
      capsule: capsule(y),
    }),
    '40: a key of the gateway’s own': x => ({
      sealed: seal(x),
      capsule: capsule(x, { key: 'arn:aws:kms:us-east-1:111122223333:key/own' }),
    }),
    '40: the context of another hop': x => ({
      sealed: seal(x),
      capsule: capsule(x, { context: elsewhere(x) }),
    }),
    '40: no context': x => ({ sealed: seal(x), capsule: capsule(x, { context: {} }) }),
    '41: a forged body with a true capsule': x => ({
      sealed: seal(x, { ciphertext: Buffer.alloc(512).toString('base64url') }),
      capsule: capsule(x),
    }),
    '41: a seal that says another time': x => ({
      sealed: seal(x, { sealedAt: '2026-01-01T00:00:00Z' }),
      capsule: capsule(x),
    }),
  }
  for (const [name, forge] of Object.entries(cases)) {
    test(`attack ${name}`, async () => {
      const [x, y] = [await parcels.released(), await parcels.released()]
      const [trueX, trueY] = [await parcels.handed(x), await parcels.handed(y)]
      const handing = (answer: unknown) => ({ fetchRelease: async () => answer })
      await assert.rejects(bench.open(x.order, {}, handing(forge(trueX, trueY))), {
        code: 'RELEASE_REFUSED',
      })
      await bench.open(x.order, {}, handing({ sealed: seal(trueX), capsule: capsule(trueX) }))
    })
  }
})

const audit = { seq: 1, head: '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU' }

/** Asks the router as whoever runs the gateway can: `let in`, or its reason for a refusal. */
async function routed(assignment: string, held?: HeldKey): Promise<string> {
  const payload = held === undefined ? { assignment, audit } : { assignment, held, audit }
  const answer: RouterAnswer = await bench.world.custody.router('sf', payload)
  if (!('refused' in answer)) return 'let in'
  const { code, at } = answer.reason
  return `${code}${at && ` at ${at}`}`
}

describe('the router refuses what whoever runs the gateway hands it', () => {
  /** A seal as a thief of intake's signing key makes it, perhaps around another seal's wrapped key. */
  const forge = async (order: string, { rev = 1, key = '' }): Promise<Sealed> => {
    const signer = await bench.world.intake.signer.current()
    const personal = checkPersonal({ name: 'x', phone: '13800000009', address: 'x' })
    const binding = { order, courier: 'sf', group: 'receiver', rev } as const
    const jwe = sealPersonal(personal, recipientOf(bench.contract), binding)
    return signer.sign(key === '' ? jwe : { ...jwe, encrypted_key: key }, 'douyin', new Date())
  }
  const routedForged = (sealed: Sealed, changes: Changes = {}) =>
    routed(bench.statement(verifySeal(sealed, bench.pins), changes), wrappedKeyOf(sealed))

  test('attack 17: X’s wrapped key under order Y, with Y’s signature', async () => {
    const [x, y] = [await parcels.taken(), await parcels.taken()]
    const held = await parcels.heldOf(y)
    const { wrappedKey } = await parcels.heldOf(x)
    const statement = parcels.statementOf(y)
    assert.equal(await routed(statement, { ...held, wrappedKey }), 'SIGNATURE_INVALID')
    assert.equal(await routed(statement, held), 'let in')
  })

  test('attack 18: X’s wrapped key, validly signed again as Y’s, after X’s release', async () => {
    const [x, y] = [await parcels.released(), await parcels.taken()]
    const { wrappedKey } = await parcels.heldOf(x)
    const refused = await routedForged(await forge(y.order, { key: wrappedKey }))
    assert.equal(refused, 'RELEASE_REFUSED at /wrappedKey')
    assert.equal(await parcels.assigned(y), '200 released')
  })

  test('attack 33: a lower revision after a receiver change', async () => {
    const parcel = await parcels.taken()
    const changed = await forge(parcel.order, { rev: 2 })
    assert.equal(await routedForged(changed), 'let in')
    const lower = parcels.statementOf(parcel, { epoch: 2 })
    assert.equal(await routed(lower, await parcels.heldOf(parcel)), 'EPOCH_STALE at /rev')
    assert.equal(await routedForged(changed, { epoch: 2 }), 'let in')
  })

  test('attack 34: no, an old, a foreign assignment', async () => {
    const [x, y] = [await parcels.taken(), await parcels.taken()]
    const held = await parcels.heldOf(x)
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const old = Math.floor(Date.now() / 1000) - 25 * 3600
    const { digest } = bench.sealOf(y.entry, 'receiver')
    const cases: Record<string, [expected: string, statement: string]> = {
      none: ['SIGNATURE_INVALID', ''],
      'signed by another key': [
        'SIGNATURE_INVALID',
        parcels.statementOf(x, { key: privateKey.export({ format: 'jwk' }) }),
      ],
      'of yesterday': ['ASSIGNMENT_INVALID at /iat', parcels.statementOf(x, { iat: old })],
      'of another order': ['ASSIGNMENT_INVALID at /order', parcels.statementOf(y)],
      'of another seal': ['ASSIGNMENT_INVALID at /seal', parcels.statementOf(x, { seal: digest })],
      'for another router': [
        'ASSIGNMENT_INVALID at /aud',
        parcels.statementOf(x, { aud: 'other' }),
      ],
      'of another courier': [
        'ASSIGNMENT_INVALID at /courier',
        parcels.statementOf(x, { courier: 'kye' }),
      ],
    }
    for (const [name, [expected, statement]] of Object.entries(cases))
      assert.equal(await routed(statement, held), expected, name)
    assert.equal(await routed(parcels.statementOf(x)), 'SEAL_INVALID at /wrappedKey')
    assert.equal(await routed(parcels.statementOf(x), held), 'let in')
  })

  test('attack 23: an equal epoch, another hop; by the gateway too', async () => {
    const parcel = await parcels.released()
    const other = parcels.statementOf(parcel, { hop: 'station-2' })
    assert.equal(await parcels.outcomeOf(other), '409 epoch-stale')
    assert.equal(await routed(other, await parcels.heldOf(parcel)), 'EPOCH_STALE at /epoch')
    await parcels.opens(parcel)
  })

  test('an assignment that the router refused: again as it is, or corrected under the next epoch', async () => {
    const parcel = await parcels.taken()
    const typo = parcels.statementOf(parcel, { hop: 'station-new' })
    assert.equal(await parcels.outcomeOf(typo), '403 release-refused')
    assert.equal(await parcels.assigned(parcel, { hop: 'station-1' }), '409 epoch-stale')
    await bench.control({ action: 'register-hop', hop: 'station-new', kind: 'delivery', limit: 9 })
    assert.equal(await parcels.outcomeOf(typo), '200 released')
    await parcels.opens(parcel, 'station-new')
    assert.equal(await parcels.assigned(parcel, { epoch: 2, hop: 'HUB' }), '403 release-refused')
    assert.equal(await parcels.assigned(parcel, { epoch: 3, hop: 'station-1' }), '200 released')
    await parcels.opens(parcel)
  })

  test('attack 38: a crash between the router’s write and ReEncrypt: the same again resumes', async () => {
    const parcel = await parcels.taken()
    const statement = parcels.statementOf(parcel)
    const { arn } = bench.keys.custody
    bench.world.aws.setKeyState(arn, 'Disabled')
    assert.equal(await parcels.outcomeOf(statement), '403 release-refused')
    await parcels.shutOut(parcel)
    bench.world.aws.setKeyState(arn, 'Enabled')
    const other = parcels.statementOf(parcel, { hop: 'station-2' })
    assert.equal(await routed(other, await parcels.heldOf(parcel)), 'EPOCH_STALE at /epoch')
    assert.equal(await parcels.outcomeOf(statement), '200 released')
    await parcels.opens(parcel)
  })
})

// The clock is moved forward from here on, so these come last.
describe('as time goes by', () => {
  /** Servers of this process state the moved time too, or the SDK would set its clock back by theirs. */
  const stateTime = (message: unknown) => {
    const response = member(message, 'response')
    if (response instanceof ServerResponse) response.setHeader('date', new Date().toUTCString())
  }
  before(() => {
    subscribe('http.server.request.start', stateTime)
    mock.timers.enable({ apis: ['Date'], now: Date.now() })
  })
  after(() => {
    mock.timers.reset()
    unsubscribe('http.server.request.start', stateTime)
  })

  /** The next time that the clocks of Shanghai show this, after now. */
  const waitUntil = (hour: number, minute: number) => {
    const shanghai = 8 * 3600_000
    const day = 86_400_000
    const now = Date.now()
    const midnight = Math.floor((now + shanghai) / day) * day - shanghai
    const at = midnight + (hour * 60 + minute) * 60_000
    mock.timers.setTime(at > now ? at : at + day)
  }

  test('attack 39: assigned at 23:50, opened at 00:30; at 05:30 the new day opens nothing', async () => {
    waitUntil(23, 50)
    const parcel = await parcels.released()
    const assignedFor = today()
    waitUntil(0, 30)
    assert.equal(today(), assignedFor)
    await parcels.opens(parcel)
    const handed = await parcels.handed(parcel)
    waitUntil(5, 30)
    assert.notEqual(today(), assignedFor)
    await parcels.shutOut(parcel)
    // Whatever the gateway hands over: KMS refuses the new day's credentials.
    const day = { day: today() }
    const fetchRelease = async () => handed
    await assert.rejects(bench.open(parcel.order, day, { fetchRelease }), {
      code: 'RELEASE_REFUSED',
    })
    const again = await parcels.assigned(parcel, { epoch: 2 })
    assert.equal(again, '200 released', 'the same hop, next day, next epoch')
    await parcels.opens(parcel)
  })

  test('attack 24: the router’s table is restored: nothing until the courier raises the floor', async () => {
    const [x, y] = [await parcels.taken(), await parcels.taken()]
    const old = parcels.statementOf(x)
    const held = await parcels.heldOf(x)
    const backup = await backUp('Custody-sf')
    assert.equal(await parcels.outcomeOf(old), '200 released')
    assert.equal(await parcels.assigned(x, { epoch: 2, hop: 'station-2' }), '200 released')
    await restore('Custody-sf', backup)
    mock.timers.setTime(Date.now() + 61_000)
    assert.equal(await routed(old, held), 'RELEASE_REFUSED at /floor')
    assert.equal(await parcels.assigned(y), '403 release-refused')
    const notBefore = Math.floor(Date.now() / 1000)
    assert.deepEqual(await bench.control({ action: 'raise-floor', notBefore }), { ordered: true })
    assert.equal(await routed(old, held), 'RELEASE_REFUSED at /floor', 'signed before')
    assert.equal(await parcels.assigned(y, { epoch: 2 }), '200 released')
    assert.equal(await parcels.assigned(x, { epoch: 3 }), '200 released')
    await parcels.opens(x)
    await parcels.opens(y)
  })

  type Items = Record<string, AttributeValue>[]
  async function backUp(TableName: string): Promise<Items> {
    const items: Items = []
    for await (const { Items = [] } of paginateScan({ client: bench.database }, { TableName }))
      items.push(...Items)
    return items
  }
  async function restore(TableName: string, items: Items): Promise<void> {
    await bench.database.send(new DeleteTableCommand({ TableName }))
    await createRouterTable(bench.database, TableName)
    for (const Item of items) await bench.database.send(new PutItemCommand({ TableName, Item }))
  }

  test('an hour later intake is certified anew, once', async () => {
    mock.timers.setTime(Date.now() + 3_600_000)
    const from = bench.calls.length
    await Promise.all(Array.from({ length: 5 }, () => parcels.taken()))
    const signed = bench.calls.slice(from).filter(({ action }) => action === 'Sign')
    assert.equal(signed.length, 1)
  })
})

test('no fault was a bug of ours', () => assert.deepEqual(bench.bugs, []))
