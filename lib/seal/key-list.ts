import type { JsonWebKey } from 'node:crypto'
import { GatewayError } from '../model/errors.ts'
import { signJws, verifyJws } from './jws.ts'
import { type PinnedKey, pinRecipient, type Recipient, type SigningKey } from './keys.ts'

/**
 * A courier's custody keys, current and next, as it publishes them: a JWS by its root key.
 *
 * @see design section 5
 */
export function signKeyList(
  courier: string,
  recipients: readonly Recipient[],
  rootKey: SigningKey,
): string {
  const keys = recipients.map(({ kid, key }) => ({ ...key.export({ format: 'jwk' }), kid }))
  return signJws('lasthop-keys', JSON.stringify({ courier, keys }), rootKey)
}

/**
 * The custody keys that a courier publishes, for a platform that seals: only what the courier's root
 * key, pinned out of band, has signed. Wherever the list came from does not matter.
 *
 * @throws {GatewayError} `SIGNATURE_INVALID` for a list that the root did not sign for this courier,
 *   `VALUE_INVALID` for a key in it that is not RSA 3072 under its own thumbprint.
 */
export function readKeyList(
  jws: unknown,
  expected: { courier: string; rootKeys: readonly PinnedKey[] },
): Recipient[] {
  const { payload } = verifyJws(jws, { typ: ['lasthop-keys'], keys: expected.rootKeys })
  const list: unknown = JSON.parse(payload.toString('utf8'))
  if (!isKeyList(list)) throw new GatewayError('VALUE_INVALID')
  if (list.courier !== expected.courier) throw new GatewayError('SIGNATURE_INVALID', '/courier')
  return list.keys.map(jwk => pinRecipient(jwk, jwk.kid))
}

function isKeyList(
  list: unknown,
): list is { courier: string; keys: readonly (JsonWebKey & { kid: string })[] } {
  if (typeof list !== 'object' || list === null || !('keys' in list)) return false
  return Array.isArray(list.keys) && list.keys.every(key => typeof key?.kid === 'string')
}
