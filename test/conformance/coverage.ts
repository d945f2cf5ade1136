/**
 * Writes what is made from the lists: `docs/coverage.md`, and the table of partners in `README.md`.
 * `node test/conformance/coverage.ts` writes both; tests compare them with what is committed.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { couriers } from '../../lib/couriers/index.ts'
import { platforms } from '../../lib/platforms/index.ts'
import type { NamedTable } from '../../lib/platforms/platform.ts'
import type { Loss, RowFacts } from '../../lib/translate/table.ts'
import { unknownMembers } from './mark-laws.ts'
import { type Subject, subjects } from './subject.ts'

const root = join(import.meta.dirname, '../..')
const [START, END] = [
  '<!-- partners: made by test/conformance/coverage.ts -->',
  '<!-- /partners -->',
]

/** What becomes of a field in one direction. */
type Fate = string

const HEAD = `# What becomes of every field

Made by \`node test/conformance/coverage.ts\` from the partners' own tables; a test compares it with them, and the conformance
suite holds every table to what it declares: a difference that stands here as nothing but "carried" fails it.

For each partner and document: its own places on the left, the standard's on the right, and what becomes of a field on the way
*in* (to the standard) and on the way *out* (from it). A document that the gateway reads goes in, one that it writes goes out;
the other way serves tests and simulators.

- **carried**: the value arrives, translated where units or codes differ.
- **sealed**: it goes into the seal and is opened at the last hop alone.
- **masked**: only what may be shown of it, made before (GB/T 41833).
- **made**: follows from other fields. **fixed**: always the same value.
- **lost**: declared, with the reason. A field with "carried" beside it is lost only in the case that the reason names.
`

/** The whole of `docs/coverage.md`. */
export function coverage(): string {
  const parts = subjects.flatMap(subject => [
    `## ${titleOf(subject)}\n`,
    ...notesOf(subject),
    ...subject.tables.map(table => documentPart(table)),
  ])
  return `${HEAD}\n${summary()}\n${parts.join('\n')}`
}

const partners = [
  ...platforms.map(partner => ({ ...partner, side: 'platforms' })),
  ...couriers.map(partner => ({ ...partner, side: 'couriers' })),
]

const titleOf = ({ name }: Subject): string => {
  const found = partners.find(partner => `${partner.side}/${partner.name}` === name)
  return `${found?.title ?? name} as ${name.startsWith('platforms') ? 'a platform' : 'a courier'}`
}

/** What holds for a partner as a whole. */
function notesOf({ name, tables }: Subject): string[] {
  const platform = platforms.find(one => `platforms/${one.name}` === name)
  const unknown = platform && unknownMembers(platform)
  return [
    ...(tables.length === 0 ? ['It speaks the standard: every field is carried as it is.\n'] : []),
    ...(platform?.assumed ? ['Its form is assumed, not verified.\n'] : []),
    ...(unknown === 'ignored'
      ? ['Members that it does not document are counted, not carried.\n']
      : []),
    ...(unknown === 'refused' ? ['Members that it does not document are refused.\n'] : []),
  ]
}

function summary(): string {
  const lines = subjects.flatMap(subject =>
    subject.tables.map(table => {
      const fates = linesOf(table).map(line => (table.way === 'read' ? line.in : line.out))
      const count = (word: string) => fates.filter(fate => fate.includes(word)).length
      const counts = ['carried', 'sealed', 'masked', 'made', 'fixed', 'lost'].map(count)
      return `| ${subject.name} | ${table.name} | ${table.way} | ${counts.join(' | ')} |`
    }),
  )
  return [
    '| partner | document | | carried | sealed | masked | made | fixed | lost |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n')
}

interface Line {
  readonly theirs: string
  readonly ours: string
  readonly in: Fate
  readonly out: Fate
}

