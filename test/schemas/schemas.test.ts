import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'

type Schema = { readonly [member: string]: unknown }

const folder = resolve(import.meta.dirname, '../../schemas')
const schemas = new Map(
  readdirSync(folder)
    .filter(file => file.endsWith('.json'))
    .map(file => [file, JSON.parse(readFileSync(join(folder, file), 'utf8')) as Schema]),
)
const open = [...schemas].filter(([file]) => file !== 'personal.json')

/** Texts of open documents that people or partners word, and what keeps personal data out of them. */
const worded = new Map([
  ['party.json /display/name', 'at least one character is hidden: lib/mask/check'],
  ['party.json /display/phone', 'at least six digits are hidden: lib/mask/check'],
  ['party.json /display/address', 'building, unit and room are hidden: lib/mask/check'],
  ['party.json /division/name', 'a region by its suffix or the list: lib/model/regions'],
  ['order.json /goods/name', 'screened for phones and ids: lib/mask/check'],
  ['order.json /goods/spec', 'screened for phones and ids: lib/mask/check'],
  ['acceptance.json /bag/name', "a place of the courier's network"],
  ['event.json /place/name', "a region or a site by the courier's anchored rule"],
  ['event.json /rider/name', 'masked, as a display'],
  ['event.json /rider/phone', 'masked, as a display'],
])

test('the standard has its schemas', () => {
  assert.deepEqual([...schemas.keys()].sort(), [
    'acceptance.json',
    'assignment.json',
    'change-outcomes.json',
    'change.json',
    'changes.json',
    'event.json',
    'order.json',
    'orders.json',
    'outcomes.json',
    'party.json',
    'personal.json',
    'push.json',
    'sealed.json',
  ])
})

test('every property has a description and an example', () => {
  for (const [file, schema] of schemas) {
    for (const { at, node } of properties(schema)) {
      const meant = meaning(node, schema)
      assert.ok(meant.description, `${file} ${at} has no description`)
      if (isLeaf(meant)) assert.ok(meant.examples, `${file} ${at} has no example`)
    }
  }
})

test('every object refuses members it does not know', () => {
  for (const [file, schema] of schemas) {
    for (const { at, node } of nodes(schema)) {
      if (node.type !== 'object') continue
      assert.equal(node.unevaluatedProperties, false, `${file} ${at} is open`)
    }
  }
})

test('personal data stands in personal.json only, and all of it is marked', () => {
  for (const [file, schema] of open) {
    const marked = nodes(schema).filter(({ node }) => node['x-personal'] === true)
    assert.deepEqual(marked, [], file)
  }
  const personal = schemas.get('personal.json')
  assert.ok(personal)
  for (const { at, node } of properties(personal)) {
    assert.equal(node['x-personal'], true, `personal.json ${at} is not marked`)
  }
})

test('no open document has a place that is meant for a name, a phone or an address', () => {
  const found = open.flatMap(([file, schema]) =>
    properties(schema)
      .filter(({ name }) => /name|phone|mobile|tel|address|person|contact|remark|spec/i.test(name))
      .filter(({ node }) => isLeaf(meaning(node, schema)))
      .map(({ at }) => `${file} ${at}`),
  )
  assert.deepEqual(found.sort(), [...worded.keys()].sort())
})

test('no schema names a partner', () => {
  const text = [...schemas.values()].map(schema => JSON.stringify(schema)).join('\n')
  assert.doesNotMatch(
    text,
    /douyin|kuaishou|vmall|huawei|\bsf\b|shunfeng|\bkye\b|抖音|快手|顺丰|跨越/i,
  )
})

interface Place {
  readonly at: string
  readonly name: string
  readonly node: Schema
}

/** Every schema in the file, its place named by the nearest property or definition. */
function nodes(node: unknown, at = ''): { at: string; node: Schema }[] {
  if (typeof node !== 'object' || node === null) return []
  const here = Array.isArray(node) ? [] : [{ at, node: node as Schema }]
  return [
    ...here,
    ...Object.entries(node).flatMap(([key, child]) =>
      ['examples', 'enum', 'if', 'then', 'else'].includes(key) ? [] : nodes(child, `${at}/${key}`),
    ),
  ]
}

function properties(schema: Schema): Place[] {
  return nodes(schema).flatMap(({ at, node }) => {
    if (typeof node.properties !== 'object' || node.properties === null) return []
    const parent = at
      .split('/')
      .filter(part => part !== '' && !/^(\$defs|properties|items|oneOf|allOf|\d+)$/.test(part))
      .at(-1)
    return Object.entries(node.properties)
      .filter((entry): entry is [string, Schema] => typeof entry[1] === 'object')
      .map(([name, child]) => ({
        at: parent === undefined ? `/${name}` : `/${parent}/${name}`,
        name,
        node: child,
      }))
  })
}

function isLeaf(node: Schema): boolean {
  return node.properties === undefined && node.oneOf === undefined && node.$ref === undefined
}

/** What a property says together with what it refers to. */
function meaning(node: Schema, schema: Schema): Schema {
  const { $ref: _, ...own } = node as Schema & { $ref?: string }
  return { ...resolveRef(node, schema), ...own }
}

function resolveRef(node: Schema, schema: Schema): Schema {
  if (typeof node.$ref !== 'string') return node
  const [file, pointer = ''] = node.$ref.split('#')
  const holder = file === '' ? schema : (schemas.get(file ?? '') ?? {})
  let found: unknown = holder
  for (const part of pointer.split('/').slice(1)) {
    found = (found as Record<string, unknown> | undefined)?.[part]
  }
  assert.ok(found, `${node.$ref} leads nowhere`)
  const { $ref: _, ...rest } = found as Schema & { $ref?: string }
  return '$ref' in (found as object) ? resolveRef(found as Schema, holder) : rest
}
