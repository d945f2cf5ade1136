import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

/** For an emulator to stop by itself. */
const PATIENCE_MS = 15_000

/** Says something to whoever watches. */
export const tell = (text: string): void => void process.stderr.write(`${text}\n`)

/** Runs a program to its end; its output comes with the error where it fails. */
export const run = promisify(execFile)

/**
 * A scratch folder that is filled once and stays for the next time; one that a stopped run left half
 * full is filled anew.
 */
export async function scratch(name: string, fill: (folder: string) => Promise<void>) {
  const folder = join(tmpdir(), `lasthop-deploy-${name}`)
  const done = join(folder, 'installed')
  if (existsSync(done)) return folder
  tell(`installing into ${folder}`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { mode: 0o700 })
  await fill(folder)
  writeFileSync(done, '')
  return folder
}

/** A server that was started here. */
export interface Started {
  stop(): Promise<void>
}

/**
 * Starts a server and waits until its health call answers, two minutes at most.
 *
 * @throws {Error} naming its log where it does not come up
 */
export async function startServer(
  command: readonly [string, ...string[]],
  options: { cwd: string; env: Record<string, string>; health: string },
): Promise<Started> {
  const { cwd, env, health } = options
  const log = join(cwd, 'server.log')
  const [program, ...args] = command
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, detached: true })
  child.stdout.pipe(createWriteStream(log))
  child.stderr.pipe(createWriteStream(log, { flags: 'a' }))
  const kill = () => signalGroup(child, 'SIGKILL')
  process.once('exit', kill)
  const stop = async () => {
    process.off('exit', kill)
    const gone = child.exitCode !== null || child.signalCode !== null
    // It stops what it started in groups of their own; a killed one would leave them behind.
    const ended = gone ? Promise.resolve() : once(child, 'exit')
    signalGroup(child, 'SIGTERM')
    await Promise.race([ended, wait(PATIENCE_MS, undefined, { ref: false })])
    kill()
    await ended
  }
  if (await isUp(health, 480, () => child.exitCode === null)) return { stop }
  await stop()
  throw new Error(`the emulator does not start: see ${log}`)
}

/** The server with all that it started in its own group. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch (error) {
    // Gone already.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** Whether a URL answers well within so many quarters of a second. */
export async function isUp(url: string, tries: number, alive = () => true): Promise<boolean> {
  for (let left = tries; left > 0 && alive(); left--) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined)
    if (answer?.ok) return true
    await wait(250)
  }
  return false
}

/** A port of the loopback interface that nobody has. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise(closed => server.close(closed))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
