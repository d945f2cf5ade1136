/** A phone of which nothing is shown: abroad, too short, two in one field, or not understood. */
const HIDDEN = '***********'

const MOBILE = /^(?:\+?86|0086)?(1[3-9]\d)\d{6}(\d\d)\d{0,6}$/

const LANDLINE = /^(?:\+?86|0086)?(010|02\d|0[3-9]\d\d)\d{7,14}$/

/**
 * The phone that may be shown. A mobile keeps three digits in front and two at the end; a landline
 * keeps its area code, which the region tells anyway, and no digit of the subscriber. Extensions are
 * hidden. Of anything else nothing is shown.
 *
 * @example maskPhone('13800000000') // '138******00'; maskPhone('0592-1234567') // '0592-*******'
 * @see GB/T 41833-2022: at least six digits of the phone are hidden
 */
export function maskPhone(phone: string): string {
  const dialled = phone.normalize('NFKC').replace(/[^\d+]/g, '')
  const [, front, end] = MOBILE.exec(dialled) ?? []
  if (front !== undefined && end !== undefined) return `${front}******${end}`
  const [, area] = LANDLINE.exec(dialled) ?? []
  return area === undefined ? HIDDEN : `${area}-*******`
}
