import { createHash } from 'node:crypto'
import { signatureTime } from '../access/http-signature.ts'
import type { RawRequest } from '../access/request.ts'
import { GatewayError } from '../model/errors.ts'
import type { Order } from '../model/generated/types.ts'
import { parcelInLife } from '../model/order-id.ts'
import type {
  NativeAnswer,
  OrderOutcome,
  OrderResult,
  Platform,
  PlatformCredential,
  PostedOrder,
} from '../platforms/platform.ts'
import type { SealSigner, SealSignerSource } from '../seal/index.ts'
import type { Decide, Orders, Proposal, Result } from '../store/index.ts'
import { isOfCaller } from './caller.ts'
import type { CourierConfig } from './config.ts'
import { checkForCourier, contractOf } from './contract.ts'
import type { Finder } from './find-parcels.ts'
import { answerPlatform } from './native.ts'
import { tagOf } from './next/step.ts'
import { next, type Outcome, type PostInput } from './next.ts'
import type { Ports, Secrets } from './ports.ts'
import { groups, type Prepared, prepareOrder } from './prepare.ts'
import { bodyHmac, openHash, openHashOf } from './same-body.ts'
import { keysOf, openSeals, type Seals, sealGroups } from './seal-order.ts'
import { readAcceptance, readStored, writeStored } from './stored.ts'

/** What intake has: it writes orders and wrapped keys and reads no key back. */
export interface IntakePorts extends PostPorts {
  readonly store: Pick<Orders, 'postOrders' | 'changeOrder'> & Finder
}

/** What posting orders takes of it. */
export interface PostPorts extends Ports {
  readonly store: Pick<Orders, 'postOrders'>
  readonly secrets: Secrets
  readonly signer: SealSignerSource
  /** Keys of the hash of a posted body: the present one, then those before it. */
  readonly bodyKeys: () => Promise<readonly [Uint8Array, ...Uint8Array[]]>
}

/** What one request's orders share. */
interface Request {
  readonly ports: PostPorts
  readonly platform: Platform
  readonly credential: PlatformCredential
  /** Names the native request: the same one again never opens a second life of an order. */
  readonly id: string
  readonly signer: SealSigner
  readonly bodyKeys: readonly [Uint8Array, ...Uint8Array[]]
  readonly now: Date
  /** When the platform signed it, in milliseconds since 1970; undefined: when the orders say they were made. */
  readonly signedAt: number | undefined
}

/** An order of the request on its way into the store, or the error that keeps it out. */
type Ready =
  | { readonly native: unknown; readonly error: GatewayError }
  | { readonly native: unknown; readonly prepared: Prepared; readonly proposal: Proposal<Outcome> }

/** How often a parcel may be cancelled and posted anew. */
const MOST_LIVES = 20

/**
 * Takes a platform's native order request: who sent it, each order translated, masked, checked,
 * sealed and signed, then all that are new into the store in as few transactions as they fit, and an
 * answer for each in the platform's own form. What is wrong with one order leaves the others alone.
 *
 * @throws {GatewayError} `NOT_FOUND`, `UNAUTHENTICATED`
 */
export async function receiveOrders(
  ports: PostPorts,
  name: string,
  request: RawRequest,
): Promise<NativeAnswer> {
  return answerPlatform(ports, name, request, async (platform, credential) => {
    const posted = platform.readOrders(request, credential)
    const [signer, bodyKeys] = await Promise.all([ports.signer.current(), ports.bodyKeys()])
    const id = createHash('sha256').update(request.body).digest('base64url')
    const signedAt = signedAtOf(platform, request)
    const shared = { ports, platform, credential, id, signer, bodyKeys, now: ports.now(), signedAt }
    const results = await postInLives(shared, posted)
    ports.count('orders-posted', posted.length)
    return platform.answerOrders(results, request)
  })
}

function signedAtOf(platform: Platform, request: RawRequest): number | undefined {
  const native = platform.signedAt
  return signatureTime(request) ?? (native && Date.parse(native(request)))
}

/**
 * Posts orders. A parcel whose order was cancelled goes on in its next life, `~2`, `~3` …: a round trip
 * more for each life, and for such orders only.
 */
