import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type PersonalText, personalText, reveal } from '../../lib/model/personal-text.ts'
import {
  codeList,
  joined,
  numberCodeList,
  text,
  textOrAbsent,
  whole,
  yuan,
} from '../../lib/translate/codecs.ts'
import type { At, Nowhere } from '../../lib/translate/pointer.ts'
import { between } from '../../lib/translate/table.ts'

// What must not compile: each `@ts-expect-error` fails the type check once the line below it compiles.

interface Theirs {
  id: string
  count: number
  paid?: string
  method: 1 | 2
  tags?: string[]
  name: PersonalText
  phone?: PersonalText
  hint?: string
  party?: { city: string; detail: PersonalText }
  pair: [{ type: number }, { type: number }]
  items?: { sku: string; count: number }[]
  'a/b'?: string
}

interface Ours {
  order: string
  pieces?: number
  fen?: number
  payer: 'sender' | 'receiver'
  marks: string[]
  personal: { name: PersonalText; phone?: PersonalText; address?: PersonalText }
  open?: string
  region: { city?: string }
  protection: { kind: 'sealed' } | { kind: 'token'; token: string }
  goods: { code: string; quantity: number }[]
}

type Equal<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
const holds = <T extends true>(): T | undefined => undefined

test('a pointer leads to the type that stands there', () => {
  holds<Equal<At<Theirs, ''>, Theirs>>()
  holds<Equal<At<Theirs, '/id'>, string>>()
  holds<Equal<At<Theirs, '/paid'>, string | undefined>>()
  holds<Equal<At<Theirs, '/party/city'>, string | undefined>>()
  holds<Equal<At<Theirs, '/pair/1/type'>, number>>()
  holds<Equal<At<Theirs, '/items/3/sku'>, string | undefined>>()
  holds<Equal<At<Theirs, '/items/[]/sku'>, string | undefined>>()
  holds<Equal<At<Theirs, '/a~1b'>, string | undefined>>()
  holds<Equal<At<Ours, '/protection/token'>, string | undefined>>()
  holds<Equal<At<Theirs, '/nothing'>, Nowhere>>()
  holds<Equal<At<Theirs, '/party/nothing'>, Nowhere>>()
  holds<Equal<At<Theirs, '/pair/2/type'>, Nowhere>>()
  holds<Equal<At<Theirs, '/items/length'>, Nowhere>>()
  holds<Equal<At<Theirs, '/id/length'>, Nowhere>>()
  holds<Equal<At<Theirs, '/name/length'>, Nowhere>>()
  // @ts-expect-error the proof itself can fail
  holds<Equal<At<Theirs, '/id'>, number>>()
})

const { row, each, within, constant, toTheirsOnly, toOursOnly, theirLoss, table } = between<
  Theirs,
  Ours
>()
const personal = { to: (t: PersonalText) => t, from: (o: PersonalText) => o }

test('what compiles, runs', () => {
  const compiled = table(
    row('/id', '/order'),
    row('/count', '/pieces'),
    row('/paid', '/fen', yuan),
    row('/method', '/payer', numberCodeList({ 1: 'sender', 2: 'receiver' })),
    row('/tags', '/marks'),
    row('/name', '/personal/name'),
    row('/phone', '/personal/phone', personal),
    row('/hint', '/open', textOrAbsent),
    within('/party', '/region', ({ row }) => [row('/city', '/city')]),
    each('/items', '/goods', ({ row }) => [
      row('/sku', '/code'),
      row('/count', '/quantity', whole),
    ]),
  )
  const name = personalText('张三')
  const theirs: Theirs = { id: 'A', count: 1, method: 2, name, pair: [{ type: 1 }, { type: 2 }] }
  const ours = compiled.toOurs(theirs)
  assert.deepEqual(ours, { order: 'A', pieces: 1, payer: 'receiver', personal: { name: '张三' } })
  assert.equal(reveal(ours.personal.name), '张三')
})

/** Never called: only the type check looks at it. */
export function refused() {
  // @ts-expect-error no such place in theirs
  row('/idd', '/order')
  // @ts-expect-error no such place in ours
  row('/id', '/ordre')
  // @ts-expect-error one of the two places is none
  row(['/id', '/idd'], '/order', { to: ([id]) => id, from: id => [id, undefined] })
  // @ts-expect-error a pointer begins with a slash
  row('id', '/order')
  // @ts-expect-error different types need a codec
  row('/id', '/pieces')
  // @ts-expect-error a wider type is a different one
  row('/id', '/payer')
  // @ts-expect-error the codec is one of numbers
  row('/count', '/order', yuan)
  // @ts-expect-error it writes text where theirs is a number
  row('/count', '/fen', yuan)
  // @ts-expect-error the list lacks what theirs can write
  row('/method', '/payer', numberCodeList({ 1: 'sender', 3: 'receiver' }))
  // @ts-expect-error the list names a code that ours does not have
  row('/method', '/payer', numberCodeList({ 1: 'sender', 2: 'receivr' }))
  // @ts-expect-error text codes where theirs is a number
  row('/method', '/payer', codeList({ 1: 'sender', 2: 'receiver' }))
  // @ts-expect-error an object holds names that no row has named
  row('/party', '/region')
  // @ts-expect-error a tuple of places needs a codec
  row(['/id', '/hint'], '/order')
  // @ts-expect-error the elements have other members
  each('/items', '/goods', ({ row }) => [row('/sku', '/sku')])
  // @ts-expect-error no array on the other side
  each('/items', '/order', ({ row }) => [row('/sku', '')])
  // @ts-expect-error a constant of another type
  constant('/id', 1)
  // @ts-expect-error the function makes what does not go there
  toTheirsOnly('/count', '/order', order => order, 'because')
  // @ts-expect-error what is absent is not looked at
  toOursOnly('/hint', '/open', hint => hint.trim(), 'because')
  // @ts-expect-error a loss of nothing
  theirLoss('/gift', 'because')
  // @ts-expect-error rows of other documents
  table(between<{ x: string }, { y: string }>().row('/x', '/y'))
}

/** Never called: personal text and what is refused to touch it. */
export function personalTextIsNoText(name: PersonalText): unknown[] {
  // @ts-expect-error it cannot go into an open member
  row('/name', '/open')
  // @ts-expect-error no text codec takes it
  row('/name', '/personal/name', text(20))
  // @ts-expect-error no text codec takes it
  row('/phone', '/personal/phone', textOrAbsent)
  // @ts-expect-error a list of text is none of it
  row('/name', '/marks', joined(','))
  // @ts-expect-error nothing that is open becomes personal by a codec of text
  row('/hint', '/personal/address', textOrAbsent)
  // @ts-expect-error it cannot be trimmed
  row('/name', '/personal/name', { to: (t: PersonalText) => t.trim(), from: personal.from })
  // @ts-expect-error it cannot be read into an open member
  toOursOnly('/name', '/open', value => value, 'because')
  // @ts-expect-error it is no string
  const plain: string = name
  // @ts-expect-error a string is not personal text
  const made: PersonalText = '张三'
  // @ts-expect-error it cannot be measured
  const length = name.length
  return [plain, made, length]
}
