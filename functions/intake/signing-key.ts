import type { GatewayConfig } from '../../lib/flow/config.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import { pinKey } from '../../lib/seal/index.ts'
import { type Environment, required } from '../settings.ts'

/**
 * The gateway's signing key: `SIGNING_KEY_ARN` in KMS, `SIGNING_KEY_ID` its RFC 7638 thumbprint. It
 * must be one of those that the configuration publishes, or no courier's router would take a seal.
 *
 * @throws {GatewayError} `VALUE_INVALID` at what is missing, or at a thumbprint that nobody pinned.
 */
export function signingKeyOf(
  env: Environment,
  { gatewayKeys }: GatewayConfig,
): { readonly arn: string; readonly kid: string } {
  const arn = required(env, 'SIGNING_KEY_ARN')
  const kid = required(env, 'SIGNING_KEY_ID')
  if (!gatewayKeys.some(jwk => pinKey(jwk).kid === kid)) {
    throw new GatewayError('VALUE_INVALID', '/SIGNING_KEY_ID')
  }
  return { arn, kid }
}
