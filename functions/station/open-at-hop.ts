import {
  type CapsuleContext,
  capsuleContext,
  checkCapsule,
  isSameContext,
} from '../../lib/custody/capsule.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import { checkSealed, type Group, type Personal, type Sealed } from '../../lib/model/validate.ts'
import { fromBase64url } from '../../lib/seal/base64url.ts'
import { openSealed } from '../../lib/seal/open.ts'
import type { SealPins } from '../../lib/seal/pins.ts'
import { verifySeal } from '../../lib/seal/signature.ts'
import { readStay } from './stay.ts'

/** Credentials of a session tagged `hop` and `day`. */
export interface HopCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

/** What a station wants to read, and the two tokens that its identity provider gave it. */
export interface OpenRequest {
  readonly order: string
  readonly group: Group
  readonly rev: number
  /** Audience `lasthop-sts`: goes to STS and nowhere else. */
  readonly keyToken: string
  /** Audience `lasthop-gateway`: goes to the gateway and nowhere else. */
  readonly releaseToken: string
}

/** What a station works with, and what it was told to trust. */
export interface StationPorts {
  readonly courier: string
  /** ARN of the courier's hop key: no other is ever asked to decrypt. */
  readonly hopKeyArn: string
  readonly pins: SealPins
  /** STS AssumeRoleWithWebIdentity with the key token. */
  readonly assume: (keyToken: string, hop: string) => Promise<HopCredentials>
  /** The gateway's answer to the release token: `{ sealed, capsule }`. */
  readonly fetchRelease: (of: {
    readonly hop: string
    readonly order: string
    readonly group: Group
    readonly releaseToken: string
  }) => Promise<unknown>
  /** KMS Decrypt with the session's credentials, under exactly this context. */
  readonly decrypt: (
    credentials: HopCredentials,
    call: {
      readonly ciphertext: Uint8Array
      readonly keyArn: string
      readonly context: CapsuleContext
    },
  ) => Promise<Uint8Array>
}

/**
 * Opens one group of one order at the hop that was assigned: signs in at STS, fetches from the gateway,
 * checks all that it was handed, has KMS unwrap the content key, opens here. Nothing handed over is
 * trusted: the key's ARN is pinned, the context is built here, the seal's signature is verified.
 *
 * @throws {GatewayError} `RELEASE_REFUSED` for every reason alike, `STORE_AWAY` with retry `later` when
 *   something could not be reached. The reason is the error's `cause`, for a log.
 * @see design section 6.4
 */
export async function openAtHop(ports: StationPorts, request: OpenRequest): Promise<Personal> {
  try {
    return await open(ports, request)
  } catch (cause) {
    if (cause instanceof GatewayError && cause.code === 'STORE_AWAY') throw cause
    throw new GatewayError('RELEASE_REFUSED', '', { cause })
  }
}

async function open(ports: StationPorts, request: OpenRequest): Promise<Personal> {
  const { courier, hopKeyArn: keyArn } = ports
  const { order, group, rev, releaseToken } = request
  const { hop, day } = readStay(releaseToken)
  const [credentials, release] = await Promise.all([
    ports.assume(request.keyToken, hop),
    ports.fetchRelease({ hop, order, group, releaseToken }),
  ])
  const context = capsuleContext({ courier, order, group, rev, hop, day })
  const { sealed, ciphertext } = checkRelease(release, context, ports)
  const contentKey = await ports.decrypt(credentials, { ciphertext, keyArn, context })
  try {
    return openSealed(sealed, contentKey, { order, courier, group, rev })
  } finally {
    contentKey.fill(0)
  }
}

function checkRelease(
  release: unknown,
  context: CapsuleContext,
  ports: StationPorts,
): { sealed: Sealed; ciphertext: Uint8Array } {
  const fields: Readonly<Record<string, unknown>> =
    typeof release === 'object' && release !== null ? { ...release } : {}
  const sealed = checkSealed(fields.sealed)
  verifySeal(sealed, ports.pins)
  const capsule = checkCapsule(fields.capsule)
  if (capsule.key !== ports.hopKeyArn) throw new GatewayError('RELEASE_REFUSED', '/capsule/key')
  if (!isSameContext(capsule.context, context)) {
    throw new GatewayError('RELEASE_REFUSED', '/capsule/context')
  }
  const fault = { code: 'RELEASE_REFUSED', at: '/capsule/ciphertext' } as const
  return { sealed, ciphertext: fromBase64url(capsule.ciphertext, fault) }
}
