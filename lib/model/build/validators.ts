import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import standalone from 'ajv/dist/standalone/index.js'
import addFormats from 'ajv-formats'
import { build } from 'esbuild'
import type { Schema } from './types.ts'

const require = createRequire(import.meta.url)

/**
 * Writes `validators.js` and its types: one function `is<Name>` for each entry, compiled now so that
 * nothing compiles a schema while a request waits. ajv's output still requires parts of ajv: they
 * are bundled in.
 */
export async function writeValidators(
  out: string,
  schemas: Schema[],
  entries: { name: string; ref: string }[],
): Promise<void> {
  const ajv = new Ajv2020({
    code: { source: true, esm: true },
    strict: true,
    strictTypes: false,
    strictRequired: false,
  })
  addFormats.default(ajv)
  ajv.addKeyword('x-personal')
  for (const schema of schemas) ajv.addSchema(schema)
  const source = standalone.default(
    ajv,
    Object.fromEntries(entries.map(({ name, ref }) => [`is${name}`, ref])),
  )
  mkdirSync(out, { recursive: true })
  await build({
    stdin: { contents: source, resolveDir: join(require.resolve('ajv/package.json'), '..') },
    outfile: join(out, 'validators.js'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  })
  const names = entries.map(entry => entry.name)
  writeFileSync(
    join(out, 'validators.d.ts'),
    [
      `import type { ${names.join(', ')} } from './types.ts'`,
      'export interface Validator<T> { (x: unknown): x is T; errors?: { instancePath: string; keyword: string }[] | null }',
      ...names.map(name => `export declare const is${name}: Validator<${name}>`),
      '',
    ].join('\n'),
  )
}
