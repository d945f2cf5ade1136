import type { CustodyAccount } from '../../lib/custody/policies.ts'

/** The courier's account whose policies are proved; the gateway's is another. */
export const COURIER: CustodyAccount = {
  ...{ partition: 'aws', region: 'us-east-1', account: '222233334444', courier: 'swift' },
  roles: { router: 'router', station: 'station', keyAdmin: 'key-admin', deploy: 'deploy' },
  issuer: 'id.swift.example/stations',
}
export const GATEWAY = '111122223333'

/** What is allowed, denied (which beats a grant and any other policy too), or said nothing of. */
export type Outcome = 'allowed' | 'denied' | 'silent'

/** What a request is about: the two keys, the courier's ordinary key, the gateway's, the station role. */
export type Target = 'custody' | 'hop' | 'plain' | 'foreign' | 'trust'

/** Who asks, and which identity policies hang at them. */
export interface Actor {
  readonly name: string
  /** What the rule knows of them; the rest of the matrix knows names only. */
  readonly kind: 'router' | 'station' | 'admin' | 'helper' | 'provider' | 'other'
  /** ARN of a role, session, user or root; `''` for who has none. */
  readonly arn: string
  readonly role?: string
  readonly federated?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly policies: readonly ('router' | 'helper' | 'guard' | 'kms' | 'everything')[]
}

/** Condition keys of a request: `{'kms:EncryptionContext:hop': 'H1'}`. */
export type Facts = Readonly<Record<string, string | readonly string[]>>

/** One request, and what the rule says of it. */
export interface Cell {
  readonly actor: Actor
  readonly on: Target
  /** `kms:Decrypt`, `sts:TagSession`. */
  readonly action: string
  readonly facts: Facts
  /** The request in words: `station H1 kms:Decrypt hop: wrong day`. */
  readonly about: string
  readonly expected: Outcome
}

/** Account of an ARN. */
export const accountOf = (arn: string): string => arn.split(':')[4] ?? ''

const key = (account: string, digit: string) =>
  `arn:aws:kms:us-east-1:${account}:key/${digit.repeat(8)}-1111-4111-8111-111111111111`

/** ARNs of the targets. */
export const ARNS: Readonly<Record<Target, string>> = {
  custody: key(COURIER.account, '1'),
  hop: key(COURIER.account, '2'),
  plain: key(COURIER.account, '3'),
  foreign: key(GATEWAY, '4'),
  trust: `arn:aws:iam::${COURIER.account}:role/station`,
}
