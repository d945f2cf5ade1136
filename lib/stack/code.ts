import { cpSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AssetHashType, DockerImage } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { ContextError } from './context.ts'

/** Where the code of functions comes from. */
export interface CodeSource {
  /** Folder with one bundle for each function: `dist/functions`. */
  readonly bundles: string
  /** Deploys a line that does nothing in place of each bundle: for tests of the templates only. */
  readonly placeholder: boolean
}

/** A configuration file that lies beside a function's code. */
export interface ConfigFile {
  /** `router.json` */
  readonly name: string
  readonly content: object
}

const PLACEHOLDER = 'exports.handler = async () => { throw new Error("placeholder") }'

/**
 * A function's code: its bundle, `dist/functions/<name>/index.mjs`, and its configuration file.
 *
 * @throws {ContextError} where the bundle is missing
 */
export function codeOf(source: CodeSource, name: string, config: ConfigFile): Code {
  if (source.placeholder) return Code.fromInline(PLACEHOLDER)
  const folder = join(source.bundles, name)
  if (!existsSync(join(folder, 'index.mjs'))) {
    throw new ContextError(`${folder}: has no index.mjs; run npm run build:functions`)
  }
  return Code.fromAsset(folder, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never started: files are only copied.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(out) {
          cpSync(folder, out, { recursive: true })
          writeFileSync(join(out, config.name), `${JSON.stringify(config.content, null, 2)}\n`)
          return true
        },
      },
    },
  })
}
