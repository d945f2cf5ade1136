import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build, type Plugin } from 'esbuild'

// The same functions as they are often shipped: packages beside the code, not in it, with all that they
// bring along; a service's whole client, and the document client around DynamoDB's; schemas compiled
// when the process starts. What they do is the same code, so what they answer is the same.

/** Clients by package: the class that has only `send`, and the one with a method for each call. */
const CLIENTS: Readonly<Record<string, readonly [bare: string, whole: string]>> = {
  '@aws-sdk/client-dynamodb': ['DynamoDBClient', 'DynamoDB'],
  '@aws-sdk/client-kms': ['KMSClient', 'KMS'],
  '@aws-sdk/client-lambda': ['LambdaClient', 'Lambda'],
  '@aws-sdk/client-secrets-manager': ['SecretsManagerClient', 'SecretsManager'],
  '@aws-sdk/client-sts': ['STSClient', 'STS'],
}

/** A module that has a service's whole client under the name of the bare one. */
function wholeClient(path: string): string {
  const [bare, whole] = CLIENTS[path] ?? []
  const documents = path.endsWith('dynamodb')
  return `
    import { ${whole} } from '${path}?'
    ${documents ? "import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb'" : ''}
    export * from '${path}?'
    export class ${bare} extends ${whole} {
      constructor(config) {
        super(config)
        ${documents ? 'this.documents = DynamoDBDocument.from(this)' : ''}
      }
    }`
}

/** A module that compiles the schemas of a folder when it loads, and exports what the generated one does. */
function compiling(root: string, generated: string): string {
  const folder = dirname(dirname(generated))
  const isStandard = folder.endsWith('lib/model')
  const schemas = isStandard ? join(root, 'schemas') : folder
  const files = readdirSync(schemas).filter(name =>
    isStandard ? name.endsWith('.json') : name === 'wire.schema.json',
  )
  const read = files.map((file, i) => `import s${i} from '${join(schemas, file)}'`)
  const entries = files.flatMap(file => entriesOf(join(schemas, file), isStandard))
  return `
    import { Ajv2020 } from 'ajv/dist/2020.js'
    import addFormats from 'ajv-formats'
    ${read.join('\n')}
    const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false })
    addFormats.default(ajv)
    ajv.addKeyword('x-personal')
    for (const schema of [${files.map((_, i) => `s${i}`).join()}]) ajv.addSchema(schema)
    ${entries.map(([name, ref]) => `export const is${name} = ajv.getSchema('${ref}')`).join('\n')}`
}

function entriesOf(file: string, isStandard: boolean): [name: string, ref: string][] {
  const schema = JSON.parse(readFileSync(file, 'utf8'))
  if (isStandard) return [[String(schema.title), String(schema.$id)]]
  return Object.keys(schema.$defs).map(name => [name, `${schema.$id}#/$defs/${name}`])
}

function asUsual(root: string): Plugin {
  return {
    name: 'as-usual',
    setup(of) {
      of.onResolve({ filter: /^@aws-sdk\/client-[\w-]+$/ }, ({ path }) => ({
        path,
        namespace: 'client',
      }))
      of.onResolve({ filter: /\?$/ }, ({ path }) => ({ path: path.slice(0, -1), external: true }))
      of.onLoad({ filter: /.*/, namespace: 'client' }, ({ path }) => ({
        contents: wholeClient(path),
        resolveDir: root,
      }))
      of.onLoad({ filter: /generated\/validators\.js$/ }, ({ path }) => ({
        contents: compiling(root, path),
        resolveDir: root,
      }))
    },
  }
}

/** Builds a function as it is often shipped; the packages lie beside it, as in an unpacked archive. */
export async function buildNaive(root: string, out: string, name: string): Promise<string> {
  const outfile = join(out, name, 'index.mjs')
  await build({
    entryPoints: [join(root, 'functions', name, 'handler.ts')],
    ...{ outfile, bundle: true, format: 'esm', platform: 'node', target: 'node22' },
    ...{ packages: 'external', treeShaking: false, logLevel: 'error', plugins: [asUsual(root)] },
  })
  return outfile
}

/** A folder for what is built, from which packages are found. */
export function openFolder(root: string, at: string): string {
  mkdirSync(at, { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(at, 'node_modules'))
  writeFileSync(join(at, 'package.json'), '{"type":"module"}')
  return at
}
