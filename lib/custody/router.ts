import { GatewayError, type GatewayErrorCode } from '../model/errors.ts'
import { fromBase64url, toBase64url } from '../seal/base64url.ts'
import { isGroup, isOrderId } from '../seal/envelope.ts'
import { checkHeldKey, type HeldKey } from '../seal/held-key.ts'
import { verifyHeldKey } from '../seal/signature.ts'
import { requireHopFor, type VerifiedAssignment, verifyAssignment } from './assignment.ts'
import { windowOf } from './brake.ts'
import { type Capsule, capsuleContext } from './capsule.ts'
import { verifyControl } from './control.ts'
import { countersOf, countRelease } from './count-release.ts'
import { type AuditHead, checkAuditHead, keepReceipt } from './receipt.ts'
import type { GroupOf, RouterConfig, RouterNote, RouterPorts, RouterState } from './router-ports.ts'
import {
  bindingOf,
  isSame,
  recordOf,
  requireBound,
  requireHigher,
  requireSealOf,
  requireTaken,
} from './router-rules.ts'

/** What custody hands to the router: nothing of it is believed. */
export interface RouterRequest {
  /** The courier's assignment, or its statement of leg `done`: compact JWS. */
  readonly assignment: string
  /** The wrapped key and its proof; not needed for leg `done`. */
  readonly held?: HeldKey
  /** How long the order's audit chain is, this assignment in it, and its head. */
  readonly audit: AuditHead
}

/** What the courier's operator orders: compact JWS by a control key. */
export interface ControlRequest {
  readonly control: string
}

/**
 * Custody has deleted an order's keys and asks that no capsule be kept here either. Signed by nobody,
 * so it may end nothing: epoch, bound key and receipts stay, and an assignment that still counts gets
 * its capsule anew, counted like any other release.
 */
export interface ForgetRequest {
  readonly forget: GroupOf
}

/** What came of it. The reason of a refusal is for the audit record, not for whoever asked. */
export type RouterAnswer =
  | { readonly capsule: Capsule; readonly receipt: string }
  | { readonly ended: true; readonly receipt: string }
  | { readonly ordered: true }
  | { readonly forgotten: true }
  | {
      readonly refused: 'RELEASE_REFUSED'
      readonly retry: 'never' | 'later'
      readonly reason: { readonly code: GatewayErrorCode; readonly at: string }
    }

/** A router: one request, one answer; it never throws. */
export type Router = (request: unknown) => Promise<RouterAnswer>

/**
 * Makes the courier's router. It verifies everything again by what its courier pinned, since whoever
 * runs the gateway can hand it any payload, and then has KMS wrap the content key to the hop.
 *
 * @throws {GatewayError} `VALUE_INVALID` for a configuration in which a dispatch key is also a control
 *   key, or more than two dispatch keys are pinned.
 * @see design section 6.3
 */
export function createRouter(config: RouterConfig, ports: RouterPorts): Router {
  const { dispatchKeys, controlKeys } = config
  const both = controlKeys.some(key => dispatchKeys.some(other => other.kid === key.kid))
  if (both || dispatchKeys.length > 2) throw new GatewayError('VALUE_INVALID', '/dispatchKeys')
  return async request => {
    try {
      return await carryOut(config, ports, request)
    } catch (error) {
      return refuse(ports, error)
    }
  }
}

async function carryOut(
  config: RouterConfig,
  ports: RouterPorts,
  request: unknown,
): Promise<RouterAnswer> {
  const fields: Readonly<Record<string, unknown>> =
    typeof request === 'object' && request !== null ? { ...request } : {}
  const { assignment, held, audit, control, forget } = fields
  if (control !== undefined) return obey(config, ports, control)
  if (forget !== undefined) return drop(ports, forget)
  const { dispatchKeys: keys, aud, courier } = config
  const verified = verifyAssignment(assignment, { keys, aud, courier, now: ports.now() })
  const chain = checkAuditHead(audit)
  return verified.assignment.leg === 'done'
    ? endGroup(config, ports, verified, chain)
    : release(config, ports, verified, checkHeldKey(held), chain)
}

async function release(
  config: RouterConfig,
  ports: RouterPorts,
  verified: VerifiedAssignment,
  held: HeldKey,
  audit: AuditHead,
): Promise<RouterAnswer> {
  const { assignment } = verified
  const seal = requireSealOf(verified, verifyHeldKey(held, config.pins))
  const state = await look(config, ports, verified)
  requireHopFor(assignment.leg, state.hop?.kind === 'closed' ? undefined : state.hop?.kind)
  const record = recordOf(verified)
  const isRepeat = isSame(state.epoch, record)
  const receipt = () => keepReceipt(ports, verified, audit)
  const kept = state.capsule?.epoch === record.epoch ? state.capsule.capsule : undefined
  if (isRepeat && kept !== undefined) {
    ports.note(noteOf('repeated', verified))
    return { capsule: kept, receipt: await receipt() }
  }
  if (!isRepeat) requireHigher(state.epoch, record)
  const counts = await countRelease(config, ports, verified, state)
  requireBound(seal, await ports.table.bindKey(seal.keyHash, bindingOf(seal)))
  requireTaken(await ports.table.takeEpoch(assignment, record), record)
  const capsule = await makeCapsule(config, ports, verified, held)
  ports.note({ ...noteOf('released', verified), ...counts })
  return { capsule, receipt: await receipt() }
}

