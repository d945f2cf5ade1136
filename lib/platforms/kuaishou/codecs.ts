import type { Draft } from '../../model/draft.ts'
import { GatewayError, type GatewayErrorCode } from '../../model/errors.ts'
import type { AddedService } from '../../model/generated/types.ts'
import { identifier, unixMilliseconds } from '../../translate/codecs.ts'
import type { Numeric } from '../../translate/decimal.ts'

/** What a courier's product codes and accounts may be made of, as order.json says. */
const CODE = /^[0-9A-Za-z_.-]{1,32}$/

/** `timestamp` ⇄ createdAt: milliseconds since 1970, written as text. @throws {GatewayError} `VALUE_INVALID` */
export const requestTime = {
  name: 'requestTime',
  to: (time: Numeric) => unixMilliseconds.to(time, undefined),
  from: (time: string) => String(unixMilliseconds.from(time, undefined)),
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
 * `payMethod` and `settleAccount` ⇄ payer, settlement, account. 1 is the sender's monthly account;
 * absent is as agreed; others are not public.
 *
 * @throws {GatewayError} `PAYER_UNMAPPED` for another method, payer or settlement; `ACCOUNT_INVALID`
 * @see formats/pairs.md section 2
 */
export const payment = {
  name: 'payment',
  to: ([method, account]: Theirs): Ours => {
    const billed = account === undefined ? undefined : codeIn(account, 'ACCOUNT_INVALID', '/1')
    if (method === undefined || method === '') return [undefined, undefined, billed]
    if (String(method) === '1') return ['sender', 'monthly', billed]
    throw new GatewayError('PAYER_UNMAPPED', '/0')
  },
  from: ([payer, settlement, account]: Ours) => {
    if (payer !== undefined && payer !== 'sender') throw new GatewayError('PAYER_UNMAPPED', '/0')
    if (settlement === 'cash') throw new GatewayError('PAYER_UNMAPPED', '/1')
    return [payer && 1, account] as const
  },
}

type Window = readonly [from: Numeric | undefined, until: Numeric | undefined]

/**
 * `reserveTime` and `reserveEndTime` ⇄ pickup; 0 is none.
 *
 * @throws {GatewayError} `VALUE_INVALID` for an end without a start, and for no time
 */
export const pickup = {
  name: 'pickup',
  to: (window: Window) => {
    const [from, until] = window.map(time => (isNone(time) ? undefined : stampOf(time)))
    if (from === undefined && until !== undefined) throw new GatewayError('VALUE_INVALID', '/1')
    return [from, until] as const
  },
  from: (window: readonly [string | undefined, string | undefined]) => {
    const [from, until] = window.map(time => time && unixMilliseconds.from(time, undefined))
    return [from, until] as const
  },
}

/**
 * `isSignBack` ⇄ services, of which the platform has no other.
 *
 * @throws {GatewayError} `SERVICE_UNMAPPED` for another service of ours
 */
export const signBack = {
  name: 'signBack',
  absent: true,
  lossy: { theirs: 'what absence stands for is written' },
  to: (wanted: boolean | undefined): AddedService[] => (wanted ? [{ code: 'sign-back' }] : []),
  from: (services: readonly AddedService[] = []): boolean => {
    const other = services.findIndex(({ code }) => code !== 'sign-back')
    if (other >= 0) throw new GatewayError('SERVICE_UNMAPPED', `/${other}`)
    return services.length > 0
  },
} as const

const isNone = (time: Numeric | undefined) =>
  time === undefined || time === '' || Number(time) === 0

function stampOf(time: Numeric | undefined): string | undefined {
  return time === undefined ? undefined : unixMilliseconds.to(time, undefined)
}

function codeIn(value: Numeric, fault: GatewayErrorCode, at: string): string | undefined {
  const code = identifier.to(value, undefined) ?? ''
  if (code === '') return undefined
  if (!CODE.test(code)) throw new GatewayError(fault, at)
  return code
}
