import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { couriers } from '../../lib/couriers/index.ts'
import { platforms } from '../../lib/platforms/index.ts'
import type { NamedTable } from '../../lib/platforms/platform.ts'
import { type Schemas, schemasOf } from './schema.ts'

/** Two halves of one document: the partner's and the standard's. */
export interface Pair {
  /** `order-basic` */
  readonly name: string
  readonly wire: unknown
  readonly canonical: unknown
}

/** A partner as the laws look at it: what is in its folder. */
export interface Subject {
  /** `platforms/douyin` */
  readonly name: string
  readonly tables: readonly NamedTable[]
  readonly schemas: Schemas
  /** Pairs of fixtures, by the name of their table. */
  readonly pairs: (table: string) => readonly Pair[]
  /** Files of the fixtures folder that no law reads. */
  readonly strays: readonly string[]
}

const lib = join(import.meta.dirname, '../../lib')

/** All partners of both lists. */
export const subjects: readonly Subject[] = [
  ...platforms.map(({ name, tables }) => load(`platforms/${name}`, tables)),
  ...couriers.map(({ name, tables, sandbox }) =>
    load(
      `couriers/${name}`,
      tables.map(table => ({ context: sandbox.settings, ...table })),
    ),
  ),
]

function load(name: string, tables: readonly NamedTable[]): Subject {
  const folder = join(lib, name, 'fixtures')
  // A partner whose documents are the standard's own has no pairs.
  const files = existsSync(folder) ? readdirSync(folder) : []
  const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'))
  const halves = files.filter(file => file.endsWith('.canonical.json'))
  const pairNames = halves.map(file => file.slice(0, -'.canonical.json'.length))
  return {
    name,
    tables,
    schemas: schemasOf(JSON.parse(readFileSync(join(lib, name, 'wire.schema.json'), 'utf8'))),
    pairs: table =>
      pairNames
        .filter(pair => tableOf(pair, tables)?.name === table)
        .map(pair => ({
          name: pair,
          wire: files.includes(`${pair}.wire.json`) ? read(`${pair}.wire.json`) : undefined,
          canonical: read(`${pair}.canonical.json`),
        })),
    strays: files.filter(file => isStray(file, pairNames, tables)),
  }
}

/** The table whose name a pair begins with; of several the longest. */
function tableOf(pair: string, tables: readonly NamedTable[]): NamedTable | undefined {
  return [...tables]
    .sort((a, b) => b.name.length - a.name.length)
    .find(({ name }) => pair.startsWith(`${name}-`))
}

/** A file that is neither half of a pair nor of a whole message, `request-*`, `push-*`, `ack-*` and the like without another half. */
function isStray(file: string, pairs: readonly string[], tables: readonly NamedTable[]): boolean {
  const [, name = '', half] = /^(.+)\.(wire|canonical)\.json$/.exec(file) ?? []
  if (half === undefined) return true
  const table = tableOf(name, tables)
  return table !== undefined && half === 'wire' && !pairs.includes(name)
}

/** Both ways of a table, with the context that its fixtures have. */
export const ways = ({ table, context }: NamedTable) => ({
  toOurs: (wire: unknown): unknown => table.toOurs(wire, context),
  toTheirs: (canonical: unknown): unknown => table.toTheirs(canonical, context),
})
