import { type Actor, accountOf, COURIER, type Outcome, type Target } from './cell.ts'

/** A request for a key in plain terms. */
export interface KeyAsk {
  readonly actor: Actor
  readonly on: Target
  /** `Decrypt`, without its service. */
  readonly action: string
  readonly context: readonly (readonly [name: string, value: string])[]
  readonly algorithm?: string | undefined
}

/** A request for a session of the station role in plain terms. */
export interface SessionAsk {
  readonly actor: Actor
  readonly action: string
  readonly audience?: string | undefined
  readonly tags: Readonly<Record<string, string>>
  readonly transitive: readonly string[]
}

const MANAGEMENT = new Set(
  `DescribeKey GetPublicKey GetKeyPolicy PutKeyPolicy ListKeyPolicies ListGrants RevokeGrant
   ListResourceTags TagResource UntagResource CreateAlias UpdateAlias DeleteAlias UpdateKeyDescription
   GetKeyRotationStatus EnableKeyRotation ListKeyRotations RotateKeyOnDemand EnableKey DisableKey
   ScheduleKeyDeletion CancelKeyDeletion`.split(/\s+/),
)
const SEVEN = 'courier day group hop order rev v'

/**
 * What is to come out, told a second time without a policy: written from design section 6, and from
 * nothing in `lib/custody/policies.ts`.
 */
export function keyRule(ask: KeyAsk): Outcome {
  if (isDenied(ask)) return 'denied'
  return isAllowed(ask) ? 'allowed' : 'silent'
}

/** What even a grant or a careless administrator could not give. */
function isDenied({ actor: { kind }, on, action }: KeyAsk): boolean {
  if (kind === 'helper') return true
  if (kind === 'router' && /^(CreateGrant|PutKeyPolicy|Decrypt|ScheduleKeyDeletion)$/.test(action))
    return true
  if (kind === 'router' && action === 'ReEncryptTo' && on !== 'hop') return true
  if (on !== 'custody' && on !== 'hop') return false
  if (action === 'CreateGrant' || action === 'ReplicateKey') return true
  if (on === 'custody')
    return action === 'Decrypt' || (action === 'ReEncryptFrom' && kind !== 'router')
  if (action === 'Decrypt') return kind !== 'station'
  if (action === 'ReEncryptTo') return kind !== 'router'
  return /^(Encrypt|ReEncryptFrom|GenerateDataKey.*)$/.test(action)
}

function isAllowed(ask: KeyAsk): boolean {
  const { actor, on, action, algorithm } = ask
  const powerful = actor.policies.some(name => name === 'kms' || name === 'everything')
  if (on === 'plain') return powerful && accountOf(actor.arn) === COURIER.account
  if (on === 'foreign') return powerful
  if (actor.kind === 'admin') return MANAGEMENT.has(action)
  if (on === 'custody')
    return (
      actor.kind === 'router' && action === 'ReEncryptFrom' && algorithm === 'RSAES_OAEP_SHA_256'
    )
  if (action === 'ReEncryptTo') return actor.kind === 'router' && isCapsule(ask)
  return action === 'Decrypt' && actor.kind === 'station' && isForTheHop(ask)
}

/** Exactly the seven names, as they are spelt, for this courier and version, a hop and a day; the other values are the router's care. */
function isCapsule({ context }: KeyAsk): boolean {
  const names = context.map(([name]) => name).sort()
  const { courier, v, hop, day } = Object.fromEntries(context)
  const isFor = courier === COURIER.courier && v === '1' && hop !== '' && day !== ''
  return names.join(' ') === SEVEN && isFor
}

/** Hop and day of the session are those of the context, and not empty. Conditions tell no `Hop` from `hop`; decryption does. */
function isForTheHop({ actor: { tags = {} }, context }: KeyAsk): boolean {
  return ['hop', 'day'].every(wanted => {
    const pair = context.find(([name]) => name.toLowerCase() === wanted)
    return pair !== undefined && pair[1] !== '' && tags[wanted] === pair[1]
  })
}

/** Who gets a session of the station role: the issuer's tokens for STS, tagged with hop and day and no more. */
export function sessionRule({ actor, action, audience, tags, transitive }: SessionAsk): Outcome {
  if (action === 'AssumeRole') return 'denied'
  const isWeb = /^(AssumeRoleWithWebIdentity|TagSession)$/.test(action)
  const isNamed = tags.hop !== '' && tags.day !== ''
  const isTagged = Object.keys(tags).sort().join(' ') === 'day hop' && isNamed
  const isRight = actor.kind === 'provider' && audience === 'lasthop-sts'
  return isWeb && isRight && isTagged && transitive.length === 0 ? 'allowed' : 'silent'
}
