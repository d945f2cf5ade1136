/** What a header or a statement says: each member once, text or a whole number. */
export type FlatObject = Readonly<Record<string, string | number>>

const MAX_LENGTH = 4096
const OPEN = /[ \t\r\n]*\{/y
const MEMBER =
  /[ \t\r\n]*"([ !#-[\]-~]*)"[ \t\r\n]*:[ \t\r\n]*(?:"([ !#-[\]-~]*)"|(0|[1-9][0-9]{0,14}))[ \t\r\n]*([,}])/y
const END = /[ \t\r\n]*$/y

/**
 * Parses one flat JSON object of printable ASCII texts and whole numbers, such as a JOSE header.
 * `JSON.parse` lets a member come twice and keeps the last; where two readers could differ on what
 * was signed, it must come once. Escapes, nesting, fractions and literals are refused.
 *
 * @returns `undefined` for anything else.
 */
export function parseFlat(text: string): FlatObject | undefined {
  if (text.length > MAX_LENGTH) return undefined
  OPEN.lastIndex = 0
  if (!OPEN.test(text)) return undefined
  const members = new Map<string, string | number>()
  let at = OPEN.lastIndex
  for (;;) {
    MEMBER.lastIndex = at
    const [, name, string, number, delimiter] = MEMBER.exec(text) ?? []
    if (name === undefined || members.has(name)) return undefined
    members.set(name, string ?? Number(number))
    at = MEMBER.lastIndex
    if (delimiter === '}') return endsAt(text, at) ? Object.fromEntries(members) : undefined
  }
}

function endsAt(text: string, at: number): boolean {
  END.lastIndex = at
  return END.test(text)
}
