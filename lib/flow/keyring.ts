import { GatewayError } from '../model/errors.ts'
import { pinKey, pinRecipient, type Recipient } from '../seal/keys.ts'
import { readSealPins, type SealPins } from '../seal/pins.ts'
import type { CourierConfig, GatewayConfig, PinnedKey } from './config.ts'

const recipients = new WeakMap<PinnedKey, Recipient>()
const pins = new WeakMap<CourierConfig, SealPins>()

/**
 * The custody key that the gateway seals to for a courier, checked once against its pinned thumbprint:
 * the current one, or the next where the current one is retired by then.
 *
 * @param at when the seal is made; without it nothing counts as retired
 * @throws {GatewayError} `COURIER_UNMAPPED` for a courier without such a key
 */
export function recipientOf(courier: CourierConfig, at?: Date): Recipient {
  const own = courier.custodyKeys.filter(key => !key.platform && serves(courier, key, at))
  const key = own.find(({ use }) => use === 'current') ?? own.find(({ use }) => use === 'next')
  if (key === undefined) throw new GatewayError('COURIER_UNMAPPED', '/courier')
  const known = recipients.get(key)
  if (known !== undefined) return known
  const recipient = pinRecipient(key.jwk, key.kid)
  recipients.set(key, recipient)
  return recipient
}

/** Whether a seal made at that moment to this key will be taken. */
function serves(courier: CourierConfig, key: PinnedKey, at: Date | undefined): boolean {
  if ((key.version ?? 1) < (courier.minVersion ?? 1)) return false
  return at === undefined || key.retiredAt === undefined || at.getTime() < Date.parse(key.retiredAt)
}

/** What seals for a courier are verified against: its custody keys and who may sign for each. */
export function sealPinsOf(config: GatewayConfig, courier: CourierConfig): SealPins {
  const known = pins.get(courier)
  if (known !== undefined) return known
  const made = readSealPins({
    custodyKeys: courier.custodyKeys,
    gatewayKeys: config.gatewayKeys,
    revoked: config.revokedCertificates,
    ...(courier.minVersion === undefined ? {} : { minVersion: courier.minVersion }),
  })
  pins.set(courier, made)
  return made
}

const dispatch = new WeakMap<CourierConfig, ReturnType<typeof pinKey>[]>()

/** While keys rotate: the old one and the new. */
const MOST_DISPATCH_KEYS = 2

/**
 * Who may sign a courier's assignments, two at a time.
 *
 * @throws {GatewayError} `VALUE_INVALID` at `/dispatchKeys` for more, or for a key that cannot be pinned
 */
export function dispatchKeysOf(courier: CourierConfig) {
  const known = dispatch.get(courier)
  if (known !== undefined) return known
  if (courier.dispatchKeys.length > MOST_DISPATCH_KEYS) {
    throw new GatewayError('VALUE_INVALID', '/dispatchKeys')
  }
  const keys = courier.dispatchKeys.map(({ jwk, kid }) => pinKey(jwk, kid))
  dispatch.set(courier, keys)
  return keys
}
