import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  isCancelOrder,
  isCreateOrder,
  isCreateOrderAnswer,
  isRoute,
} from '../../../lib/couriers/sf/generated/validators.js'
import { sf } from '../../../lib/couriers/sf/index.ts'
import type { NamedTable } from '../../../lib/platforms/platform.ts'
import { fixture, pairs, settings } from './fixtures.ts'

interface Node {
  $ref?: string
  anyOf?: Node[]
  items?: Node
  properties?: Record<string, Node>
  $defs?: Record<string, Node>
}

const schema: Node = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../lib/couriers/sf/wire.schema.json'), 'utf8'),
)

const theirs = {
  waybill: { document: 'CreateOrder', is: isCreateOrder },
  answer: { document: 'CreateOrderAnswer', is: isCreateOrderAnswer },
  cancel: { document: 'CancelOrder', is: isCancelOrder },
  event: { document: 'Route', is: isRoute },
}

for (const name of ['waybill', 'answer', 'cancel', 'event'] as const) {
  const { document, is } = theirs[name]
  const table = tableOf(name)

  test(`${name}: every pointer of a row exists in the wire schema`, () => {
    for (const row of table.rows)
      for (const pointer of row.theirs)
        assert.ok(find(schema.$defs?.[document], pointer), `${document}${pointer}`)
  })

  test(`${name}: every loss has a place in the wire schema or is ours`, () => {
    for (const loss of table.losses.filter(({ side }) => side === 'theirs'))
      assert.ok(find(schema.$defs?.[document], loss.at), loss.at)
  })

  for (const pair of pairs(name)) {
    const wire = fixture(`${pair}.wire`)
    const canonical = fixture(`${pair}.canonical`)
    const lost = (side: 'theirs' | 'ours') =>
      table.losses.filter(loss => loss.side === side).map(({ at }) => at)

    test(`${pair}: satisfies the wire schema, also as it is written`, () => {
      assert.ok(is(wire), JSON.stringify(is.errors))
      assert.ok(is(table.toTheirs(canonical, settings)), JSON.stringify(is.errors))
    })

    test(`${pair}: theirs becomes ours`, () => {
      const made = table.toOurs(wire, settings)
      assert.deepEqual(without(made, lost('ours')), without(canonical, lost('ours')))
    })

    test(`${pair}: ours becomes theirs`, () => {
      const made = named(table, table.toTheirs(canonical, settings), lost('theirs'))
      assert.deepEqual(made, named(table, wire, lost('theirs')))
    })

    test(`${pair}: what no row names does not pass through`, () => {
      const more = { ...Object(wire), extra: { contact: '样例' } }
      assert.deepEqual(table.toOurs(more, settings), table.toOurs(wire, settings))
    })
  }

  test(`${name}: every declared loss happens in a fixture`, () => {
    const places = pairs(name).flatMap(pair => {
      const [wire, canonical] = [fixture(`${pair}.wire`), fixture(`${pair}.canonical`)]
      const back = table.toOurs(table.toTheirs(canonical, settings), settings)
      const there = table.toTheirs(table.toOurs(wire, settings), settings)
      return [
        ...differing(table, 'ours', canonical, back),
        ...differing(table, 'theirs', wire, there),
      ]
    })
    for (const { side, at } of table.losses) assert.ok(places.includes(side + at), side + at)
  })
}

type AnyTable = NamedTable['table']

function tableOf(name: string): AnyTable {
  const found = sf.tables.find(table => table.name === name)
  assert.ok(found)
  return found.table
}

function find(node: Node | undefined, pointer: string): Node | undefined {
  const names = pointer.split('/').slice(1)
  return names.reduce<Node | undefined>((here, name) => {
    const step = here?.$ref ? schema.$defs?.[here.$ref.replace('#/$defs/', '')] : here
    return /^(\d+|\[\])$/.test(name) ? step?.items : step?.properties?.[name]
  }, node)
}

function differing(table: AnyTable, side: 'theirs' | 'ours', a: unknown, b: unknown): string[] {
  return table.losses
    .filter(loss => loss.side === side)
    .filter(({ at }) => JSON.stringify(valueAt(a, at)) !== JSON.stringify(valueAt(b, at)))
    .map(({ at }) => side + at)
}

function valueAt(document: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((here, name) => (here == null ? undefined : Object(here)[name]), document)
}

/** Without the places of the pointers, and without what becomes empty by that. */
function without(document: unknown, pointers: readonly string[], at = ''): unknown {
  if (pointers.includes(at)) return undefined
  if (Array.isArray(document))
    return document.map((item, n) => without(item, pointers, `${at}/${n}`))
  if (typeof document !== 'object' || document === null) return document
  const kept = Object.entries(document)
    .map(([name, value]) => [name, without(value, pointers, `${at}/${name}`)] as const)
    .filter(([, value]) => value !== undefined && JSON.stringify(value) !== '{}')
  return Object.fromEntries(kept)
}

/** What rows name of a document of theirs, without `""`, null and what is lost. */
function named(table: AnyTable, document: unknown, lost: readonly string[]): unknown {
  const unnamed = table.unnamed(document).map(pointer => pointer.replaceAll('[]', '0'))
  const all = without(document, [...unnamed, ...lost])
  return JSON.parse(
    JSON.stringify(all, (_, value) => (value === '' || value === null ? undefined : value)),
  )
}
