import type { RefusalReason, Status } from '../../model/validate.ts'
import { numberCodeList } from '../../translate/codecs.ts'

/** Our words for why an order is refused. */
export type Reason = RefusalReason['code']

/** `payMethod` ⇄ who pays the freight. */
export const payer = numberCodeList(
  { 1: 'sender', 2: 'receiver', 3: 'third-party' },
  'PAYER_UNMAPPED',
)

/** Error codes of create-order, and why an order is refused; every other one is `other`. */
export const reasons = new Map<string, Reason>([
  ['8052', 'pickup-out-of-range'],
  ['1010', 'address-unclear'],
  ['1014', 'address-unclear'],
  ['1011', 'contact-invalid'],
  ['1012', 'contact-invalid'],
  ['1015', 'contact-invalid'],
  ['1016', 'contact-invalid'],
  ['8196', 'contact-invalid'],
  ['20035', 'goods-forbidden'],
  ['1023', 'goods-forbidden'],
  ['20036', 'product-unavailable'],
  ['8057', 'product-unavailable'],
  ['8179', 'product-unavailable'],
  ['8053', 'product-unavailable'],
  ['8051', 'product-unavailable'],
  ['20011', 'product-unavailable'],
  ['20012', 'product-unavailable'],
  ['6126', 'account-invalid'],
  ['8114', 'account-invalid'],
  ['8119', 'account-invalid'],
  ['20052', 'account-invalid'],
  ['8256', 'account-invalid'],
  ['8177', 'capacity'],
  ['6128', 'service-unavailable'],
  ['6127', 'service-unavailable'],
  ['6138', 'service-unavailable'],
  ['6139', 'service-unavailable'],
  ['8067', 'too-many-parcels'],
  ['8117', 'too-many-parcels'],
  ['8016', 'duplicate'],
  ['8037', 'duplicate'],
])

/** What `filterResult` makes of an answer. */
export type FilterVerdict = 'accepted' | 'pending' | 'refused'

/** `filterResult`: 1 a person looks at it, 2 deliverable, 3 not deliverable, 4 not known yet. */
export const filterVerdicts = new Map<string, FilterVerdict>([
  ['1', 'pending'],
  ['2', 'accepted'],
  ['3', 'refused'],
  ['4', 'pending'],
])

/** The digit in `remark` beside `filterResult` 3, and why an order is refused; every other one is `other`. */
export const filterReasons = new Map<string, Reason>([
  ['1', 'pickup-out-of-range'],
  ['2', 'out-of-range'],
  ['3', 'other'],
  ['4', 'capacity'],
])

/** Inner codes that are no answer: throttled, out of reach, broken inside. */
export const retryable = new Set(['A1005', 'A1009', 'A1099'])

/** Error codes of a cancellation that say the order is cancelled already. */
export const alreadyCancelled = new Set(['8037', '8253'])

/** `opCode` of a route node, and what happened; every other one is `unknown`. */
export const statuses = new Map<string, Status>([
  ['655', 'pickup-assigned'],
  ['54', 'collected'],
  ['50', 'collected'],
  ['30', 'departed'],
  ['36', 'in-transit'],
  ['31', 'arrived'],
  ['44', 'out-for-delivery'],
  ['204', 'out-for-delivery'],
  ['80', 'delivered'],
  ['8000', 'delivered'],
  ['33', 'problem'],
  ['70', 'problem'],
  ['99', 'returning'],
  ['3036', 'in-transit'],
  ['123', 'in-transit'],
  ['130', 'in-transit'],
])
