import { checkOpen } from '../../lib/flow/prepare.ts'
import { maskPersonal } from '../../lib/mask/mask.ts'
import type { Draft } from '../../lib/model/draft.ts'
import { orderId } from '../../lib/model/order-id.ts'
import type { Order, Personal } from '../../lib/model/validate.ts'
import * as byJsonata from '../translate/douyin-sf/by-jsonata.ts'
import { terms } from './setting.ts'
import { checks, pass } from './usual-checks.ts'

/** An order that is open, and the people in it apart. */
export interface Read {
  readonly order: Order
  readonly personal: { readonly sender: Personal; readonly receiver: Personal }
}

/**
 * One order by JSONata and ajv. Masks, order ids and the search for phones in free text are the
 * subject's own and the same functions on both sides.
 */
export async function readOrder(info: unknown, envelope: object, timestamp: string): Promise<Read> {
  const order_info = pass(checks.info, info)
  const { sender, receiver, ...rest }: Draft = await byJsonata.draft.evaluate({
    ...{ ...envelope, timestamp, order_info },
  })
  const draft: Draft = JSON.parse(JSON.stringify({ sender, receiver, ...rest }))
  const order = pass(checks.order, openOrder(draft)) as Order
  checkOpen(order)
  await byJsonata.waybill.evaluate(order)
  const personal = { sender: personalOf(draft, 'sender'), receiver: personalOf(draft, 'receiver') }
  for (const group of ['sender', 'receiver'] as const) pass(checks.personal, personal[group])
  return { order, personal }
}

function openOrder({ sender, receiver, ...rest }: Draft): unknown {
  const { settings, product, payer } = terms
  const open = ({ region, personal, virtualNumber }: Draft['sender']) => ({
    region,
    ...(personal && { display: maskPersonal(personal, settings.displayLevel) }),
    protection: { kind: 'sealed' },
    ...(virtualNumber && { virtualNumber }),
  })
  return {
    ...{ lasthop: '1.0', order: orderId({ platform: 'douyin', ...rest }), rev: 1 },
    platform: 'douyin',
    ...{ product, payer, ...rest },
    platformOrders: rest.platformOrders.toSorted(),
    ...{ sender: open(sender), receiver: open(receiver) },
  }
}

function personalOf(draft: Draft, group: 'sender' | 'receiver'): Personal {
  const { personal } = draft[group]
  if (personal === undefined) throw new Error('a sample is not clear')
  return personal
}
