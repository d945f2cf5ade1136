import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type StationNote, stationApp } from '../../functions/station/app.ts'
import { fetchReleaseFrom } from '../../functions/station/gateway.ts'
import { openAtHop, type StationPorts } from '../../functions/station/open-at-hop.ts'
import { signAssignment } from '../../lib/custody/assignment.ts'
import { createRouter } from '../../lib/custody/router.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import type { Sealed } from '../../lib/model/validate.ts'
import { withoutKey, wrappedKeyOf } from '../../lib/seal/held-key.ts'
import { verifySeal } from '../../lib/seal/signature.ts'
import * as c from '../custody/fixtures.ts'
import { memoryTable } from '../custody/memory-table.ts'
import * as f from '../seal/fixtures.ts'
import { type CourierAccount, openAccount, tokensFor } from './custody-account.ts'

const refused = { code: 'RELEASE_REFUSED', at: '' }

/** A sealed order that was assigned to the usual hop, and what the gateway answers for it. */
async function assigned(t: TestContext, of: Partial<typeof f.binding> = {}) {
  const courier = await openAccount(t)
  const { capsule, sealed } = await assign(courier, of)
  const release = { sealed: withoutKey(sealed), capsule }
  const tokens = await tokensFor(c.hop, c.today, f.now)
  const request = { order: f.order, group: 'receiver', rev: 1, ...of, ...tokens } as const
  const station = (answer: unknown = release): StationPorts => ({
    ...courier.station,
    fetchRelease: async () => answer,
  })
  return { courier, sealed, release, request, station }
}

/** Has the courier's own router make the capsule, by KMS. */
async function assign(
  courier: CourierAccount,
  of: Partial<typeof f.binding> = {},
  sealed?: Sealed,
) {
  const seal = sealed ?? (await courier.seal(of))
  const table = memoryTable()
  await c.makeWorld(table)
  const config = {
    ...c.config,
    pins: courier.pins,
    hopKeyArn: courier.hopKeyArn,
    custodyKeyArns: { [courier.recipient.kid]: courier.custodyKeyArn },
  }
  const { reEncrypt } = courier
  const ports = { table, reEncrypt, receiptKey: c.receiptKey, now: () => f.now, note() {} }
  const { digest, order, group, rev } = verifySeal(seal, courier.pins)
  const template = c.assignmentFor(await f.sealAtIntake())
  const assignment = { ...template, order, group, rev, seal: digest }
  const answer = await createRouter(
    config,
    ports,
  )({
    assignment: signAssignment(assignment, c.dispatchKey),
    held: wrappedKeyOf(seal),
    audit: { seq: 1, head: c.head },
  })
  assert.ok('capsule' in answer, JSON.stringify(answer))
  return { capsule: answer.capsule, sealed: seal }
}

test('the assigned hop reads exactly what was sealed, by one Decrypt', async t => {
  const { courier, request, station } = await assigned(t)
  assert.deepEqual(await openAtHop(station(), request), f.personal)
  assert.deepEqual(courier.calls, [
    'ReEncrypt allowed',
    'AssumeRoleWithWebIdentity allowed',
    'Decrypt allowed',
  ])
})

test("another hop's station reads nothing", async t => {
  const { courier, request, station } = await assigned(t)
  const other = await tokensFor('XM-0592-018', c.today, f.now)
  await assert.rejects(openAtHop(station(), { ...request, ...other }), refused)
  const mixed = { ...request, keyToken: other.keyToken }
  await assert.rejects(openAtHop(station(), mixed), refused)
  assert.equal(courier.calls.at(-1), 'Decrypt refused')
  assert.deepEqual(await openAtHop(station(), request), f.personal)
})

test('attack 1: a release token at STS', async t => {
  const { courier, request, station } = await assigned(t)
  const wrong = { ...request, keyToken: request.releaseToken }
  await assert.rejects(openAtHop(station(), wrong), refused)
  assert.equal(courier.calls.at(-1), 'AssumeRoleWithWebIdentity refused')
  assert.deepEqual(await openAtHop(station(), request), f.personal)
})

