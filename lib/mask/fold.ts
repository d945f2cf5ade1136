const DIGIT = /\p{Nd}/u

/**
 * A text as a reader understands it, for the checks: compatibility forms, marks and invisible
 * characters undone, digits of every script as `0` to `9`, letters small.
 *
 * @example fold('１３８\u200b٠٠') // '13800'
 */
export function fold(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/(?![0-9])\p{Nd}/gu, digitOf)
    .toLowerCase()
}

/** The digits of a script stand in rows of ten, so counting back to the first tells the value. */
function digitOf(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  let first = code
  while (DIGIT.test(String.fromCodePoint(first - 1))) first -= 1
  return String((code - first) % 10)
}
