import { GatewayError } from '../model/errors.ts'

const HOURS_AHEAD_MS = 8 * 3_600_000
const BARE = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d)(?::(\d\d))?$/
const STAMP =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/

/**
 * A bare time of Shanghai with its offset: `"2026-01-01 08:00:00"` gives `"2026-01-01T08:00:00+08:00"`; seconds may be missing.
 *
 * @throws {GatewayError} `VALUE_INVALID` for another form or a day the calendar does not have
 */
export function stampOf(bare: string): string {
  const parts = BARE.exec(bare)
  if (!parts || !exists(parts)) throw new GatewayError('VALUE_INVALID')
  return `${bare.slice(0, 10)}T${bare.slice(11, 16)}:${parts[6] ?? '00'}+08:00`
}

/**
 * A time with an offset as bare time of Shanghai: `"2026-01-01T00:00:00.5Z"` gives `"2026-01-01 08:00:00"`. Fractions are cut.
 *
 * @throws {GatewayError} `VALUE_INVALID` for anything but RFC 3339, or a day the calendar does not have
 */
export function bareOf(stamp: string): string {
  const here = stamp.endsWith('+08:00') && checked(stamp) ? stamp : stampAt(millisecondsOf(stamp))
  return `${here.slice(0, 10)} ${here.slice(11, 19)}`
}

/**
 * Milliseconds since 1970 of a time with an offset. What is finer is cut.
 *
 * @throws {GatewayError} `VALUE_INVALID` for anything but RFC 3339, or a day the calendar does not have
 */
export function millisecondsOf(stamp: string): number {
  const parts = checked(stamp)
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number)
  const fraction = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'))
  const offset = (Number(parts[9] ?? 0) * 60 + Number(parts[10] ?? 0)) * (parts[8] === '-' ? -1 : 1)
  const utc = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, (minute ?? 0) - offset, second)
  return utc + fraction
}

/**
 * The time of Shanghai at so many milliseconds since 1970: `0` gives `"1970-01-01T08:00:00+08:00"`; a fraction is written only if there is one.
 *
 * @throws {GatewayError} `VALUE_INVALID` for no whole number from 0, or a year after 9999
 */
export function stampAt(milliseconds: number): string {
  if (!Number.isSafeInteger(milliseconds) || milliseconds < 0 || milliseconds > LAST)
    throw new GatewayError('VALUE_INVALID')
  const text = new Date(milliseconds + HOURS_AHEAD_MS).toISOString()
  return `${text.slice(0, milliseconds % 1000 === 0 ? 19 : 23)}+08:00`
}

const LAST = Date.UTC(9999, 11, 31)

function checked(stamp: string): RegExpExecArray {
  const parts = STAMP.exec(stamp)
  const offsetExists = Number(parts?.[9] ?? 0) <= 23 && Number(parts?.[10] ?? 0) <= 59
  if (!parts || !offsetExists || !exists(parts)) throw new GatewayError('VALUE_INVALID')
  return parts
}

/** Whether the calendar and the clock have it; years before 1000 and leap seconds are taken for mistakes. */
function exists(parts: RegExpExecArray): boolean {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts.slice(1, 6).map(Number)
  const days = month === 2 ? (leap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
  const date = year >= 1000 && month >= 1 && month <= 12 && day >= 1 && day <= days
  return date && hour <= 23 && minute <= 59 && Number(parts[6] ?? 0) <= 59
}

const leap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
