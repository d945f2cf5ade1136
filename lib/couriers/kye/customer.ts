import { GatewayError } from '../../model/errors.ts'
import type { CourierSettings } from '../courier.ts'

/**
 * The customer's code at the courier, which every body carries.
 *
 * @throws {GatewayError} `WIRE_INVALID` where the operator configured none
 */
export function customerCode({ native }: CourierSettings): string {
  const code = native.customerCode ?? ''
  if (code === '') throw new GatewayError('WIRE_INVALID', '/customerCode')
  return code
}

/**
 * The customer's flag, which every body carries and which is the secret of pushes too; `''` where a
 * document is only checked.
 *
 * @throws {GatewayError} `WIRE_INVALID` where the courier's secrets hold none
 */
export function platformFlag({ secret }: CourierSettings): string {
  if (secret === undefined) throw new GatewayError('WIRE_INVALID', '/platformFlag')
  return secret
}
