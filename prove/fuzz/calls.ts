import { createPrivateKey } from 'node:crypto'
import { httpKeyOf, signedBy } from '../../lib/cli/http-key.ts'
import { tokenIssuer } from '../../lib/cli/station-client.ts'
import { workingDay } from '../../lib/custody/day.ts'
import type { World } from '../../lib/local/world.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import type { OutgoingRequest, ParcelName } from '../../lib/platforms/platform.ts'
import { signingKey } from '../../lib/seal/index.ts'
import type { Chance } from '../seals/chance.ts'
import { mutateDocument, mutateValue } from './mutate.ts'
import type { Code, Sample } from './subject.ts'

/** A call on its way, and whose answer it is. */
export interface Call extends Omit<OutgoingRequest, 'body'> {
  readonly body: Uint8Array
  readonly partner: string
}

/** Makes a call of some partner: mutated in what it says, then signed, so that it gets past the door. */
export type Caller = (chance: Chance, mark: string) => Promise<Call>

/** Every kind of call there is, of every partner, with its true credentials. */
export function callersOf(code: Code, world: World, samples: readonly Sample[]): Caller[] {
  return [
    ...code.platforms.flatMap(platform => ofPlatform(platform, world, samples)),
    ...code.couriers.flatMap(courier => ofCourier(courier, world, samples)),
  ]
}

const SHARED_IDS = [
  '1795546192938.o_aaaaaaaaaaaaaaaaaaaaaaaaaa.1.0a',
  '1795546192938.o_aaaaaaaaaaaaaaaaaaaaaaaaaa.1.0k',
  '1795546192938.o_aaaaaaaaaaaaaaaaaaaaaaaaaa.1.0',
  'o_aaaaaaaaaaaaaaaaaaaaaaaaaa',
]

function ofPlatform(
  { name, sandbox, calls }: Code['platforms'][number],
  { identities, config }: World,
  samples: readonly Sample[],
): Caller[] {
  const identity = identities.platforms[name]
  if (identity === undefined) throw new Error(`${name} has no credentials`)
  const key = httpKeyOf(identity.http)
  const base = `/v1/platforms/${name}`
  const finish = async (request: OutgoingRequest): Promise<Call> => {
    const signed = calls === 'native' ? request : await signedOrNot(config.origin, key, request)
    return { ...signed, body: Buffer.from(request.body), partner: name }
  }
  /** Signed as an order request is, then put where it belongs. */
  const at = (document: string, path?: string, method = 'POST', query = '') => {
    const request = sandbox.sign(document, identity, new Date())
    const all = [request.path.split('?')[1], query].filter(Boolean).join('&')
    const target = path === undefined ? request.path : [path, all].filter(Boolean).join('?')
    return finish({ ...request, method, path: target })
  }
  const own = samples.filter(({ partner, side }) => side === 'platforms' && partner === name)
  const posted = own.filter(({ kind }) => kind === 'request')
  const text = (sample: Sample, chance: Chance, mark: string) =>
    mutateDocument(sample.document, chance, mark).toString('utf8')
  return [
    (chance, mark) => at(text(chance.pick(posted), chance, mark)),
    (chance, mark) => at(text(chance.pick(posted), chance, mark)),
    (chance, mark) => at(text(chance.pick(own), chance, mark), `${base}/cancellations`),
    (chance, mark) => finish(wish(sandbox, identity, chance, mark)),
    (chance, mark) => at('', `${base}/events`, 'GET', pageQuery(chance, mark)),
    (chance, mark) => at(ids(chance, mark), `${base}/events/acks`),
    (chance, mark) => at('', `${base}/orders/${chance.pick(['1', mark, '6900', '~'])}`, 'GET'),
  ]
}

function wish(
  { cancel, changeReceiver }: Code['platforms'][number]['sandbox'],
  identity: { appKey: string; secret: string },
  chance: Chance,
  mark: string,
): OutgoingRequest {
  const name: ParcelName = chance.pick<ParcelName>([
    { courier: 'sf', platformOrder: mark },
    { courier: 'sf', waybill: 'SF1234567890123' },
    { courier: 'kye', platformOrder: '6900000000000000001', parcel: '1' },
    { courier: 'sf', platformOrder: '张三', parcel: mark },
  ])
  return chance.pick([cancel, changeReceiver])(name, identity, new Date())
}

