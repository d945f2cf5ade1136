import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { UsageError } from './partners.ts'

/** How a file is called in what we say: `-` is standard input. */
export const nameOf = (file: string): string => (file === '-' ? 'standard input' : file)

/**
 * The text of a file, `-` for standard input.
 *
 * @throws {UsageError} where it cannot be read, or is not UTF-8 without a byte order mark
 */
export function readText(file: string): string {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file === '-' ? 0 : file)
  } catch {
    throw new UsageError(`cannot read ${nameOf(file)}`)
  }
  return textOfBytes(bytes, nameOf(file))
}

/**
 * Bytes as text. A byte order mark is no part of JSON, and every strict reader refuses it.
 *
 * @throws {UsageError} for another encoding than UTF-8, and for a byte order mark
 */
export function textOfBytes(bytes: Uint8Array, name: string): string {
  refuseMark(bytes, name)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new UsageError(`${name} is not UTF-8`)
  }
}

/** @throws {UsageError} for bytes that begin with a byte order mark */
export function refuseMark(bytes: Uint8Array, name: string): void {
  const [a, b, c] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) {
    throw new UsageError(`${name} begins with a byte order mark; save it as UTF-8 without one`)
  }
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw new UsageError(`${name} is UTF-16; save it as UTF-8`)
  }
}

/** The JSON document in a file, `-` for standard input. */
export function readDocument(file: string): unknown {
  const text = readText(file)
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`${nameOf(file)} is no JSON`)
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