async function postInLives(
  request: Request,
  posted: readonly PostedOrder[],
): Promise<OrderResult[]> {
  const results: OrderResult[] = []
  let left = posted.map((order, at) => ({ order, at }))
  for (let life = 1; left.length > 0; life++) {
    const ready = left.map(({ order }) => readyOrder(request, order, life))
    const outcomes = await postReady(request, ready)
    left = left.filter(({ order: { native }, at }, i) => {
      const outcome = outcomes[i] ?? 'over'
      const isOver = outcome === 'over'
      const final = isOver ? failed(new GatewayError('ORDER_CHANGED')) : outcome
      results[at] = { native, outcome: final }
      return isOver && life < MOST_LIVES
    })
  }
  return results
}

async function postReady(
  { ports }: Request,
  ready: readonly Ready[],
): Promise<(OrderOutcome | 'over')[]> {
  const results = await ports.store.postOrders(
    ready.flatMap(one => ('proposal' in one ? [one.proposal] : [])),
  )
  let at = 0
  return ready.map(one => {
    if ('error' in one) return failed(one.error)
    const result = results[at++]
    if (result === undefined) throw new GatewayError('STORE_AWAY', '', { retry: 'later' })
    return outcomeOf(result, one.prepared)
  })
}

function failed(error: GatewayError): OrderOutcome {
  return { kind: 'failed', error }
}

function readyOrder(request: Request, posted: PostedOrder, life: number): Ready {
  const { native } = posted
  if ('error' in posted) return { native, error: posted.error }
  try {
    const { draft } = posted
    if (!isOfCaller(request.credential, draft)) throw new GatewayError('VALUE_INVALID', '/shop')
    const courier = contractOf(request.ports, draft.courier)
    const prepared = prepareOrder(
      { ...draft, parcel: parcelInLife(draft.parcel, life) },
      {
        platform: request.platform.name,
        terms: request.credential.couriers[draft.courier] ?? {},
        courier,
      },
    )
    checkForCourier(prepared.order, courier)
    const decide = decideOn(request, prepared, courier)
    return { native, prepared, proposal: { order: prepared.order.order, decide } }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return { native, error }
  }
}

/** A seal that the platform made for a later life does not fit the lives before it, which may all be over. */
function decideOn(request: Request, prepared: Prepared, courier: CourierConfig): Decide<Outcome> {
  const seals = trySeal(request, prepared, courier)
  const misfit = seals instanceof GatewayError ? seals : undefined
  const input = postInput(request, prepared, courier, seals instanceof GatewayError ? {} : seals)
  return head => {
    const decision = next(head, input, request.now.getTime())
    if (misfit !== undefined && decision.outcome.kind !== 'over') throw misfit
    return decision
  }
}

function trySeal(
  { ports, signer, now }: Request,
  prepared: Prepared,
  courier: CourierConfig,
): Seals | GatewayError {
  try {
    return sealGroups({ config: ports.config, signer, now }, prepared, courier)
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'SEAL_INVALID') return error
    throw error
  }
}

function postInput(
  { ports, bodyKeys, id, now, signedAt }: Request,
  prepared: Prepared,
  courier: CourierConfig,
  sealed: Seals,
): PostInput {
  const { order } = prepared
  const [present, ...before] = bodyKeys
  const keys = keysOf(sealed)
  return {
    kind: 'post',
    order: order.order,
    platform: order.platform,
    shop: order.shop ?? '',
    platformOrders: order.platformOrders,
    parcel: order.parcel,
    courier: order.courier,
    shard: shardOf(order.order, courier.shards),
    request: id,
    signedAt: signedAt ?? Date.parse(order.createdAt),
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

function outcomeOf(result: Result<Outcome>, prepared: Prepared): OrderOutcome | 'over' {
  if ('error' in result) return failed(result.error)
  switch (result.outcome.kind) {
    case 'over':
      return 'over'
    case 'posted':
      return { kind: 'pending' }
    case 'repeat':
      return repeatOf(result, prepared, result.outcome.compared)
    case 'locked':
      return failed(new GatewayError('ORDER_LOCKED'))
    default:
      return failed(new GatewayError('ORDER_CHANGED'))
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
    const changed = compared === 'open' && isChanged(order, head.posted, prepared)
    return { kind: 'accepted', order, acceptance: answer, changed }
  }
  if (answer?.outcome === 'refused') return { kind: 'refused', reason: answer.reason }
  if (head.state === 'expired') return { kind: 'refused', reason: { code: 'expired' } }
  // The document was read before the head.
  throw new GatewayError('STORE_AWAY', '', { retry: 'later' })
}

/** Whether what is posted is neither the order as it stands nor as it was first posted. */
function isChanged(order: Order, posted: string | undefined, prepared: Prepared): boolean {
  const hash = openHash(prepared)
  return openHashOf(order) !== hash && posted !== tagOf(hash)
}
