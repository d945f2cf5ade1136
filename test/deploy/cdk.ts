import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { run } from './process.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const QUIET = { maxBuffer: 64 * 1024 * 1024 }

/** Outputs of stacks, by stack. */
export type Outputs = Readonly<Record<string, Readonly<Record<string, string>>>>

/** `cdklocal` for one emulator, context and folder of templates. */
export interface Cdk {
  /** Prepares an account, once. */
  bootstrap(account: string): Promise<void>
  /** Deploys one stack with its own account's credentials. @returns its outputs */
  deploy(stack: string, account: string, context: object): Promise<Readonly<Record<string, string>>>
  /** The synthesized template of a stack. */
  templateOf(stack: string): string
}

/** Opens `cdklocal`, unchanged, against an endpoint. */
export function openCdk(endpoint: string, region: string, folder: string): Cdk {
  const command = createRequire(import.meta.url).resolve('aws-cdk-local/bin/cdklocal')
  const out = join(folder, 'cdk.out')
  const call = (account: string, args: readonly string[], cwd = ROOT) =>
    run(process.execPath, [command, ...args, '--output', out], {
      ...QUIET,
      cwd,
      env: { ...process.env, ...environment(endpoint, region, account) },
    }).catch((error: Error & { stderr?: string }) => {
      // Without the command: the context in it holds credentials of the emulator.
      throw new Error(`cdklocal ${args[0]} fails:\n${error.stderr ?? error.name}`)
    })
  return {
    templateOf: stack => join(out, `${stack}.template.json`),
    async bootstrap(account) {
      // Where there is no cdk.json, so that no app is asked.
      await call(account, ['bootstrap', `aws://${account}/${region}`], folder)
    },
    async deploy(stack, account, context) {
      const outputs = join(folder, `${stack}.outputs.json`)
      await call(account, [
        ...['deploy', stack, '--exclusively', '--require-approval', 'never'],
        ...['--context', `lasthop=${JSON.stringify(context)}`, '--outputs-file', outputs],
      ])
      const all: Outputs = JSON.parse(readFileSync(outputs, 'utf8'))
      return Object.values(all)[0] ?? {}
    },
  }
}

/** Emulators tell accounts by the access key: twelve digits are an account's number. */
function environment(endpoint: string, region: string, account: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: region,
    AWS_ENVAR_ALLOWLIST: 'AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY,AWS_REGION',
  }
}
