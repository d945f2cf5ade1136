import { createPrivateKey, randomBytes } from 'node:crypto'
import { signAssignment } from '../custody/assignment.ts'
import { workingDay } from '../custody/day.ts'
import type { CourierIdentity } from '../local/identities.ts'
import type { Assignment, Sealed } from '../model/validate.ts'
import type { OutgoingRequest } from '../platforms/platform.ts'
import { type SealPins, signingKey, type VerifiedSeal, verifySeal } from '../seal/index.ts'
import { httpKeyOf, signedBy } from './http-key.ts'
import { courierNamed, UsageError } from './partners.ts'
import { type Reply, send } from './send.ts'

/** What an assignment needs of the seal that was checked at the pull. */
export type Assigned = Pick<Assignment, 'leg' | 'hop' | 'epoch'> & {
  readonly seal: VerifiedSeal
  /** Working day, default today's: `2026-01-01`. */
  readonly day?: string
}

/** An entry waits three days for its courier: an older seal was dated back. */
const FRESH_SECONDS = 3 * 86_400

/** A courier's own client: pulls, answers, assigns, pushes, each signed as its contract says. */
export interface CourierClient {
  pull(after?: string): Promise<Reply>
  answer(answers: readonly { id: string; document: unknown }[]): Promise<Reply>
  ack(ids: readonly string[]): Promise<Reply>
  /**
   * Verifies a seal while it is fresh; what it gives goes into the assignment.
   *
   * @throws {GatewayError} `SEAL_INVALID`, `SIGNATURE_INVALID`, also for a seal of more than three days
   */
  check(sealed: Sealed): VerifiedSeal
  assign(assigned: readonly Assigned[]): Promise<Reply>
  /** The native pushes of a parcel's whole way from `start` on, signed where the courier signs them itself. */
  pushes(parcel: Parcel): readonly OutgoingRequest[]
  /** Sends a native push as it is; the secret part of the URL, or an HTTP signature, is put in. */
  push(push: OutgoingRequest): Promise<Reply>
}

/** Whose way is pushed. */
export interface Parcel {
  readonly order: string
  readonly waybill: string
  readonly start: Date
}

/** A client for one courier of a gateway. `pins` are the courier's own, got out of band. */
export function courierClient(
  origin: string,
  name: string,
  identity: CourierIdentity,
  trust: { readonly pins: SealPins; readonly router: string },
): CourierClient {
  const key = httpKeyOf(identity.http)
  const dispatch = signingKey(createPrivateKey({ key: identity.dispatch, format: 'jwk' }))
  const base = `/v1/couriers/${name}`
  const call = async (method: string, path: string, document?: unknown): Promise<Reply> => {
    const body = document === undefined ? '' : JSON.stringify(document)
    return send(origin, await signedBy(origin, key, { method, path, headers: {}, body }))
  }
  const { pushes: proof, sandbox } = courierNamed(name)
  return {
    pull: after =>
      call(
        'GET',
        `${base}/waybills${after === undefined ? '' : `?after=${encodeURIComponent(after)}`}`,
      ),
    answer: answers => call('POST', `${base}/answers`, { answers }),
    ack: ids => call('POST', `${base}/waybills/acks`, { ids }),
    check: sealed =>
      verifySeal(sealed, trust.pins, { now: new Date(), maxAgeSeconds: FRESH_SECONDS }),
    assign: assigned =>
      call('POST', `${base}/assignments`, {
        assignments: assigned.map(one =>
          signAssignment(statementOf(one, name, trust.router), dispatch),
        ),
      }),
    pushes: parcel => {
      const { secret } = identity
      // Written by an older version, the file has no such secret.
      if (!secret) throw new UsageError('start the gateway again: this courier has no secret yet')
      return sandbox.pushes({ ...parcel, now: new Date(), secret })
    },
    push: async push => {
      if (proof === 'http-signature') return send(origin, await signedBy(origin, key, push))
      const tokenPart = proof === 'secret-path' ? `/${identity.pushToken}` : ''
      return send(origin, { ...push, path: `${push.path}${tokenPart}` })
    },
  }
}

function statementOf(
  { seal, leg, hop, epoch, day = workingDay(new Date()) }: Assigned,
  courier: string,
  aud: string,
): Assignment {
  const { order, group, rev, digest } = seal
  const iat = Math.floor(Date.now() / 1000)
  const jti = randomBytes(16).toString('base64url')
  return { aud, courier, order, group, rev, leg, hop, day, epoch, seal: digest, iat, jti }
}