function ofCourier(
  { name, sandbox, pushes }: Code['couriers'][number],
  { identities, config }: World,
  samples: readonly Sample[],
): Caller[] {
  const identity = identities.couriers[name]
  const contract = config.couriers[name]
  if (identity === undefined || contract === undefined) throw new Error(`${name} is not served`)
  const key = httpKeyOf(identity.http)
  const issuer = tokenIssuer(contract.issuer.url, identity)
  const base = `/v1/couriers/${name}`
  const signed = async (method: string, path: string, body: Uint8Array): Promise<Call> => {
    const headers = { 'content-type': 'application/json' }
    const request = { method, path: base + path, headers, body: Buffer.from(body).toString('utf8') }
    return {
      ...(await signedOrNot(config.origin, key, request)),
      body: Buffer.from(request.body),
      partner: name,
    }
  }
  const own = samples.filter(({ partner, side }) => side === 'couriers' && partner === name)
  const document = (chance: Chance, mark: string) =>
    own.length === 0 ? mark : mutateValue(chance.pick(own).document, chance, mark)
  const push = async (chance: Chance, mark: string): Promise<Call> => {
    const parcel = { order: SHARED_IDS[3] ?? '', waybill: 'SF1', start: new Date() }
    const all = sandbox.pushes({ ...parcel, now: new Date(), secret: identity.secret })
    const request = chance.pick(all)
    if (pushes === 'signed') return { ...request, body: Buffer.from(request.body), partner: name }
    const body = mutateDocument(JSON.parse(request.body), chance, mark).toString('utf8')
    if (pushes === 'http-signature') return signed('POST', '/events', Buffer.from(body))
    const path = `${request.path}/${identity.pushToken}`
    return { ...request, path, body: Buffer.from(body), partner: name }
  }
  const dispatch = signingKey(createPrivateKey({ key: identity.dispatch, format: 'jwk' }))
  const day = workingDay(new Date())
  return [
    push,
    (chance, mark) =>
      signed('GET', withQuery('/waybills', pageQuery(chance, mark)), Buffer.alloc(0)),
    (chance, mark) => signed('POST', '/waybills/acks', Buffer.from(ids(chance, mark))),
    (chance, mark) => signed('POST', '/waybills/parked', Buffer.from(ids(chance, mark))),
    (chance, mark) => {
      const id = chance.pick([...SHARED_IDS, mark])
      const answers = { answers: [{ id, document: document(chance, mark) }] }
      return signed('POST', '/answers', mutateDocument(answers, chance, mark))
    },
    (chance, mark) => {
      const text = chance.pick([mark, 'e30.e30.AA', `${dispatch.kid}.${mark}.AA`, `${mark}..`])
      return signed('POST', '/assignments', mutateDocument({ assignments: [text] }, chance, mark))
    },
    async (chance, mark) => {
      const { releaseToken, keyToken } = issuer.tokens('station-1', day)
      const token = chance.pick([releaseToken, keyToken, mark, `${releaseToken}x`, 'e30.e30.AA'])
      const order = chance.pick([SHARED_IDS[3] ?? '', mark, 'x'])
      const group = chance.pick([
        '',
        '?group=sender',
        `?group=${mark}`,
        '?group=',
        '?group=x&group=y',
      ])
      const path = `${base}/hops/${chance.pick(['station-1', 'x', mark])}/orders/${order}${group}`
      const headers = { authorization: `Bearer ${token}` }
      return { method: 'GET', path, headers, body: Buffer.alloc(0), partner: name }
    },
  ]
}

/** What no signature can be made for, such as a broken query, goes unsigned. */
async function signedOrNot(...[origin, key, request]: Parameters<typeof signedBy>) {
  try {
    return await signedBy(origin, key, request)
  } catch (error) {
    if (error instanceof GatewayError) return request
    throw error
  }
}

const withQuery = (path: string, query: string) => (query === '' ? path : `${path}?${query}`)

function pageQuery(chance: Chance, mark: string): string {
  return chance.pick([
    ...['', 'limit=1', 'limit=100', 'limit=101', 'limit=0', 'limit=1e1', 'limit=-1', 'shard=0'],
    ...['shard=1', 'shard=x', `limit=${mark}`, `after=${SHARED_IDS[0]}`, `after=${SHARED_IDS[2]}`],
    ...[`after=${mark}`, `${mark}=1`, 'after=', 'after=%00', 'limit=1&limit=1', 'limit', '%ff=1'],
  ])
}

function ids(chance: Chance, mark: string): string {
  const list = Array.from({ length: chance.below(4) }, () => chance.pick([...SHARED_IDS, mark]))
  return mutateDocument({ ids: list }, chance, mark).toString('utf8')
}
