import { sha256Hex } from '../access/digest.ts'
import { shanghaiTime } from '../translate/codecs.ts'

/** Digits made from a text, the first of them not 0: the numbers of a sandbox, the same for the same seed. */
export function digitsOf(seed: string, count: number): string {
  const digits = BigInt(`0x${sha256Hex(seed)}`)
    .toString()
    .slice(-count)
    .padStart(count, '7')
  return digits.replace(/^0/, '7')
}

/** Bare time of Shanghai so many minutes after `start`: `2026-01-01 08:00:00`. */
export function minutesAfter(start: Date, minutes: number): string {
  const at = new Date(start.getTime() + minutes * 60_000)
  return shanghaiTime.from(at.toISOString().replace(/\.\d+Z$/, 'Z'), undefined) ?? ''
}
