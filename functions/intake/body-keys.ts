import type { PartnerSecrets } from '../../lib/access/secrets.ts'
import type { IntakePorts } from '../../lib/flow/receive.ts'
import { GatewayError } from '../../lib/model/errors.ts'

/** Under this name, beside the platforms, lies the gateway's own secret. No platform may be called so. */
const OWN = 'gateway'

const KEY_BYTES = 32

/**
 * Keys of the hash of a posted body: the secret `platforms/gateway`, whose `current` and `next` each
 * hold `secret`, 32 bytes as base64url. New orders get the current one, repeats are compared with
 * both; after a change the one before stays as `next` until its orders are answered.
 *
 * @throws {GatewayError} `STORE_AWAY` where there is none, or one of another form.
 */
export function bodyKeysFrom(secrets: Pick<PartnerSecrets, 'load'>): IntakePorts['bodyKeys'] {
  return async () => {
    const { current, next } = await secrets.load(OWN).catch(away)
    const key = readKey(current.secret)
    return next === undefined ? [key] : [key, readKey(next.secret)]
  }
}

/** It is the operator's to mend: a caller must not take it for a refusal. */
function away(cause: unknown): never {
  throw new GatewayError('STORE_AWAY', '', { retry: 'later', cause })
}

function readKey(text = ''): Uint8Array {
  const key = Buffer.from(text, 'base64url')
  if (key.length !== KEY_BYTES || key.toString('base64url') !== text) away(undefined)
  return key
}
