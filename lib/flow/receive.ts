import { createHash } from 'node:crypto'
import type { RawRequest } from '../access/request.ts'
import { couriers } from '../couriers/index.ts'
import { GatewayError } from '../model/errors.ts'
import type { Sealed } from '../model/generated/types.ts'
import { platforms } from '../platforms/index.ts'
import type {
  NativeAnswer,
  OrderOutcome,
  OrderResult,
  Platform,
  PlatformCredential,
  PostedOrder,
} from '../platforms/platform.ts'
import {
  packKey,
  type SealSigner,
  type SealSignerSource,
  sealPersonal,
  verifySeal,
  withoutKey,
  wrappedKeyOf,
} from '../seal/index.ts'
import type { OrderKeys, Orders, Proposal, Result, WrappedKey } from '../store/index.ts'
import { callerOfPlatform } from './caller.ts'
import type { CourierConfig } from './config.ts'
import { recipientOf, sealPinsOf } from './keyring.ts'
import { next, type Outcome, type PostInput } from './next.ts'
import { byName, type Ports, type Secrets } from './ports.ts'
import { type Group, groups, type Prepared, prepareOrder } from './prepare.ts'
import { bodyHmac, openHash, openHashOf } from './same-body.ts'
import { readAcceptance, readStored, writeStored } from './stored.ts'

/** What intake has: it writes orders and wrapped keys and reads no key back. */
export interface IntakePorts extends Ports {
  readonly store: Pick<Orders, 'postOrders'>
  readonly secrets: Secrets
  readonly signer: SealSignerSource
  /** Keys of the hash of a posted body: the present one, then those before it. */
  readonly bodyKeys: () => Promise<readonly [Uint8Array, ...Uint8Array[]]>
}

/** What one request's orders share. */
interface Request {
  readonly ports: IntakePorts
  readonly platform: Platform
  readonly credential: PlatformCredential
  /** Names the native request: the same one again never opens a second life of an order. */
  readonly id: string
  readonly signer: SealSigner
  readonly bodyKeys: readonly [Uint8Array, ...Uint8Array[]]
  readonly now: Date
}

/** An order of the request on its way into the store, or the error that keeps it out. */
type Ready =
  | { readonly native: unknown; readonly error: GatewayError }
  | { readonly native: unknown; readonly prepared: Prepared; readonly proposal: Proposal<Outcome> }

/**
 * Takes a platform's native order request: who sent it, each order translated, masked, checked,
 * sealed and signed, then all that are new into the store in as few transactions as they fit, and an
 * answer for each in the platform's own form. What is wrong with one order leaves the others alone.
 *
 * @throws {GatewayError} for the request as a whole: `UNAUTHENTICATED`, `MALFORMED`, `STORE_AWAY` …
 */
export async function receiveOrders(
  ports: IntakePorts,
  name: string,
  request: RawRequest,
): Promise<NativeAnswer> {
  const platform = byName(platforms, name)
  const credential = await callerOfPlatform(ports, platform, request)
  const posted = platform.readOrders(request, credential)
  const [signer, bodyKeys] = await Promise.all([ports.signer.current(), ports.bodyKeys()])
  const id = createHash('sha256').update(request.body).digest('base64url')
  const shared = { ports, platform, credential, id, signer, bodyKeys, now: ports.now() }
  const ready = posted.map(order => readyOrder(shared, order))
  const results = await ports.store.postOrders(
    ready.flatMap(one => ('proposal' in one ? [one.proposal] : [])),
  )
  ports.count('orders-posted', posted.length)
  return platform.answerOrders(outcomesOf(ready, results), request)
}

function outcomesOf(ready: readonly Ready[], results: readonly Result<Outcome>[]): OrderResult[] {
  let at = 0
  return ready.map(one => {
    if ('error' in one) return { native: one.native, outcome: { kind: 'failed', error: one.error } }
    const result = results[at++]
    if (result === undefined) throw new GatewayError('STORE_AWAY', '', { retry: 'later' })
    return { native: one.native, outcome: outcomeOf(result, one.prepared) }
  })
}

function readyOrder(request: Request, posted: PostedOrder): Ready {
  const { native } = posted
  if ('error' in posted) return { native, error: posted.error }
  try {
    const courier = contractOf(request.ports, posted.draft.courier)
    const prepared = prepareOrder(posted.draft, {
      platform: request.platform.name,
      terms: request.credential.couriers[posted.draft.courier] ?? {},
      courier,
    })
    byName(couriers, prepared.order.courier).writeWaybill(prepared.order, courier.settings)
    const input = postInput(request, prepared, courier)
    const decide = (head: Parameters<typeof next>[0]) => next(head, input, request.now.getTime())
    return { native, prepared, proposal: { order: prepared.order.order, decide } }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return { native, error }
  }
}

