import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { hopCounter, liftHop } from '../../lib/flow/brake.ts'
import type { ReleaseBrake } from '../../lib/flow/config.ts'
import { next } from '../../lib/flow/next.ts'
import { type ReleasePorts, releaseToHop } from '../../lib/flow/release.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import { createClient, createStore, verifyChain } from '../../lib/store/index.ts'
import { type Bench, orderOf, startBench } from '../functions/http/bench.ts'
import { fresh, info, request } from '../functions/http/orders.ts'
import { type Parcel, parcelsOn, today } from '../functions/http/parcels.ts'

let bench: Bench
let parcels: ReturnType<typeof parcelsOn>
before(async () => {
  bench = await startBench()
  parcels = parcelsOn(bench)
})
after(() => bench.stop())

let hops = 0

/** A hop of its own, and a parcel assigned to it. */
async function atNewHop(): Promise<Parcel & { hop: string }> {
  hops += 1
  const hop = `brake-${hops}`
  await bench.control({ action: 'register-hop', hop, kind: 'delivery', limit: 99 })
  const parcel = await parcels.taken()
  assert.equal(await parcels.assigned(parcel, { hop }), '200 released')
  return { ...parcel, hop }
}

/** One instance of the custody function, with a client of its own; `at` is ahead of the clock, in seconds. */
function instance(releases: ReleaseBrake) {
  const { config, custody, aws, dynamodb: endpoint } = bench.world
  const clock = { ahead: 0 }
  const now = () => new Date(Date.now() + clock.ahead * 1000)
  const counts: string[] = []
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const ports: ReleasePorts = {
    ...custody,
    now,
    count: metric => void counts.push(metric),
    config: { ...config, couriers: { sf: { ...bench.contract, releases } } },
    store: createStore({
      client: createClient({ endpoint, region: aws.region, credentials }),
      tables: { orders: 'Orders', keys: 'Keys', audit: 'Audit' },
      clock: () => now().getTime(),
      random: randomBytes,
    }),
  }
  return {
    ...{ ports, counts, clock },
    /** `released`, or the code and pointer of the refusal. */
    async release({ order, hop }: { order: string; hop: string }): Promise<string> {
      const token = bench.issuer.tokens(hop, today()).releaseToken
      const asked = { courier: 'sf', hop, order, group: 'receiver', token } as const
      try {
        await releaseToHop(ports, asked)
        return 'released'
      } catch (error) {
        assert.ok(error instanceof GatewayError, String(error))
        return error.message
      }
    },
  }
}

const REFUSED = 'RELEASE_REFUSED'

/** What befell a hop, in its own chain. */
async function recordsOf(hop: string): Promise<string[]> {
  const name = hopCounter('sf', hop)
  const chain = await bench.world.custody.store.readChain(name)
  assert.equal(verifyChain(name, chain), undefined)
  return chain.records.map(({ record }) => `${record.what} ${record.because ?? record.actor}`)
}

describe('releases of a hop', () => {
  test('attack 43: limit + 1 across two instances at once; a person lifts it', async () => {
    const brake = { windowSeconds: 3600, limit: 6, alarms: [3] }
    const [one, two] = [instance(brake), instance(brake)]
    const parcel = await atNewHop()
    const tries = Array.from({ length: 16 }, (_, n) => (n % 2 ? one : two).release(parcel))
    const results = await Promise.all(tries)
    assert.equal(results.filter(result => result === 'released').length, 6)
    assert.equal(results.filter(result => result === REFUSED).length, 10)
    const counted = [...one.counts, ...two.counts]
    for (const metric of ['release-alarm-3', 'release-alarm-limit']) {
      assert.equal(counted.filter(one => one === metric).length, 1, metric)
    }
    assert.deepEqual(await recordsOf(parcel.hop), [
      'alarmed release-alarm-3',
      'alarmed release-alarm-limit',
    ])
    const other = await atNewHop()
    assert.equal(await one.release(other), 'released', 'another hop')

    const until = new Date(Date.now() + 3_600_000)
    await liftHop(one.ports, { courier: 'sf', hop: parcel.hop, limit: 8, until, actor: 'ops-7' })
    const again = [await two.release(parcel), await one.release(parcel), await two.release(parcel)]
    assert.deepEqual(again, ['released', 'released', REFUSED])
    assert.deepEqual((await recordsOf(parcel.hop)).slice(2), [
      'lifted ops-7',
      'alarmed release-alarm-limit',
    ])
    const { records } = await bench.world.custody.store.readChain(parcel.order)
    assert.equal(records.at(-1)?.record.because, 'release-limit')
  })

  test('time alone does not lift it; a lift ends', async () => {
    const one = instance({ windowSeconds: 60, limit: 2, alarms: [] })
    const parcel = await atNewHop()
    const results = [
      await one.release(parcel),
      await one.release(parcel),
      await one.release(parcel),
    ]
    assert.deepEqual(results, ['released', 'released', REFUSED])
    one.clock.ahead = 200
    assert.equal(await one.release(parcel), REFUSED, 'windows later')
    const until = new Date(Date.now() + 230_000)
    const { hop } = parcel
    await liftHop(one.ports, { courier: 'sf', hop, limit: 3, until, actor: 'ops-7' })
    for (let n = 0; n < 3; n += 1) assert.equal(await one.release(parcel), 'released')
    one.clock.ahead = 400
    for (let n = 0; n < 2; n += 1) assert.equal(await one.release(parcel), 'released')
    assert.equal(await one.release(parcel), REFUSED, 'the normal load again')
  })

  test('the window slides: what the last one held weighs in', async () => {
    const one = instance({ windowSeconds: 200, limit: 3, alarms: [] })
    const parcel = await atNewHop()
    const into = (Date.now() / 1000) % 200
    one.clock.ahead = 190 - into + (into > 190 ? 200 : 0)
    for (let n = 0; n < 3; n += 1) assert.equal(await one.release(parcel), 'released')
    one.clock.ahead += 20
    assert.equal(await one.release(parcel), REFUSED, 'a new fixed window, the same sliding one')
  })

  test('three alarms, each once, and limits of single hops', async () => {
    const parcel = await atNewHop()
    const hops = { [parcel.hop]: 9 }
    const one = instance({ windowSeconds: 3600, limit: 2, hops, alarms: [3, 5, 7] })
    for (let n = 0; n < 9; n += 1) assert.equal(await one.release(parcel), 'released')
    const alarms = one.counts.filter(name => name !== 'releases')
    assert.deepEqual(alarms, ['release-alarm-3', 'release-alarm-5', 'release-alarm-7'])
    assert.equal(await one.release(await atNewHop()), 'released')
  })

  test('refused ones do not count; a lift wants a limit, a time to come and an actor', async () => {
    const one = instance({ windowSeconds: 3600, limit: 1, alarms: [] })
    const [parcel, elsewhere] = [await atNewHop(), await atNewHop()]
    const { hop } = parcel
    for (let n = 0; n < 3; n += 1) {
      assert.equal(await one.release({ order: elsewhere.order, hop }), REFUSED)
    }
    assert.equal(await one.release(parcel), 'released')
    const lift = { courier: 'sf', hop, limit: 5, until: new Date(Date.now() + 1000), actor: 'ops' }
    for (const wrong of [{ limit: 0 }, { limit: 1.5 }, { until: new Date(0) }, { actor: '张三' }]) {
      await assert.rejects(liftHop(one.ports, { ...lift, ...wrong }), { code: 'VALUE_INVALID' })
    }
    assert.equal(await one.release(parcel), REFUSED)
  })
})

