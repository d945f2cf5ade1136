import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { RotateKeyOnDemandCommand } from '@aws-sdk/client-kms'
import { readPublicKey } from '../../functions/intake/certify.ts'
import { reEncryptBy } from '../../functions/router/re-encrypt.ts'
import { openStore } from '../../functions/router/store.ts'
import { openRouterTable } from '../../functions/router/table.ts'
import { fetchReleaseFrom } from '../../functions/station/gateway.ts'
import { openSecrets } from '../../lib/access/secrets.ts'
import { list, member, textOf } from '../../lib/cli/send.ts'
import { custodyKeyPolicy, roleArn } from '../../lib/custody/policies.ts'
import { createRouter } from '../../lib/custody/router.ts'
import type { CourierConfig, GatewayConfig, PinnedKey } from '../../lib/flow/config.ts'
import { dispatchKeysOf, recipientOf, sealPinsOf } from '../../lib/flow/keyring.ts'
import type { NamedKey } from '../../lib/local/accounts.ts'
import { publicJwk } from '../../lib/local/identities.ts'
import { gatewayApp } from '../../lib/local/server.ts'
import { checkSealed } from '../../lib/model/validate.ts'
import { pinKey, signingKey, verifySeal } from '../../lib/seal/index.ts'
import { type Bench, ORIGIN, orderOf, startBench } from '../functions/http/bench.ts'
import { fresh, info, outcome, RECEIVER, request } from '../functions/http/orders.ts'
import { type Parcel, parcelsOn } from '../functions/http/parcels.ts'

let bench: Bench
let parcels: ReturnType<typeof parcelsOn>
let second: NamedKey
before(async () => {
  bench = await startBench()
  parcels = parcelsOn(bench)
  const { account } = bench.keys
  const arn = await bench.world.aws.createKey({
    account: account.account,
    spec: 'RSA_3072',
    policy: JSON.stringify(custodyKeyPolicy(account)),
  })
  const admin = bench.kms(roleArn(account, account.roles.keyAdmin))
  second = { arn, ...(await readPublicKey(admin, arn)) }
})
after(() => bench.stop())

/** A gateway over the same tables, its courier and the courier's router configured otherwise. */
function gatewayWith(changes: Partial<CourierConfig>, ahead = 0) {
  const { world, contract, keys, courier } = bench
  const sf: CourierConfig = { ...contract, ...changes }
  const config: GatewayConfig = { ...world.config, couriers: { ...world.config.couriers, sf } }
  const pins = sealPinsOf(config, sf)
  const now = () => new Date(Date.now() + ahead)
  const store = openStore(bench.database, 'Custody-sf')
  const windowSeconds = 3600
  const router = createRouter(
    {
      ...{ courier: 'sf', aud: sf.router, pins },
      dispatchKeys: sf.dispatchKeys.map(({ jwk }) => pinKey(jwk)),
      controlKeys: [pinKey(publicJwk(courier.control))],
      custodyKeyArns: { [keys.custody.kid]: keys.custody.arn, [second.kid]: second.arn },
      hopKeyArn: keys.hop,
      brake: { limit: 1000, windowSeconds },
    },
    {
      table: openRouterTable(store, { now, keepSeconds: 86_400, windowSeconds }),
      reEncrypt: reEncryptBy(bench.kms(roleArn(keys.account, keys.account.roles.router))),
      receiptKey: signingKey(createPrivateKey({ key: courier.receipts, format: 'jwk' })),
      now,
      note: note => void bench.notes.push(note),
    },
  )
  const custody = { ...world.custody, config, router: (_: string, asked: unknown) => router(asked) }
  const exchange = { ...world.exchange, config }
  const app = gatewayApp({ intake: { ...world.intake, config, now }, exchange, custody }, () => {})
  const fetchFromApp: typeof fetch = async (url, init) =>
    app.request(String(url).slice(ORIGIN.length), init)
  return {
    app,
    /** An order posted through this gateway and accepted by the courier. */
    async taken(): Promise<Parcel> {
      const id = fresh()
      const order = orderOf(id)
      await bench.native(request([info(id)]), { via: app })
      const entry = await bench.entryOf(order)
      await bench.answer([{ id: entry.id, document: answerTo(entry.document) }])
      return { order, entry }
    },
    seal: ({ entry }: Parcel) =>
      verifySeal(checkSealed(member(entry, 'sealed', 'receiver')), {
        ...pins,
        custodyKeys: [{ kid: bench.keys.custody.kid }, { kid: second.kid }],
      }),
    async assigned(parcel: Parcel, changes: { epoch?: number; key?: JsonWebKey } = {}) {
      const assignments = [bench.statement(this.seal(parcel), changes)]
      const path = '/v1/couriers/sf/assignments'
      const { body } = await bench.signed('POST', path, { assignments }, { via: app })
      const [result] = list(body, 'results')
      return textOf(result, 'outcome') || textOf(result, 'code')
    },
    async opened({ order }: Parcel): Promise<string> {
      const fetchRelease = fetchReleaseFrom(ORIGIN, 'sf', fetchFromApp)
      return String((await bench.open(order, {}, { pins, fetchRelease })).name)
    },
  }
}

