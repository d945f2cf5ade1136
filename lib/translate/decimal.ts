import { GatewayError } from '../model/errors.ts'

/** A number of a partner: JSON numbers, and text where JSON has text or a number a double cannot hold. */
export type Numeric = number | string

/**
 * A decimal as a whole number of its smallest unit: `("1.25", 3)` gives `1250`. Text in, whole
 * number out; nothing is multiplied.
 *
 * @throws {GatewayError} `VALUE_INVALID` for what is no plain decimal, is negative, has more than `places` decimals, or exceeds 2^53 - 1 units
 */
export function unitsOf(value: Numeric, places: number): number {
  const [whole, decimals] = digitsOf(value)
  if (decimals.length > places) throw new GatewayError('VALUE_INVALID')
  return safe(whole + decimals.padEnd(places, '0'))
}

/**
 * The same, where the last unit is rounded up if there is a rest: `(0.0001, 3)` gives `1`.
 *
 * @throws {GatewayError} `VALUE_INVALID` for what is no plain decimal, is negative, or exceeds 2^53 - 1 units
 */
export function unitsAbove(value: Numeric, places: number): number {
  const [whole, decimals] = digitsOf(value)
  const units = safe(whole + decimals.slice(0, places).padEnd(places, '0'))
  return /[1-9]/.test(decimals.slice(places)) ? safe(String(units + 1)) : units
}

/**
 * Whole units as a decimal, without trailing zeros: `(1250, 3)` gives `"1.25"`, `(2000, 3)` gives `"2"`.
 *
 * @throws {GatewayError} `VALUE_INVALID` for anything but a whole number from 0 to 2^53 - 1
 */
export function decimalOf(units: number, places: number): string {
  const fixed = fixedDecimalOf(units, places)
  return places === 0 ? fixed : fixed.replace(/\.?0+$/, '')
}

/**
 * Whole units as a decimal with every place written: `(6000, 6)` gives `"0.006000"`.
 *
 * @throws {GatewayError} `VALUE_INVALID` for anything but a whole number from 0 to 2^53 - 1
 */
export function fixedDecimalOf(units: number, places: number): string {
  if (!Number.isSafeInteger(units) || units < 0) throw new GatewayError('VALUE_INVALID')
  if (places === 0) return String(units)
  const digits = String(units).padStart(places + 1, '0')
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`
}

/**
 * Whole units as a JSON number: `(1250, 3)` gives `1.25`.
 *
 * @throws {GatewayError} `VALUE_INVALID` for anything but a whole number from 0, or one that no double stands for exactly as written
 */
export function numberOf(units: number, places: number): number {
  const number = Number(decimalOf(units, places))
  if (unitsAbove(number, places) !== units) throw new GatewayError('VALUE_INVALID')
  return number
}

/** The digits before and after the point. */
function digitsOf(value: Numeric): [string, string] {
  const parts = /^(\d{1,30})(?:\.(\d{1,30}))?$/.exec(textOf(value))
  if (!parts) throw new GatewayError('VALUE_INVALID')
  return [parts[1] ?? '', parts[2] ?? '']
}

/** A number as JSON could have written it without an exponent: `1e-7` gives `"0.0000001"`. */
function textOf(value: Numeric): string {
  if (typeof value === 'string') return value
  const small = /^(\d)(?:\.(\d+))?e-(\d+)$/.exec(String(value))
  if (!small) return String(value)
  const [, first = '', rest = '', exponent] = small
  return `0.${'0'.repeat(Number(exponent) - 1)}${first}${rest}`
}

function safe(digits: string): number {
  const number = Number(digits)
  if (!Number.isSafeInteger(number)) throw new GatewayError('VALUE_INVALID')
  return number
}
