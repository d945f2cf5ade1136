import type { RawRequest } from '../../lib/access/request.ts'
import { readPairs } from '../../lib/access/strict.ts'
import type { CourierSettings } from '../../lib/couriers/courier.ts'
import type { CourierConfig } from '../../lib/flow/config.ts'
import type { GatewayErrorCode } from '../../lib/model/errors.ts'
import type { RefusalReason, Status } from '../../lib/model/generated/types.ts'
import type { OutgoingRequest } from '../../lib/platforms/platform.ts'

/** Every code there is: the compiler says when one is missing. */
const codes: Readonly<Record<GatewayErrorCode, true>> = {
  ...{ UNAUTHENTICATED: true, MALFORMED: true, TOO_LARGE: true, NOT_FOUND: true, THROTTLED: true },
  ...{ STORE_AWAY: true, WIRE_INVALID: true, VALUE_INVALID: true, VALUE_TOO_LONG: true },
  ...{ CODE_UNKNOWN: true, COURIER_UNMAPPED: true, PRODUCT_UNMAPPED: true, PAYER_UNMAPPED: true },
  ...{ SERVICE_UNMAPPED: true, ACCOUNT_INVALID: true, SHOWS_TOO_MUCH: true, DISPLAY_REFUSED: true },
  ...{ ORDER_CHANGED: true, ORDER_LOCKED: true, ENTRY_GONE: true, STATE_CONFLICT: true },
  ...{ SEAL_INVALID: true, SEAL_TAMPERED: true, SIGNATURE_INVALID: true },
  ...{ ASSIGNMENT_INVALID: true, EPOCH_STALE: true, NOTHING_SEALED: true, RELEASE_REFUSED: true },
}
const reasons: Readonly<Record<RefusalReason['code'], true>> = {
  ...{ 'out-of-range': true, 'pickup-out-of-range': true, 'address-unclear': true },
  ...{ 'contact-invalid': true, 'goods-forbidden': true, 'product-unavailable': true },
  ...{ 'account-invalid': true, capacity: true, 'service-unavailable': true },
  ...{ 'too-many-parcels': true, duplicate: true, expired: true, other: true },
}
const statuses: Readonly<Record<Status, true>> = {
  ...{ accepted: true, 'pickup-assigned': true, collected: true, departed: true, arrived: true },
  ...{ 'in-transit': true, 'out-for-delivery': true, 'at-pickup-point': true, delivered: true },
  ...{ problem: true, refused: true, returning: true, returned: true, redirected: true },
  ...{ cancelled: true, lost: true, unknown: true },
}

const keysOf = <K extends string>(all: Readonly<Record<K, true>>) => Object.keys(all) as K[]

export const errorCodes = keysOf(codes)
export const refusalCodes = keysOf(reasons)
export const statusNames = keysOf(statuses)

/** A request as it arrives. */
export function arrived({ method, path, headers, body }: OutgoingRequest): RawRequest {
  const [own = '', search = ''] = path.split('?')
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  return {
    ...{ method, path: own },
    query: new Map(readPairs(search)),
    headers: new Map(named),
    body: new TextEncoder().encode(body),
  }
}

/** A courier as the gateway knows it, as far as an order is prepared for it. */
export const configOf = (settings: CourierSettings): CourierConfig => ({
  ...{ settings, custodyKeys: [], dispatchKeys: [], router: 'router', shards: 1 },
  issuer: { url: 'https://id.example', keys: [] },
})
