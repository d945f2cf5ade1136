import { GatewayError } from '../../model/errors.ts'

/**
 * The text, if it is not longer than SF takes, in UTF-16 units. Nothing is cut.
 *
 * @param at which place of a row it comes from, such as `/1` for the second
 * @throws {GatewayError} `VALUE_TOO_LONG`
 */
export function fitting(text: string, limit: number, at = ''): string {
  if (text.length > limit) throw new GatewayError('VALUE_TOO_LONG', at)
  return text
}
