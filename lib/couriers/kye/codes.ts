import type { Status } from '../../model/validate.ts'
import { numberCodeList } from '../../translate/codecs.ts'

/** `payMode` ⇄ who pays the freight. */
export const payer = numberCodeList(
  { 10: 'sender', 20: 'receiver', 30: 'third-party' },
  'PAYER_UNMAPPED',
)

/** `serviceMode` ⇄ the product, the same code as text. */
export const products = numberCodeList(
  {
    10: '10',
    20: '20',
    30: '30',
    40: '40',
    50: '50',
    60: '60',
    70: '70',
    80: '80',
    90: '90',
    100: '100',
    110: '110',
    160: '160',
    170: '170',
    210: '210',
    220: '220',
  },
  'PRODUCT_UNMAPPED',
)

/** Codes that are no answer: the token of the call is not valid. */
export const retryable = new Set(['6000', '6001', '6002', '6003'])

/** The node that brings a bill: no tracking. */
export const BILL = '200'

/** Nodes that say what happened whatever their step is. */
export const firmNodes = new Map<string, Status>([
  ['2', 'pickup-assigned'],
  ['80', 'out-for-delivery'],
  ['100', 'delivered'],
  ['203', 'cancelled'],
])

/** Steps that say what happened at any other node. */
export const steps = new Map<string, Status>([
  ['揽件完毕', 'collected'],
  ['运输中', 'in-transit'],
  ['派送中', 'out-for-delivery'],
  ['已签收', 'delivered'],
  ['签收', 'delivered'],
])

/** Nodes that say what happened where the step says nothing. */
export const softNodes = new Map<string, Status>([
  ['-1', 'accepted'],
  ['0', 'accepted'],
  ['1', 'accepted'],
])

/**
 * What a node and its step say together; where both say nothing, `unknown`.
 *
 * @example statusOf('80', '运输中') // 'out-for-delivery'
 * @see formats/kye.md section 7
 */
export function statusOf(node: string, step: string): Status {
  return firmNodes.get(node) ?? steps.get(step) ?? softNodes.get(node) ?? 'unknown'
}