test('attack 32: the capsule of order X with the body of order Y', async t => {
  const { courier, release, request, station } = await assigned(t)
  const y = await courier.seal({ order: f.otherOrder })
  const swapped = { ...release, sealed: withoutKey(y) }
  await assert.rejects(openAtHop(station(swapped), request), refused)
  const asY = { ...request, order: f.otherOrder }
  await assert.rejects(openAtHop(station(swapped), asY), refused)
  assert.deepEqual(await openAtHop(station(), request), f.personal)
})

test('attack 39: assigned at 23:50, opened at 00:30; at 05:30 with the new token', async t => {
  const { courier, request, station } = await assigned(t)
  const night = new Date('2026-01-05T16:30:00Z')
  courier.at = night
  const tonight = await tokensFor(c.hop, c.today, night)
  assert.deepEqual(await openAtHop(station(), { ...request, ...tonight }), f.personal)
  const morning = new Date('2026-01-05T21:30:00Z')
  courier.at = morning
  const newDay = await tokensFor(c.hop, '2026-01-06', morning)
  await assert.rejects(openAtHop(station(), { ...request, ...newDay }), refused)
  const mixed = { ...request, releaseToken: tonight.releaseToken, keyToken: newDay.keyToken }
  await assert.rejects(openAtHop(station(), mixed), refused)
  assert.equal(courier.calls.at(-1), 'Decrypt refused')
})

test("attack 40: the gateway hands out its own key's ARN or context", async t => {
  const { courier, release, request, station } = await assigned(t)
  const { capsule } = release
  const gatewayKey = 'arn:aws:kms:us-east-1:111122223333:key/gateway'
  const forged = [
    { ...release, capsule: { ...capsule, key: gatewayKey } },
    { ...release, capsule: { ...capsule, context: { ...capsule.context, hop: 'XM-0592-018' } } },
    { ...release, capsule: { ...capsule, context: { ...capsule.context, day: '2026-01-06' } } },
    { ...release, capsule: { ...capsule, context: { ...capsule.context, rev: '2' } } },
    { ...release, capsule: undefined },
    'text',
  ]
  for (const answer of forged) await assert.rejects(openAtHop(station(answer), request), refused)
  assert.ok(!courier.calls.includes('Decrypt allowed'))
  assert.deepEqual(await openAtHop(station(), request), f.personal)
})

test('attack 41: a forged seal with a true capsule', async t => {
  const { courier, sealed, release, request, station } = await assigned(t)
  const other = withoutKey(await courier.seal())
  const { keyHash = '' } = release.sealed
  const forged = [
    { ...other, keyHash },
    { ...release.sealed, ciphertext: other.ciphertext },
    { ...release.sealed, signature: other.signature },
    { ...release.sealed, platform: 'other' },
    withoutKey(f.sealAtPlatform()),
  ]
  for (const one of forged) {
    await assert.rejects(openAtHop(station({ ...release, sealed: one }), request), refused)
  }
  assert.ok(!courier.calls.includes('Decrypt allowed'))
  const unpinned: StationPorts = { ...station(), pins: { ...f.pins, gatewayKeys: [] } }
  await assert.rejects(openAtHop(unpinned, request), refused)
  assert.equal(verifySeal(sealed, courier.pins).order, f.order)
  assert.deepEqual(await openAtHop(station(), request), f.personal)
})

test('the gateway is shown the release token and never the key token', async t => {
  const { release, request, station } = await assigned(t)
  const seen: { url: string; init: RequestInit | undefined }[] = []
  const fetchRelease = fetchReleaseFrom('https://gateway.example', 'swift', async (url, init) => {
    seen.push({ url: String(url), init })
    return Response.json(release)
  })
  assert.deepEqual(await openAtHop({ ...station(), fetchRelease }, request), f.personal)
  const [call] = seen
  assert.equal(
    call?.url,
    `https://gateway.example/v1/couriers/swift/hops/${c.hop}/orders/${f.order}?group=receiver`,
  )
  assert.deepEqual(call?.init?.headers, { authorization: `Bearer ${request.releaseToken}` })
  assert.ok(!JSON.stringify(seen).includes(request.keyToken))
})

