import { fold } from './fold.ts'

/** What a free text was found to hold: `id` is a number of eighteen digits of a resident. */
export type Finding = 'mobile' | 'landline' | 'abroad' | 'id'

/** Between the groups of a number that somebody wrote to be read. */
const GAP = '[\\s\\-_.·()\\u2010-\\u2015]{1,3}'

/** How people group a mobile number: 138 0000 0000, 1380-000-0000; in one, and digit by digit. */
const GROUPS = [[11], [3, 4, 4], [3, 3, 5], [4, 3, 4], [4, 4, 3]]
  .map(sizes => sizes.map(size => `\\d{${size}}`).join(GAP))
  .join('|')

const MOBILE = new RegExp(
  `(?<!\\d)(?:(?:\\+|00)?86(?:${GAP})?)?(?=1[3-9])(?:${GROUPS})(?!\\d)|(?<![\\d.])1${GAP}[3-9](?:${GAP}\\d){9}(?!\\d)`,
  'u',
)

/**
 * An area code of three or four digits, then seven or eight; not the tail of 2026-0512-20260512,
 * nor a bare 86 in front, which bar codes of Serbia have.
 */
const AREA = '(?:010|02\\d|0[3-9]\\d\\d)'
const LANDLINE = new RegExp(
  `(?<!\\d|\\d[-_.])(?:(?:\\+|00)86(?:${GAP})?|86${GAP})?(?:${AREA}${GAP}\\d{3,4}(?:${GAP})?\\d{4}|${AREA}[1-9]\\d{6,7})(?!\\d)`,
  'gu',
)

/** A plus sign that adds nothing: `8G+256G`, `6+128` are goods. */
const ABROAD = /(?<![\p{L}\p{N}])\+(?!86)\d(?:[ -]?\d){8,13}(?!\d)/u

const ID =
  /(?<!\d)[1-9]\d{5}[\s-]?(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[\s-]?\d{3}[\dx](?![\da-z])/gu

const HAN_DIGITS = '零一二三四五六七八九'

/**
 * The phones and resident ids in a free text, each kind once, in whatever digits and usual groups
 * they are written; nothing for sizes, models, SKUs, and the bar codes EAN-13 and UPC-A. An
 * eighteen-digit number is an id only with a possible birthday and the right check digit.
 *
 * @example findPersonal('茶具 加微信138-0000-0000') // ['mobile']; findPersonal('6901234567892') // []
 * @see design section 3; GB 11643-1999 (check digit)
 */
export function findPersonal(text: string): Finding[] {
  const folded = fold(text).replace(/[零〇一二三四五六七八九幺]{7,}/gu, hanDigits)
  const found: Finding[] = []
  if (MOBILE.test(folded)) found.push('mobile')
  if (folded.match(LANDLINE)?.some(number => !isBarCode(number))) found.push('landline')
  if (ABROAD.test(folded)) found.push('abroad')
  if (folded.match(ID)?.some(hasCheckDigit)) found.push('id')
  return found
}

function hanDigits(run: string): string {
  return Array.from(run.replace(/〇/g, '零').replace(/幺/g, '一'), numeral =>
    String(HAN_DIGITS.indexOf(numeral)),
  ).join('')
}

/** UPC-A: twelve digits, weights 3 and 1, a multiple of ten. One bare landline in ten looks like one. */
function isBarCode(number: string): boolean {
  if (!/^\d{12}$/.test(number)) return false
  const sum = Array.from(number, (digit, i) => Number(digit) * (i % 2 === 0 ? 3 : 1))
  return sum.reduce((a, b) => a + b, 0) % 10 === 0
}

/** ISO 7064 mod 11-2 over all eighteen. */
function hasCheckDigit(found: string): boolean {
  const id = found.replace(/[\s-]/g, '')
  const sum = Array.from(
    id,
    (digit, i) => (digit === 'x' ? 10 : Number(digit)) * (2 ** (17 - i) % 11),
  )
  return sum.reduce((a, b) => a + b, 0) % 11 === 1
}
