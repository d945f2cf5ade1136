import { GatewayError } from '../../model/errors.ts'
import { type PersonalText, personalText, reveal } from '../../model/personal-text.ts'

/** What masks are made of: a star, and its full-width form. */
const STAR = /[*＊]/

/**
 * Whether a text is a cipher, by its shape alone: it begins with `$` and ends with `$$` (phones), or
 * begins with `#` and ends with `##`; older forms too. Nothing inside is looked at.
 *
 * @example isCipher('##…*…#1##') // true
 * @see formats/douyin.md section 4
 */
export function isCipher(text: PersonalText): boolean {
  const shape = reveal(text)
  return (
    (shape.startsWith('$') && shape.endsWith('$$')) ||
    (shape.startsWith('#') && shape.endsWith('##'))
  )
}

/**
 * The text as it is, if it is clear and can be somebody's: `张*`, `138****1234`, `***` and ciphers
 * cannot.
 *
 * @throws {GatewayError} `WIRE_INVALID` for nothing but space, `VALUE_INVALID` for a mask or cipher,
 * `VALUE_TOO_LONG` above `longest` characters
 */
export function clearText(text: PersonalText, longest: number): PersonalText {
  const value = reveal(text)
  if (value.trim() === '') throw new GatewayError('WIRE_INVALID')
  if (STAR.test(value) || isCipher(text)) throw new GatewayError('VALUE_INVALID')
  if (value.length > longest && [...value].length > longest)
    throw new GatewayError('VALUE_TOO_LONG')
  return text
}

/** One text of a partner in two places of ours: clear, to be sealed, or as cipher. */
export type Split = readonly [clear: PersonalText | undefined, cipher: string | undefined]

/** The text, clear or cipher, → its place. @throws {GatewayError} as `clearText` */
export function splitText(text: PersonalText, longest: number): Split {
  return isCipher(text) ? [undefined, reveal(text)] : [clearText(text, longest), undefined]
}

/** The two places → the text. */
export function joinText([clear, cipher]: Split): PersonalText | undefined {
  return clear ?? (cipher === undefined ? undefined : personalText(cipher))
}

/** A step of a codec of several places: its errors name the place, `/1` is the second. */
export function inPlace<T>(place: number, step: () => T): T {
  try {
    return step()
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    throw new GatewayError(error.code, `/${place}`, { cause: error })
  }
}
