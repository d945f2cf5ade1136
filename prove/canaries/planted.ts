import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tell } from '../proof.ts'
import { runHost } from './crew.ts'
import type { Task } from './host.ts'
import { type Leak, leaks } from './leaks.ts'

/** What became of a planted leak; an empty `foundIn` is a proof that does not see it. */
export interface Planted {
  readonly name: string
  readonly foundIn: readonly string[]
}

/**
 * Runs the proof against copies of the code, each with one leak, which must be found in the sinks where
 * it comes out. The copy without any comes first, and nothing may be found in it.
 */
export async function plantLeaks(task: Omit<Task, 'folder'>): Promise<Planted[]> {
  const intact = await sinksOf(task)
  if (intact.length > 0) throw new Error(`a copy without a leak leaks into ${intact}`)
  const results: Planted[] = []
  for (const leak of leaks) {
    const foundIn = await sinksOf(task, leak)
    const missing = leak.sinks.filter(sink => !foundIn.some(found => found.startsWith(sink)))
    results.push({ name: leak.name, foundIn: missing.length === 0 ? foundIn : [] })
    const where =
      missing.length === 0 ? `found in ${foundIn.join(', ')}` : `NOT FOUND in ${missing}`
    tell(`planted: ${leak.name}; ${where}`)
  }
  return results
}

/** The sinks that something leaks into, against a copy with this leak. */
export async function sinksOf(task: Omit<Task, 'folder'>, leak?: Leak): Promise<string[]> {
  const copy = mkdtempSync(join(tmpdir(), 'lasthop-planted-'))
  try {
    for (const room of ['lib', 'functions'])
      cpSync(join(task.root, room), join(copy, room), { recursive: true })
    writeFileSync(join(copy, 'package.json'), '{"type":"module"}')
    for (const name of ['node_modules', 'schemas'])
      symlinkSync(join(task.root, name), join(copy, name))
    for (const { file, find, put } of leak?.patches ?? []) {
      const path = join(copy, file)
      const before = readFileSync(path, 'utf8')
      if (!before.includes(find)) throw new Error(`${file} no longer holds: ${find}`)
      writeFileSync(path, before.replaceAll(find, put))
    }
    const { hits, findings, output } = await runHost({ ...task, root: copy })
    const found = [...hits, ...(findings?.hits ?? [])].map(({ sink }) => sink)
    if (findings === undefined && found.length === 0)
      throw new Error(`a host broke down: ${output}`)
    return [...new Set(found)]
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}