describe('one error for all refusals to open', () => {
  /** Names of the store's methods in the order in which a release calls them. */
  async function callsOf(work: (ports: ReleasePorts) => Promise<unknown>): Promise<string[]> {
    const { custody } = bench.world
    const called: string[] = []
    const store = new Proxy(custody.store, {
      get(target, name, receiver) {
        const method: unknown = Reflect.get(target, name, receiver)
        if (typeof method !== 'function') return method
        return (...given: unknown[]) => {
          called.push(String(name))
          return Reflect.apply(method, target, given)
        }
      },
    })
    await assert.rejects(work({ ...custody, store }), { code: REFUSED, at: '', retry: 'never' })
    return called
  }

  test('equal bodies and headers, equal look-ups and records, whatever the reason', async () => {
    const cause = (order: string, input: Parameters<typeof next>[1]) =>
      bench.world.custody.store.changeOrder({
        order,
        decide: head => next(head, input, Date.now()),
      })
    const released = await parcels.released()
    const posted = fresh()
    await bench.post(request([info(posted)]))
    const held = await parcels.released()
    await cause(held.order, { kind: 'hold', platform: 'douyin', on: true })
    const done = await parcels.released()
    await parcels.outcomeOf(parcels.statementOf(done, { leg: 'done', epoch: 2 }))
    const unassigned = await parcels.taken()
    const moved = await parcels.released()
    await parcels.assigned(moved, { hop: 'station-2', epoch: 2 })
    const stopped = await atNewHop()
    const reasons: Record<string, { order: string; hop?: string; day?: string }> = {
      'no such order': { order: orderOf('1') },
      'no order id at all': { order: 'x' },
      'an order id of the wrong length': { order: `${released.order}a` },
      'not answered yet': { order: orderOf(posted) },
      'not assigned': unassigned,
      'assigned to another hop': { order: released.order, hop: 'station-2' },
      'assigned to another hop since': moved,
      'held by the platform': held,
      'keys are gone': done,
    }
    const seen: string[][] = []
    const replies: string[] = []
    for (const [name, { order, hop = 'station-1' }] of Object.entries(reasons)) {
      const token = bench.issuer.tokens(hop, today()).releaseToken
      const asked = { courier: 'sf', hop, order, group: 'receiver', token } as const
      seen.push(await callsOf(ports => releaseToHop(ports, asked)))
      const reply = await bench.release(order, token, { hop })
      assert.equal(reply.status, 403, name)
      replies.push(bench.replies.at(-1) ?? '')
    }
    assert.deepEqual(new Set(replies).size, 1, replies.join('\n'))
    const expected = ['readCounter', 'getHeads', 'getCustody', 'getDocs', 'appendAudit']
    for (const calls of seen) assert.deepEqual(calls, expected)

    const brake = instance({ windowSeconds: 3600, limit: 0, alarms: [] })
    for (let n = 0; n < 2; n += 1) assert.equal(await brake.release(stopped), REFUSED)
    await parcels.opens(released)
  })

  test('the record alone tells the reason; what is no order’s is in the hop’s chain', async () => {
    const parcel = await parcels.released()
    const token = bench.issuer.tokens('station-2', today()).releaseToken
    await bench.release(parcel.order, token, { hop: 'station-2' })
    const { records } = await bench.world.custody.store.readChain(parcel.order)
    assert.equal(records.at(-1)?.record.because, 'not-the-holder')
    const before = (await recordsOf('station-2')).length
    await bench.release(orderOf('1'), token, { hop: 'station-2' })
    assert.deepEqual((await recordsOf('station-2')).slice(before), ['refused not-the-holder'])
  })
})
