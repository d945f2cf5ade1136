import { GatewayError } from '../../model/errors.ts'
import type { VirtualNumber } from '../../model/generated/types.ts'
import { type PersonalText, personalText, reveal } from '../../model/personal-text.ts'
import { clearText, inPlace, isBlank } from './clear-text.ts'

/** Longest name and phone that personal.json holds, in characters. */
const LONGEST_NAME = 200
const LONGEST_PHONE = 64

/** A mobile number with an extension. Any other number with one, such as a landline's, is somebody's own. */
const VIRTUAL = /^(1\d{10})-(\d{2,6})$/

/** Whether a mobile number is clear whatever the order is: eleven digits. */
export const isMobile = (mobile: PersonalText | undefined): boolean =>
  mobile !== undefined && /^\d{11}$/.test(reveal(mobile))

/** A clear name. @throws {GatewayError} as `clearText` */
export const clearName = {
  name: 'clearName',
  to: (name: PersonalText) => clearText(name, LONGEST_NAME),
  from: (name: PersonalText) => name,
}

/** `mobile` and `telephone`. */
type Phones = readonly [mobile: PersonalText | undefined, landline: PersonalText | undefined]

/**
 * Clear `mobile` and `telephone` ⇄ phone and telephone, at least one of them; `""` is none.
 *
 * @throws {GatewayError} `VALUE_INVALID` for neither; as `clearText`
 */
export const clearPhones = {
  name: 'clearPhones',
  absent: true,
  to: ([mobile, landline]: Phones = [undefined, undefined]): Phones => {
    if (isBlank(mobile) && isBlank(landline)) throw new GatewayError('VALUE_INVALID')
    return [clearPhone(0, mobile), clearPhone(1, landline)]
  },
  from: (phones: Phones | undefined) => phones,
} as const

/**
 * The virtual number in a clear `mobile`: `18400000000-1234` is a number and its extension. The posted
 * text stays the party's phone, too: nobody but the platform knows another one.
 *
 * @see formats/pairs.md section 1
 */
export function virtualNumberOf(mobile: PersonalText | undefined): VirtualNumber | undefined {
  const [, number, extension] = VIRTUAL.exec(mobile === undefined ? '' : reveal(mobile)) ?? []
  return number === undefined || extension === undefined ? undefined : { number, extension }
}

/** A cipher, opaque: carried byte for byte, never looked at. `""` is none. */
export const cipher = {
  name: 'cipher',
  to: (text: PersonalText) => reveal(text) || undefined,
  from: (value: string) => personalText(value),
}

/**
 * `mobile` ⇄ the cipher of the phone. A landline is always clear, and so is a mobile number of eleven
 * digits: neither can stand beside ciphers.
 *
 * @throws {GatewayError} `VALUE_INVALID` for either, and for no number
 * @see formats/kuaishou.md section 4
 */
export const cipherPhone = {
  name: 'cipherPhone',
  absent: true,
  to: ([mobile, landline]: Phones = [undefined, undefined]): string => {
    if (!isBlank(landline)) throw new GatewayError('VALUE_INVALID', '/1')
    if (mobile === undefined || isBlank(mobile) || isMobile(mobile))
      throw new GatewayError('VALUE_INVALID', '/0')
    return reveal(mobile)
  },
  from: (value: string | undefined) =>
    [value === undefined ? undefined : personalText(value), undefined] as const,
} as const

function clearPhone(place: number, phone: PersonalText | undefined) {
  if (phone === undefined || isBlank(phone)) return undefined
  return inPlace(place, () => clearText(phone, LONGEST_PHONE))
}
