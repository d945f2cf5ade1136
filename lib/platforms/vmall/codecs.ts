import { GatewayError, type GatewayErrorCode } from '../../model/errors.ts'
import type { AddedService } from '../../model/generated/types.ts'
import { sortedOrders } from '../../model/order-id.ts'
import { type PersonalText, personalText, reveal } from '../../model/personal-text.ts'
import type { CodeList } from '../../translate/codecs.ts'
import type { TheirService } from './generated/types.ts'

/** What the order table's functions get beside values: the service codes that this account drops. */
export interface Terms {
  readonly ignoreServices: readonly string[]
}

/** What a courier's product codes and accounts may be made of, as order.json says. */
const CODE = /^[0-9A-Za-z_.-]{1,32}$/
/** What a second life of a parcel adds; never shown to the platform. */
const LIFE = /~\d+$/
/** Longest remark that personal.json holds, in characters. */
const LONGEST_REMARK = 600
/** The parcel that a request means which names none: so says the contract. */
export const ONLY_PARCEL = '1'

const code = (name: string, fault: GatewayErrorCode) => ({
  name,
  to: (text: string) => {
    if (text === '') return undefined
    if (!CODE.test(text)) throw new GatewayError(fault)
    return text
  },
  from: (text: string) => text,
})

/** A product code, passed through; `""` is none. @throws {GatewayError} `PRODUCT_UNMAPPED` */
export const product = code('product', 'PRODUCT_UNMAPPED')

/** A monthly account; `""` is none. @throws {GatewayError} `ACCOUNT_INVALID` */
export const account = code('account', 'ACCOUNT_INVALID')

/** `packageNo` ⇄ parcel: absent means `1`. */
export const parcel = {
  name: 'parcel',
  absent: true,
  lossy: { theirs: 'what absence stands for is written' },
  to: (text: string | undefined) => text ?? ONLY_PARCEL,
  from: (text: string | undefined) => text,
} as const

/** `packageNo` as answers and events write it ⇄ parcel. */
export const echoedParcel = {
  name: 'echoedParcel',
  lossy: { ours: 'which life of the parcel it is, is never shown' },
  to: (text: string) => text,
  from: (text: string) => text.replace(LIFE, ''),
}

/** `orderCode` and `mergedOrderCodes`, which may repeat it, ⇄ primaryOrder and platformOrders. */
export const orderNumbers = {
  name: 'orderNumbers',
  to: ([own, merged = []]: readonly [string | undefined, readonly string[] | undefined]) => {
    if (own === undefined) return undefined
    return [own, sortedOrders([own, ...merged])] as const
  },
  from: ([own, all = []]: readonly [string | undefined, readonly string[] | undefined]) =>
    [own, all.length > 1 ? [...all] : undefined] as const,
}

type Remarks = readonly [buyer: PersonalText | undefined, shop: PersonalText | undefined]

/**
 * The buyer's and the shop's remark ⇄ one text, joined by LF; blank is none.
 *
 * @throws {GatewayError} `VALUE_TOO_LONG` above 600 characters
 */
export const remark = {
  name: 'remark',
  lossy: { theirs: 'which remark a line comes from, is not kept' },
  to: (both: Remarks) => {
    const texts = both.map(text => (text === undefined ? '' : reveal(text)))
    const joined = texts.filter(text => text.trim() !== '').join('\n')
    if ([...joined].length > LONGEST_REMARK) throw new GatewayError('VALUE_TOO_LONG')
    return joined === '' ? undefined : personalText(joined)
  },
  from: (text: PersonalText): Remarks => {
    const [first = '', ...rest] = reveal(text).split('\n')
    const second = rest.join('\n')
    const twofold = first.trim() !== '' && second.trim() !== ''
    return twofold ? [personalText(first), personalText(second)] : [text, undefined]
  },
}

/**
 * `services` ⇄ services, which are never absent.
 *
 * @throws {GatewayError} `SERVICE_UNMAPPED` for a code that is in no list and not dropped by agreement,
 * `VALUE_INVALID` for one that stands there twice
 * @see formats/pairs.md section 2
 */
export const services = (list: CodeList<string, AddedService['code']>) =>
  ({
    name: 'services',
    absent: true,
    to: (theirs: readonly TheirService[] | undefined, terms: Terms | undefined) => {
      const found = new Map<string, AddedService>()
      theirs?.forEach(({ code, value }, n) => {
        if (terms?.ignoreServices.includes(code)) return
        const ours = inElement(n, () => list.to(code))
        if (found.has(ours)) throw new GatewayError('VALUE_INVALID', `/${n}/code`)
        found.set(ours, { code: ours, ...(value === undefined ? {} : { value }) })
      })
      return [...found.values()]
    },
    from: (ours: readonly AddedService[] | undefined) => {
      if (ours === undefined || ours.length === 0) return undefined
      return ours.map(({ code, value }) => ({
        code: list.from(code),
        ...(value === undefined ? {} : { value }),
      }))
    },
  }) as const

function inElement<T>(n: number, step: () => T): T {
  try {
    return step()
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    throw new GatewayError(error.code, `/${n}/code`, { cause: error })
  }
}
