import { leavesOf, put } from './document.ts'

/** Invented text and numbers that stand for personal data: no display shows any of it. */
const TEXT = '标记七十七室'
const MOBILE = '13976543210'
const LANDLINE = '0592-8765432'

/** What must turn up nowhere: the middle of the numbers is looked for alone, too. */
const MARKS = [TEXT, MOBILE, '76543210', '8765432']

/** Which marks a text holds, also escaped or encoded. */
export function marksIn(text: string): string[] {
  return MARKS.filter(mark =>
    [mark, encodeURIComponent(mark), escaped(mark)].some(form => text.includes(form)),
  )
}

const escaped = (mark: string): string =>
  Array.from(mark, one => (one > '~' ? `\\u${one.charCodeAt(0).toString(16)}` : one)).join('')

/** The marked fake in the place of a value: a number for a number, else the text with a mark behind it. Nothing for ciphers, tokens and virtual numbers. */
export function fakeOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || isOpaque(value) || /^1\d{10}-\d+$/.test(value)) return undefined
  if (/^1\d{10}$/.test(value)) return MOBILE
  if (/^0\d{2,3}-?\d{7,8}$/.test(value)) return LANDLINE
  return value + TEXT
}

/** Ciphers and tokens, which are carried as they are. */
const isOpaque = (value: string): boolean => /^[#$]|^[\w+/=*~.-]{24,}$/.test(value)

/** The document with marked fakes at these pointers. */
export function marked(document: unknown, pointers: readonly string[]): unknown {
  const leaves = leavesOf(document)
  return pointers.reduce((here, pointer) => {
    const fake = fakeOf(leaves.get(pointer))
    return fake === undefined ? here : put(here, pointer, fake)
  }, document)
}

/** Values that no partner can take where a name, a phone or an address belongs, each with a mark. */
export const unfit: readonly unknown[] = [
  `${TEXT}*`,
  `138****${MOBILE}`,
  TEXT.repeat(2000),
  { name: TEXT },
  [MOBILE],
  ` ${TEXT}\u0000`,
]

/** All that is told of an error, and what it carries. */
export function toldOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return `${error.message}\n${error.stack}\n${JSON.stringify(error)}\n${Object.values(error).join('\n')}`
}
