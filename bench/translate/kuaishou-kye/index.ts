import { waybill } from '../../../lib/couriers/kye/waybill.ts'
import { clearOrder } from '../../../lib/platforms/kuaishou/order-mapping.ts'
import { draftByHand, waybillByHand } from './by-hand.ts'
import * as byJsonata from './by-jsonata.ts'
import { type Sample, samples, settings } from './samples.ts'

const TERMS = { ignoreServices: [] }
const bound = { customerCode: settings.native.customerCode, platformFlag: settings.secret }

/** Kuaishou's order to a draft, and the open order to KYE's waybill, as `douyinToSf`. */
export const kuaishouToKye = {
  samples,
  order: 'same',
  tables: ({ theirs, ours }: Sample) => [
    clearOrder.toOurs(theirs, TERMS),
    waybill.toTheirs(ours, settings),
  ],
  hand: ({ theirs, ours }: Sample) => [draftByHand(theirs, TERMS), waybillByHand(ours, settings)],
  jsonata: async ({ theirs, ours }: Sample): Promise<unknown> => [
    await byJsonata.draft.evaluate(theirs),
    await byJsonata.waybill.evaluate(ours, bound),
  ],
} as const
