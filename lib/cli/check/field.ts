import { HIDDEN as FIXED } from '../../couriers/shown.ts'
import { checkDisplay } from '../../mask/check.ts'
import { HIDDEN_ADDRESS, maskAddress, maskName, maskPhone } from '../../mask/mask.ts'
import { GatewayError } from '../../model/errors.ts'

/** What of a person a text may show. */
export type Field = 'name' | 'phone' | 'address'

export const fields: readonly Field[] = ['name', 'phone', 'address']

/** Why a place shows too much, and how it could be shown. */
export interface Fault {
  readonly why: string
  /** The masked form, where one is known. */
  readonly masked?: string
}

/** A display of which nothing is shown. */
const NOTHING = { name: '*', phone: '***********', address: HIDDEN_ADDRESS }

/** A number with an extension, as platforms write virtual numbers: no subscriber's mobile has one. */
const VIRTUAL = /^\+?\d{5,15}[-转,]\d{1,8}$/

const fixedTexts = new Set<string>([...Object.values(FIXED), ''])

/** Nothing but areas, which the region tells anyway, with or without the fixed text behind them. */
const AREAS = new RegExp(
  `^(?:\\p{Script=Han}{1,12}?(?:[省市州盟区县旗镇乡]|街道))*(?:${FIXED.address})?$`,
  'u',
)

/**
 * Judges a text that stands in the field of a person, by the rules of `lib/mask/check.ts`; undefined
 * where it may stand there. Fixed texts, virtual numbers with their extension and areas may.
 *
 * @see GB/T 41833-2022
 */
export function faultInField(field: Field, text: string): Fault | undefined {
  const value = text.trim()
  if (fixedTexts.has(value)) return undefined
  if (field === 'phone' && VIRTUAL.test(value)) return undefined
  if (field === 'address' && AREAS.test(value)) return undefined
  return passes(field, value)
    ? undefined
    : { why: whyOf(field, value), masked: maskedOf(field, value) }
}

/** Whether an address shows nothing that tells a door from its neighbour, hidden or not. */
export const showsNoDoor = (text: string): boolean => passes('address', `${text}${HIDDEN_ADDRESS}`)

function passes(field: Field, value: string): boolean {
  try {
    checkDisplay({ ...NOTHING, [field]: value })
    return true
  } catch (error) {
    if (error instanceof GatewayError) return false
    throw error
  }
}

function whyOf(field: Field, value: string): string {
  const hides = /[*＊]/.test(value)
  if (field === 'phone')
    return hides ? 'fewer than six digits of the phone are hidden' : 'the phone is wholly shown'
  if (field === 'name')
    return hides ? 'the name shows digits, or what no eye sees' : 'the name is wholly shown'
  if (!showsNoDoor(value)) return 'the address shows a building, unit, room or person'
  return 'nothing of the address is hidden'
}

function maskedOf(field: Field, value: string): string {
  if (field === 'name') return maskName(value)
  return field === 'phone' ? maskPhone(value) : maskAddress(value, 'street')
}
