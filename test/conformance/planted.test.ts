import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NamedTable } from '../../lib/platforms/platform.ts'
import { codeList, kilograms, shanghaiTime } from '../../lib/translate/codecs.ts'
import { between, type Row } from '../../lib/translate/table.ts'
import { laws } from './laws.ts'
import { type Node, schemasOf } from './schema.ts'
import { oursIsStandard } from './standard-law.ts'
import { type Pair, type Subject, subjects } from './subject.ts'

// The suite's own proof: an invented partner keeps every law, and with one mistake it breaks the law
// that is there for it.

interface Theirs {
  id: string
  kg?: number
  at?: string
  pay: string
  state?: string
  gift?: string
}
interface Ours {
  order: string
  weightGrams?: number
  at?: string
  payer: string
  note?: string
}

const { row, constant, theirLoss, ourLoss, toOursOnly, table } = between<Theirs, Ours>()
const payers = codeList({ S: 'sender', R: 'receiver' })

const good = {
  id: row('/id', '/order'),
  kg: row('/kg', '/weightGrams', kilograms),
  at: row('/at', '/at', shanghaiTime),
  pay: row('/pay', '/payer', payers),
  state: constant('/state', 'new'),
  gift: theirLoss('/gift', 'has no counterpart'),
  note: ourLoss('/note', 'has no field'),
}

const schema: Node = {
  $id: 'https://example.com/swift',
  $defs: {
    Order: {
      required: ['id', 'pay'],
      properties: {
        id: {},
        kg: {},
        at: {},
        pay: { enum: ['S', 'R'] },
        state: { enum: ['new'] },
        gift: {},
      },
    },
  },
}

const pair: Pair = {
  name: 'order-all',
  wire: { id: '1', kg: 1.25, at: '2026-01-01 08:00:00', pay: 'S', state: 'new', gift: 'a card' },
  canonical: {
    order: '1',
    weightGrams: 1250,
    at: '2026-01-01T08:00:00+08:00',
    payer: 'sender',
    note: 'x',
  },
}
const finer: Pair = {
  name: 'order-finer',
  wire: { id: '1', at: '2026-01-01 08:00:00', pay: 'R', state: 'new' },
  canonical: { order: '1', at: '2026-01-01T08:00:00.5+08:00', payer: 'receiver' },
}

type Rows = Readonly<Record<string, Row<Theirs, Ours>>>

function partner(
  rows: Rows = good,
  { pairs = [pair, finer], order = {} }: { pairs?: readonly Pair[]; order?: Node } = {},
): [Subject, NamedTable] {
  const named: NamedTable = {
    ...{ name: 'order', document: 'Order', carries: 'order', way: 'written' },
    table: table(...Object.values(rows)),
  }
  const Order = { ...schema.$defs?.Order, ...order }
  const subject = {
    ...{ name: 'platforms/swift', tables: [named], pairs: () => pairs, strays: [] },
    schemas: schemasOf({ ...schema, $defs: { Order } }),
  }
  return [subject, named]
}

const without = (name: keyof typeof good): Rows => {
  const { [name]: _, ...rest } = good
  return rest
}
const changed = (change: object, half: 'wire' | 'canonical' = 'wire'): Pair => ({
  ...pair,
  [half]: { ...Object(pair[half]), ...change },
})
const places = schema.$defs?.Order?.properties ?? {}
const { kg: _, ...kgless } = places

