import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { test } from 'node:test'
import type { Capsule } from '../../lib/custody/capsule.ts'
import { assignHops, type CustodyPorts } from '../../lib/flow/assign.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import type { Sealed } from '../../lib/model/validate.ts'
import { packKey, wrappedKeyOf } from '../../lib/seal/index.ts'
import type { AuditRecord, Head, Proposal } from '../../lib/store/index.ts'
import * as c from '../custody/fixtures.ts'
import * as f from '../seal/fixtures.ts'
import { config, courier, exchange } from './fixtures.ts'

const head: Head = {
  ...{ order: f.order, life: 1, version: 2, last: 1, state: 'accepted', platform: 'acme' },
  ...{
    courier: 'swift',
    shard: 0,
    rev: 1,
    request: '',
    postedAt: 0,
    signedAt: 0,
    deadline: 0,
    boxes: 1,
  },
  ...{ expiresAt: f.now.getTime() + 1, sealed: ['receiver'], tracking: { at: 0 }, seen: '' },
  ...{ docVersion: 1, bytes: 1 },
}

/** Custody over a store that holds one order, and a router that says what it is told. */
function custody(sealed: Sealed, router: CustodyPorts['router'], change: Partial<Head> = {}) {
  const audit: AuditRecord[] = []
  const marked: string[] = []
  const jwk = createPublicKey(f.testKey('dispatch')).export({ format: 'jwk' })
  const swift = { ...courier, dispatchKeys: [{ kid: c.dispatchKey.kid, jwk }], router: c.aud }
  const { ports } = exchange({ swift }, {}, f.now)
  const { certificate, ...receiver } = packKey(wrappedKeyOf(sealed))
  const known = { ...head, ...change }
  const store: CustodyPorts['store'] = {
    ...ports.store,
    getHeads: async () => new Map([[f.order, known]]),
    changeOrder: async <O>({ order, decide }: Proposal<O>) => {
      marked.push(order)
      return { order, head: known, outcome: decide(known).outcome, wrote: true }
    },
    getKey: async () => ({ life: 1, receiver, ...(certificate ? { certificate } : {}) }),
    getCustody: async () => undefined,
    putCustody: async (_order, _group, wanted) => wanted,
    putCapsule: async () => {},
    deleteKeys: async () => {},
    async appendAudit(_order, record) {
      audit.push(record)
      return { length: audit.length, hash: c.head }
    },
    readChain: async () => ({ records: [], head: { length: 0, hash: '-' } }),
  }
  const whole: CustodyPorts = {
    ...ports,
    config: { ...config, couriers: { swift } },
    store,
    router,
  }
  const assign = async () => {
    const { assignment } = c.requestFor(sealed)
    const { results } = await assignHops(whole, 'swift', { assignments: [assignment] })
    return results[0]
  }
  return { assign, audit, marked }
}

const capsule: Capsule = {
  ciphertext: 'x',
  key: 'arn',
  context: {
    ...{ v: '1', courier: 'swift', order: f.order, group: 'receiver', rev: '1' },
    ...{ hop: c.hop, day: c.today },
  },
}

test('the router gets the key and its proof put together again, and where the audit stands', async () => {
  const sealed = await f.sealAtIntake()
  const asked: unknown[] = []
  const { assign, audit, marked } = custody(sealed, async (name, request) => {
    assert.ok('held' in request)
    asked.push(name, request.held, request.audit)
    return { capsule, receipt: 'x' }
  })
  assert.equal((await assign())?.status, 200)
  assert.deepEqual(asked, ['swift', wrappedKeyOf(sealed), { seq: 1, head: c.head }])
  assert.deepEqual(
    audit.map(({ what, hop, actor }) => [what, hop, actor]),
    [['assigned', c.hop, c.dispatchKey.kid]],
  )
  assert.deepEqual(marked, [f.order])
})

test('an order that is marked already is not marked again', async () => {
  const router = async () => ({ capsule, receipt: 'x' })
  const { assign, marked } = custody(await f.sealAtIntake(), router, { assigned: ['receiver'] })
  assert.equal((await assign())?.status, 200)
  assert.deepEqual(marked, [])
})

test('a refusal: its reason goes into the audit, the caller learns whether to come again', async () => {
  for (const retry of ['never', 'later'] as const) {
    const reason = { code: 'EPOCH_STALE', at: '/epoch' } as const
    const router = async () => ({ refused: 'RELEASE_REFUSED', retry, reason }) as const
    const { assign, audit, marked } = custody(await f.sealAtIntake(), router)
    assert.deepEqual(await assign(), { status: 403, code: 'release-refused', at: '', retry })
    assert.deepEqual(
      audit.map(({ what, because }) => [what, because]),
      [
        ['assigned', undefined],
        ['refused', 'epoch-stale'],
      ],
    )
    assert.deepEqual(marked, [])
  }
})

test('a router that is away', async () => {
  const away = () => Promise.reject(new GatewayError('STORE_AWAY', '', { retry: 'later' }))
  const { assign } = custody(await f.sealAtIntake(), away)
  assert.deepEqual(await assign(), { status: 503, code: 'store-away', at: '', retry: 'later' })
})

test('a router that answers to another question', async () => {
  const { assign } = custody(await f.sealAtIntake(), async () => ({ ended: true, receipt: 'x' }))
  assert.equal((await assign())?.status, 403)
})

const states: Record<string, [code: string, change: Partial<Head>]> = {
  posted: ['state-conflict', { state: 'posted' }],
  refused: ['state-conflict', { state: 'refused' }],
  cancelled: ['state-conflict', { state: 'cancelled' }],
  expired: ['state-conflict', { state: 'expired' }],
  held: ['state-conflict', { held: true }],
  'of another courier': ['not-found', { courier: 'sf' }],
  'not sealed': ['nothing-sealed', { sealed: ['sender'] }],
  'in another life': ['release-refused', { life: 2 }],
}
for (const [name, [code, change]] of Object.entries(states)) {
  test(`an order that is ${name}: ${code}, and the router is not asked`, async () => {
    const router = () => Promise.reject(new Error('was asked'))
    const { assign, audit } = custody(await f.sealAtIntake(), router, change)
    const result = await assign()
    assert.equal(result && 'code' in result ? result.code : '', code)
    assert.deepEqual(audit, [])
  })
}