async function endGroup(
  config: RouterConfig,
  ports: RouterPorts,
  verified: VerifiedAssignment,
  audit: AuditHead,
): Promise<RouterAnswer> {
  const state = await look(config, ports, verified)
  const record = recordOf(verified)
  if (!isSame(state.epoch, record)) requireHigher(state.epoch, record)
  requireTaken(await ports.table.takeEpoch(verified.assignment, record), record)
  await ports.table.dropCapsule(verified.assignment)
  ports.note(noteOf('ended', verified))
  return { ended: true, receipt: await keepReceipt(ports, verified, audit) }
}

async function obey(
  config: RouterConfig,
  ports: RouterPorts,
  statement: unknown,
): Promise<RouterAnswer> {
  const { control, iat } = verifyControl(statement, { ...config, now: ports.now() })
  const { table } = ports
  if (control.action === 'register-hop') await table.putHop(control.hop, control, iat)
  if (control.action === 'lift-brake') await table.putLift(control.counter, control, iat)
  if (control.action === 'raise-floor') {
    await table.putFloor({ table: await table.identity(), notBefore: control.notBefore }, iat)
  }
  ports.note({ outcome: 'ordered' })
  return { ordered: true }
}

async function drop(ports: RouterPorts, of: unknown): Promise<RouterAnswer> {
  const { order, group }: Readonly<Record<string, unknown>> =
    typeof of === 'object' && of !== null ? { ...of } : {}
  if (!isOrderId(order) || !isGroup(group)) throw new GatewayError('MALFORMED', '/forget')
  await ports.table.dropCapsule({ order, group })
  ports.note({ outcome: 'forgotten', order, group })
  return { forgotten: true }
}

/** Reads the state; a table that nobody opened, as after a restore, gives nothing away. */
async function look(
  config: RouterConfig,
  ports: RouterPorts,
  { assignment, kid }: VerifiedAssignment,
): Promise<RouterState> {
  const { order, group, hop, iat } = assignment
  const last = windowOf(ports.now(), config.brake.windowSeconds) - 1
  const counters = countersOf(hop, kid).map(counter => ({ counter, window: last }))
  const [identity, state] = await Promise.all([
    ports.table.identity(),
    ports.table.look({ order, group, hop, counters }),
  ])
  const isOpen = state.floor?.table === identity && iat >= state.floor.notBefore
  if (!isOpen) throw new GatewayError('RELEASE_REFUSED', '/floor')
  return state
}

async function makeCapsule(
  config: RouterConfig,
  ports: RouterPorts,
  { assignment }: VerifiedAssignment,
  held: HeldKey,
): Promise<Capsule> {
  const { hopKeyArn } = config
  const custodyKeyArn = config.custodyKeyArns[held.kid]
  if (custodyKeyArn === undefined) throw new GatewayError('SEAL_INVALID', '/kid')
  const wrappedKey = fromBase64url(held.wrappedKey, { code: 'SEAL_INVALID', at: '/wrappedKey' })
  const context = capsuleContext(assignment)
  const made = await ports.reEncrypt({ wrappedKey, custodyKeyArn, hopKeyArn, context })
  if (made.custodyKeyArn !== custodyKeyArn || made.hopKeyArn !== hopKeyArn) {
    throw new GatewayError('RELEASE_REFUSED', '/key')
  }
  const capsule = { ciphertext: toBase64url(made.ciphertext), context, key: hopKeyArn }
  const { epoch } = assignment
  const standing = await ports.table.keepCapsule(assignment, { epoch, capsule })
  if (standing.epoch !== epoch || standing.capsule === undefined) {
    throw new GatewayError('EPOCH_STALE', '/epoch')
  }
  return standing.capsule
}

function noteOf(outcome: RouterNote['outcome'], { assignment }: VerifiedAssignment): RouterNote {
  const { order, group, hop, epoch } = assignment
  return { outcome, order, group, hop, epoch }
}

/** Whatever went wrong inside, outside there is one refusal; what may pass is tried again later. */
function refuse(ports: RouterPorts, error: unknown): RouterAnswer {
  const known =
    error instanceof GatewayError ? error : new GatewayError('STORE_AWAY', '', { retry: 'later' })
  const { code, at, retry } = known
  ports.note({ outcome: 'refused', reason: known.message })
  return { refused: 'RELEASE_REFUSED', retry, reason: { code, at } }
}
