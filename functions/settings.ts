import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { openSecrets } from '../lib/access/secrets.ts'
import { secretsManagerSource } from '../lib/access/secrets-manager.ts'
import type { GatewayConfig } from '../lib/flow/config.ts'
import type { Ports, Secrets } from '../lib/flow/ports.ts'
import { GatewayError } from '../lib/model/errors.ts'
import { createClient, createStore, type Store } from '../lib/store/index.ts'
import { checkConfig } from './check-config.ts'
import { bugTo, countTo } from './metrics.ts'

/** The environment of a function. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What every function of the gateway works with. */
export interface Gateway extends Ports {
  readonly store: Store
  readonly secrets: Secrets
  /** Gets the class name of an error that is none of ours. */
  readonly report: (className: string) => void
}

/**
 * For calls to AWS that are not the store's: three tries, two seconds each, so that one that hangs
 * leaves time for an answer. Connections are kept alive.
 */
export const PATIENCE = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
    throwOnRequestTimeout: true,
  },
} as const

/**
 * Opens what every function works with, at init: configuration, clients, no call to anybody. Secrets
 * are read when a partner calls.
 *
 * Environment: `GATEWAY_CONFIG` (path of the configuration, default `gateway.json`), `ORDERS_TABLE`,
 * `KEYS_TABLE`, `AUDIT_TABLE`, `SECRETS_PREFIX` (`lasthop`: secrets are `lasthop/platforms/<name>`).
 *
 * @param name for metrics: `intake`
 * @throws {GatewayError} `VALUE_INVALID` at the first name or member that is missing or wrong.
 */
export function openGateway(env: Environment, name: string): Gateway {
  const now = () => new Date()
  const source = secretsManagerSource(
    new SecretsManagerClient(PATIENCE),
    required(env, 'SECRETS_PREFIX'),
  )
  const tables = {
    orders: required(env, 'ORDERS_TABLE'),
    keys: required(env, 'KEYS_TABLE'),
    audit: required(env, 'AUDIT_TABLE'),
  }
  return {
    config: loadConfig(env),
    now,
    count: countTo(process.stdout, name, now),
    report: bugTo(process.stdout, name, now),
    store: createStore({ client: createClient({}), tables, clock: Date.now, random: randomBytes }),
    secrets: {
      platforms: openSecrets(source, 'platforms', now),
      couriers: openSecrets(source, 'couriers', now),
    },
  }
}

/**
 * Reads the configuration file: public keys, names and limits, no secret.
 *
 * @throws {GatewayError} `VALUE_INVALID` at the first member that is missing or wrong.
 */
export function loadConfig(env: Environment): GatewayConfig {
  const text = readFileSync(env.GATEWAY_CONFIG ?? 'gateway.json', 'utf8')
  return checkConfig(parseSetting(text, ''))
}

/**
 * JSON out of the environment.
 *
 * @throws {GatewayError} `VALUE_INVALID` at the place, without what the parser says: it quotes the text.
 */
export function parseSetting(text: string, at: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new GatewayError('VALUE_INVALID', at)
  }
}

/**
 * A variable of the environment that must be there.
 *
 * @throws {GatewayError} `VALUE_INVALID` at its name.
 */
export function required(env: Environment, name: string): string {
  const value = env[name]
  if (value === undefined || value === '') throw new GatewayError('VALUE_INVALID', `/${name}`)
  return value
}