const answerTo = (document: unknown) => {
  const orderId = textOf(document, 'orderId')
  const waybillNoInfoList = [{ waybillType: 1, waybillNo: `SF${orderId.slice(2, 14)}` }]
  return {
    success: true,
    errorCode: 'S0000',
    msgData: { orderId, filterResult: 2, waybillNoInfoList },
  }
}

const kidOf = ({ entry }: Parcel) => textOf(entry, 'sealed', 'receiver', 'header', 'kid')

describe('the custody key', () => {
  const key = ({ kid, jwk }: NamedKey, more: Omit<PinnedKey, 'kid' | 'jwk'>): PinnedKey => ({
    ...{ kid, jwk },
    ...more,
  })

  test('rotated: the overlap, old orders, a late seal to the old key, the minimum version', async () => {
    const old = bench.keys.custody
    const both = gatewayWith({
      custodyKeys: [key(old, { use: 'current' }), key(second, { use: 'next', version: 2 })],
    })
    const early = await both.taken()
    const waiting = await both.taken()
    assert.equal(kidOf(early), old.kid)
    assert.equal(await both.assigned(early), 'released')

    const retiredAt = both.seal(waiting).sealedAt
    const retired = key(old, { use: 'retired', retiredAt })
    const custodyKeys = [retired, key(second, { use: 'current', version: 2 })]
    const rotated = gatewayWith({ custodyKeys })
    const late = await rotated.taken()
    assert.equal(kidOf(late), second.kid, 'new seals go to the new key')
    for (const parcel of [waiting, late]) {
      assert.equal(await rotated.assigned(parcel), 'released')
      assert.equal(await rotated.opened(parcel), RECEIVER.name)
    }
    assert.equal(await rotated.opened(early), RECEIVER.name)

    // An intake that was not told, or whose signing key was stolen, seals to the old key later on.
    const backward = await gatewayWith(
      { custodyKeys: [key(old, { use: 'current' })] },
      5000,
    ).taken()
    assert.equal(kidOf(backward), old.kid)
    assert.ok(both.seal(backward).sealedAt > retiredAt)
    assert.equal(await rotated.assigned(backward), 'release-refused')
    const { records } = await bench.world.custody.store.readChain(backward.order)
    assert.equal(records.at(-1)?.record.because, 'seal-invalid')

    const raised = gatewayWith({ custodyKeys, minVersion: 2 })
    const refused = { code: 'RELEASE_REFUSED' }
    for (const parcel of [early, waiting]) await assert.rejects(raised.opened(parcel), refused)
    assert.equal(await raised.assigned(waiting, { epoch: 2 }), 'release-refused')
    assert.equal(await raised.opened(late), RECEIVER.name)
  })

  test('which one the gateway seals to', () => {
    const old = bench.keys.custody
    const at = new Date('2026-01-02T00:00:00Z')
    const of = (custodyKeys: PinnedKey[], minVersion = 1) =>
      recipientOf({ ...bench.contract, custodyKeys, minVersion }, at).kid
    const next = key(second, { use: 'next', version: 2 })
    const current = key(old, { use: 'current', retiredAt: '2026-01-03T00:00:00Z' })
    const over = key(old, { use: 'current', retiredAt: '2026-01-01T00:00:00Z' })
    assert.equal(of([current, next]), old.kid)
    assert.equal(of([over, next]), second.kid, 'retired by then')
    assert.equal(of([current, next], 2), second.kid, 'below the minimum version')
    for (const none of [[over], [{ ...current, platform: 'douyin' }], []]) {
      assert.throws(() => of(none), { code: 'COURIER_UNMAPPED' })
    }
  })
})

