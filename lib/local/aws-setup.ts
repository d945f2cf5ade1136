import { createPublicKey, type JsonWebKey, randomBytes } from 'node:crypto'
import { base32 } from '../model/base32.ts'
import type { AwsState } from './aws-state.ts'
import type { KmsKey } from './kms-crypto.ts'
import { makeKey, type NewKey } from './kms-key.ts'
import { accountOf, loadPolicy } from './policy.ts'

/** A user to put. Policies are documents (objects or JSON text), refused when they hold anything unknown. */
export interface NewUser {
  account: string
  name: string
  policies?: unknown[]
  tags?: Record<string, string>
}

/** A role to put: a user's members, who may assume it, and for how long at most (default 3600). */
export interface NewRole extends NewUser {
  trust: unknown
  maxSessionSeconds?: number
}

/** An OIDC provider to put: `https://host[/path]`, accepted audiences, public keys of its JWKS. */
export interface NewProvider {
  account: string
  issuer: string
  audiences: string[]
  keys: JsonWebKey[]
}

/** What a person does in the console. `put` makes or replaces; each answers an ARN. */
export interface Setup {
  putRole(role: NewRole): string
  putUser(user: NewUser): string
  putProvider(provider: NewProvider): string
  /** Lasting credentials of a role, a user or an account's root, `arn:aws:iam::111122223333:root`; the same each time. */
  credentials(arn: string): { accessKeyId: string; secretAccessKey: string }
  /** Makes a key without asking anybody. */
  createKey(key: NewKey): Promise<string>
  setKeyState(arn: string, state: KmsKey['state']): void
}

/** An id as AWS makes them: the account is in it, where emulators look for it. */
function accessKeyId(account: string): string {
  const random = BigInt(`0x${randomBytes(5).toString('hex')}`) >> 1n
  const number = (1n << 79n) | (BigInt(account) << 39n) | random
  return `AKIA${base32(Buffer.from(number.toString(16), 'hex'), 16).toUpperCase()}`
}

/** The set-up functions over a state; each change is saved before it is answered. */
export function makeSetup(state: AwsState, region: string, save: () => void): Setup {
  const putIdentity = (
    kind: string,
    from: NewUser,
    more: { trust?: unknown; maxSessionSeconds: number },
  ) => {
    const { account, name, policies = [], tags = {} } = from
    for (const policy of policies) loadPolicy('identity', policy)
    const arn = `arn:aws:iam::${account}:${kind}/${name}`
    state.identities[arn] = { policies, tags, ...more }
    save()
    return arn
  }
  return {
    putUser: user => putIdentity('user', user, { maxSessionSeconds: 0 }),
    putRole: ({ trust, maxSessionSeconds = 3600, ...role }) => {
      loadPolicy('trust', trust)
      return putIdentity('role', role, { trust, maxSessionSeconds })
    },
    putProvider: ({ account, issuer, audiences, keys }) => {
      for (const key of keys) createPublicKey({ key, format: 'jwk' })
      const arn = `arn:aws:iam::${account}:oidc-provider/${new URL(issuer).href.replace(/^https:\/\/|\/$/g, '')}`
      state.providers[arn] = { issuer, audiences, keys }
      save()
      return arn
    },
    credentials: arn => {
      const known = Object.entries(state.accessKeys).find(([, key]) => key.arn === arn)
      const [id, { secret }] = known ?? [
        accessKeyId(accountOf(arn)),
        { secret: randomBytes(30).toString('base64') },
      ]
      state.accessKeys[id] = { secret, arn }
      save()
      return { accessKeyId: id, secretAccessKey: secret }
    },
    createKey: async key => {
      const { arn } = await makeKey(state, region, Date.now(), key)
      save()
      return arn
    },
    setKeyState: (arn, to) => {
      const key = state.keys[arn]
      if (key !== undefined) key.state = to
      save()
    },
  }
}