test('what the gateway answers is read with care', async () => {
  const ask = (answer: () => Promise<Response>) =>
    fetchReleaseFrom(
      'https://gateway.example',
      'swift',
      answer,
    )({
      ...{ hop: c.hop, order: f.order, group: 'receiver', releaseToken: 'x' },
    })
  assert.deepEqual(await ask(async () => Response.json({ a: 1 })), { a: 1 })
  for (const status of [401, 403, 404, 302]) {
    await assert.rejects(
      ask(async () => new Response(null, { status })),
      new GatewayError('RELEASE_REFUSED', '/gateway'),
    )
  }
  const away = [
    async () => new Response(null, { status: 503 }),
    async () => new Response(null, { status: 429 }),
    () => Promise.reject(new TypeError('fetch failed')),
  ]
  for (const one of away) {
    await assert.rejects(ask(one), { code: 'STORE_AWAY', retry: 'later' })
  }
  const long = async () => new Response(`{"a":"${'x'.repeat(40_000)}"}`)
  await assert.rejects(ask(long), { code: 'TOO_LARGE' })
})

test("the handheld's helper answers what its hop may read, and one refusal for all reasons", async t => {
  const { release, request, station } = await assigned(t)
  const notes: StationNote[] = []
  const app = (ports: StationPorts) => stationApp(ports, assert.fail, note => notes.push(note))
  const post = (ports: StationPorts, body: object) =>
    app(ports).request('/v1/open', { method: 'POST', body: JSON.stringify(body) })
  const opened = await post(station(), request)
  assert.equal(opened.status, 200)
  assert.equal(opened.headers.get('cache-control'), 'no-store')
  assert.deepEqual(await opened.json(), f.personal)
  const wrongHop = await tokensFor('XM-0592-018', c.today, f.now)
  const answers = [
    await post(station(), { ...request, ...wrongHop }),
    await post(station(), { ...request, keyToken: request.releaseToken }),
    await post(station(), { ...request, rev: 2 }),
    await post(station(), { ...request, order: f.otherOrder }),
    await post(station({ ...release, sealed: {} }), request),
    await post(station(), { ...request, releaseToken: 'text' }),
  ]
  const bodies = await Promise.all(answers.map(answer => answer.text()))
  assert.deepEqual(new Set(answers.map(answer => answer.status)), new Set([403]))
  assert.equal(new Set(bodies).size, 1)
  assert.deepEqual(
    notes.map(({ outcome, reason }) => reason ?? outcome),
    [
      'opened',
      'RELEASE_REFUSED at /capsule/context',
      'RELEASE_REFUSED at /aws',
      'RELEASE_REFUSED at /capsule/context',
      'RELEASE_REFUSED at /capsule/context',
      'SEAL_INVALID',
      'UNAUTHENTICATED',
    ],
  )
})

test('what is no request is told so, and what is away comes back', async t => {
  const { request, station } = await assigned(t)
  const app = stationApp(station(), assert.fail, () => {})
  const status = async (body: object | string) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return (await app.request('/v1/open', { method: 'POST', body: text })).status
  }
  assert.equal(await status('{'), 400)
  assert.equal(await status({ ...request, group: 'buyer' }), 422)
  assert.equal(await status({ ...request, keyToken: 'a b' }), 422)
  assert.equal(await status({ ...request, rev: '1' }), 422)
  assert.equal(await status({ ...request, order: 'o_x' }), 422)
  const away: StationPorts = {
    ...station(),
    fetchRelease: () => Promise.reject(new GatewayError('STORE_AWAY', '', { retry: 'later' })),
  }
  const helper = stationApp(away, assert.fail, () => {})
  const answer = await helper.request('/v1/open', {
    method: 'POST',
    body: JSON.stringify(request),
  })
  assert.equal(answer.status, 503)
})
