import { GatewayError } from '../../model/errors.ts'
import type { VirtualNumber } from '../../model/generated/types.ts'
import { type PersonalText, reveal } from '../../model/personal-text.ts'
import { clearText, inPlace, joinText, type Split, splitText } from './clear-or-cipher.ts'

/** Longest name and phone that personal.json holds, in characters. */
const LONGEST_NAME = 200
const LONGEST_PHONE = 64

/** A mobile number with an extension. Any other number with one, such as a landline's, is somebody's own. */
const VIRTUAL = /^(1\d{10})-(\d{2,6})$/

/** The sender's name, always clear. @throws {GatewayError} as `clearText` */
export const senderName = {
  name: 'senderName',
  to: (name: PersonalText) => clearText(name, LONGEST_NAME),
  from: (name: PersonalText) => name,
}

/** The receiver's name ⇄ the name, or its cipher. @throws {GatewayError} as `clearText` */
export const receiverName = {
  name: 'receiverName',
  to: (name: PersonalText) => splitText(name, LONGEST_NAME),
  from: joinText,
}

/** `mobile` and `phone`; the landline is always clear. */
type Phones = readonly [mobile: PersonalText | undefined, landline: PersonalText | undefined]

/**
 * The sender's `mobile` and `phone` ⇄ phone and telephone, at least one of them; `""` is none.
 *
 * @throws {GatewayError} `VALUE_INVALID` for neither; as `clearText`
 */
export const senderPhones = {
  name: 'senderPhones',
  absent: true,
  to: (written: Phones | undefined): Phones => {
    const [mobile, landline] = present(written)
    return [clearPhone(0, mobile), clearPhone(1, landline)]
  },
  from: (phones: Phones | undefined) => phones,
} as const

/**
 * The receiver's `mobile` and `phone` ⇄ phone and telephone, or the cipher of the mobile number.
 *
 * @throws {GatewayError} as `senderPhones`
 */
export const receiverPhones = {
  name: 'receiverPhones',
  absent: true,
  to: (written: Phones | undefined) => {
    const [mobile, landline] = present(written)
    const [phone, cipher] = mobile ? inPlace(0, () => splitText(mobile, LONGEST_PHONE)) : []
    return [phone, clearPhone(1, landline), cipher] as const
  },
  from: (phones: readonly [...Phones, cipher: Split[1]] | undefined) =>
    phones && ([joinText([phones[0], phones[2]]), phones[1]] as const),
} as const

/**
 * The virtual number in a `mobile`: `18400000000-1234` is a number and its extension. The posted text
 * stays the party's phone, too: nobody but the platform knows another one.
 *
 * @see formats/douyin.md section 4
 */
export function virtualNumberOf(mobile: PersonalText | undefined): VirtualNumber | undefined {
  const [, number, extension] = VIRTUAL.exec(mobile === undefined ? '' : reveal(mobile)) ?? []
  return number === undefined || extension === undefined ? undefined : { number, extension }
}

function present(written: Phones | undefined): Phones {
  const [mobile, landline] = (written ?? []).map(phone => (isBlank(phone) ? undefined : phone))
  if (mobile === undefined && landline === undefined) throw new GatewayError('VALUE_INVALID')
  return [mobile, landline]
}

function isBlank(text: PersonalText | undefined): boolean {
  return text === undefined || reveal(text).trim() === ''
}

function clearPhone(place: number, phone: PersonalText | undefined) {
  return phone && inPlace(place, () => clearText(phone, LONGEST_PHONE))
}
