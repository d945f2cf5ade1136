import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild'

/** Bundles the `lasthop` command into `dist/`, so that it runs on any supported Node. */
export async function bundleCli(root: string): Promise<void> {
  const entry = join(root, 'lib/cli/lasthop.ts')
  if (!existsSync(entry)) return
  await build({
    entryPoints: [entry],
    outfile: join(root, 'dist/lasthop.js'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    packages: 'external',
    logLevel: 'error',
    banner: { js: '#!/usr/bin/env node' },
  })
}

/** One function's code, ready to deploy. */
export interface FunctionBundle {
  /** Its folder below `functions/`: `intake`. */
  readonly name: string
  /** `dist/functions/intake/index.mjs`, its source map beside it. */
  readonly file: string
  /** What went in, by file, for tests. */
  readonly inputs: Metafile['inputs']
}

/**
 * Some dependencies are CommonJS and call `require` for modules of Node; an ES module has none of its
 * own.
 */
const BANNER =
  "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);"

const FUNCTION: BuildOptions = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // Of the SDK, too, take the ES modules: only they let go of what is not used.
  mainFields: ['module', 'main'],
  minify: true,
  sourcemap: 'linked',
  sourcesContent: false,
  metafile: true,
  logLevel: 'error',
  banner: { js: BANNER },
}

/**
 * Modules of Node are required, not imported: an import reads every export of them, and some load much
 * when they are read. `node:http` loads undici, a quarter of the time that a small function takes to load.
 */
const requiredBuiltins: Plugin = {
  name: 'required-builtins',
  setup(of) {
    of.onResolve({ filter: /^(node:)?(http|https|http2|fs)$/ }, ({ path, kind }) =>
      kind === 'require-call' ? undefined : { path, namespace: 'builtin' },
    )
    of.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = require('${path}')`,
    }))
  },
}

/**
 * Bundles each Lambda function, `functions/<name>/handler.ts` → `dist/functions/<name>/index.mjs`,
 * everything in it: the runtime's own SDK is another version each month, and slower to load.
 *
 * @param out where they go, a folder for each
 */
export async function bundleFunctions(
  root: string,
  out = join(root, 'dist/functions'),
): Promise<FunctionBundle[]> {
  const names = readdirSync(join(root, 'functions')).filter(name =>
    existsSync(join(root, 'functions', name, 'handler.ts')),
  )
  return Promise.all(names.sort().map(name => bundleFunction(root, out, name)))
}

async function bundleFunction(root: string, out: string, name: string): Promise<FunctionBundle> {
  const file = join(out, name, 'index.mjs')
  const entryPoints = [join(root, 'functions', name, 'handler.ts')]
  // One that answers HTTP needs undici's Request anyway, and better while it starts than with a caller waiting.
  const plugins = existsSync(join(root, 'functions', name, 'app.ts')) ? [] : [requiredBuiltins]
  const options = { ...FUNCTION, absWorkingDir: root, entryPoints, outfile: file, plugins }
  const { metafile } = await build({ ...options, metafile: true })
  return { name, file, inputs: metafile.inputs }
}

if (import.meta.main && process.argv[2] === 'functions') {
  await bundleFunctions(resolve(import.meta.dirname, '../../..'))
}
