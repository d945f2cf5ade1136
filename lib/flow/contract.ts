import { couriers } from '../couriers/index.ts'
import { checkTakes } from '../couriers/takes.ts'
import { GatewayError } from '../model/errors.ts'
import type { Order } from '../model/generated/types.ts'
import type { CourierConfig } from './config.ts'
import { byName, type Ports } from './ports.ts'
import { requireOn } from './switch.ts'

/**
 * What was agreed with an order's courier.
 *
 * @throws {GatewayError} `COURIER_UNMAPPED` for a courier that nobody configured, or that has no folder;
 *   `STORE_AWAY` for one that is switched off
 */
export function contractOf({ config }: Pick<Ports, 'config'>, courier: string): CourierConfig {
  const known = Object.hasOwn(config.couriers, courier) ? config.couriers[courier] : undefined
  if (known === undefined || !couriers.some(({ name }) => name === courier)) {
    throw new GatewayError('COURIER_UNMAPPED', '/courier')
  }
  requireOn(config.couriers, courier)
  return known
}

/**
 * Refuses at the door what the courier could not take: an order that its format cannot hold, or a
 * field in a form that its intake refuses.
 *
 * @throws {GatewayError} with the pointer into the order that does not fit
 */
export function checkForCourier(order: Order, { settings }: Pick<CourierConfig, 'settings'>): void {
  const courier = byName(couriers, order.courier)
  const checked = { ...settings, secret: '' }
  checkTakes(order, courier, checked)
  courier.writeWaybill(order, checked)
}
