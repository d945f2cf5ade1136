import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  type JsonWebKey,
  randomBytes,
} from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { AwsError } from './aws-error.ts'
import type { KmsKey } from './kms-crypto.ts'
import type { Principal } from './policy.ts'

/** A role (with `trust`) or user: policies as documents, its own tags, a role's longest session. */
export interface Identity {
  policies: unknown[]
  tags: Record<string, string>
  trust?: unknown
  maxSessionSeconds: number
}

/** An OIDC provider: issuer `https://id.example`, accepted audiences, public keys. */
export interface Provider {
  issuer: string
  audiences: string[]
  keys: JsonWebKey[]
}

/** All that local KMS and STS keep, by ARN (access keys by id). Its secrets are in the clear: for development only. */
export interface AwsState {
  version: 1
  /** Seals session tokens, base64. */
  secret: string
  identities: Record<string, Identity>
  providers: Record<string, Provider>
  accessKeys: Record<string, { secret: string; arn: string }>
  keys: Record<string, KmsKey>
  aliases: Record<string, { key: string; created: number }>
}

/** What a session token holds; tags are those of the session only. */
export interface Session {
  id: string
  arn: string
  role: string
  tags: Record<string, string>
  /** Milliseconds. */
  expires: number
}

/** Who signs: the secret to check with, the principal, its policies. */
export interface Caller {
  secret: string
  principal: Principal
  policies: unknown[]
  session?: Session
}

/** Reads the state of an earlier run, or starts empty. */
export function loadState(file: string | undefined): AwsState {
  const empty = { identities: {}, providers: {}, accessKeys: {}, keys: {}, aliases: {} }
  if (file === undefined || !existsSync(file))
    return { version: 1, secret: randomBytes(32).toString('base64'), ...empty }
  const state: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!isState(state)) throw new AwsError('InternalFailure', 'the data file is not of this version')
  return state
}

const isState = (value: unknown): value is AwsState =>
  typeof value === 'object' && value !== null && 'version' in value && value.version === 1

/** Writes the state, mode 0600; a crash leaves the old file or the new one, whole. */
export function saveState(file: string | undefined, state: AwsState): void {
  if (file === undefined) return
  rmSync(`${file}.new`, { force: true })
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
}

/** Seals a session into its token. The secret key follows from the access key id, so nothing is stored. */
export function sealSession(state: AwsState, session: Session): { secret: string; token: string } {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(state.secret, 'base64'), iv)
  const parts = [iv, cipher.update(JSON.stringify(session)), cipher.final(), cipher.getAuthTag()]
  return { secret: secretOf(state, session.id), token: Buffer.concat(parts).toString('base64') }
}

function openSession(state: AwsState, token: string): Session | undefined {
  const bytes = Buffer.from(token, 'base64')
  try {
    const key = Buffer.from(state.secret, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAuthTag(
      bytes.subarray(-16),
    )
    return JSON.parse(
      decipher.update(bytes.subarray(12, -16)).toString() + decipher.final().toString(),
    )
  } catch {
    return undefined
  }
}

const secretOf = (state: AwsState, id: string) =>
  createHmac('sha256', state.secret).update(id).digest('base64').slice(0, 40)

/**
 * Finds the caller of an access key. Tags of the session win over the role's own, whatever their case
 * (documented: IAM guide, "Things to know about session tags").
 *
 * @throws {AwsError} `UnrecognizedClientException` for an unknown key or a token that is not its own,
 *   `ExpiredTokenException` for an old session.
 */
export function findCaller(
  state: AwsState,
  id: string,
  token: string | undefined,
  now: number,
): Caller {
  const lasting =
    token === undefined && Object.hasOwn(state.accessKeys, id) ? state.accessKeys[id] : undefined
  const session = token === undefined ? undefined : openSession(state, token)
  const owner = lasting?.arn ?? (session?.id === id ? session.role : '')
  const identity =
    state.identities[owner] ?? (lasting && { policies: [], tags: {}, trust: undefined })
  if (identity === undefined)
    throw new AwsError(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    )
  if (session !== undefined && session.expires <= now)
    throw new AwsError(
      'ExpiredTokenException',
      'The security token included in the request is expired',
    )
  const tags = { ...lowerKeys(identity.tags), ...lowerKeys(session?.tags ?? {}) }
  const arn = session?.arn ?? (identity.trust === undefined ? owner : sessionArn(owner, 'local'))
  const principal = arn === owner ? { arn, tags } : { arn, tags, role: owner }
  const secret = lasting?.secret ?? secretOf(state, id)
  return { secret, principal, policies: identity.policies, ...(session && { session }) }
}

/** `arn:aws:sts::111122223333:assumed-role/station/s1` of a role's ARN and a session's name. */
export const sessionArn = (role: string, name: string): string =>
  `${role.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${name}`

/** Tag names compare without case. */
export const lowerKeys = (tags: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [key.toLowerCase(), value]))
