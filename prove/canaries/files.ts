import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outlets } from './outlets.ts'

const CHUNK = 1_048_576
/** No mark in any form is longer. */
const OVERLAP = 4096

/** Every file of the data folder as it lies there, in pieces that overlap. */
export function searchFiles(folder: string, outlets: Outlets): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const bytes = readFileSync(join(entry.parentPath, entry.name))
    for (let at = 0; at < bytes.length; at += CHUNK)
      outlets.put('files', bytes.subarray(at, at + CHUNK + OVERLAP))
  }
}
