import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRouter } from '../../lib/custody/router.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import type { Sealed } from '../../lib/model/validate.ts'
import { fromBase64url } from '../../lib/seal/base64url.ts'
import { parseSeal } from '../../lib/seal/envelope.ts'
import { wrappedKeyOf } from '../../lib/seal/held-key.ts'
import { verifyJws } from '../../lib/seal/jws.ts'
import { pinOf } from '../../lib/seal/keys.ts'
import { openSealed } from '../../lib/seal/open.ts'
import { sealPersonal } from '../../lib/seal/seal.ts'
import { verifySeal } from '../../lib/seal/signature.ts'
import { createSealSigner } from '../../lib/seal/signer.ts'
import * as f from '../seal/fixtures.ts'
import * as c from './fixtures.ts'
import { hopKeyArn, memoryKms } from './memory-kms.ts'
import { type MemoryTable, memoryTable } from './memory-table.ts'

const fault = { code: 'MALFORMED', at: '' } as const

/** A seal of intake whose wrapped key and body are those of another seal: what a thief of intake's key makes. */
async function stolen(of: Parameters<typeof parseSeal>[0], order: string) {
  const victim = parseSeal(of).sealed
  const { encrypted_key = '' } = victim
  const source = createSealSigner({ certify: f.certifier(), now: () => f.now })
  const jwe = sealPersonal(f.personal, f.custody, { ...f.binding, order })
  return (await source.current()).sign({ ...jwe, encrypted_key }, 'acme', f.now)
}

test('an assignment becomes a capsule that opens under its context alone', async () => {
  const world = await c.makeWorld()
  const sealed = await f.sealAtIntake()
  const answer = await world.router(c.requestFor(sealed))
  assert.ok('capsule' in answer)
  const { capsule } = answer
  assert.deepEqual(capsule.context, {
    v: '1',
    courier: 'swift',
    order: f.order,
    group: 'receiver',
    rev: '1',
    hop: c.hop,
    day: c.today,
  })
  const ciphertext = fromBase64url(capsule.ciphertext, fault)
  const contentKey = world.kms.decrypt(ciphertext, hopKeyArn, capsule.context)
  assert.deepEqual(openSealed(sealed, contentKey, f.binding), f.personal)
  const others = { ...capsule.context, hop: 'XM-0592-018' }
  assert.throws(() => world.kms.decrypt(ciphertext, hopKeyArn, others))
  assert.equal(world.notes.at(-1)?.outcome, 'released')
})

test('a repeat answers the stored capsule, with one ReEncrypt for all', async () => {
  const world = await c.makeWorld()
  const request = c.requestFor(await f.sealAtIntake())
  const [first, ...others] = await Promise.all([1, 2, 3].map(() => world.router(request)))
  assert.ok(first !== undefined && 'capsule' in first)
  const again = await world.router(request)
  for (const answer of [...others, again]) assert.deepEqual(answer, first)
  const calls = world.kms.calls.length
  await world.router(request)
  assert.equal(world.kms.calls.length, calls)
})

test('reassignment: the next epoch makes a new capsule, the older ones are refused', async () => {
  const world = await c.makeWorld()
  const sealed = await f.sealAtIntake()
  const first = c.requestFor(sealed)
  assert.ok('capsule' in (await world.router(first)))
  const answer = await world.router(c.requestFor(sealed, { epoch: 2, hop: 'XM-0592-018' }))
  assert.ok('capsule' in answer && answer.capsule.context.hop === 'XM-0592-018')
  assert.equal(await world.reason(first), 'EPOCH_STALE at /epoch')
})

test("attack 17: X's wrapped key under order Y, with Y's signature", async () => {
  const world = await c.makeWorld()
  const x = await f.sealAtIntake()
  const y = await f.sealAtIntake({ order: f.otherOrder })
  const good = c.requestFor(y)
  const { wrappedKey } = wrappedKeyOf(x)
  const swapped = { ...good, held: { ...wrappedKeyOf(y), wrappedKey } }
  assert.equal(await world.reason(swapped), 'SIGNATURE_INVALID at ')
  assert.ok('capsule' in (await world.router(good)))
})

