import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from 'json-schema-to-typescript'

/** As much of a JSON Schema as the build reads. */
export interface Schema {
  $id?: string
  title?: string
  $defs?: Record<string, Schema>
  [member: string]: unknown
}

/**
 * Writes `types.ts` with one TypeScript type for each entry and for every titled part of it.
 * A property marked `x-personal` gets the type `PersonalText`.
 */
export async function writeTypes(
  out: string,
  from: { folder: string; entries: { name: string; ref: string }[]; personalFrom: string },
): Promise<void> {
  const root = {
    title: 'AllDocuments',
    type: 'object',
    properties: Object.fromEntries(from.entries.map(({ name, ref }) => [name, { $ref: ref }])),
    required: from.entries.map(entry => entry.name),
  }
  const text = await compile(root as never, 'AllDocuments', {
    cwd: `${from.folder}/`,
    additionalProperties: false,
    bannerComment: `/* Generated from the schemas by \`npm run build\`. */\nimport type { PersonalText } from '${from.personalFrom}'\nexport type { PersonalText }\n`,
    format: false,
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: false,
    $refOptions: { resolve: { marked: { order: 1, canRead: true, read: readMarked } } },
    customName: (schema: Schema, name: string | undefined) =>
      schema.title === undefined ? undefined : ((schema.title as string | undefined) ?? name),
  } as never)
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, 'types.ts'), text)
}

/** Reads a schema file, annotated for the type generator. */
function readMarked(file: { url: string }): unknown {
  const schema: unknown = JSON.parse(readFileSync(file.url.split('#')[0] ?? '', 'utf8'))
  mark(schema)
  return schema
}

function mark(node: unknown): void {
  if (typeof node !== 'object' || node === null) return
  const schema = node as Schema & { tsType?: string }
  if (schema['x-personal'] === true) schema.tsType = 'PersonalText'
  for (const child of Object.values(schema)) mark(child)
}
