import type { GatewayConfig } from '../lib/flow/config.ts'
import { GatewayError } from '../lib/model/errors.ts'

/** Whether a member is what it must be. */
type Check = (value: unknown, at: string) => void

const text: Check = (value, at) => {
  if (typeof value !== 'string' || value === '') throw wrong(at)
}

const whole: Check = (value, at) => {
  if (!Number.isSafeInteger(value) || Number(value) < 1) throw wrong(at)
}

/** Scheme, host and perhaps a path prefix, without a slash at its end. */
const origin: Check = (value, at) => {
  const url = typeof value === 'string' ? URL.parse(value) : null
  const plain = url !== null && /^https?:$/.test(url.protocol) && url.search + url.hash === ''
  if (!plain || String(value).endsWith('/')) throw wrong(at)
}

const oneOf =
  (...words: readonly unknown[]): Check =>
  (value, at) => {
    if (!words.includes(value)) throw wrong(at)
  }

const listOf =
  (item: Check): Check =>
  (value, at) => {
    if (!Array.isArray(value)) throw wrong(at)
    value.forEach((one, i) => {
      item(one, `${at}/${i}`)
    })
  }

const recordOf =
  (item: Check): Check =>
  (value, at) => {
    for (const [name, one] of entriesOf(value, at)) item(one, `${at}/${name}`)
  }

/** An object that has these members; others are for those who know them. */
const having =
  (members: Readonly<Record<string, Check>>): Check =>
  (value, at) => {
    const found = Object.fromEntries(entriesOf(value, at))
    for (const [name, check] of Object.entries(members)) check(found[name], `${at}/${name}`)
  }

/** May be left out. */
const optional =
  (check: Check): Check =>
  (value, at) => {
    if (value !== undefined) check(value, at)
  }

const jwk = having({ kty: text })
const signer = having({ kid: text, jwk })

const custodyKey = having({
  kid: text,
  jwk,
  use: oneOf('current', 'next', 'retired'),
  version: optional(whole),
  retiredAt: optional(text),
  platform: optional(text),
  platformKeys: optional(listOf(jwk)),
})

const releases = having({
  windowSeconds: whole,
  limit: whole,
  hops: optional(recordOf(whole)),
  alarms: listOf(whole),
})

const config = having({
  origin,
  gatewayKeys: listOf(jwk),
  revokedCertificates: listOf(text),
  offerSeconds: whole,
  keepSeconds: whole,
  platforms: recordOf(having({ shards: whole, disabled: optional(oneOf(true)) })),
  couriers: recordOf(
    having({
      settings: having({ displayLevel: oneOf('street', 'region'), native: recordOf(text) }),
      custodyKeys: listOf(custodyKey),
      minVersion: optional(whole),
      dispatchKeys: listOf(signer),
      issuer: having({ url: text, keys: listOf(signer) }),
      releases: optional(releases),
      router: text,
      shards: whole,
      disabled: optional(oneOf(true)),
    }),
  ),
})

/**
 * Checks a configuration as far as a missing or misspelt member goes; keys are pinned where they are
 * used.
 *
 * @throws {GatewayError} `VALUE_INVALID` at the first member that is missing or wrong.
 */
export function checkConfig(value: unknown): GatewayConfig {
  if (!isConfig(value)) throw wrong('')
  return value
}

function isConfig(value: unknown): value is GatewayConfig {
  config(value, '')
  return true
}

function entriesOf(value: unknown, at: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(at)
  return Object.entries(value)
}

function wrong(at: string): GatewayError {
  return new GatewayError('VALUE_INVALID', at)
}
