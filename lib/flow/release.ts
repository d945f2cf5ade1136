import { type Capsule, checkCapsule } from '../custody/capsule.ts'
import { verifyReleaseToken } from '../custody/release-token.ts'
import { GatewayError } from '../model/errors.ts'
import type { Sealed } from '../model/generated/types.ts'
import { isOrderId } from '../seal/envelope.ts'
import { pinKey } from '../seal/keys.ts'
import { type Head, mayRelease } from '../store/index.ts'
import type { CustodyPorts } from './assign.ts'
import { byName } from './ports.ts'
import type { Group } from './prepare.ts'
import { readStored } from './stored.ts'

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

/**
 * Hands seal and capsule to the hop that the courier assigned. Every reason to refuse answers alike.
 *
 * @throws {GatewayError} `UNAUTHENTICATED` for the token; `NOTHING_SEALED` for a group that has no
 *   seal; `RELEASE_REFUSED` for all else
 * @see design section 6.4
 */
export async function releaseToHop(ports: CustodyPorts, request: ReleaseRequest): Promise<Release> {
  const { courier, hop, order, group, token } = request
  const now = ports.now()
  const config = byName(ports.config.couriers, courier)
  const issuer = {
    issuer: config.issuer.url,
    keys: config.issuer.keys.map(({ jwk, kid }) => pinKey(jwk, kid)),
  }
  const { day } = verifyReleaseToken(token, issuer, { courier, hop, now })
  if (!isOrderId(order)) throw new GatewayError('RELEASE_REFUSED')
  const head = (await ports.store.getHeads([order])).get(order)
  const custody = await ports.store.getCustody(order, group)
  const isTheirs = head?.courier === courier && head.life === custody?.life
  const isHolder = isTheirs && custody.hop === hop && custody.day === day
  if (!isHolder || custody.capsule === undefined || !mayRelease(head, now.getTime())) {
    throw await refuse(ports, head, request, day)
  }
  const doc = (await ports.store.getDocs([head])).get(order)
  const sealed = doc === undefined ? undefined : readStored(doc).sealed[group]
  if (sealed === undefined) throw new GatewayError('NOTHING_SEALED')
  const { epoch } = custody
  const record = { what: 'released', at: now.getTime(), group, epoch, hop, day } as const
  await ports.store.appendAudit(order, record)
  return { sealed, capsule: checkCapsule(JSON.parse(custody.capsule)) }
}

/** Refused for whatever reason; recorded where there is an order to record it with. */
async function refuse(
  ports: CustodyPorts,
  head: Head | undefined,
  { courier, order, group, hop }: ReleaseRequest,
  day: string,
): Promise<GatewayError> {
  if (head?.courier === courier) {
    const record = { what: 'refused', at: ports.now().getTime(), group, hop, day } as const
    await ports.store.appendAudit(order, record)
  }
  ports.count('releases-refused')
  return new GatewayError('RELEASE_REFUSED')
}
