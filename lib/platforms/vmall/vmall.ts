import type { NamedTable, Platform } from '../platform.ts'
import { acceptedTable, cancelTable, refusedTable } from './answer-mapping.ts'
import { answerChanges, answerOrders, fail, type Mark } from './answers.ts'
import { changeTable } from './change-mapping.ts'
import { codesOf } from './codes.ts'
import { eventOf } from './events.ts'
import { formsOf } from './forms.ts'
import type { Contract } from './generated/types.ts'
import { orderTable } from './order-mapping.ts'
import { readChanges, signedAt } from './read-changes.ts'
import { readOrders, type VmallNative } from './read-orders.ts'
import { sandboxOf } from './sandbox.ts'
import { signerOf } from './signature.ts'
import { trackingTable } from './tracking-mapping.ts'
import { unitsOf } from './units.ts'

/**
 * Huawei Mall as a contract says it speaks.
 *
 * @param contract checked, by `readContract`
 */
export function createVmall(contract: Contract): Platform<VmallNative, undefined> {
  const { sign } = contract
  const mark: Mark = contract.assumed ? { assumed: true } : {}
  const parts = partsOf(contract)
  const { signer, tables } = parts
  const reader = { ...parts, ...tables, sign, maxOrders: contract.request.maxOrders }
  return {
    name: 'vmall',
    title: 'Huawei Mall',
    ...mark,
    calls: 'native',
    authenticate: signer.authenticate,
    readOrders: (request, credential) => readOrders(reader, request, credential),
    signedAt: request => signedAt(request, sign),
    answerOrders: results => answerOrders(tables.accepted, results, mark),
    readChanges: request => readChanges(reader, request),
    answerChanges: results => answerChanges(results, mark),
    fail: error => fail(error, mark),
    ...(sign.signReplies ? { sign: signer.sign } : {}),
    writeVerdict: ({ primaryOrder, parcel, courier }, verdict, entry) => {
      if (verdict.kind === 'accepted') {
        const { acceptance } = verdict
        const data = tables.accepted.toTheirs({ primaryOrder, parcel, acceptance })
        return eventOf('WAYBILL_ACCEPTED', data, entry, mark)
      }
      const { reason } = verdict
      const data = tables.refused.toTheirs({ primaryOrder, parcel, courier, reason })
      return eventOf('WAYBILL_REFUSED', data, entry, mark)
    },
    writeTracking: (order, event, entry) =>
      eventOf('LOGISTICS_TRACE', tables.tracking.toTheirs({ order, event }), entry, mark),
    writeCancelResult: ({ primaryOrder, parcel, courier }, verdict, entry) => {
      const data = tables.cancelled.toTheirs({ primaryOrder, parcel, courier, verdict })
      return eventOf('CANCEL_RESULT', data, entry, mark)
    },
    tables: named(tables),
    sandbox: sandboxOf({ ...parts, ...tables, sign }),
  }
}

type Tables = ReturnType<typeof partsOf>['tables']

function partsOf(contract: Contract) {
  const codes = codesOf(contract.codes)
  const units = unitsOf(contract.units)
  const tables = {
    order: orderTable(units, codes),
    change: changeTable(codes),
    accepted: acceptedTable(codes),
    refused: refusedTable(codes),
    tracking: trackingTable(units, codes),
    cancelled: cancelTable(codes),
  }
  return { forms: formsOf(contract), codes, signer: signerOf(contract.sign), tables }
}

function named({ order, change, accepted, refused, tracking, cancelled }: Tables): NamedTable[] {
  const written = { carries: 'acceptance', way: 'written' } as const
  return [
    {
      ...{ name: 'order', table: order, document: 'TheirOrder', carries: 'order', way: 'read' },
      context: { ignoreServices: ['GIFT_WRAP'] },
    },
    { name: 'change', table: change, document: 'TheirChange', carries: 'change', way: 'read' },
    { name: 'accepted', table: accepted, document: 'WaybillAccepted', ...written },
    { name: 'refused', table: refused, document: 'WaybillRefused', ...written },
    {
      ...{ name: 'trace', table: tracking, document: 'LogisticsTrace' },
      ...{ carries: 'event', way: 'written' },
    },
    {
      ...{ name: 'cancelled', table: cancelled, document: 'CancelResult' },
      ...{ carries: 'change', way: 'written' },
    },
  ]
}
