import { createHash } from 'node:crypto'
import type { SecretSource } from '../access/secrets.ts'
import { couriers } from '../couriers/index.ts'
import type { HttpIdentity, Identities } from './identities.ts'

/** What the gateway knows of its partners' credentials in development, as a secrets manager would give it. */
export function secretsOf(identities: Identities): SecretSource {
  return async (side, partner) => {
    const current =
      side === 'platforms' ? platform(identities, partner) : courier(identities, partner)
    return current === undefined ? undefined : Buffer.from(JSON.stringify({ current }))
  }
}

/** In development the sender pays, from the courier's sandbox account. */
function platform({ platforms }: Identities, name: string): object | undefined {
  const identity = platforms[name]
  if (identity === undefined) return undefined
  const terms = couriers.map(
    ({ name: courier, sandbox }) =>
      [courier, { payer: 'sender', account: sandbox.account }] as const,
  )
  const { appKey, secret, http } = identity
  return {
    ...{ appKey, secret },
    signatureKeys: [keyOf(http)],
    settings: { couriers: Object.fromEntries(terms) },
  }
}

function courier({ couriers: all }: Identities, name: string): object | undefined {
  const identity = all[name]
  if (identity === undefined) return undefined
  const { http, secret, pushToken } = identity
  return {
    secret,
    signatureKeys: [keyOf(http)],
    pushTokens: [createHash('sha256').update(pushToken).digest('hex')],
  }
}

function keyOf({ keyid, jwk }: HttpIdentity): object {
  return { keyid, alg: 'ed25519', key: jwk.x }
}
