import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Result, readResults } from './record.ts'
import { type Row, type Section, sections } from './sections.ts'

/** The page that is made of the results. */
export const PAGE = join(import.meta.dirname, '../docs/performance.md')

const INTRO = `# Performance

Made from \`bench/results/*.json\` by \`npm run bench -- <name>\`; edit nothing here. Ratios were taken in one run on one
machine, candidates in turn. A busy machine disturbs times and hardly ratios: its load stands beside each. No figure is
from AWS.
`

/** The whole of \`docs/performance.md\`. */
export function performancePage(): string {
  const results = readResults(sections.map(({ bench }) => bench))
  const parts = sections.map(section => partOf(section, results.get(section.bench)))
  return [INTRO, ...parts].join('\n')
}

function partOf(section: Section, result: Result | undefined): string {
  const { bench, title, measured, not } = section
  const head = `## ${title}\n\n**Measured.** ${measured}\n\n**Not measured.** ${not}\n`
  if (result === undefined) return `${head}\nNobody has run \`npm run bench -- ${bench}\` yet.\n`
  return [head, tableOf(section, result), whereOf(result)].join('\n')
}

function tableOf({ rows }: Section, { figures }: Result): string {
  const lines = rows.map(row => lineOf(row, figures[row.figure]))
  return ['| figure | measured | target |', '| --- | --- | --- |', ...lines, ''].join('\n')
}

function lineOf(row: Row, value: number | string | undefined): string {
  const unit = row.unit === undefined ? '' : ` ${row.unit}`
  const shown = value === undefined ? 'not run' : `${value}${unit}`
  return `| ${row.means} | ${shown} | ${targetOf(row, value)} |`
}

function targetOf({ atLeast, atMost, unit }: Row, value: number | string | undefined): string {
  const least = atLeast ?? Number.NEGATIVE_INFINITY
  const most = atMost ?? Number.POSITIVE_INFINITY
  if (atLeast === undefined && atMost === undefined) return ''
  const said = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`
  const met = typeof value === 'number' && value >= least && value <= most
  return `${said}${unit === undefined ? '' : ` ${unit}`}, ${met ? 'met' : '**missed**'}`
}

function whereOf({ bench, options, measured, machine, versions }: Result): string {
  const { cpu, cores, memoryGb, system, loadBefore, loadAfter } = machine
  const command = ['npm run bench --', bench, ...options].join(' ')
  const all = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `\`${command}\` on ${measured}: ${cpu}, ${cores} cores, ${memoryGb} GB, ${system}; load ${loadBefore} before, ${loadAfter} after. ${all.join(', ')}.\n`
}

/** Makes the page anew. */
export function writePage(): void {
  writeFileSync(PAGE, performancePage())
}

if (import.meta.main) writePage()