test("attack 18: X's wrapped key validly signed again as Y, after X's release", async () => {
  const world = await c.makeWorld()
  const x = await f.sealAtIntake()
  assert.ok('capsule' in (await world.router(c.requestFor(x))))
  const y = await stolen(x, f.otherOrder)
  assert.equal(await world.reason(c.requestFor(y)), 'RELEASE_REFUSED at /wrappedKey')
  const honest = await f.sealAtIntake({ order: f.otherOrder })
  assert.ok('capsule' in (await world.router(c.requestFor(honest))))
})

test("attack 19: intake's signature on a seal for a sealing platform's key", async () => {
  const world = await c.makeWorld()
  const own = f.sealAtPlatform()
  const request = c.requestFor(own)
  const { certificate = '' } = await f.sealAtIntake()
  const forged = { ...request, held: { ...wrappedKeyOf(own), certificate } }
  assert.equal(await world.reason(forged), 'SIGNATURE_INVALID at /platform')
  assert.ok('capsule' in (await world.router(request)))
})

test('attack 23: equal epoch, another hop', async () => {
  const world = await c.makeWorld()
  const sealed = await f.sealAtIntake()
  assert.ok('capsule' in (await world.router(c.requestFor(sealed))))
  const other = c.requestFor(sealed, { hop: 'XM-0592-018' })
  assert.equal(await world.reason(other), 'EPOCH_STALE at /epoch')
})

test('100 parallel assignments of one order to different hops: one capsule', async () => {
  const world = await c.makeWorld()
  const sealed = await f.sealAtIntake()
  const hops = Array.from({ length: 100 }, (_, i) => `H-${i}`)
  for (const hop of hops) {
    await world.order({ action: 'register-hop', hop, kind: 'delivery', limit: 10 })
  }
  const answers = await Promise.all(hops.map(hop => world.router(c.requestFor(sealed, { hop }))))
  assert.equal(answers.filter(answer => 'capsule' in answer).length, 1)
  assert.equal(world.kms.calls.length, 1)
})

test("attack 24: an old assignment after the router's table was restored", async () => {
  const table: MemoryTable = memoryTable()
  const world = await c.makeWorld(table)
  const sealed = await f.sealAtIntake()
  const backup = table.copy()
  const old = c.requestFor(sealed)
  assert.ok('capsule' in (await world.router(old)))
  assert.ok('capsule' in (await world.router(c.requestFor(sealed, { epoch: 2 }))))
  const kms = memoryKms()
  const ports = { table: backup, reEncrypt: kms.reEncrypt, receiptKey: c.receiptKey, note() {} }
  const restored = createRouter(c.config, { ...ports, now: () => world.at })
  const reason = async (request: unknown) => {
    const answer = await restored(request)
    return 'refused' in answer ? answer.reason.at : 'not refused'
  }
  assert.equal(await reason(old), '/floor')
  assert.equal(await reason(c.requestFor(sealed, { epoch: 3 })), '/floor')
  const behind = await c.makeWorld(backup)
  behind.at = new Date(f.now.getTime() + 60_000)
  const notBefore = c.seconds(f.now) + 1
  assert.deepEqual(await behind.order({ action: 'raise-floor', notBefore }), { ordered: true })
  assert.equal(await behind.reason(old), 'RELEASE_REFUSED at /floor')
  const fresh = c.requestFor(sealed, { epoch: 3, iat: c.seconds(behind.at) })
  assert.ok('capsule' in (await behind.router(fresh)))
})

test('a table that nobody opened releases nothing', async () => {
  const table = memoryTable()
  const closed = createRouter(c.config, {
    ...{ table, reEncrypt: memoryKms().reEncrypt, receiptKey: c.receiptKey, note() {} },
    now: () => f.now,
  })
  const answer = await closed(c.requestFor(await f.sealAtIntake()))
  assert.ok('refused' in answer && answer.reason.at === '/floor')
})

