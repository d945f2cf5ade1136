import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from './start-error.ts'

const FILE = 'lock'

/**
 * Takes a data folder for this process: two gateways over one folder would overwrite each other's keys.
 * A lock that a killed process left is taken over.
 *
 * @returns what gives the folder back
 * @throws {StartError} saying which process has the folder
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, FILE)
  const own = ownerOf(process.pid)
  const mine = `${path}.${process.pid}`
  writeFileSync(mine, own, { mode: 0o600 })
  try {
    const other = readOwner(path)
    if (other !== undefined && isAlive(other)) throw taken(folder, other)
    if (other !== undefined && readOwner(path) === other) rmSync(path, { force: true })
    linkSync(mine, path)
  } catch (error) {
    throw isThere(error) ? taken(folder, readOwner(path) ?? 'another') : error
  } finally {
    rmSync(mine, { force: true })
  }
  const release = () => {
    process.off('exit', release)
    if (readOwner(path) === own) rmSync(path, { force: true })
  }
  process.once('exit', release)
  return release
}

/** `4711 182736`: a process and, where Linux tells it, when that began; numbers of processes come again. */
function ownerOf(pid: number): string {
  const began = readOwner(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ')[19]
  return began === undefined ? String(pid) : `${pid} ${began}`
}

function isAlive(owner: string): boolean {
  const pid = Number(owner.split(' ')[0])
  if (!Number.isSafeInteger(pid) || pid < 1) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    // It is another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  return ownerOf(pid) === owner
}

function readOwner(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function taken(folder: string, owner: string): StartError {
  const who = owner.split(' ')[0]
  return new StartError(
    `${folder} is in use by process ${who}: stop it, or choose another by --data`,
  )
}

function isThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}
