import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { exits } from './commands/exit.ts'
import { courierFiles } from './partner/courier-files.ts'
import { platformFiles } from './partner/platform-files.ts'
import { UsageError } from './partners.ts'

/** How a new partner is asked for. */
export interface NewPartner {
  readonly courier?: true
  readonly platform?: true
  readonly title?: string
  /** The checkout that it is written into. */
  readonly dir: string
}

/** Adds `lasthop partner new`. */
export function addPartnerVerbs(program: Command): void {
  program
    .command('partner')
    .description('partners of a checkout')
    .command('new <name>')
    .description(
      'write the folder of a new partner: it compiles, and fails the suite until it is filled',
    )
    .option('--platform', 'a platform, which posts orders')
    .option('--courier', 'a courier, which pulls them')
    .option('--title <text>', 'the name people know; default: the slug')
    .option('--dir <folder>', 'the checkout', '.')
    .addHelpText(
      'after',
      `
The name is the slug in URLs: lower-case letters, digits and hyphens. Nothing is written over.

Examples:
  lasthop partner new swift --courier --title "Swift Express"
  lasthop partner new acme-mall --platform`,
    )
    .action(exits((name, options) => newPartner(name, options)))
}

/** Writes the folder of a new partner and says what is left to do. */
export function newPartner(name: string, { courier, platform, title, dir }: NewPartner): number {
  if ((courier === undefined) === (platform === undefined))
    throw new UsageError('either --courier or --platform')
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 32)
    throw new UsageError('a name is up to 32 lower-case letters, digits and single hyphens')
  const side = courier ? 'couriers' : 'platforms'
  if (!existsSync(join(dir, 'lib', side, 'index.ts')))
    throw new UsageError('--dir names no checkout of LastHop: it has no list of partners')
  const folder = join(dir, 'lib', side, name)
  if (existsSync(folder)) throw new UsageError('there is such a folder already')
  const words = { SLUG: name, TITLE: title ?? name, CONST: constantOf(name) }
  for (const [file, text] of Object.entries(courier ? courierFiles : platformFiles)) {
    const path = join(folder, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, filled(text, words))
  }
  console.log(nextSteps(side, name, words.CONST))
  return 0
}

const filled = (text: string, words: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\b(?:SLUG|TITLE|CONST)\b/g, word => words[word] ?? word)

/** `acme-mall` → `acmeMall` */
const constantOf = (name: string): string =>
  name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

const nextSteps = (side: string, name: string, constant: string): string =>
  [
    `lib/${side}/${name} is written; its README has the six steps.`,
    `The one line elsewhere, in lib/${side}/index.ts: import { ${constant} } from './${name}/index.ts',`,
    `and ${constant} in the list. Then: npm run build && node --test "test/conformance/*.test.ts"`,
  ].join('\n')
