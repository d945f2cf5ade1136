import { join } from 'node:path'
import { TAGS_CLAIM } from '../../custody/release-token.ts'
import { readDocument } from '../files.ts'
import { UsageError } from '../partners.ts'

/** A courier's keys, as they are pinned, and the account that they lie in. */
export interface Account {
  readonly courier: string
  readonly custodyKey: string
  /** The public half of the custody key. */
  readonly jwk: Readonly<Record<string, unknown>>
  readonly hopKey: string
  readonly region: string
  /** What its roles begin with: `arn:aws:iam::444455556666:role/lasthop-sf-`. */
  readonly roles: string
}

/** An encryption context. */
export type Context = Readonly<Record<string, string>>

/**
 * What `partners/<courier>.json` pins.
 *
 * @throws {UsageError} where no current custody key or no hop key is pinned
 */
export function readAccount(courier: string, partners: string): Account {
  const file = join(partners, `${courier}.json`)
  const { custodyKeys, hopKey } = members(readDocument(file))
  const keys = Array.isArray(custodyKeys) ? custodyKeys.map(members) : []
  const current = keys.find(({ use, platform }) => use === 'current' && platform === undefined)
  const { arn: custodyKey, jwk } = current ?? {}
  if (typeof custodyKey !== 'string' || typeof hopKey !== 'string') {
    throw new UsageError(`${file} pins no current custody key, or no hop key`)
  }
  const [, partition, , region = '', account] = hopKey.split(':')
  const roles = `arn:${partition}:iam::${account}:role/lasthop-${courier}-`
  return { courier, custodyKey, jwk: members(jwk), hopKey, region, roles }
}

/**
 * Hop and day that a key token names.
 *
 * @throws {UsageError} for a text that is no key token
 */
export function stayIn(token: string): { readonly hop: string; readonly day: string } {
  const { principal_tags: tags } = members(claimsIn(token)[TAGS_CLAIM])
  const { hop, day } = members(tags)
  const [first, on] = [Array.isArray(hop) ? hop[0] : hop, Array.isArray(day) ? day[0] : day]
  if (typeof first === 'string' && typeof on === 'string') return { hop: first, day: on }
  throw new UsageError('--key-token wants a key token, tagged hop and day')
}

function claimsIn(token: string): Readonly<Record<string, unknown>> {
  try {
    return members(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()))
  } catch {
    return {}
  }
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
