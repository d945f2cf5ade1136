/** Shanghai is at UTC+8 all year; its working day begins at 04:00, which is four hours past midnight UTC+4. */
const OFFSET_MS = (8 - 4) * 3_600_000
const DAY_MS = 86_400_000

/** The working day, 04:00 to 04:00 Asia/Shanghai, that a moment belongs to: `2026-01-01`. */
export function workingDay(at: Date): string {
  return new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 10)
}

/** Whether a day may be assigned now: this working day or the next. */
export function isAssignableDay(day: string, now: Date): boolean {
  return day === workingDay(now) || day === workingDay(new Date(now.getTime() + DAY_MS))
}
