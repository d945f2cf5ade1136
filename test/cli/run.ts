import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** What a run of the command line left behind. */
export interface Run {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs `lasthop` as a process of its own. */
export async function lasthop(args: readonly string[], input = ''): Promise<Run> {
  const child = spawn(process.execPath, [join(root, 'lib/cli/lasthop.ts'), ...args])
  const [out, err]: [Buffer[], Buffer[]] = [[], []]
  child.stdout.on('data', chunk => out.push(chunk))
  child.stderr.on('data', chunk => err.push(chunk))
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [code] = await once(child, 'close')
  return { code, out: String(Buffer.concat(out)), err: String(Buffer.concat(err)) }
}

/** A folder of a test's own; `gone` takes it away. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'lasthop-cli-'))
  return {
    folder,
    file: (name: string) => join(folder, name),
    gone: () => rmSync(folder, { recursive: true, force: true }),
  }
}