describe('dispatch keys', () => {
  const made = () =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
  const pinned = (jwk: JsonWebKey) => {
    const { kid } = pinKey(publicJwk(jwk))
    return { kid, jwk: publicJwk(jwk) }
  }

  test('two at a time; the one that is taken out signs no more', async () => {
    const old = bench.courier.dispatch
    const [fresh, stranger] = [made(), made()]
    const both = gatewayWith({ dispatchKeys: [pinned(old), pinned(fresh)] })
    const parcel = await both.taken()
    assert.equal(await both.assigned(parcel, { key: stranger }), 'signature-invalid')
    assert.equal(await both.assigned(parcel, { key: old }), 'released')
    assert.equal(await both.assigned(parcel, { key: fresh, epoch: 2 }), 'released')
    const after = gatewayWith({ dispatchKeys: [pinned(fresh)] })
    assert.equal(await after.assigned(parcel, { key: old, epoch: 3 }), 'signature-invalid')
    assert.equal(await after.assigned(parcel, { key: fresh, epoch: 3 }), 'released')
    assert.equal(await after.opened(parcel), RECEIVER.name)
  })

  test('not three', () => {
    const dispatchKeys = [made(), made(), made()].map(pinned)
    assert.throws(() => dispatchKeysOf({ ...bench.contract, dispatchKeys }), {
      code: 'VALUE_INVALID',
      at: '/dispatchKeys',
    })
  })
})

test('a platform’s secret: both count while it rotates, then the new one alone', async () => {
  const { platform, world } = bench
  const secret = 'the-next-secret-of-this-platform'
  const current = { appKey: platform.appKey, secret: platform.secret }
  const courierTerms = { couriers: { sf: { payer: 'sender', account: '7551234567' } } }
  const stored = (...generations: { appKey: string; secret: string }[]) => {
    const [first, next] = generations.map(one => ({ ...one, settings: courierTerms }))
    const source = async () =>
      Buffer.from(JSON.stringify({ current: first, ...(next ? { next } : {}) }))
    const platforms = openSecrets(source, 'platforms')
    const secrets = { ...world.intake.secrets, platforms }
    return gatewayApp({ ...world, intake: { ...world.intake, secrets } }, () => {})
  }
  const posted = (via: ReturnType<typeof stored>, by: string) =>
    bench.native(request([info(fresh())]), { via, secret: by })
  const both = stored(current, { ...current, secret })
  for (const by of [current.secret, secret]) assert.equal(outcome(await posted(both, by)), '4009')
  assert.equal((await posted(both, 'a-stranger')).status, 401)
  const rotated = stored({ ...current, secret })
  assert.equal(outcome(await posted(rotated, secret)), '4009')
  assert.equal((await posted(rotated, current.secret)).status, 401)
})

test('the hop key: capsules made before its rotation still open, and so do new ones', async () => {
  const [before, later] = [await parcels.released(), await parcels.taken()]
  const { account, hop: KeyId } = bench.keys
  const admin = bench.kms(roleArn(account, account.roles.keyAdmin))
  await admin.send(new RotateKeyOnDemandCommand({ KeyId }))
  assert.equal(await parcels.assigned(later), '200 released')
  await parcels.opens(before)
  await parcels.opens(later)
})
