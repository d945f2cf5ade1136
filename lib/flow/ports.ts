import type { PartnerSecrets } from '../access/secrets.ts'
import { GatewayError } from '../model/errors.ts'
import type { Feeds, Orders, Parking } from '../store/index.ts'
import type { GatewayConfig } from './config.ts'

/** What every flow has at hand. */
export interface Ports {
  readonly config: GatewayConfig
  readonly now: () => Date
  /** Counts something for the metrics: a name of ours, never a value of the input. */
  readonly count: (metric: string, by?: number) => void
}

/** Credentials of both sides. */
export interface Secrets {
  readonly platforms: PartnerSecrets
  readonly couriers: PartnerSecrets
}

/** What the exchange between platform and courier has: orders and feeds, no keys. */
export interface ExchangePorts extends Ports {
  readonly store: Orders & Feeds & Parking
  readonly secrets: Secrets
}

/**
 * The part of a list or record that has this name.
 *
 * @throws {GatewayError} `NOT_FOUND`
 */
export function byName<T>(
  all: Readonly<Record<string, T>> | readonly (T & { readonly name: string })[],
  name: string,
): T {
  const found = Array.isArray(all)
    ? all.find(one => one.name === name)
    : Object.hasOwn(all, name)
      ? (all as Readonly<Record<string, T>>)[name]
      : undefined
  if (found === undefined) throw new GatewayError('NOT_FOUND')
  return found
}
