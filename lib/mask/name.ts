/** What counts as a character of a name; brackets, dots, spaces and joiners do not. */
const COUNTS = /[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]/u

/** What may be shown: a letter, an ideograph, an emoji; never a digit, a joiner, a selector. */
const SHOWABLE = /^(?:\p{L}|(?!\p{C})\p{Extended_Pictographic})$/u

/** What hides a name by being hidden: not the emoji of `张😀`. */
const LETTER = /\p{L}/u

/** Names in which every character is one code unit: nearly all. */
const PLAIN = /^[\u4e00-\u9fff]+$/

let segmenter: Intl.Segmenter | undefined

/**
 * The name that may be shown: its first character and stars, `张*` of two characters, `张**` of
 * more, so the display tells neither how long a name is nor the second character of 欧阳 or of a
 * title. A name of one character is hidden wholly. A character is what a reader takes for one:
 * `葛` with a variation selector, a family emoji, `é` in two code points.
 *
 * @example maskName('张三') // '张*'; maskName('欧阳样例') // '欧**'; maskName('王') // '*'
 * @see GB/T 41833-2022: at least one character of the name is hidden
 */
export function maskName(name: string): string {
  const characters = charactersOf(name)
  const first = characters[0]
  if (first === undefined || characters.length === 1) return '*'
  const [shown = ''] = first
  const isShown = SHOWABLE.test(shown) && characters.slice(1).some(one => LETTER.test(one))
  return (isShown ? shown : '*') + (characters.length === 2 ? '*' : '**')
}

function charactersOf(name: string): string[] {
  if (PLAIN.test(name)) return [...name]
  segmenter ??= new Intl.Segmenter('zh', { granularity: 'grapheme' })
  const visible = name.normalize('NFC').replace(/(?!\u200d)\p{Default_Ignorable_Code_Point}/gu, '')
  return Array.from(segmenter.segment(visible), part => part.segment).filter(part =>
    COUNTS.test(part),
  )
}
