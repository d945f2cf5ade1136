import { maxBodyBytes } from '../../access/strict.ts'
import { refuseMark } from '../files.ts'
import { type Line, readLines } from './lines.ts'

const NEWLINE = Buffer.from('\n')

/** One JSON document a file, or one a line; by default told by the first line. */
export type Format = 'json' | 'ndjson' | 'auto'

/** A document of a stream and the line it begins in. `bytes` is absent where it is larger than a request may be. */
export interface Found extends Line {
  /** Whether the document is the whole file. */
  readonly whole: boolean
}

/**
 * The JSON documents of a file or of standard input, one at a time, at most 1 MB of each in memory.
 * Empty lines are left out. A first line that is JSON by itself tells that every line is.
 *
 * @throws {UsageError} for a byte order mark, named by `name`
 */
export async function* readDocuments(
  chunks: AsyncIterable<Uint8Array>,
  format: Format,
  name: string,
): AsyncGenerator<Found> {
  const whole = gatherer()
  let wanted = format
  for await (const line of readLines(chunks, maxBodyBytes)) {
    if (line.number === 1 && line.bytes !== undefined) refuseMark(line.bytes, name)
    if (line.bytes !== undefined && isBlank(line.bytes)) continue
    if (wanted === 'auto') wanted = standsAlone(line) ? 'ndjson' : 'json'
    if (wanted === 'ndjson') yield { ...line, whole: false }
    else whole.add(line)
  }
  yield* whole.found()
}

/** Gathers the lines of one document; what is too large already is not held. */
function gatherer() {
  const parts: Uint8Array[] = []
  let first: number | undefined
  let size = 0
  return {
    add({ number, bytes }: Line): void {
      first ??= number
      size += 1 + (bytes?.byteLength ?? maxBodyBytes)
      if (bytes === undefined || size > maxBodyBytes) parts.length = 0
      else parts.push(bytes, NEWLINE)
    },
    found(): Found[] {
      if (first === undefined) return []
      const found = { number: first, whole: true }
      return [size > maxBodyBytes ? found : { ...found, bytes: Buffer.concat(parts) }]
    },
  }
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every(byte => byte === 0x20 || byte === 0x09)
}

function standsAlone({ bytes }: Line): boolean {
  if (bytes === undefined) return true
  try {
    JSON.parse(Buffer.from(bytes).toString('utf8'))
    return true
  } catch {
    return false
  }
}