test('attack 25: a group to a hop that may not have it', async () => {
  const world = await c.makeWorld()
  const receiver = await f.sealAtIntake()
  const sender = await f.sealAtIntake({ group: 'sender' })
  await world.order({ action: 'register-hop', hop: 'CLOSED', kind: 'closed', limit: 9 })
  const refused = [
    [sender, { leg: 'delivery' }, 'ASSIGNMENT_INVALID at /group'],
    [receiver, { leg: 'pickup', hop: 'XM-P-1' }, 'ASSIGNMENT_INVALID at /group'],
    [receiver, { leg: 'return' }, 'ASSIGNMENT_INVALID at /group'],
    [receiver, { hop: 'XM-P-1' }, 'ASSIGNMENT_INVALID at /hop'],
    [sender, { leg: 'pickup' }, 'ASSIGNMENT_INVALID at /hop'],
    [sender, { leg: 'return', hop: 'XM-P-1' }, 'ASSIGNMENT_INVALID at /hop'],
    [receiver, { hop: 'HUB-SZX' }, 'ASSIGNMENT_INVALID at /hop'],
    [receiver, { hop: 'CLOSED' }, 'ASSIGNMENT_INVALID at /hop'],
  ] as const
  for (const [sealed, changes, reason] of refused) {
    assert.equal(await world.reason(c.requestFor(sealed, changes)), reason)
  }
  const allowed = [
    c.requestFor(receiver),
    c.requestFor(sender, { leg: 'pickup', hop: 'XM-P-1' }),
    c.requestFor(sender, { leg: 'return', epoch: 2 }),
  ]
  for (const request of allowed) assert.ok('capsule' in (await world.router(request)))
})

test('attack 33: a lower rev after a receiver change', async () => {
  const world = await c.makeWorld()
  const old = await f.sealAtIntake()
  const changed = await f.sealAtIntake({ rev: 2 })
  assert.ok('capsule' in (await world.router(c.requestFor(changed))))
  assert.equal(await world.reason(c.requestFor(old, { epoch: 2 })), 'EPOCH_STALE at /rev')
  assert.equal(
    await world.reason({ ...c.requestFor(changed, { epoch: 2 }), held: wrappedKeyOf(old) }),
    'ASSIGNMENT_INVALID at /rev',
  )
})

test('attack 34: invoked with no, an old or a foreign assignment', async () => {
  const world = await c.makeWorld()
  const sealed = await f.sealAtIntake()
  const request = c.requestFor(sealed)
  const { held, audit } = request
  const other = c.requestFor(await f.sealAtIntake({ order: f.otherOrder }))
  const refused = [
    [undefined, 'SIGNATURE_INVALID at '],
    ['text', 'SIGNATURE_INVALID at '],
    [{ held, audit }, 'SIGNATURE_INVALID at '],
    [
      { ...request, assignment: c.requestFor(sealed, {}, c.controlKey).assignment },
      'SIGNATURE_INVALID at ',
    ],
    [
      { ...request, assignment: c.requestFor(sealed, {}, c.receiptKey).assignment },
      'SIGNATURE_INVALID at ',
    ],
    [{ ...request, assignment: other.assignment }, 'ASSIGNMENT_INVALID at /order'],
    [c.requestFor(sealed, { iat: c.seconds(f.now) - 86_401 }), 'ASSIGNMENT_INVALID at /iat'],
    [c.requestFor(sealed, { seal: c.head }), 'ASSIGNMENT_INVALID at /seal'],
    [{ ...request, held: undefined }, 'SEAL_INVALID at /wrappedKey'],
    [{ ...request, held: { ...held, wrappedKey: 'AAAA' } }, 'SEAL_INVALID at /encrypted_key'],
    [{ ...request, audit: undefined }, 'MALFORMED at /audit'],
    [{ ...request, audit: { seq: 0, head: c.head } }, 'MALFORMED at /audit'],
  ] as const
  for (const [one, reason] of refused) assert.equal(await world.reason(one), reason)
  assert.ok('capsule' in (await world.router(request)))
})

