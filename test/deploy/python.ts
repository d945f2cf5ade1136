import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * A Python of one of these versions, the first that is there: from the path, or as pyenv keeps it.
 *
 * @throws {Error} where there is none
 */
export async function findPython(versions: readonly string[]): Promise<string> {
  const kept = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions')
  const names = existsSync(kept) ? readdirSync(kept) : []
  for (const version of versions) {
    const own = names.filter(name => name.startsWith(`${version}.`))
    const paths = [`python${version}`, ...own.map(name => join(kept, name, 'bin', 'python'))]
    for (const path of paths) if (await isOf(path, version)) return path
  }
  throw new Error(`there is no Python ${versions.join(' or ')}`)
}

async function isOf(path: string, version: string): Promise<boolean> {
  const answer = await run(path, ['--version']).catch(() => undefined)
  return answer?.stdout.startsWith(`Python ${version}.`) ?? false
}
