import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const COMMAND = resolve(import.meta.dirname, '../../lib/cli/lasthop.ts')

/** A file system in memory, where there is one: it is not the disk that is to be measured. */
const MEMORY = '/dev/shm'

/** A gateway in a process of its own, over its own data folder. */
export interface Gateway {
  readonly origin: string
  readonly folder: string
  /** Resident memory of its process, in megabytes. */
  memory(): number
  stop(): Promise<void>
}

/** Starts `lasthop dev`, as anybody would. */
export async function startGateway(nodeOptions: readonly string[] = []): Promise<Gateway> {
  const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'lasthop-load-'))
  const args = [...nodeOptions, COMMAND, 'dev', '--data', folder, '--port', '0']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const origin = await originOf(child)
  child.stdout?.resume()
  return {
    origin,
    folder,
    memory: () => residentMegabytes(child.pid),
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

async function originOf(child: ChildProcess): Promise<string> {
  let text = ''
  for await (const chunk of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    text += chunk
    const origin = /is at\s+(http:\S+)/.exec(text)?.[1]
    if (origin !== undefined && text.includes('Stop with')) return origin
  }
  throw new Error('the gateway did not start')
}

/** Zero where the machine does not say. */
function residentMegabytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}
