import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RawRequest } from '../../lib/access/request.ts'
import { openSecrets } from '../../lib/access/secrets.ts'
import { list, textOf } from '../../lib/cli/send.ts'
import { type PostPorts, receiveOrders } from '../../lib/flow/receive.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import type { NativeAnswer } from '../../lib/platforms/platform.ts'
import { createSealSigner } from '../../lib/seal/index.ts'
import type { Head, Proposal, Step } from '../../lib/store/index.ts'
import { credential, fixture, signedCall, timestamp } from '../platforms/douyin/request.ts'
import * as f from '../seal/fixtures.ts'
import { config, courier } from './fixtures.ts'

const now = new Date(Number(timestamp) * 1000)
const body = fixture('request-clear.wire.json')
const [key, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]

/** Intake over a store that says what it is told; what was to be written is kept in `steps`. */
function intake({ shards = 1, ...change }: Partial<PostPorts> & { shards?: number } = {}) {
  const steps: Step[] = []
  const heads = new Map<string, Head>()
  const secret = Buffer.from(
    JSON.stringify({ current: { appKey: credential.appKey, secret: credential.secrets[0] } }),
  )
  const source = async (_: string, name: string) => (name === 'douyin' ? secret : undefined)
  const ports: PostPorts = {
    config: { ...config, couriers: { sf: { ...courier, shards } } },
    now: () => now,
    count: () => {},
    secrets: {
      platforms: openSecrets(source, 'platforms', () => now),
      couriers: openSecrets(source, 'couriers', () => now),
    },
    signer: createSealSigner({ certify: f.certifier(), now: () => now }),
    bodyKeys: async () => [key],
    store: {
      postOrders: async <O>(proposals: readonly Proposal<O>[]) =>
        proposals.map(({ order, decide }) => {
          const head = heads.get(order)
          const { outcome, step } = decide(head)
          if (step !== undefined) steps.push(step)
          if (step !== undefined) heads.set(order, step.head)
          return { order, head: step?.head ?? head, outcome, wrote: step !== undefined }
        }),
    },
    ...change,
  }
  return { ports, steps, heads }
}

const codes = ({ body: text }: NativeAnswer) =>
  list(JSON.parse(text), 'data', 'err_infos').map(one => textOf(one, 'err_code'))

const said = ({ status, body: text }: NativeAnswer) => [status, JSON.parse(text).sub_code]

const receive = (ports: PostPorts, request: RawRequest = signedCall(body), name = 'douyin') =>
  receiveOrders(ports, name, request)

test('orders become steps: sealed, signed, their keys apart, times and shards set', async () => {
  const { ports, steps } = intake()
  assert.deepEqual(codes(await receive(ports)), ['4009', '4009'])
  assert.equal(steps.length, 2)
  for (const { head, doc, keys, put } of steps) {
    assert.deepEqual([head.state, head.courier, head.shard], ['posted', 'sf', 0])
    assert.equal(head.deadline, now.getTime() + 60_000)
    assert.equal(head.expiresAt, now.getTime() + 3_600_000)
    assert.deepEqual(head.sealed, ['sender', 'receiver'])
    assert.deepEqual(Object.keys(keys ?? {}).sort(), ['certificate', 'receiver', 'sender'])
    assert.equal(keys?.receiver?.wrapped.byteLength, 384)
    assert.doesNotMatch(doc ?? '', /encrypted_key|张三|13800000000/)
    assert.deepEqual(
      put.map(({ kind }) => kind),
      ['waybill'],
    )
  }
})

test('an order’s shard follows from its id', async () => {
  const [one, two] = [intake({ shards: 8 }), intake({ shards: 8 })]
  await receive(one.ports)
  await receive(two.ports)
  const shards = (steps: readonly Step[]) => steps.map(({ head }) => head.shard)
  assert.deepEqual(shards(one.steps), shards(two.steps))
  assert.ok(shards(one.steps).every(shard => shard >= 0 && shard < 8))
})

