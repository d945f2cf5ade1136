import { type Capsule, checkCapsule } from '../custody/capsule.ts'
import { verifyReleaseToken } from '../custody/release-token.ts'
import { GatewayError } from '../model/errors.ts'
import type { Sealed } from '../model/generated/types.ts'
import { isOrderId } from '../seal/envelope.ts'
import { pinKey } from '../seal/keys.ts'
import { type AuditRecord, type Counters, mayRelease } from '../store/index.ts'
import type { CustodyPorts } from './assign.ts'
import { countRelease, hopCounter, isStopped, readHopCounter } from './brake.ts'
import { byName } from './ports.ts'
import type { Group } from './prepare.ts'
import { readStored } from './stored.ts'
import { requireOn } from './switch.ts'

/** What custody has where it releases: it also counts. */
export interface ReleasePorts extends CustodyPorts {
  readonly store: CustodyPorts['store'] & Counters
}

/** Whom a station asks about. */
export interface ReleaseRequest {
  readonly courier: string
  readonly hop: string
  readonly order: string
  readonly group: Group
  /** The bearer token, as it came. */
  readonly token: string
}

/** What a hop needs beside its own credentials to open a seal. */
export interface Release {
  readonly sealed: Sealed
  readonly capsule: Capsule
}

/** An id that no order has, to look up in place of a text that is none: 26 times `a`. */
const NOBODY = `o_${'a'.repeat(26)}`

/**
 * Hands seal and capsule to the hop that the courier assigned. Every reason to refuse answers alike,
 * after the same look-ups and with a record written, so that neither body nor time tells whether an
 * order exists, is another's, is held, is over, or is somewhere else.
 *
 * @throws {GatewayError} `UNAUTHENTICATED` for the token; `NOTHING_SEALED` for a group that has no
 *   seal, to its holder; `RELEASE_REFUSED` for all else
 * @see design section 6.4
 */
export async function releaseToHop(ports: ReleasePorts, request: ReleaseRequest): Promise<Release> {
  const { courier, hop, group, token } = request
  const now = ports.now()
  const config = byName(ports.config.couriers, courier)
  requireOn(ports.config.couriers, courier)
  const issuer = {
    issuer: config.issuer.url,
    keys: config.issuer.keys.map(({ jwk, kid }) => pinKey(jwk, kid)),
  }
  const { day } = verifyReleaseToken(token, issuer, { courier, hop, now })
  const order = isOrderId(request.order) ? request.order : NOBODY
  const counter = await readHopCounter(ports, courier, hop, config)
  const head = (await ports.store.getHeads([order])).get(order)
  const custody = await ports.store.getCustody(order, group)
  const doc = (await ports.store.getDocs([{ order, life: head?.life ?? 1 }])).get(order)
  const isTheirs = head?.courier === courier
  const refuse = (because: string) =>
    refused(ports, isTheirs ? order : hopCounter(courier, hop), { group, hop, day, because })
  const isHolder = head?.life === custody?.life && custody?.hop === hop && custody.day === day
  if (!isTheirs || !isHolder) throw await refuse('not-the-holder')
  if (custody.capsule === undefined) throw await refuse('no-capsule')
  if (!mayRelease(head, now.getTime())) throw await refuse('state-conflict')
  if (isStopped(counter) || !(await countRelease(ports, counter)))
    throw await refuse('release-limit')
  const sealed = doc === undefined ? undefined : readStored(doc).sealed[group]
  if (sealed === undefined) throw new GatewayError('NOTHING_SEALED')
  const { epoch } = custody
  const record = { what: 'released', at: now.getTime(), group, epoch, hop, day } as const
  await ports.store.appendAudit(order, record)
  ports.count('releases')
  return { sealed, capsule: checkCapsule(JSON.parse(custody.capsule)) }
}

/**
 * Refused for whatever reason, which only the record tells: in the order's chain, or, where there is no
 * such order of this courier, in the hop's own.
 */
async function refused(
  ports: ReleasePorts,
  chain: string,
  why: Pick<AuditRecord, 'group' | 'hop' | 'day' | 'because'>,
): Promise<GatewayError> {
  await ports.store.appendAudit(chain, { what: 'refused', at: ports.now().getTime(), ...why })
  ports.count('releases-refused')
  return new GatewayError('RELEASE_REFUSED')
}