test('attack 37: another router, a lower or repeated epoch, a past day, two of one epoch', async () => {
  const world = await c.makeWorld()
  const sealed = await f.sealAtIntake()
  assert.ok('capsule' in (await world.router(c.requestFor(sealed, { epoch: 2 }))))
  const refused = [
    [{ epoch: 3, aud: 'lasthop-router:other' }, 'ASSIGNMENT_INVALID at /aud'],
    [{ epoch: 1 }, 'EPOCH_STALE at /epoch'],
    [{ epoch: 2 }, 'EPOCH_STALE at /epoch'],
    [{ epoch: 3, day: '2026-01-04' }, 'ASSIGNMENT_INVALID at /day'],
    [{ epoch: 3, day: '2026-01-07' }, 'ASSIGNMENT_INVALID at /day'],
  ] as const
  for (const [changes, reason] of refused) {
    assert.equal(await world.reason(c.requestFor(sealed, changes)), reason)
  }
  const tomorrow = c.requestFor(sealed, { epoch: 3, day: '2026-01-06' })
  assert.ok('capsule' in (await world.router(tomorrow)))
})

test("attack 38: a crash between the router's write and ReEncrypt", async () => {
  const world = await c.makeWorld()
  const sealed = await f.sealAtIntake()
  const request = c.requestFor(sealed)
  world.kms.failure = new Error('crashed')
  const crashed = await world.router(request)
  assert.ok('refused' in crashed && crashed.retry === 'later')
  const other = c.requestFor(sealed, { hop: 'XM-0592-018' })
  assert.equal(await world.reason(other), 'EPOCH_STALE at /epoch')
  const resumed = await world.router(request)
  assert.ok('capsule' in resumed)
  assert.equal(resumed.capsule.context.hop, c.hop)
  assert.equal(new Set(world.kms.calls.map(context => JSON.stringify(context))).size, 1)
})

test('attack 43: release limit + 1, across two instances of the function', async () => {
  const table = memoryTable()
  const [a, b] = [await c.makeWorld(table), await c.makeWorld(table)]
  await a.order({ action: 'register-hop', hop: 'SMALL', kind: 'delivery', limit: 4 })
  const orders = ['b', 'c', 'd', 'e', 'f', 'g'].map(letter => `o_${letter.repeat(26)}`)
  const requests = await Promise.all(
    orders.map(async order => c.requestFor(await f.sealAtIntake({ order }), { hop: 'SMALL' })),
  )
  const answers = await Promise.all(
    requests.map((request, i) => (i % 2 === 0 ? a : b).router(request)),
  )
  assert.equal(answers.filter(answer => 'capsule' in answer).length, 4)
  const late = requests[answers.findIndex(answer => 'refused' in answer)]
  assert.equal(await a.reason(late), 'RELEASE_REFUSED at /limit/hop')
  const lift = { action: 'lift-brake', counter: 'hop#SMALL', limit: 5 } as const
  const until = '2026-01-05T03:00:00Z'
  const byDispatch = await a.order({ ...lift, until }, c.dispatchKey)
  assert.ok('refused' in byDispatch && byDispatch.reason.code === 'SIGNATURE_INVALID')
  assert.equal(await a.reason(late), 'RELEASE_REFUSED at /limit/hop')
  await b.order({ ...lift, until })
  assert.ok('capsule' in (await a.router(late)))
})

