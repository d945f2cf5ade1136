import { GatewayError } from '../../model/errors.ts'
import type { Order } from '../../model/validate.ts'
import type { CourierSettings } from '../courier.ts'

/**
 * The order itself, as everybody on the way may see it.
 *
 * @throws {GatewayError} `PRODUCT_UNMAPPED` for a product that was not agreed, where some were
 */
export function writeWaybill(order: Order, { products = [] }: CourierSettings): Order {
  if (products.length > 0 && !products.includes(order.product ?? '')) {
    throw new GatewayError('PRODUCT_UNMAPPED', '/product')
  }
  return order
}
