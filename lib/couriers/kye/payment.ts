import { GatewayError } from '../../model/errors.ts'
import type { Order } from '../../model/validate.ts'
import type { AbsentCodec } from '../../translate/table.ts'
import type { CourierSettings } from '../courier.ts'
import { payer, products } from './codes.ts'
import type { OrderInfo } from './generated/types.ts'

type Theirs = readonly [mode: OrderInfo['payMode'] | undefined, account: string | undefined]
type Ours = readonly [
  payer: Order['payer'] | undefined,
  account: string | undefined,
  settlement: Order['settlement'] | undefined,
]

/**
 * `payMode` and `paymentCustomer` ⇄ who pays, and the account that is billed. KYE bills the sender and
 * third parties by account only, so it has no cash order of theirs; a receiver pays at the door.
 *
 * @throws {GatewayError} `PAYER_UNMAPPED` for a cash order that no receiver pays, `ACCOUNT_INVALID`
 *   where an account is missing
 * @see formats/pairs.md section 2
 */
export const payment = {
  name: 'payment',
  to: ([mode, account]: Theirs): [Order['payer'] | undefined, string | undefined, undefined] => [
    mode === undefined ? undefined : payer.to(mode),
    account,
    undefined,
  ],
  from: ([who, account, settlement]: Ours): [OrderInfo['payMode'], string | undefined] => {
    const mode = payer.from(who ?? '')
    if (who === 'receiver') return [mode, undefined]
    if (settlement === 'cash') throw new GatewayError('PAYER_UNMAPPED', '/0')
    if (account === undefined) throw new GatewayError('ACCOUNT_INVALID', '/1')
    return [mode, account]
  },
}

/** A product is never guessed: it stands in the order, is one that KYE has, and in the list agreed with it if there is one. */
export const product: AbsentCodec<OrderInfo['serviceMode'], string, CourierSettings> & {
  readonly codes: typeof products.codes
} = {
  name: 'product',
  codes: products.codes,
  absent: true,
  to: mode => (mode === undefined ? undefined : products.to(mode)),
  from: (code = '', { products: agreed = [] }) => {
    if (agreed.length > 0 && !agreed.includes(code)) throw new GatewayError('PRODUCT_UNMAPPED')
    return products.from(code)
  },
}