test('the brake of a dispatch key holds over all hops', async () => {
  const world = await c.makeWorld(memoryTable(), { brake: { limit: 2, windowSeconds: 3600 } })
  const orders = ['b', 'c', 'd'].map(letter => `o_${letter.repeat(26)}`)
  const reasons: string[] = []
  for (const order of orders) {
    reasons.push(await world.reason(c.requestFor(await f.sealAtIntake({ order }))))
  }
  assert.deepEqual(reasons, ['not refused', 'not refused', 'RELEASE_REFUSED at /limit/dispatch'])
  assert.deepEqual(
    world.notes.findLast(note => note.outcome === 'released'),
    {
      outcome: 'released',
      order: orders[1],
      group: 'receiver',
      hop: c.hop,
      epoch: 1,
      hopCount: 2,
      dispatchCount: 2,
    },
  )
  const last = await f.sealAtIntake({ order: orders[2] ?? '' })
  const byNext = c.requestFor(last, {}, c.nextDispatchKey)
  assert.ok('capsule' in (await world.router(byNext)))
})

test('leg done ends a group: its seal is released no more, a new seal is', async () => {
  const world = await c.makeWorld()
  const sealed = await f.sealAtIntake()
  const first = c.requestFor(sealed)
  assert.ok('capsule' in (await world.router(first)))
  const { held: _, ...done } = c.requestFor(sealed, { leg: 'done', epoch: 2 })
  for (let i = 0; i < 2; i++) assert.ok('ended' in (await world.router(done)))
  assert.equal(await world.reason(first), 'EPOCH_STALE at /epoch')
  assert.equal(await world.reason(c.requestFor(sealed, { epoch: 3 })), 'EPOCH_STALE at /seal')
  const anew = c.requestFor(await f.sealAtIntake(), { epoch: 3 })
  assert.ok('capsule' in (await world.router(anew)))
})

test('a capsule that is on its way when its group ends is kept nowhere', async () => {
  const table = memoryTable()
  const world = await c.makeWorld(table)
  const sealed = await f.sealAtIntake()
  const { held: _, ...done } = c.requestFor(sealed, { leg: 'done', epoch: 2 })
  const kms = memoryKms()
  const slow = createRouter(c.config, {
    ...{ table, receiptKey: c.receiptKey, now: () => f.now, note() {} },
    async reEncrypt(call) {
      assert.ok('ended' in (await world.router(done)))
      return kms.reEncrypt(call)
    },
  })
  const answer = await slow(c.requestFor(sealed))
  assert.ok('refused' in answer && answer.reason.code === 'EPOCH_STALE')
  const { capsule } = await table.look({
    ...{ order: f.order, group: 'receiver', hop: c.hop, counters: [] },
  })
  assert.deepEqual(capsule, { epoch: 2 })
})

test('whoever has a capsule forgotten, unsigned, ends nothing, and what is made anew counts', async () => {
  const world = await c.makeWorld()
  const sealed = await f.sealAtIntake()
  const forget = { forget: { order: f.order, group: 'receiver' } }
  await world.order({ action: 'register-hop', hop: c.hop, kind: 'delivery', limit: 3 })
  const second = c.requestFor(sealed, { epoch: 2 })
  for (const request of [c.requestFor(sealed), second]) {
    assert.ok('capsule' in (await world.router(request)))
  }
  assert.deepEqual(await world.router(forget), { forgotten: true })
  const other = c.requestFor(sealed, { epoch: 2, hop: 'XM-0592-018' })
  assert.equal(await world.reason(c.requestFor(sealed)), 'EPOCH_STALE at /epoch')
  assert.equal(await world.reason(other), 'EPOCH_STALE at /epoch')
  const y = await stolen(sealed, f.otherOrder)
  assert.equal(
    await world.reason(c.requestFor(y, { hop: 'XM-0592-018' })),
    'RELEASE_REFUSED at /wrappedKey',
  )
  assert.ok('capsule' in (await world.router(second)))
  await world.router(forget)
  assert.equal(await world.reason(second), 'RELEASE_REFUSED at /limit/hop')
  assert.equal(world.kms.calls.length, 3)
})

