import { waybill } from '../../../lib/couriers/sf/waybill.ts'
import { order } from '../../../lib/platforms/douyin/order-mapping.ts'
import { draftByHand, waybillByHand } from './by-hand.ts'
import * as byJsonata from './by-jsonata.ts'
import { type Sample, samples, settings } from './samples.ts'

const TERMS = { ignoreServices: [] }

/**
 * Douyin's order to a draft, and the open order to SF's waybill. What lies between, masks and the id, is
 * no translation and the same for all: the open order is there already.
 */
export const douyinToSf = {
  samples,
  order: 'same',
  tables: ({ theirs, ours }: Sample) => [
    order.toOurs(theirs, TERMS),
    waybill.toTheirs(ours, settings),
  ],
  hand: ({ theirs, ours }: Sample) => [draftByHand(theirs, TERMS), waybillByHand(ours, settings)],
  jsonata: async ({ theirs, ours }: Sample): Promise<unknown> => [
    await byJsonata.draft.evaluate(theirs),
    await byJsonata.waybill.evaluate(ours),
  ],
} as const
