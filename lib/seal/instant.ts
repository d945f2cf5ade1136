/**
 * A moment in the one form that is signed: UTC, whole seconds, `2026-01-01T00:00:00Z`. Two of them
 * compare as texts as they do as times.
 */
export function toInstant(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`
}

/** Whether a value is a moment in that form, and a real one. */
export function isInstant(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)) return false
  const at = new Date(value)
  return !Number.isNaN(at.getTime()) && toInstant(at) === value
}

/** The moment as milliseconds since 1970. */
export function millisecondsOf(instant: string): number {
  return new Date(instant).getTime()
}
