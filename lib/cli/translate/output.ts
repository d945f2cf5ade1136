import { once } from 'node:events'
import { createWriteStream, statSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { UsageError } from '../partners.ts'

/** Where documents go, one a line. A slow reader slows the writer down. */
export interface Output {
  write(document: unknown): Promise<void>
  /** Everything is written, or an error is thrown. */
  end(): Promise<void>
}

/** Output to a stream that stays open, such as standard output. */
export function outputTo(stream: Writable): Output {
  return {
    write: document => writeLine(stream, document),
    async end() {},
  }
}

/**
 * Output to a file, which is written over.
 *
 * @throws {UsageError} where it cannot be written, or is one of the files that are read
 */
export async function outputToFile(file: string, read: readonly string[]): Promise<Output> {
  if (read.some(other => isSameFile(file, other))) {
    throw new UsageError(`--out ${file} is a file that is read`)
  }
  const stream = createWriteStream(file)
  const unwritable = () => new UsageError(`cannot write ${file}`)
  await once(stream, 'open').catch(() => Promise.reject(unwritable()))
  // Once it is open, an error is met by the next write, or at the end.
  stream.on('error', () => {})
  return {
    async write(document) {
      if (stream.errored) throw unwritable()
      await writeLine(stream, document)
    },
    async end() {
      stream.end()
      await finished(stream).catch(() => Promise.reject(unwritable()))
    },
  }
}

async function writeLine(stream: Writable, document: unknown): Promise<void> {
  const isTaken = stream.write(`${JSON.stringify(document)}\n`)
  if (!isTaken && !stream.destroyed) await once(stream, 'drain')
}

function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map(file => statSync(file, { throwIfNoEntry: false }))
  return a !== undefined && b !== undefined && a.isFile() && a.dev === b.dev && a.ino === b.ino
}