/** A courier that nobody configured, or that has no folder, cannot be served. */
function contractOf({ config }: Ports, courier: string): CourierConfig {
  const known = Object.hasOwn(config.couriers, courier) ? config.couriers[courier] : undefined
  if (known === undefined || !couriers.some(({ name }) => name === courier)) {
    throw new GatewayError('COURIER_UNMAPPED', '/courier')
  }
  return known
}

function postInput(request: Request, prepared: Prepared, courier: CourierConfig): PostInput {
  const { order } = prepared
  const { ports, bodyKeys, id, now } = request
  const sealed = sealGroups(request, prepared, courier)
  const [present, ...before] = bodyKeys
  const keys = keysOf(sealed)
  return {
    kind: 'post',
    order: order.order,
    platform: order.platform,
    shop: order.shop ?? '',
    platformOrders: order.platformOrders,
    courier: order.courier,
    shard: shardOf(order.order, courier.shards),
    request: id,
    signedAt: Date.parse(order.createdAt),
    hmacs: [bodyHmac(prepared, present), ...before.map(key => bodyHmac(prepared, key))],
    sealed: groups.filter(group => sealed[group] !== undefined),
    boxes: order.pieces,
    deadline: now.getTime() + ports.config.offerSeconds * 1000,
    expiresAt: now.getTime() + ports.config.keepSeconds * 1000,
    doc: writeStored({ order, sealed: openSeals(sealed) }),
    ...(keys === undefined ? {} : { keys }),
  }
}

/** An order's shard, the same for all its entries: the id is a hash already. */
function shardOf(order: string, shards: number): number {
  return createHash('sha256').update(order).digest().readUInt32BE() % shards
}

function sealGroups(
  { ports, platform, signer, now }: Request,
  { order, personal, sealed }: Prepared,
  courier: CourierConfig,
): Partial<Record<Group, Sealed>> {
  const made: Partial<Record<Group, Sealed>> = {}
  for (const group of groups) {
    const binding = { order: order.order, courier: order.courier, group, rev: order.rev }
    const clear = personal[group]
    const own = sealed[group]
    if (clear !== undefined) {
      const jwe = sealPersonal(clear, recipientOf(courier, now), binding)
      made[group] = signer.sign(jwe, platform.name, now)
    } else if (own !== undefined) {
      const facts = verifySeal(own, sealPinsOf(ports.config, courier))
      const fits = Object.entries(binding).every(
        ([name, value]) => facts[name as keyof typeof binding] === value,
      )
      if (!fits || facts.platform !== platform.name) {
        throw new GatewayError('SEAL_INVALID', `/${group}/sealed`)
      }
      made[group] = own
    }
  }
  return made
}

function openSeals(sealed: Partial<Record<Group, Sealed>>): Partial<Record<Group, Sealed>> {
  return Object.fromEntries(
    Object.entries(sealed).map(([group, seal]) => [group, withoutKey(seal)]),
  )
}

/** What goes into table `Keys`: each group's wrapped key and its proof, the certificate once. */
function keysOf(sealed: Partial<Record<Group, Sealed>>): OrderKeys | undefined {
  const keys: Partial<Record<Group, WrappedKey>> = {}
  let shared: string | undefined
  for (const group of groups) {
    const seal = sealed[group]
    if (seal === undefined) continue
    const { certificate, ...key } = packKey(wrappedKeyOf(seal))
    shared = certificate ?? shared
    keys[group] = key
  }
  if (Object.keys(keys).length === 0) return undefined
  return { ...keys, ...(shared === undefined ? {} : { certificate: shared }) }
}

function outcomeOf(result: Result<Outcome>, prepared: Prepared): OrderOutcome {
  if ('error' in result) return { kind: 'failed', error: result.error }
  switch (result.outcome.kind) {
    case 'posted':
      return { kind: 'pending' }
    case 'repeat':
      return repeatOf(result, prepared, result.outcome.compared)
    case 'locked':
      return { kind: 'failed', error: new GatewayError('ORDER_LOCKED') }
    default:
      return { kind: 'failed', error: new GatewayError('ORDER_CHANGED') }
  }
}

/** The current outcome of an order that was posted before. */
function repeatOf(
  { head, doc }: Exclude<Result<Outcome>, { error: unknown }>,
  prepared: Prepared,
  compared: 'all' | 'open',
): OrderOutcome {
  if (head === undefined || head.state === 'posted') return { kind: 'pending' }
  if (head.state === 'cancelled') return { kind: 'cancelled' }
  if (doc === undefined) throw new GatewayError('STORE_AWAY', '', { retry: 'later' })
  const answer = readAcceptance(doc)
  if (answer?.outcome === 'accepted') {
    const { order } = readStored(doc)
    const changed = compared === 'open' && openHashOf(order) !== openHash(prepared)
    return { kind: 'accepted', order, acceptance: answer, changed }
  }
  const reason = answer?.outcome === 'refused' ? answer.reason : ({ code: 'expired' } as const)
  return { kind: 'refused', reason }
}
