import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { maxBodyBytes, readJson, readText } from '../access/strict.ts'
import { GatewayError } from '../model/errors.ts'
import { type Finding, faultsInDocument, printable, type Told } from './check/document.ts'
import { type Fault, type Field, fields } from './check/field.ts'
import { faultsInText } from './check/text.ts'
import { nameOf, refuseMark } from './files.ts'
import { UsageError } from './partners.ts'
import { readDocuments } from './translate/documents.ts'
import { readLines } from './translate/lines.ts'

/** What to check, and which fields a document has; pointers such as `/to/name`. */
export interface CheckOptions extends Partial<Readonly<Record<Field, readonly string[]>>> {
  readonly text?: boolean
}

/** The streams of a process. */
export interface Streams {
  readonly stdin: Readable
  readonly stdout: { write(text: string): unknown }
}

/**
 * Checks what a document or a label shows of people, and says each place that shows too much, why, and
 * how it could be shown; never the text itself.
 *
 * @returns 0 when nothing shows too much, else 1
 * @throws {UsageError} for what cannot be read, and for a pointer at which no text is
 * @see GB/T 41833-2022
 */
export async function check(
  options: CheckOptions,
  file = '-',
  { stdin, stdout }: Streams = process,
): Promise<number> {
  const told = toldBy(options)
  const { first, chunks } = await opened(file === '-' ? stdin : createReadStream(file), file)
  refuseMark(first, nameOf(file))
  const isText = options.text ?? !/^\s*[[{]/.test(Buffer.from(first.subarray(0, 1024)).toString())
  if (isText && told.size > 0) throw new UsageError('pointers are for JSON; this is text')
  const lines = isText ? textLines(chunks, file) : documentLines(chunks, file, told)
  let count = 0
  for await (const line of lines) {
    count += 1
    stdout.write(`${line}\n`)
  }
  return count === 0 ? 0 : 1
}

function toldBy(options: CheckOptions): Told {
  const told = fields.flatMap(field => (options[field] ?? []).map(at => [at, field] as const))
  const wrong = told.some(([at]) => !/^(?:\/(?:[^~/]|~[01])*)+$/.test(at))
  if (wrong) throw new UsageError('a field is named by a JSON Pointer, such as /to/name')
  return new Map(told)
}

async function opened(stream: AsyncIterable<Uint8Array>, file: string) {
  const chunks = stream[Symbol.asyncIterator]()
  const next = () =>
    chunks.next().catch(() => {
      throw new UsageError(`cannot read ${nameOf(file)}`)
    })
  const { value = new Uint8Array() } = await next()
  return {
    first: value,
    chunks: (async function* () {
      for (let chunk = value; chunk !== undefined; { value: chunk } = await next()) yield chunk
    })(),
  }
}

async function* textLines(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<string> {
  for await (const { number, bytes } of readLines(chunks, maxBodyBytes)) {
    const text = readable(file, number, bytes, readText)
    for (const { at, ...fault } of faultsInText(text)) {
      yield `${file}:${number}:${at + 1}: ${toldOf(fault)}`
    }
  }
}

async function* documentLines(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  told: Told,
): AsyncGenerator<string> {
  for await (const { number, bytes, whole } of readDocuments(chunks, 'auto', nameOf(file))) {
    const document = readable(file, number, bytes, readJson)
    checkPointers(document, told)
    for (const finding of faultsInDocument(document, told)) {
      yield `${file}${whole ? '' : `:${number}`}: ${printable(finding.at)}: ${toldOf(finding)}`
    }
  }
}

/** Reads strictly: what a careless reader would not see could hide something. */
function readable<T>(
  file: string,
  line: number,
  bytes: Uint8Array | undefined,
  read: (bytes: Uint8Array) => T,
): T {
  try {
    if (bytes === undefined) throw new GatewayError('TOO_LARGE')
    return read(bytes)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    throw new UsageError(`${nameOf(file)}, line ${line}, cannot be read: ${error.message}`)
  }
}

function checkPointers(document: unknown, told: Told): void {
  for (const at of told.keys()) {
    const value = valueAt(document, at)
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw new UsageError(`there is no text at ${at}`)
    }
  }
}

function valueAt(document: unknown, pointer: string): unknown {
  let value = document
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}

function toldOf({ why, masked }: Fault | Finding): string {
  return masked === undefined ? why : `${why}; shown as ${masked} it passes`
}
