import type { Display } from '../model/generated/types.ts'
import { type PersonalText, reveal } from '../model/personal-text.ts'
import { keepStreet } from './address.ts'
import { maskName } from './name.ts'
import { maskPhone } from './phone.ts'

export { maskName } from './name.ts'
export { maskPhone } from './phone.ts'

/** How much of an address is shown: `street` keeps road, number and community, `region` nothing. */
export type DisplayLevel = 'street' | 'region'

/** An address of which nothing is shown. */
export const HIDDEN_ADDRESS = '***'

/** Personal data of one party: text that the compiler guards, or plain. */
type Text = string | PersonalText

const TITLE = /(?:先生|女士|小姐|太太|老师|师傅|老板|经理|医生|同学)$/u

/**
 * The street address that may be shown: what is understood of it from the left (areas, roads, the
 * number of the plot, one community) and stars for all the rest, also where nothing follows. A
 * building, a house in a village, a way in Latin letters is in the rest.
 *
 * @param known texts that must not be shown wherever they stand, such as the party's own name
 * @example maskAddress('测试路1号样例小区2栋301室', 'street') // '测试路1号样例小区***'
 * @see GB/T 41833-2022; design section 3, "Display"
 */
export function maskAddress(
  address: string,
  level: DisplayLevel,
  known: readonly string[] = [],
): string {
  if (level === 'region') return HIDDEN_ADDRESS
  return (
    keepStreet(
      address,
      known.map(lettersOf).filter(word => word !== ''),
    ) + HIDDEN_ADDRESS
  )
}

/**
 * The display of party.json for the personal data of one party. Its address shows neither the
 * party's name, with or without a title, nor its company, wherever people typed them.
 *
 * @example maskPersonal(personal, 'street') // { name: '张*', phone: '138******00', address: '测试路1号***' }
 */
export function maskPersonal(
  personal: { name: Text; phone?: Text; telephone?: Text; address: Text; company?: Text },
  level: DisplayLevel,
): Display {
  const name = textOf(personal.name)
  const known = [name, name.replace(TITLE, ''), textOf(personal.company ?? '')]
  return {
    name: maskName(name),
    phone: maskPhone(textOf(personal.phone ?? personal.telephone ?? '')),
    address: maskAddress(textOf(personal.address), level, known),
  }
}

function textOf(text: Text): string {
  return typeof text === 'string' ? text : reveal(text)
}

function lettersOf(text: string): string {
  return text.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '')
}
