import type { Draft } from '../../model/draft.ts'
import { GatewayError, type GatewayErrorCode } from '../../model/errors.ts'
import { identifier, shanghaiTime, unixSeconds } from '../../translate/codecs.ts'
import type { Numeric } from '../../translate/decimal.ts'
import { textOf } from './identity.ts'

/** What a courier's product codes and accounts may be made of, as order.json says. */
const CODE = /^[0-9A-Za-z_.-]{1,32}$/

/**
 * `timestamp` ⇄ createdAt: unix seconds, or `2026-01-01 08:00:00` of UTC+8; seconds are written.
 *
 * @throws {GatewayError} `VALUE_INVALID`
 */
export const requestTime = {
  name: 'requestTime',
  to: (text: string) => (/^\d+$/.test(text) ? unixSeconds : shanghaiTime).to(text, undefined),
  from: (time: string) => textOf(unixSeconds.from(time, undefined)),
}

/** A product code, passed through; `""` is none. @throws {GatewayError} `PRODUCT_UNMAPPED` */
export const product = {
  name: 'product',
  to: (code: Numeric) => codeIn(code, 'PRODUCT_UNMAPPED', ''),
  from: (code: string) => code,
}

type Theirs = readonly [method: Numeric | undefined, account: Numeric | undefined]
type Ours = readonly [
  payer: Draft['payer'],
  settlement: Draft['settlement'],
  account: string | undefined,
]

/**
 * `pay_method` and `monthly_account` ⇄ payer, settlement, account. 1 is the monthly account; 2 is cash,
 * which no account is ever charged for; absent is as agreed. The receiver never pays here.
 *
 * @throws {GatewayError} `PAYER_UNMAPPED` for another method, `ACCOUNT_INVALID`
 * @see formats/pairs.md section 2
 */
export const payment = {
  name: 'payment',
  to: ([method, account]: Theirs): Ours => {
    const billed = account === undefined ? undefined : codeIn(account, 'ACCOUNT_INVALID', '/1')
    if (method === undefined) return [undefined, undefined, billed]
    if (String(method) === '1') return ['sender', 'monthly', billed]
    if (String(method) === '2') return ['sender', 'cash', undefined]
    throw new GatewayError('PAYER_UNMAPPED', '/0')
  },
  from: ([payer, settlement, account]: Ours) => {
    if (payer !== undefined && payer !== 'sender') throw new GatewayError('PAYER_UNMAPPED', '/0')
    return [settlement && (settlement === 'monthly' ? 1 : 2), account] as const
  },
}

/** `sender_fetch_time` ⇄ start of the pickup. Its form is not public: what is no bare time is not carried. */
export const pickupStart = {
  name: 'pickupStart',
  to: (text: string) =>
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? shanghaiTime.to(text, undefined) : undefined,
  from: (time: string) => shanghaiTime.from(time, undefined),
}

function codeIn(value: Numeric, fault: GatewayErrorCode, at: string): string | undefined {
  const code = identifier.to(value, undefined) ?? ''
  if (code === '') return undefined
  if (!CODE.test(code)) throw new GatewayError(fault, at)
  return code
}
