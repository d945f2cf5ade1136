/**
 * Builds all that is generated: types and validators of the standard, types and validators of each
 * partner's wire format, the list of regions, and the `lasthop` command. Runs after `npm ci`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { bundleCli } from './bundle.ts'
import { buildRegions } from './regions.ts'
import { type Schema, writeTypes } from './types.ts'
import { writeValidators } from './validators.ts'

const root = resolve(import.meta.dirname, '../../..')
const schemaFolder = join(root, 'schemas')

function readSchema(file: string): Schema {
  return JSON.parse(readFileSync(file, 'utf8')) as Schema
}

async function buildStandard(): Promise<void> {
  const names = readdirSync(schemaFolder)
    .filter(file => file.endsWith('.json'))
    .sort()
  const schemas = names.map(name => readSchema(join(schemaFolder, name)))
  const out = join(root, 'lib/model/generated')
  const entries = schemas.map(schema => ({ name: schema.title ?? '', ref: schema.$id ?? '' }))
  await writeTypes(out, {
    folder: schemaFolder,
    entries: entries.map((entry, i) => ({ name: entry.name, ref: names[i] ?? '' })),
    personalFrom: '../personal-text.ts',
  })
  await writeValidators(out, schemas, entries)
}

/** A partner's `wire.schema.json` names one document in each of its `$defs`. */
async function buildPartner(folder: string): Promise<void> {
  const file = join(folder, 'wire.schema.json')
  if (!existsSync(file)) return
  const schema = readSchema(file)
  const names = Object.keys(schema.$defs ?? {})
  const out = join(folder, 'generated')
  await writeTypes(out, {
    folder,
    entries: names.map(name => ({ name, ref: `wire.schema.json#/$defs/${name}` })),
    personalFrom: '../../../model/personal-text.ts',
  })
  await writeValidators(
    out,
    [schema],
    names.map(name => ({ name, ref: `${schema.$id}#/$defs/${name}` })),
  )
}

function partnerFolders(): string[] {
  return ['lib/platforms', 'lib/couriers']
    .map(folder => join(root, folder))
    .filter(folder => existsSync(folder))
    .flatMap(folder =>
      readdirSync(folder, { withFileTypes: true })
        .filter(entry => entry.isDirectory())
        .map(entry => join(folder, entry.name)),
    )
}

await Promise.all([
  buildStandard(),
  ...partnerFolders().map(buildPartner),
  buildRegions(join(root, 'lib/model/generated')),
])
await bundleCli(root)
