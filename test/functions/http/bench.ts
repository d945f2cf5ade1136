import assert from 'node:assert/strict'
import { createPrivateKey, type JsonWebKey, randomBytes } from 'node:crypto'
import {
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb'
import type { KMSClient } from '@aws-sdk/client-kms'
import type { Hono } from 'hono'
import { assumeBy, decryptBy } from '../../../functions/station/aws.ts'
import { fetchReleaseFrom } from '../../../functions/station/gateway.ts'
import { openAtHop, type StationPorts } from '../../../functions/station/open-at-hop.ts'
import { type SignatureKey, signHttpRequest } from '../../../lib/access/http-signature.ts'
import { readJson } from '../../../lib/access/strict.ts'
import { list, member, type Reply, textOf } from '../../../lib/cli/send.ts'
import { tokenIssuer } from '../../../lib/cli/station-client.ts'
import { sf } from '../../../lib/couriers/sf/index.ts'
import { signAssignment } from '../../../lib/custody/assignment.ts'
import { type Control, signControl } from '../../../lib/custody/control.ts'
import { workingDay } from '../../../lib/custody/day.ts'
import { roleArn } from '../../../lib/custody/policies.ts'
import type { RouterNote } from '../../../lib/custody/router-ports.ts'
import { sealPinsOf } from '../../../lib/flow/keyring.ts'
import { kmsFor } from '../../../lib/local/accounts.ts'
import type { CallRecord } from '../../../lib/local/aws-server.ts'
import { gatewayApp } from '../../../lib/local/server.ts'
import { startWorld } from '../../../lib/local/world.ts'
import { orderId } from '../../../lib/model/order-id.ts'
import {
  type Assignment,
  checkSealed,
  type Group,
  type Personal,
} from '../../../lib/model/validate.ts'
import { signingKey, type VerifiedSeal, verifySeal } from '../../../lib/seal/index.ts'
import { douyin } from './orders.ts'

/** Where callers believe the gateway to be; the app itself never hears of it but by configuration. */
export const ORIGIN = 'https://gateway.example/lasthop'

/** A request that a test has a hand in, before it is sent. */
export interface Sent {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array<ArrayBuffer>
}

type Alter = (request: Sent) => Sent

const asIs: Alter = request => request

/** What an assignment says, where it differs from the usual one. */
export type Assigning = Partial<Assignment> & { readonly key?: JsonWebKey }

/** An entry as its owner pulled it. */
export type Entry = {
  readonly id: string
  readonly order: string
  readonly kind: string
} & Readonly<Record<string, unknown>>

export type Bench = Awaited<ReturnType<typeof startBench>>

/** A whole gateway in memory, and everybody who calls it, each with its own true credentials. */
export async function startBench() {
  const counts = new Map<string, number>()
  const heard = {
    bugs: [] as string[],
    calls: [] as CallRecord[],
    notes: [] as RouterNote[],
    /** Every answer, as text, its headers before it. */
    replies: [] as string[],
  }
  const world = await startWorld({
    origin: ORIGIN,
    now: () => new Date(),
    count: (metric, by = 1) => void counts.set(metric, (counts.get(metric) ?? 0) + by),
    onCall: record => void heard.calls.push(record),
    note: note => void heard.notes.push(note),
  })
  const app = gatewayApp(world, name => void heard.bugs.push(name))
  const { identities, config } = world
  const platform = identities.platforms.douyin
  const courier = identities.couriers.sf
  const contract = config.couriers.sf
  const keys = world.couriers.sf
  assert(platform && courier && contract && keys)
  const pins = sealPinsOf(config, contract)
  const issuer = tokenIssuer(contract.issuer.url, courier)
  const database = new DynamoDBClient({
    endpoint: world.dynamodb,
    region: world.aws.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })

  const send = async (
    { method, path, headers, body }: Sent,
    via: Hono = app,
  ): Promise<Reply & { type: string }> => {
    const reply = await via.request(path, {
      method,
      headers,
      ...(body.length > 0 && method !== 'GET' ? { body } : {}),
    })
    const bytes = new Uint8Array(await reply.arrayBuffer())
    const type = reply.headers.get('content-type') ?? ''
    const isJson = /json/.test(type) && bytes.length > 0
    const text = Buffer.from(bytes).toString('utf8')
    heard.replies.push(`${JSON.stringify([...reply.headers])}${text}`)
    return { status: reply.status, type, text, body: isJson ? readJson(bytes) : undefined }
  }

  /** A native call of the platform, signed by its own scheme. */
  const native = (
    document: string,
    {
      at = new Date(),
      secret = platform.secret,
      path = '',
      method = 'POST',
      query = '',
      via = app,
    } = {},
    alter = asIs,
  ) => {
    const signed = douyin.sandbox.sign(document, { ...platform, secret }, at)
    const [own, parameters] = signed.path.split('?')
    const target = `${path || own}?${parameters}${query}`
    return send(alter({ ...signed, method, path: target }), via)
  }

  /** A call of the courier, signed by HTTP message signature. */
  const signed = async (
    method: string,
    path: string,
    document?: unknown,
    {
      key = httpKey(courier.http.keyid, courier.http.jwk),
      at = new Date(),
      origin = ORIGIN,
      alter = asIs,
      via = app,
    } = {},
  ) => {
    const body = document === undefined ? '' : JSON.stringify(document)
    const given = body === '' ? {} : { 'content-type': 'application/json' }
    const request = { method, url: `${origin}${path}`, headers: given, body: Buffer.from(body) }
    return send(
      alter({ method, path, headers: await signHttpRequest(request, key, at), body }),
      via,
    )
  }

  const push = (body: string | object, token: string | undefined = courier.pushToken) =>
    send({
      method: 'POST',
      path: `/v1/couriers/sf/events${token === '' ? '' : `/${token}`}`,
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })

  const pull = async (query = '') => {
    const { status, body } = await signed('GET', `/v1/couriers/sf/waybills${query}`)
    assert.equal(status, 200)
    return { entries: list(body, 'entries').filter(isEntry), next: textOf(body, 'next') }
  }

  /** All that is owed, page by page. */
  const pullAll = async () => {
    const entries: Entry[] = []
    for (let after = '', more = true; more; more = after !== '') {
      const page = await pull(`?limit=100${after === '' ? '' : `&after=${after}`}`)
      entries.push(...page.entries)
      after = page.next
    }
    return entries
  }

  const entryOf = async (order: string, kind = 'waybill') => {
    const found = (await pullAll()).find(one => one.order === order && one.kind === kind)
    assert(found, `a ${kind} entry`)
    return found
  }

  const answer = async (answers: readonly { id: unknown; document?: unknown }[]) => {
    const { status, body } = await signed('POST', '/v1/couriers/sf/answers', { answers })
    assert.equal(status, 200)
    return list(body, 'results')
  }

  /** The seal of a group as the courier checks it at the pull. */
  const sealOf = (entry: Entry, group: Group): VerifiedSeal =>
    verifySeal(checkSealed(member(entry, 'sealed', group)), pins)

  const statement = (
    seal: VerifiedSeal,
    { key = courier.dispatch, ...changes }: Assigning = {},
  ) => {
    const { order, group, rev, digest } = seal
    const isReceiver = group === 'receiver'
    return signAssignment(
      {
        aud: contract.router,
        ...{ courier: 'sf', order, group, rev, seal: digest },
        leg: isReceiver ? 'delivery' : 'pickup',
        hop: isReceiver ? 'station-1' : 'pickup-1',
        day: workingDay(new Date()),
        epoch: 1,
        iat: Math.floor(Date.now() / 1000),
        jti: randomBytes(16).toString('base64url'),
        ...changes,
      },
      signingKey(createPrivateKey({ key, format: 'jwk' })),
    )
  }

  const assign = async (assignments: readonly unknown[]) => {
    const { status, body } = await signed('POST', '/v1/couriers/sf/assignments', { assignments })
    assert.equal(status, 200)
    return list(body, 'results')
  }

  const post = (document: string) => native(document)

  /** Posts one order and has the courier take it: its entry, still with the seals. */
  const accepted = async (document: string, order: string) => {
    await post(document)
    const entry = await entryOf(order)
    const [result] = await answer([{ id: entry.id, document: sf.sandbox.answer(entry.document) }])
    assert.equal(textOf(result, 'outcome'), 'accepted')
    return entry
  }

  const releasePath = (order: string, { hop = 'station-1', group = 'receiver' } = {}) =>
    `/v1/couriers/sf/hops/${hop}/orders/${order}?group=${group}`

  const fetchFromApp: typeof fetch = async (url, init) =>
    app.request(String(url).slice(ORIGIN.length), init)

  const station: StationPorts = {
    courier: 'sf',
    hopKeyArn: keys.hop,
    pins,
    assume: assumeBy(roleArn(keys.account, keys.account.roles.station), {
      endpoint: world.aws.endpoint,
      region: world.aws.region,
      maxAttempts: 1,
    }),
    fetchRelease: fetchReleaseFrom(ORIGIN, 'sf', fetchFromApp),
    decrypt: decryptBy({
      endpoint: world.aws.endpoint,
      region: world.aws.region,
      maxAttempts: 1,
    }),
  }

  /** Opens a group of an order at a hop, as its station does. */
  const open = (
    order: string,
    { hop = 'station-1', group = 'receiver' as Group, day = workingDay(new Date()), rev = 1 } = {},
    ports: Partial<StationPorts> = {},
  ): Promise<Personal> =>
    openAtHop({ ...station, ...ports }, { order, group, rev, ...issuer.tokens(hop, day) })

  /** Orders the courier's own router by its control key. */
  const control = (what: Control) => {
    const to = { aud: contract.router, courier: 'sf', now: new Date() }
    const jws = signControl(
      what,
      to,
      signingKey(createPrivateKey({ key: courier.control, format: 'jwk' })),
    )
    const none = { assignment: '', audit: { seq: 1, head: '' } }
    return world.custody.router('sf', Object.assign(none, { control: jws }))
  }

  /**
   * What all tables hold now. `of(order)` lists the items that name an order as
   * `Orders order head`, sorted.
   */
  const snapshot = async () => {
    const items: { place: string; text: string }[] = []
    const { TableNames = [] } = await database.send(new ListTablesCommand({}))
    for (const TableName of TableNames) {
      for await (const { Items = [] } of paginateScan({ client: database }, { TableName })) {
        for (const item of Items) {
          const [pk = '', sk = ''] = [item.pk?.S, item.sk?.S]
          const place = `${TableName} ${pk.split('#', 2).join('#')} ${sk.includes('.o_') ? 'entry' : sk}`
          items.push({ place, text: JSON.stringify(item) })
        }
      }
    }
    return {
      of: (order: string) =>
        items
          .filter(({ text }) => text.includes(order))
          .map(({ place }) => place.replaceAll(`#${order}`, '').replace(order, 'order'))
          .sort(),
    }
  }

  /** How many items all tables hold; the embedded database counts them exactly. */
  const total = async () => {
    const { TableNames = [] } = await database.send(new ListTablesCommand({}))
    const counted = TableNames.map(TableName =>
      database.send(new DescribeTableCommand({ TableName })),
    )
    const sizes = (await Promise.all(counted)).map(({ Table }) => Table?.ItemCount ?? 0)
    return sizes.reduce((sum, size) => sum + size, 0)
  }

  const itemsOf = async (order: string): Promise<string[]> => (await snapshot()).of(order)

  return {
    ...{ world, app, counts, ...heard, platform, courier, contract, keys, pins, issuer, database },
    ...{ send, native, signed, push, post, pull, pullAll, entryOf, answer, accepted },
    ...{ sealOf, statement, assign, releasePath, station, open, control, snapshot, itemsOf, total },
    kms: (arn: string): KMSClient => kmsFor(world.aws, arn),
    count: (metric: string) => counts.get(metric) ?? 0,
    async ack(ids: readonly unknown[]) {
      return (await signed('POST', '/v1/couriers/sf/waybills/acks', { ids })).body
    },
    async events(query = '') {
      const path = '/v1/platforms/douyin/events'
      const { status, body } = await native('', { path, method: 'GET', query })
      assert.equal(status, 200)
      return { entries: list(body, 'entries').filter(isEntry), next: textOf(body, 'next') }
    },
    async ackEvents(ids: readonly unknown[]) {
      const path = '/v1/platforms/douyin/events/acks'
      return (await native(JSON.stringify({ ids }), { path })).body
    },
    /** Asks for seal and capsule with a bearer token. */
    release(order: string, token: string, where: { hop?: string; group?: string } = {}) {
      const headers = { authorization: `Bearer ${token}` }
      return send({ method: 'GET', path: releasePath(order, where), headers, body: '' })
    },
    async stop() {
      database.destroy()
      await world.stop()
    },
  }
}

/** A private key as the signer of HTTP messages wants it. */
export function httpKey(keyid: string, jwk: JsonWebKey): SignatureKey {
  return { keyid, alg: 'ed25519', key: createPrivateKey({ key: jwk, format: 'jwk' }) }
}

function isEntry(value: unknown): value is Entry {
  return textOf(value, 'id') !== '' && textOf(value, 'order') !== ''
}

/** The order that a Douyin number, or several merged ones, and a parcel name. */
export function orderOf(numbers: string | readonly string[], parcel = '-'): string {
  return orderId({ platform: 'douyin', platformOrders: [numbers].flat(), parcel })
}
