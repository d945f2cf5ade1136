import type { CourierSettings } from '../../../lib/couriers/courier.ts'
import { kye } from '../../../lib/couriers/kye/index.ts'
import { prepareOrder } from '../../../lib/flow/prepare.ts'
import type { Order } from '../../../lib/model/validate.ts'
import basic from '../../../lib/platforms/kuaishou/fixtures/order-basic.wire.json' with {
  type: 'json',
}
import pieces from '../../../lib/platforms/kuaishou/fixtures/order-pieces.wire.json' with {
  type: 'json',
}
import type { EbillOrder } from '../../../lib/platforms/kuaishou/generated/types.ts'
import { isEbillOrder } from '../../../lib/platforms/kuaishou/generated/validators.js'
import { clearOrder } from '../../../lib/platforms/kuaishou/order-mapping.ts'

/** What was agreed with the courier, its secret left out. */
export const settings: CourierSettings = { ...kye.sandbox.settings, secret: '' }

/** An order of the platform, and beside it the open order that intake makes of it: its displays and id. */
export interface Sample {
  readonly theirs: EbillOrder
  readonly ours: Order
}

const { product, account } = kye.sandbox

/** One box and several, each under thirty numbers. */
export const samples: readonly Sample[] = [basic, pieces].flatMap((fixture, kind) =>
  Array.from({ length: 30 }, (_, n) => {
    const theirs: unknown = {
      ...fixture,
      expressCompanyCode: 'KYE',
      expressProductCode: product,
      settleAccount: account,
      tradeOrderCode: `LINE-${kind}-${1000 + n}`,
    }
    if (!isEbillOrder(theirs)) throw new Error(`sample ${kind} is no order`)
    const draft = clearOrder.toOurs(theirs, { ignoreServices: [] })
    const at = { platform: 'kuaishou', terms: {}, courier: { settings } }
    return { theirs, ours: prepareOrder(draft, at).order }
  }),
)
