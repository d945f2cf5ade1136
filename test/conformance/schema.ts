import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { isIndex } from '../../lib/translate/pointer.ts'

/** A JSON Schema, as far as the laws look at it. */
export interface Node {
  readonly $id?: string
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Node>>
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly items?: Node
  readonly prefixItems?: readonly Node[]
  readonly anyOf?: readonly Node[]
  readonly oneOf?: readonly Node[]
  readonly allOf?: readonly Node[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly 'x-personal'?: boolean
  readonly description?: string
}

/** A place of a document: its pointer, `[]` for elements, and all that the schema says of it. */
export interface Place {
  readonly at: string
  readonly nodes: readonly Node[]
}

const folder = join(import.meta.dirname, '../../schemas')

/** The schemas of the standard. */
export const standard: readonly Node[] = readdirSync(folder)
  .filter(file => file.endsWith('.json'))
  .map(file => JSON.parse(readFileSync(join(folder, file), 'utf8')))

/** What can be asked of a set of schemas. */
export type Schemas = ReturnType<typeof schemasOf>

/** Opens a schema, beside those of the standard, which it may refer to. */
export function schemasOf(root: Node) {
  const ajv = new Ajv2020({ strict: false, allErrors: false })
  addFormats.default(ajv)
  ajv.addKeyword('x-personal')
  const all = [root, ...standard.filter(({ $id }) => $id !== root.$id)]
  for (const schema of all) ajv.addSchema(schema)
  const validators = new Map<string, ValidateFunction>()

  const resolve = ($ref: string, base: Node): { node: Node | undefined; base: Node } => {
    const [file = '', path = ''] = $ref.split('#')
    const found =
      file === '' ? base : all.find(({ $id = '' }) => $id === file || $id.endsWith(`/${file}`))
    const names = path.split('/').slice(1)
    const node = names.reduce<unknown>((here, name) => Object(here)[name], found)
    return { node: node === undefined ? undefined : (node as Node), base: found ?? base }
  }

  /** A node with all that it refers to or is combined of. */
  const expand = (node: Node, base: Node): { node: Node; base: Node }[] => {
    const behind = node.$ref === undefined ? undefined : resolve(node.$ref, base)
    const parts = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])]
    return [
      { node, base },
      ...(behind?.node ? expand(behind.node, behind.base) : []),
      ...parts.flatMap(part => expand(part, base)),
    ]
  }

  const child = (of: { node: Node; base: Node }[], name: string) =>
    of.flatMap(({ node, base }) => {
      const isElement = name === '[]' || isIndex(name)
      const own = isElement
        ? (node.prefixItems?.[Number(name)] ?? node.items)
        : node.properties?.[name]
      return own === undefined ? [] : expand(own, base)
    })

  const documentOf = (name: string) => {
    const node = root.$defs?.[name]
    return node === undefined ? [] : expand(node, root)
  }

  const walk = (of: { node: Node; base: Node }[], at: string, depth: number): Place[] => {
    if (depth > 12) return []
    const names = new Set(of.flatMap(({ node }) => Object.keys(node.properties ?? {})))
    const hasItems = of.some(({ node }) => node.items !== undefined)
    const below = [...names, ...(hasItems ? ['[]'] : [])].flatMap(name =>
      walk(child(of, name), `${at}/${name}`, depth + 1),
    )
    return [{ at, nodes: of.map(({ node }) => node) }, ...below]
  }

  return {
    /** Whether there is such a document. */
    has: (document: string) => documentOf(document).length > 0,
    /** What the schema says of a place of a document; none if it has no such place. */
    at: (document: string, pointer: string): readonly Node[] =>
      pointer
        .split('/')
        .slice(1)
        .reduce((here, name) => child(here, name), documentOf(document))
        .map(({ node }) => node),
    /** Every place of a document. */
    places: (document: string): Place[] => walk(documentOf(document), '', 0),
    /** Where a value does not satisfy the document, if it does not: `/a required`. */
    faultOf: (document: string, value: unknown): string | undefined => {
      const ref = `${root.$id}#/$defs/${document}`
      const is = validators.get(document) ?? ajv.compile({ $ref: ref })
      validators.set(document, is)
      if (is(value)) return undefined
      const [fault] = is.errors ?? []
      return `${fault?.instancePath ?? ''} ${fault?.keyword ?? ''}`
    },
  }
}

/** Whether a place is one without places below it. */
export const isLeaf = ({ nodes }: Place): boolean =>
  nodes.every(node => node.properties === undefined && node.items === undefined)

/** Whether a place holds personal data by its mark. */
export const isPersonal = ({ nodes }: Place): boolean => nodes.some(node => node['x-personal'])

/** The values that a place may have, where they are listed. */
export const valuesOf = ({ nodes }: Place): unknown[] =>
  nodes.flatMap(node => node.enum ?? ('const' in node ? [node.const] : []))
