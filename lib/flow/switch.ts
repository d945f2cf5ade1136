import { GatewayError } from '../model/errors.ts'

/** A partner, as far as it may be switched off. */
interface Switched {
  readonly disabled?: true
}

/**
 * Refuses whoever is switched off: by any call, before its secrets are read, and with the answer that
 * asks to come back, so that a partner's own retries bring everything once it is switched on again.
 * Partners that are not configured pass; others decide on them.
 *
 * @throws {GatewayError} `STORE_AWAY`, which is 503 with `Retry-After`
 */
export function requireOn(partners: Readonly<Record<string, Switched>>, name: string): void {
  if (Object.hasOwn(partners, name) && partners[name]?.disabled) {
    throw new GatewayError('STORE_AWAY', '', { retry: 'later' })
  }
}
