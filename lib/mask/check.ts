import { GatewayError } from '../model/errors.ts'
import type { Display } from '../model/generated/types.ts'
import { fold } from './fold.ts'
import { findPersonal } from './screen.ts'

export { type Finding, findPersonal } from './screen.ts'

/** No eye sees these: a display that holds one can carry more than it shows. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]|\p{Default_Ignorable_Code_Point}/u

const HAN_NUMERAL = '零〇一二三四五六七八九十百千两幺'

/** Numbers that belong to the street and not to a door: 路88号, 胡同十二号, 17路, 312国道, 2期. */
const OF_THE_STREET = new RegExp(
  `(?<=[路街巷里线桥]|(?<!街)道|胡同)\\s?(?:\\d{1,5}|[${HAN_NUMERAL}]{1,7})[号弄](?!\\s?[楼栋幢座室房铺门库层户柜单])|\\d{1,4}(?:[国省县乡]道|[路街道巷期]|胡同)`,
  'gu',
)

/** A building, unit, floor, room or household that is told apart: 3号楼, B座, 一单元, 底楼, 三组. */
const DOOR = new RegExp(
  `[0-9a-z${HAN_NUMERAL}甲乙丙丁戊底顶阁]\\s?[号#-]?\\s?(?:[楼栋幢座室房铺门库层户柜组队社]|单元)|(?<!\\*)单元`,
  'u',
)

/** Numbers that are left when those of the street are taken out. */
const BARE_NUMBER = new RegExp(
  `\\p{N}(?<!〇)|[${HAN_NUMERAL}]+号|[零〇一二三四五六七八九幺]{3}`,
  'u',
)

/** What people write beside a name in an address. */
const PERSON = /先生|女士|小姐|老师|师傅|收(?![费购藏割获储])|转交|联系人|电话|手机|微信/u

/**
 * Checks a display, whoever made it, by what can be seen of it.
 *
 * - name: at least one character is a star, at most four are digits;
 * - phone: at least six stars and at most five digits (`138******34`; not `138****1234`);
 * - address: something is hidden; nothing of building, unit, floor, room or household is to be
 *   seen, nor any number but a road's own and the plot's in it, nor a person;
 * - nothing invisible in any of them.
 *
 * @param at pointer of the display, `''` if the display is the whole document
 * @throws {GatewayError} `SHOWS_TOO_MUCH` at `/name`, `/phone` or `/address`
 * @see GB/T 41833-2022; design section 3, "Display"
 */
export function checkDisplay(display: Display, at = ''): void {
  if (nameShowsTooMuch(display.name)) throw new GatewayError('SHOWS_TOO_MUCH', `${at}/name`)
  if (phoneShowsTooMuch(display.phone)) throw new GatewayError('SHOWS_TOO_MUCH', `${at}/phone`)
  if (addressShowsTooMuch(display.address))
    throw new GatewayError('SHOWS_TOO_MUCH', `${at}/address`)
}

/**
 * Checks a free text that stays open, such as the name of goods: no phone, no resident's id.
 *
 * @throws {GatewayError} `SHOWS_TOO_MUCH` at `at`
 */
export function screenText(text: string, at = ''): void {
  if (findPersonal(text).length > 0) throw new GatewayError('SHOWS_TOO_MUCH', at)
}

function nameShowsTooMuch(name: string): boolean {
  if (INVISIBLE.test(name)) return true
  const seen = fold(name)
  return !seen.includes('*') || count(seen, /\p{N}/gu) > 4
}

/** A country code in front is no digit of the number. */
function phoneShowsTooMuch(phone: string): boolean {
  const seen = fold(phone).replace(/^\+?86[\s-]?(?=1)/, '')
  if (!/^[\d*+\-#() ]*$/.test(seen)) return true
  return count(seen, /\*/g) < 6 || count(seen, /\d/g) > 5
}

function addressShowsTooMuch(address: string): boolean {
  if (INVISIBLE.test(address)) return true
  const seen = fold(address)
  if (!seen.includes('*') || DOOR.test(seen) || PERSON.test(seen)) return true
  return BARE_NUMBER.test(seen.replace(OF_THE_STREET, '/'))
}

function count(text: string, what: RegExp): number {
  return text.match(what)?.length ?? 0
}