/** What is planted: the law that must find it, words of the fault, the partner with the mistake. */
const planted: Readonly<Record<string, readonly [string, RegExp, ReturnType<typeof partner>]>> = {
  'a row in the wrong place': [
    'each half of a pair translates into the other',
    /ours gives another \/gift/,
    partner({ ...good, id: row('/gift', '/order'), gift: theirLoss('/id', 'none') }),
  ],
  'a wrong unit': [
    'each half of a pair translates into the other',
    /theirs gives another \/weightGrams/,
    partner({ ...good, kg: row('/kg', '/weightGrams') }),
  ],
  'a codec that trims': [
    'each half of a pair translates into the other',
    /theirs gives another \/order/,
    partner(
      {
        ...good,
        id: row('/id', '/order', { name: 'trim', to: id => id.trim(), from: id => id }),
      },
      {
        pairs: [
          { ...changed({ id: ' 1' }), canonical: { ...Object(pair.canonical), order: ' 1' } },
        ],
      },
    ),
  ],
  'a codec whose two halves disagree': [
    'there and back is the same',
    /does not come back: theirs \/kg/,
    partner({
      ...good,
      kg: row('/kg', '/weightGrams', { name: 'up', to: kg => kg * 1000, from: g => g / 999 }),
    }),
  ],
  'a loss of ours that is not declared': [
    'each half of a pair translates into the other',
    /theirs gives another \/note/,
    partner(without('note')),
  ],
  'a row left out': [
    'each half of a pair translates into the other',
    /theirs gives another \/weightGrams/,
    partner(without('kg')),
  ],
  'a place of theirs that nobody names': [
    'every pointer exists, every place is named',
    /neither a row nor a loss names \/gift/,
    partner(without('gift')),
  ],
  'a loss that no longer happens': [
    'every declared loss happens in a fixture',
    /ours \/payer/,
    partner({ ...good, more: ourLoss('/payer', 'once was') }),
  ],
  'a lossy codec that no fixture shows': [
    'every declared loss happens in a fixture',
    /ours \/at/,
    partner(good, { pairs: [pair] }),
  ],
  'a pointer that the schema does not have': [
    'every pointer exists, every place is named',
    /no such place in the wire schema: \/kg/,
    partner(good, { order: { properties: kgless } }),
  ],
  'a document that the schema does not have': [
    'every pointer exists, every place is named',
    /no document Parcel/,
    [partner()[0], { ...partner()[1], document: 'Parcel' }],
  ],
  'two rows that write one place': [
    'nothing is written twice',
    /written twice: ours \/payer/,
    partner({ ...good, more: toOursOnly('/id', '/payer', () => 'sender', 'guessed') }),
  ],
  'a required place that no row writes': [
    'nothing required is missed',
    /no row writes it: \/gift/,
    partner(good, { order: { required: ['id', 'pay', 'gift'] } }),
  ],
  'a code that is read as another': [
    'every code translates',
    /R: read as another code/,
    partner({
      ...good,
      pay: row('/pay', '/payer', Object.assign({ ...payers }, { to: () => 'sender' as const })),
    }),
  ],
  'a code that is missing': [
    'every listed value is covered',
    /\/pay = "T"/,
    partner(good, { order: { properties: { ...places, pay: { enum: ['S', 'R', 'T'] } } } }),
  ],
  'an unknown member that passes through': [
    'an unknown member stops here',
    /passes through/,
    partner({
      ...good,
      id: row('', '/order', {
        name: 'all',
        to: all => JSON.stringify(all),
        from: () => ({ id: '1', pay: 'S' }),
      }),
    }),
  ],
  'an unknown member that breaks the reading': [
    'an unknown member stops here',
    /unknown member in/,
    partner({
      ...good,
      id: row('', '/order', {
        name: 'strict',
        to: all => {
          if (Object.keys(all).some(key => !(key in places))) throw new Error('refused')
          return all.id
        },
        from: () => ({ id: '1', pay: 'S' }),
      }),
    }),
  ],
  'a personal place that is carried openly': [
    'what is personal stays personal',
    /a mark is open/,
    partner(
      { id: good.id, pay: good.pay, gift: row('/gift', '/note') },
      { order: { properties: { ...places, gift: { 'x-personal': true } } } },
    ),
  ],
  'a half that is missing': [
    'each half of a pair translates into the other',
    /no wire half/,
    partner(good, { pairs: [{ ...pair, wire: undefined }] }),
  ],
  'a wire half that is no such document': [
    'each half of a pair translates into the other',
    /wire half is no Order/,
    partner(good, { pairs: [changed({ pay: 'T' })] }),
  ],
  'no fixture at all': [
    'each half of a pair translates into the other',
    /no pair order-\*/,
    partner(good, { pairs: [] }),
  ],
}

test('the partner without a mistake keeps every law', () => {
  for (const [law, faultsOf] of Object.entries(laws))
    assert.deepEqual(faultsOf(...partner()), [], law)
})

for (const [mistake, [law, fault, made]] of Object.entries(planted)) {
  test(`caught: ${mistake}`, () => {
    const found = laws[law]?.(...made) ?? []
    assert.ok(
      found.some(text => fault.test(text)),
      found.join('; ') || 'nothing found',
    )
  })
}

test('caught: our half is no document of the standard', () => {
  for (const subject of subjects.filter(({ name }) => name.startsWith('couriers/'))) {
    for (const named of subject.tables.filter(({ carries }) => carries !== 'change')) {
      const pairs = (table: string) =>
        subject
          .pairs(table)
          .map(one => ({ ...one, canonical: { ...Object(one.canonical), more: 1, outcome: '?' } }))
      const found = oursIsStandard({ ...subject, pairs }, named)
      assert.match(found.join(), /our half is not of the standard/, `${subject.name} ${named.name}`)
    }
  }
})

test('every law has a mistake that it catches', () => {
  const used = new Set(Object.values(planted).map(([law]) => law))
  assert.deepEqual([...used].sort(), Object.keys(laws).sort())
})
