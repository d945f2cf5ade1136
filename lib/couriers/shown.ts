import { HIDDEN_ADDRESS } from '../mask/mask.ts'
import { GatewayError } from '../model/errors.ts'
import { isTownName, nativeCityName } from '../model/regions.ts'
import type { VirtualNumber } from '../model/validate.ts'
import type { AbsentCodec } from '../translate/table.ts'
import type { CourierSettings } from './courier.ts'

/** What stands on a waybill where only a cipher, a token or the order number came. */
export const HIDDEN = {
  sender: '寄件人',
  receiver: '收件人',
  phone: '***********',
  address: '详细地址保密',
} as const

/**
 * The text, if it is not longer than the courier takes, in UTF-16 units. Nothing is cut.
 *
 * @param at which place of a row it comes from, such as `/1` for the second
 * @throws {GatewayError} `VALUE_TOO_LONG`
 */
export function fitting(text: string, limit: number, at = ''): string {
  if (text.length > limit) throw new GatewayError('VALUE_TOO_LONG', at)
  return text
}

/** The name field of a waybill ⇄ the display name; the fixed text where there is none. */
export const displayName = (
  group: 'sender' | 'receiver',
  limit = Infinity,
): AbsentCodec<string, string> => ({
  name: 'displayName',
  absent: true,
  to: name => (name === HIDDEN[group] ? undefined : name),
  from: name => (name === undefined ? HIDDEN[group] : fitting(name, limit)),
})

/** A virtual number as it is dialled: `18400000000-1234`. */
export function dialled({ number, extension }: VirtualNumber): string {
  return extension === undefined ? number : `${number}-${extension}`
}

/** The virtual number that a text dials, if it is one: masked text holds stars. */
export function virtualNumberIn(text: string | undefined): VirtualNumber | undefined {
  const [, number, extension] = /^(\d{5,15})(?:-(\d{1,8}))?$/.exec(text ?? '') ?? []
  if (number === undefined) return undefined
  return extension === undefined ? { number } : { number, extension }
}

/** An area code begins with one zero, a mobile number with none, a country code with two. */
export function isLandline(phone: string): boolean {
  return /^0(?!0)/.test(phone)
}

/** The city as couriers write it: municipalities twice, 上海市/上海市. */
export function nativeCity(province: string, city: string | undefined): string | undefined {
  const above = { country: { name: '中国' }, province: { name: province } }
  return nativeCityName(city === undefined ? above : { ...above, city: { name: city } })
}

type Address = readonly [town: string | undefined, address: string | undefined]

/**
 * The address field of a waybill ⇄ town and display address, which stand in it one after the other.
 * At level `region` the town alone is written. Where a town ends is read from the text.
 *
 * @see formats/pairs.md section 3
 */
export const townAndAddress = (limit = Infinity) => ({
  name: 'townAndAddress',
  absent: true as const,
  to: (written: string | undefined) => readAddress(written),
  from: (
    [town, address]: Address = [undefined, undefined],
    { displayLevel }: CourierSettings,
  ): string => {
    if (address === undefined) return fitting((town ?? '') + HIDDEN.address, limit)
    if (displayLevel === 'region') return fitting(town ?? HIDDEN.address, limit)
    return fitting((town ?? '') + address, limit, '/1')
  },
})

/** Splits behind the shortest beginning, of two characters at least, that is a town's name; a town alone had a hidden address. */
function readAddress(written = ''): Address {
  const lengths = Array.from({ length: written.length }, (_, n) => n + 2)
  const end = lengths.find(length => isTownName(written.slice(0, length))) ?? 0
  const town = written.slice(0, end) || undefined
  const address = written.slice(end)
  return [town, address === HIDDEN.address ? undefined : address || (town && HIDDEN_ADDRESS)]
}
