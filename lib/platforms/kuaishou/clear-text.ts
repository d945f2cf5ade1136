import { GatewayError } from '../../model/errors.ts'
import { type PersonalText, reveal } from '../../model/personal-text.ts'

/** What masks are made of: a star, and its full-width form. */
const STAR = /[*＊]/

/**
 * The text as it is, if it can be somebody's: `张*`, `138****1234`, `***` cannot.
 *
 * @throws {GatewayError} `WIRE_INVALID` for nothing but space, `VALUE_INVALID` for a mask,
 * `VALUE_TOO_LONG` above `longest` characters
 */
export function clearText(text: PersonalText, longest: number): PersonalText {
  const value = reveal(text)
  if (value.trim() === '') throw new GatewayError('WIRE_INVALID')
  if (STAR.test(value)) throw new GatewayError('VALUE_INVALID')
  if (value.length > longest && [...value].length > longest)
    throw new GatewayError('VALUE_TOO_LONG')
  return text
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

/** Whether nothing stands there: absent, or nothing but space. */
export function isBlank(text: PersonalText | undefined): boolean {
  return text === undefined || reveal(text).trim() === ''
}
