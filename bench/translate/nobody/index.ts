import { orderByHand, waybillByHand } from './by-hand.ts'
import type { TheirOrder } from './documents.ts'
import { samples } from './samples.ts'
import { order, waybill } from './tables.ts'

/** The engine alone: cheap codecs, so that what the tables themselves cost shows most. */
export const nobody = {
  samples,
  order: 'any',
  tables: (theirs: TheirOrder) => waybill.toTheirs(order.toOurs(theirs)),
  hand: (theirs: TheirOrder) => waybillByHand(orderByHand(theirs)),
} as const
