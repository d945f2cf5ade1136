import type { CourierSettings } from '../../../lib/couriers/courier.ts'
import { sf } from '../../../lib/couriers/sf/index.ts'
import { prepareOrder } from '../../../lib/flow/prepare.ts'
import type { Order } from '../../../lib/model/validate.ts'
import cipher from '../../../lib/platforms/douyin/fixtures/order-cipher.wire.json' with {
  type: 'json',
}
import clear from '../../../lib/platforms/douyin/fixtures/request-clear.wire.json' with {
  type: 'json',
}
import type { TheirOrder } from '../../../lib/platforms/douyin/generated/types.ts'
import { isTheirOrder } from '../../../lib/platforms/douyin/generated/validators.js'
import { order } from '../../../lib/platforms/douyin/order-mapping.ts'

/** What was agreed with the courier. */
export const settings: CourierSettings = sf.sandbox.settings

/** An order of the platform, and beside it the open order that intake makes of it: its displays and id. */
export interface Sample {
  readonly theirs: TheirOrder
  readonly ours: Order
}

const { order_infos, ...envelope } = clear
const documents: unknown[] = [
  ...order_infos.map(order_info => ({ ...envelope, timestamp: '1767225600', order_info })),
  cipher,
]

/** Clear orders, merged ones and ciphers, each under twenty numbers. */
export const samples: readonly Sample[] = documents.flatMap((document, kind) =>
  Array.from({ length: 20 }, (_, n) => {
    if (!isTheirOrder(document)) throw new Error(`sample ${kind} is no order`)
    const { order_info } = document
    const order_id = String(6900000000000001000n + BigInt(20 * kind + n))
    const theirs = { ...document, order_info: { ...order_info, order_id } }
    return { theirs, ours: open(theirs) }
  }),
)

function open(theirs: TheirOrder): Order {
  const terms = { payer: 'sender', account: '7551234567' } as const
  const agreed = { ...settings, defaultProducts: { douyin: '2' } }
  const at = { platform: 'douyin', terms, courier: { settings: agreed } }
  return prepareOrder(order.toOurs(theirs, { ignoreServices: [] }), at).order
}
