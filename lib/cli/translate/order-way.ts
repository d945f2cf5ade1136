import { readText } from '../../access/strict.ts'
import type { Courier, CourierSettings } from '../../couriers/courier.ts'
import { checkTakes } from '../../couriers/takes.ts'
import { prepareOrder } from '../../flow/prepare.ts'
import { GatewayError } from '../../model/errors.ts'
import type { CourierTerms, Platform, PostedOrder } from '../../platforms/platform.ts'
import { requestOf, unsignedCredential } from '../native-request.ts'

/** Who translates to whom, and what they agreed. */
export interface Pair {
  readonly platform: Platform
  readonly courier: Courier
  readonly terms: CourierTerms
  readonly settings: CourierSettings
}

/** One order of a request: its native waybill, or why there is none. */
export type Translated = { readonly waybill: unknown } | { readonly error: GatewayError }

/**
 * The way an order takes at the gateway's intake, without signatures and seals: a native order request
 * in, a native waybill for each order out, with the same refusals.
 *
 * @throws {GatewayError} where the request as a whole cannot be read
 */
export function translateRequest(pair: Pair, bytes: Uint8Array): Translated[] {
  const { platform, courier, terms } = pair
  const { appKey } = platform.sandbox
  const credential = unsignedCredential(appKey, { [courier.name]: terms })
  const request = requestOf(platform, readText(bytes), appKey)
  return platform.readOrders(request, credential).map(posted => translateOrder(pair, posted))
}

function translateOrder(pair: Pair, posted: PostedOrder): Translated {
  if ('error' in posted) return { error: posted.error }
  const { platform, courier, terms, settings } = pair
  try {
    if (posted.draft.courier !== courier.name)
      throw new GatewayError('COURIER_UNMAPPED', '/courier')
    const at = { platform: platform.name, terms, courier: { settings } }
    const { order } = prepareOrder(posted.draft, at)
    checkTakes(order, courier, settings)
    return { waybill: courier.writeWaybill(order, settings) }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return { error }
  }
}
