import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { UsageError } from './partners.ts'

/** The text of a file, `-` for standard input. */
export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch {
    throw new UsageError(`cannot read ${file === '-' ? 'standard input' : file}`)
  }
}

/** The JSON document in a file, `-` for standard input. */
export function readDocument(file: string): unknown {
  const text = readText(file)
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`${file === '-' ? 'standard input' : file} is no JSON`)
  }
}

/** Writes a file that its owner alone can read, and that was not there before. */
export function writeSecretFile(file: string, text: string): void {
  let handle: number
  try {
    handle = openSync(file, 'wx', 0o600)
  } catch {
    throw new UsageError(`cannot write ${file}, or it is there already`)
  }
  writeSync(handle, text)
  closeSync(handle)
}
