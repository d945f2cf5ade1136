/** Han characters with the dot and the brackets that a few official names have. */
const ALLOWED = /^[\p{Unified_Ideograph}〇·（）]{1,20}$/u

const TOWN = /(?:街道|镇|乡|苏木|地区|办事处|开发区|管理区|农场|林场|团)$/

/** An end, or a part, that belongs to a street line: 测试路, 样例小区, 三单元, 样例路二号样例镇. */
const STREET_LINE =
  /(?:[路街巷弄号室栋幢座楼层户院]|大道|胡同|小区|花园|公寓|大厦)$|单元|号[楼院]|[路街巷弄道][零〇一二三四五六七八九十百千]+号/

/** Seven numerals in a row are a phone; 八五一一农场 is not. */
const PHONE = /[零〇一二三四五六七八九幺]{7}/

/**
 * Whether a text may stand as the name of a division in an open document: Han characters only, so
 * no digit of any script, at most 20 of them, and nothing that a street line has.
 *
 * @example isRegionName('思明区') // true; isRegionName('测试路1号') // false
 * @see design section 3, "Regions"
 */
export function isRegionName(text: string): boolean {
  return ALLOWED.test(text) && !STREET_LINE.test(text) && !PHONE.test(text)
}

/**
 * Whether a text is the name of a town: ends in 街道, 镇, 乡, 苏木, 地区, 办事处, 开发区, 管理区, 农场,
 * 林场 or 团, holds no digit, and may stand as a region name at all. Any other text in the town's
 * field is a street line: personal, to be sealed.
 *
 * @example isTownName('莲前街道') // true; isTownName('样例街2号') // false
 * @see formats/pairs.md section 1, "Street line in a region field"
 */
export function isTownName(text: string): boolean {
  const name = text.trim()
  return TOWN.test(name) && isRegionName(name)
}
