import { GatewayError } from '../model/errors.ts'
import { pinKey, pinRecipient, type Recipient } from '../seal/keys.ts'
import { readSealPins, type SealPins } from '../seal/pins.ts'
import type { CourierConfig, GatewayConfig } from './config.ts'

const recipients = new WeakMap<CourierConfig, Recipient>()
const pins = new WeakMap<CourierConfig, SealPins>()

/**
 * The custody key that the gateway seals to for a courier, checked once against its pinned thumbprint.
 *
 * @throws {GatewayError} `COURIER_UNMAPPED` for a courier without a current key
 */
export function recipientOf(courier: CourierConfig): Recipient {
  const known = recipients.get(courier)
  if (known !== undefined) return known
  const current = courier.custodyKeys.find(key => key.use === 'current' && !key.platform)
  if (current === undefined) throw new GatewayError('COURIER_UNMAPPED', '/courier')
  const recipient = pinRecipient(current.jwk, current.kid)
  recipients.set(courier, recipient)
  return recipient
}

/** What seals for a courier are verified against: its custody keys and who may sign for each. */
export function sealPinsOf(config: GatewayConfig, courier: CourierConfig): SealPins {
  const known = pins.get(courier)
  if (known !== undefined) return known
  const made = readSealPins({
    custodyKeys: courier.custodyKeys,
    gatewayKeys: config.gatewayKeys,
    revoked: config.revokedCertificates,
  })
  pins.set(courier, made)
  return made
}

const dispatch = new WeakMap<CourierConfig, ReturnType<typeof pinKey>[]>()

/** Who may sign a courier's assignments. */
export function dispatchKeysOf(courier: CourierConfig) {
  const known = dispatch.get(courier)
  if (known !== undefined) return known
  const keys = courier.dispatchKeys.map(({ jwk, kid }) => pinKey(jwk, kid))
  dispatch.set(courier, keys)
  return keys
}