function documentPart(named: NamedTable): string {
  const { name, document, carries, way } = named
  const shown = linesOf(named).map(
    line => `| ${[line.theirs, line.ours, line.in, line.out].join(' | ')} |`,
  )
  return [
    `### ${name}: \`${document}\` ⇄ ${carries}, ${way === 'read' ? 'read: in' : 'written: out'}`,
    '',
    '| theirs | standard | in | out |',
    '| --- | --- | --- | --- |',
    ...shown,
    '',
  ].join('\n')
}

function linesOf(named: NamedTable): Line[] {
  const { rows, losses } = named.table
  const alone = losses.filter(loss => rowOf(rows, loss) === undefined)
  return [
    ...rows.map(row => lineOf(named, row)),
    ...alone.map(({ side, at, because }) => ({
      theirs: side === 'theirs' ? code(at) : '',
      ours: side === 'ours' ? code(at) : '',
      in: side === 'theirs' ? `lost: ${because}` : '',
      out: side === 'ours' ? `lost: ${because}` : '',
    })),
  ]
}

/** The row that a loss is told beside: one that goes both ways, if there is one. */
function rowOf(rows: readonly RowFacts[], { side, at }: Loss): RowFacts | undefined {
  const naming = rows.filter(row => row[side].includes(at))
  return naming.find(row => row.writes === undefined) ?? naming[0]
}

const code = (pointer: string): string => (pointer === '' ? 'the whole' : `\`${pointer}\``)
const list = (pointers: readonly string[]): string => pointers.map(code).join('<br>')

function lineOf({ table }: NamedTable, row: RowFacts): Line {
  const lost = (side: 'theirs' | 'ours') => [
    ...new Set(
      table.losses
        .filter(loss => loss.side === side && rowOf(table.rows, loss) === row)
        .map(({ because }) => `lost: ${because}`),
    ),
  ]
  const fate = (writes: 'theirs' | 'ours'): Fate => {
    if (row.writes !== undefined && row.writes !== writes) return ''
    if (row.kind === 'constant') return 'fixed'
    if (row.writes !== undefined) return 'made'
    return arrivals(row).join(', ')
  }
  const join = (own: Fate, reasons: readonly string[]) =>
    [own, ...reasons].filter(text => text !== '').join('; ')
  return {
    theirs: list(row.theirs),
    ours: list(row.ours),
    in: join(fate('ours'), lost('theirs')),
    out: join(fate('theirs'), lost('ours')),
  }
}

/** How the values of a row that goes both ways arrive, by the places they have in the standard. */
function arrivals(row: RowFacts): string[] {
  const kinds = row.ours.map(pointer => {
    if (pointer.includes('/personal/')) return 'sealed'
    return /\/display(\/|$)/.test(pointer) ? 'masked' : 'carried'
  })
  return [...new Set(kinds)]
}

/** The table of partners as `README.md` shows it. */
export function partnerTable(): string {
  const rows = partners.map(partner => {
    const folder = `${partner.side}/${partner.name}`
    const format = formOf(partner)
    const cells = [partner.title, `\`${partner.name}\``, `[${folder}](lib/${folder})`, format]
    return `| ${cells.join(' | ')} |`
  })
  const head = ['| partner | slug | folder | format |', '| --- | --- | --- | --- |']
  return [START, ...head, ...rows, END].join('\n')
}

/** `README.md` with its table of partners made anew. */
export function withPartnerTable(readme: string): string {
  const [before, rest = ''] = readme.split(START)
  return before + partnerTable() + (rest.split(END)[1] ?? '')
}

export const files = {
  readme: join(root, 'README.md'),
  coverage: join(root, 'docs/coverage.md'),
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(files.coverage, coverage())
  writeFileSync(files.readme, withPartnerTable(readFileSync(files.readme, 'utf8')))
}

/** How much of a partner's form is known; what is not is marked in its folder's README. */
function formOf(partner: { readonly name: string; readonly assumed?: boolean }): string {
  if (partner.name === 'standard') return 'our schemas'
  return partner.assumed
    ? 'assumed, not verified'
    : 'public in part; its README marks what is assumed'
}
