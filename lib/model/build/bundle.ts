import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

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