test('what was refused is tried again as it is, or corrected under the next epoch', async () => {
  const world = await c.makeWorld()
  const sealed = await f.sealAtIntake()
  const typo = c.requestFor(sealed, { hop: 'XM-0592-01' })
  assert.equal(await world.reason(typo), 'ASSIGNMENT_INVALID at /hop')
  await world.order({ action: 'register-hop', hop: 'XM-0592-01', kind: 'delivery', limit: 9 })
  assert.ok('capsule' in (await world.router(typo)))
  assert.ok('capsule' in (await world.router(c.requestFor(sealed, { epoch: 2 }))))
  assert.equal(await world.reason(typo), 'EPOCH_STALE at /epoch')
})

/** The same seal with the other signature that holds for the same text: (r, n − s). */
function twinOf(sealed: Sealed): Sealed {
  const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const [header = '', , signature = ''] = sealed.signature.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  const s = n - BigInt(`0x${bytes.subarray(32).toString('hex')}`)
  bytes.write(s.toString(16).padStart(64, '0'), 32, 'hex')
  return { ...sealed, signature: `${header}..${bytes.toString('base64url')}` }
}

test('a signature’s twin states the same facts, and no assignment of the first is for it', async () => {
  const world = await c.makeWorld()
  const sealed = await f.sealAtIntake()
  const twin = twinOf(sealed)
  const [first, other] = [verifySeal(sealed, f.pins), verifySeal(twin, f.pins)]
  assert.notEqual(other.digest, first.digest)
  assert.deepEqual({ ...other, digest: '' }, { ...first, digest: '' })
  const request = c.requestFor(sealed)
  const swapped = { ...request, held: wrappedKeyOf(twin) }
  assert.equal(await world.reason(swapped), 'ASSIGNMENT_INVALID at /seal')
  assert.ok('capsule' in (await world.router(request)))
})

test('a receipt of the audit chain is signed and the first one stands', async () => {
  const world = await c.makeWorld()
  const sealed = await f.sealAtIntake()
  const request = c.requestFor(sealed)
  const answer = await world.router(request)
  assert.ok('capsule' in answer)
  const { payload } = verifyJws(answer.receipt, {
    typ: ['lasthop-receipt'],
    keys: [pinOf(c.receiptKey)],
  })
  assert.deepEqual(JSON.parse(payload.toString()), {
    ...{ courier: 'swift', order: f.order, seq: 1, head: c.head },
    ...{ group: 'receiver', epoch: 1, iat: c.seconds(f.now) },
  })
  const rewritten = { ...request, audit: { seq: 1, head: f.custody.kid } }
  const second = await world.router(rewritten)
  assert.ok('capsule' in second && second.receipt === answer.receipt)
})

test('KMS that answers for other keys than asked for is not believed', async () => {
  const table = memoryTable()
  await c.makeWorld(table)
  const kms = memoryKms()
  const router = createRouter(c.config, {
    table,
    reEncrypt: async call => ({ ...(await kms.reEncrypt(call)), hopKeyArn: 'arn:other' }),
    receiptKey: c.receiptKey,
    now: () => f.now,
    note() {},
  })
  const answer = await router(c.requestFor(await f.sealAtIntake()))
  assert.ok('refused' in answer && answer.reason.at === '/key')
})

test('a dispatch key is no control key, and there are two at most', () => {
  const ports = {
    ...{ table: memoryTable(), reEncrypt: memoryKms().reEncrypt, receiptKey: c.receiptKey },
    now: () => f.now,
    note() {},
  }
  const [first, second] = c.config.dispatchKeys
  assert.ok(first && second)
  const wrong = [
    { ...c.config, controlKeys: [second] },
    { ...c.config, dispatchKeys: [first, second, pinOf(c.receiptKey)] },
  ]
  for (const config of wrong) {
    assert.throws(
      () => createRouter(config, ports),
      new GatewayError('VALUE_INVALID', '/dispatchKeys'),
    )
  }
})