describe('a repeat is known', () => {
  const repeat = async (then: () => Promise<readonly [Uint8Array, ...Uint8Array[]]>) => {
    const { ports } = intake()
    await receive(ports)
    return codes(await receive({ ...ports, bodyKeys: then }))
  }
  test('under the same key', async () =>
    assert.deepEqual(await repeat(async () => [key]), ['4009', '4009']))
  test('after a rotation', async () =>
    assert.deepEqual(await repeat(async () => [other, key]), ['4009', '4009']))
  test('not under another', async () =>
    assert.deepEqual(await repeat(async () => [other]), ['20001', '20001']))
})

describe('what is away is said to be, natively and with its status, for all or for one', () => {
  const away = () => Promise.reject(new GatewayError('STORE_AWAY', '', { retry: 'later' }))
  test('the signer', async () => {
    const { ports, steps } = intake({ signer: { current: away } })
    assert.deepEqual(said(await receive(ports)), [503, 'isp.service-error:15001'])
    assert.deepEqual(steps, [])
  })
  test('the keys of bodies', async () => {
    const { ports } = intake({ bodyKeys: away })
    assert.deepEqual(said(await receive(ports)), [503, 'isp.service-error:15001'])
  })
  test('the store, for one order', async () => {
    const { ports } = intake()
    const postOrders: PostPorts['store']['postOrders'] = async proposals => {
      const [first, ...rest] = await ports.store.postOrders(proposals)
      const error = new GatewayError('STORE_AWAY', '', { retry: 'later' })
      return [{ order: first?.order ?? '', error }, ...rest]
    }
    const answer = await receive({ ...ports, store: { postOrders } })
    assert.deepEqual(codes(answer), ['15001', '4009'])
  })
  test('the store forgets an answer', async () => {
    const ports = { ...intake().ports, store: { postOrders: async () => [] } }
    assert.deepEqual(said(await receive(ports)), [503, 'isp.service-error:15001'])
  })
  test('the secrets', async () => {
    const { ports } = intake()
    const platforms = openSecrets(away, 'platforms', () => now)
    const failing = { ...ports, secrets: { ...ports.secrets, platforms } }
    await assert.rejects(receive(failing), { code: 'STORE_AWAY' })
  })
})

test('platforms and couriers that are not served', async () => {
  const { ports, steps } = intake()
  await assert.rejects(receive(ports, signedCall(body), 'nobody'), { code: 'NOT_FOUND' })
  const none = { ...ports.config, couriers: {} }
  assert.deepEqual(codes(await receive({ ...ports, config: none })), ['10003', '10003'])
  const keyless = { ...ports.config, couriers: { sf: { ...courier, custodyKeys: [] } } }
  assert.deepEqual(codes(await receive({ ...ports, config: keyless })), ['10003', '10003'])
  assert.deepEqual(steps, [])
  assert.deepEqual(codes(await receive(ports)), ['4009', '4009'])
})

test('one round trip, and one more only for a parcel whose order was cancelled', async () => {
  const { ports, heads } = intake()
  const sizes: number[] = []
  const postOrders: PostPorts['store']['postOrders'] = proposals => {
    sizes.push(proposals.length)
    return ports.store.postOrders(proposals)
  }
  const counting = { ...ports, store: { postOrders } }
  await receive(counting)
  await receive(counting)
  assert.deepEqual(sizes.splice(0), [2, 2])
  const [first] = heads.values()
  assert.ok(first)
  const over = { state: 'cancelled', request: 'another', closedAt: now.getTime() - 1 } as const
  heads.set(first.order, { ...first, ...over })
  assert.deepEqual(codes(await receive(counting)), ['4009', '4009'])
  assert.deepEqual(sizes, [2, 1])
  assert.equal(heads.size, 3)
})

test('a custody key that is not the pinned one seals nothing', async () => {
  const { ports, steps } = intake()
  const custodyKeys = courier.custodyKeys.map(pinned => ({ ...pinned, kid: f.platformCustody.kid }))
  const wrong = { ...ports.config, couriers: { sf: { ...courier, custodyKeys } } }
  assert.doesNotMatch(codes(await receive({ ...ports, config: wrong })).join(), /4009/)
  assert.deepEqual(steps, [])
})
