import { problemName, statusOf } from '../access/problem.ts'
import { type VerifiedAssignment, verifyAssignment } from '../custody/assignment.ts'
import type { RouterAnswer, RouterRequest } from '../custody/router.ts'
import { GatewayError } from '../model/errors.ts'
import { type HeldKey, unpackKey } from '../seal/index.ts'
import { type Audit, type Head, type Keys, mayRelease, type Orders } from '../store/index.ts'
import type { CourierConfig } from './config.ts'
import { dispatchKeysOf } from './keyring.ts'
import { next, type Outcome } from './next.ts'
import { byName, type Ports, type Secrets } from './ports.ts'

const MOST_ASSIGNMENTS = 50

/** What custody has: keys, only ever wrapped, and a line to each courier's router. */
export interface CustodyPorts extends Ports {
  readonly store: Orders & Keys & Audit
  readonly secrets: Secrets
  /** Hands a request to a courier's router, in the courier's own account. */
  readonly router: (courier: string, request: RouterRequest) => Promise<RouterAnswer>
}

/** What became of one assignment. `status` is an HTTP status. */
export type AssignmentResult =
  | {
      readonly status: 200
      readonly order: string
      readonly group: string
      readonly epoch: number
      readonly outcome: 'released' | 'ended'
    }
  | {
      readonly status: number
      readonly code: string
      readonly at: string
      readonly retry: 'never' | 'later'
    }

/**
 * Takes a courier's signed assignments: checks each, keeps its epoch, and has the courier's router
 * wrap the key to the hop. A leg `done` ends a group: its keys are deleted.
 *
 * @throws {GatewayError} `WIRE_INVALID` where the body is not `{"assignments":["…",…]}`
 * @see design section 6
 */
export async function assignHops(
  ports: CustodyPorts,
  courier: string,
  body: unknown,
): Promise<{ results: AssignmentResult[] }> {
  const config = byName(ports.config.couriers, courier)
  const results: AssignmentResult[] = []
  for (const jws of readAssignments(body)) {
    results.push(await assignOne(ports, config, courier, jws))
  }
  return { results }
}

function readAssignments(body: unknown): string[] {
  const list =
    typeof body === 'object' && body !== null && 'assignments' in body
      ? body.assignments
      : undefined
  if (!Array.isArray(list) || list.length > MOST_ASSIGNMENTS) {
    throw new GatewayError('WIRE_INVALID', '/assignments')
  }
  return list.map((jws: unknown, i) => {
    if (typeof jws !== 'string') throw new GatewayError('WIRE_INVALID', `/assignments/${i}`)
    return jws
  })
}

async function assignOne(
  ports: CustodyPorts,
  config: CourierConfig,
  courier: string,
  jws: string,
): Promise<AssignmentResult> {
  try {
    const keys = dispatchKeysOf(config)
    const rules = { keys, aud: config.router, courier, now: ports.now() }
    return await carryOut(ports, verifyAssignment(jws, rules), jws)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const { code, at, retry } = error
    ports.count(`assignment-${problemName(code)}`)
    return { status: statusOf[code], code: problemName(code), at, retry }
  }
}

async function carryOut(
  ports: CustodyPorts,
  verified: VerifiedAssignment,
  jws: string,
): Promise<AssignmentResult> {
  const { order, group, epoch, hop, day, leg, courier, rev } = verified.assignment
  const head = (await ports.store.getHeads([order])).get(order)
  if (head === undefined || head.courier !== courier) throw new GatewayError('NOT_FOUND')
  if (leg === 'done') return endGroup(ports, verified, head, jws)
  const held = await heldKeyOf(ports, head, verified)
  if (!mayRelease(head, ports.now().getTime())) throw new GatewayError('STATE_CONFLICT', '/order')
  // A group that a change left alone keeps the seal, and so the revision, that it had.
  if (rev !== held.rev) throw new GatewayError('ASSIGNMENT_INVALID', '/rev')
  const wanted = {
    life: head.life,
    expiresAt: head.expiresAt,
    epoch,
    assignment: verified.hash,
    hop,
    day,
    statement: jws,
  }
  const kept = await ports.store.putCustody(order, group, wanted)
  if (kept.capsule === undefined) {
    const audit = await record(ports, verified, 'assigned')
    const answer = await ports.router(courier, { assignment: jws, held, audit })
    if (!('capsule' in answer)) throw await refusal(ports, verified, answer)
    await ports.store.putCapsule(order, group, epoch, JSON.stringify(answer.capsule))
  }
  if (!head.assigned?.includes(group)) {
    const now = ports.now().getTime()
    await ports.store.changeOrder<Outcome>({
      order,
      decide: latest => next(latest, { kind: 'assigned', courier, group }, now),
    })
  }
  return { status: 200, order, group, epoch, outcome: 'released' }
}

async function endGroup(
  ports: CustodyPorts,
  verified: VerifiedAssignment,
  head: Head,
  jws: string,
): Promise<AssignmentResult> {
  const { order, group, epoch, hop, day, courier } = verified.assignment
  await ports.store.putCustody(order, group, {
    life: head.life,
    expiresAt: head.expiresAt,
    epoch,
    assignment: verified.hash,
    hop,
    day,
    statement: jws,
  })
  const audit = await record(ports, verified, 'deleted', 'done')
  const answer = await ports.router(courier, { assignment: jws, audit })
  if (!('ended' in answer)) throw await refusal(ports, verified, answer)
  await ports.store.deleteKeys(order, head.life, group)
  ports.count('keys-deleted')
  const now = ports.now().getTime()
  const gone = { kind: 'shredded', life: head.life, groups: [group] } as const
  await ports.store.changeOrder<Outcome>({ order, decide: latest => next(latest, gone, now) })
  return { status: 200, order, group, epoch, outcome: 'ended' }
}

/** The wrapped key and its proof, put together again for the router. */
async function heldKeyOf(
  ports: CustodyPorts,
  head: Head,
  { assignment: { group, order } }: VerifiedAssignment,
): Promise<HeldKey> {
  if (!head.sealed.includes(group)) throw new GatewayError('NOTHING_SEALED', '/group')
  const keys = await ports.store.getKey(order)
  const part = keys?.life === head.life ? keys[group] : undefined
  if (keys === undefined || part === undefined) throw new GatewayError('RELEASE_REFUSED')
  const certificate = part.certificate ?? keys.certificate
  return unpackKey({ ...part, ...(certificate === undefined ? {} : { certificate }) })
}

async function record(
  ports: CustodyPorts,
  { assignment, kid }: VerifiedAssignment,
  what: 'assigned' | 'deleted' | 'refused',
  because?: string,
): Promise<{ seq: number; head: string }> {
  const { order, group, epoch, hop, day } = assignment
  const { length, hash } = await ports.store.appendAudit(order, {
    what,
    at: ports.now().getTime(),
    group,
    epoch,
    hop,
    day,
    actor: kid,
    ...(because === undefined ? {} : { because }),
  })
  return { seq: length, head: hash }
}

/** The router's reason goes into the audit record; the caller learns that it was refused. */
async function refusal(
  ports: CustodyPorts,
  verified: VerifiedAssignment,
  answer: RouterAnswer,
): Promise<GatewayError> {
  const refused = 'refused' in answer ? answer : undefined
  await record(ports, verified, 'refused', problemName(refused?.reason.code ?? 'RELEASE_REFUSED'))
  const later = refused?.retry === 'later'
  return new GatewayError('RELEASE_REFUSED', '', later ? { retry: 'later' } : {})
}
