import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Draft } from '../../../lib/model/draft.ts'
import { accepted, refused } from '../../../lib/platforms/douyin/answer-mapping.ts'
import { couriers, refusals } from '../../../lib/platforms/douyin/codes.ts'
import type { TheirOrder } from '../../../lib/platforms/douyin/generated/types.ts'
import * as validators from '../../../lib/platforms/douyin/generated/validators.js'
import { douyin } from '../../../lib/platforms/douyin/index.ts'
import { order } from '../../../lib/platforms/douyin/order-mapping.ts'
import { tracking } from '../../../lib/platforms/douyin/tracking-mapping.ts'
import type { Table } from '../../../lib/translate/table.ts'
import { fixture, type Json, timestamp } from './request.ts'

const schema: unknown = JSON.parse(
  readFileSync(new URL('../../../lib/platforms/douyin/wire.schema.json', import.meta.url), 'utf8'),
)

/** One order by itself, as the table reads it. */
function theirOrders(file: string): TheirOrder[] {
  const { order_infos, ...envelope } = JSON.parse(fixture(`${file}.wire.json`))
  return order_infos.map((order_info: Json) => ({ ...envelope, timestamp, order_info }))
}

/** The document without the places that a table declares lost or does not write. */
function without(document: unknown, pointers: readonly string[]): unknown {
  const copy = structuredClone(document)
  for (const pointer of pointers) remove(copy, pointer.split('/').slice(1))
  return copy
}

function remove(value: unknown, [name = '', ...rest]: readonly string[]): void {
  if (typeof value !== 'object' || value === null) return
  if (name === '[]') for (const item of Object.values(value)) remove(item, rest)
  else if (rest.length === 0) Reflect.deleteProperty(value, name)
  else remove(Reflect.get(value, name), rest)
}

/** Members that say "none", and objects that hold nothing else, are as good as absent. */
function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, member]) => [name, withoutNothing(member)])
      .filter(([, member]) => member !== '' && member !== undefined),
  )
}

const lost = (table: { losses: readonly { side: string; at: string }[] }, side: string) =>
  table.losses.filter(loss => loss.side === side).map(loss => loss.at)

const member = (value: unknown, name: string): unknown => Object(value)[name]

const inSchema = (names: readonly string[]) => names.reduce(member, schema)

/** The part of the schema behind a pointer of a table. */
function partAt(start: unknown, [name, ...rest]: readonly string[]): unknown {
  const ref = member(start, '$ref')
  const part = typeof ref === 'string' ? inSchema(ref.slice(2).split('/')) : start
  if (name === undefined) return part
  const isElement = name === '[]' || /^\d+$/.test(name)
  return partAt(isElement ? member(part, 'items') : member(member(part, 'properties'), name), rest)
}

test('every pointer of a table is a place of the wire schema', () => {
  for (const { name, table } of douyin.tables) {
    const document = inSchema(['$defs', name])
    assert.ok(document, name)
    const pointers = [...table.rows.flatMap(row => row.theirs), ...lost(table, 'theirs')]
    for (const pointer of pointers) {
      assert.ok(partAt(document, pointer.split('/').slice(1)), `${name} ${pointer}`)
    }
  }
})

test('every table writes all that its document requires', () => {
  const document = order.toTheirs(JSON.parse(fixture('order-clear.canonical.json'))[0])
  assert.ok(validators.isTheirOrder(document))
  assert.ok(
    validators.isEbillInfo(accepted.toTheirs(JSON.parse(fixture('accepted.canonical.json')))),
  )
  assert.ok(validators.isErrInfo(refused.toTheirs(JSON.parse(fixture('refused.canonical.json')))))
  assert.ok(validators.isRouteEvent(tracking.toTheirs(JSON.parse(fixture('route.canonical.json')))))
})

for (const file of ['order-clear', 'order-cipher']) {
  const theirs = theirOrders(file)
  const ours: Draft[] = JSON.parse(fixture(`${file}.canonical.json`))

  test(`${file}: theirs, ours and theirs again`, () => {
    for (const document of theirs) {
      assert.ok(validators.isTheirOrder(document))
      const back = order.toTheirs(order.toOurs(document))
      const losses = lost(order, 'theirs')
      assert.deepEqual(
        withoutNothing(without(back, losses)),
        withoutNothing(without(document, losses)),
      )
    }
  })

  test(`${file}: ours, theirs and ours again`, () => {
    for (const draft of ours) {
      const losses = lost(order, 'ours')
      const back = order.toOurs(order.toTheirs(draft))
      assert.deepEqual(without(back, losses), without(draft, losses))
    }
  })

  test(`${file}: names, codes of the receiver and numbers come back as posted`, () => {
    for (const document of theirs) {
      const { order_info } = order.toTheirs(order.toOurs(document))
      assert.deepEqual(
        withoutNothing(order_info.receiver_info),
        withoutNothing(document.order_info.receiver_info),
      )
      assert.equal(order_info.order_id, document.order_info.order_id)
    }
  })
}

function halvesOf<T, O>(file: string, table: Table<T, O>): void {
  const wire: T = JSON.parse(fixture(`${file}.wire.json`))
  const canonical: O = JSON.parse(fixture(`${file}.canonical.json`))
  const losses = lost(table, 'ours')
  assert.deepEqual(table.toTheirs(canonical), wire)
  assert.deepEqual(without(table.toOurs(wire), losses), without(canonical, losses))
  assert.deepEqual(table.toTheirs(table.toOurs(wire)), wire)
}

test('accepted, refused, route: both halves of each pair', () => {
  halvesOf('accepted', accepted)
  halvesOf('refused', refused)
  halvesOf('route', tracking)
})

test('every code translates, both ways, and no two reasons look the same', () => {
  for (const [theirs, ours] of couriers.codes) {
    assert.equal(couriers.to(theirs), ours)
    assert.equal(couriers.from(ours), theirs)
  }
  for (const { code, text } of Object.values(refusals)) {
    const info = { order_id: '1', pack_id: '', err_code: code, err_msg: text, order_channel: '' }
    assert.deepEqual(refused.toTheirs(refused.toOurs(info)), info)
  }
  assert.throws(
    () =>
      refused.toOurs({ order_id: '1', pack_id: '', err_code: '1', err_msg: '', order_channel: '' }),
    { code: 'CODE_UNKNOWN' },
  )
})

test('an unknown member is no obstacle, not carried, and counted by pointer', () => {
  const [document] = theirOrders('order-clear')
  assert.ok(document)
  const more = { ...document, order_info: { ...document.order_info, buyer_words: '13800000000' } }
  assert.deepEqual(order.toOurs(more), order.toOurs(document))
  assert.deepEqual(order.unnamed(more), ['/order_info/buyer_words'])
  assert.deepEqual(order.unnamed(document), [])
})
