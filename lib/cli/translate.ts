import { accessSync, constants, createReadStream } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { GatewayError } from '../model/errors.ts'
import { nameOf } from './files.ts'
import { courierNamed, platformNamed, UsageError } from './partners.ts'
import { type Format, type Found, readDocuments } from './translate/documents.ts'
import { hintOf } from './translate/hints.ts'
import { type Pair, translateRequest } from './translate/order-way.ts'
import { type Output, outputTo, outputToFile } from './translate/output.ts'
import { openProgress, type Progress, type Terminal } from './translate/progress.ts'
import { settingsFor, termsOf } from './translate/terms.ts'

/** What to translate, and what was agreed. */
export interface TranslateOptions {
  readonly from: string
  readonly to: string
  readonly format: string
  readonly out?: string
  readonly payer?: string
  readonly account?: string
  readonly product?: string
  readonly settings?: string
}

/** The streams of a process. */
export interface Streams {
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Terminal
}

interface Counts {
  written: number
  refused: number
}

/**
 * Translates native order requests into native waybills, one a line, as the gateway's intake does:
 * the same masks, the same refusals. Holds one request at a time.
 *
 * @returns 0 when every order has its waybill, 1 when some were refused
 * @throws {UsageError} for what is not understood, and for a file that cannot be read
 */
export async function translate(
  options: TranslateOptions,
  files: readonly string[],
  { stdin, stdout, stderr }: Streams = process,
): Promise<number> {
  const pair = pairOf(options)
  const format = formatOf(options.format)
  const sources = files.length === 0 ? ['-'] : files
  for (const file of sources) checkThere(file)
  const { out } = options
  const output = out === undefined ? outputTo(stdout) : await outputToFile(out, sources)
  const progress = openProgress(stderr)
  const counts: Counts = { written: 0, refused: 0 }
  try {
    for (const file of sources) {
      const chunks = file === '-' ? stdin : createReadStream(file)
      const documents = readable(readDocuments(chunks, format, nameOf(file)), file)
      for await (const found of documents) {
        await translateOne(pair, found, { file, output, progress, counts })
      }
    }
    await output.end()
  } finally {
    progress.end()
  }
  if (counts.refused > 0 || stderr.isTTY) progress.say(summaryOf(counts))
  return counts.refused === 0 ? 0 : 1
}

function pairOf(options: TranslateOptions): Pair {
  const [platform, courier] = [platformNamed(options.from), courierNamed(options.to)]
  const settings = settingsFor(courier, options)
  return { platform, courier, terms: termsOf(options), settings }
}

function formatOf(text: string): Format {
  if (text === 'json' || text === 'ndjson' || text === 'auto') return text
  throw new UsageError('--format is json, ndjson or auto')
}

/** Before anything is written over. */
function checkThere(file: string): void {
  if (file === '-') return
  try {
    accessSync(file, constants.R_OK)
  } catch {
    throw new UsageError(`cannot read ${file}`)
  }
}

/** A folder, or a file that goes away while it is read, is said plainly. */
async function* readable(documents: AsyncIterable<Found>, file: string): AsyncGenerator<Found> {
  try {
    yield* documents
  } catch (error) {
    if (error instanceof Error && 'syscall' in error)
      throw new UsageError(`cannot read ${nameOf(file)}`)
    throw error
  }
}

interface Desk {
  readonly file: string
  readonly output: Output
  readonly progress: Progress
  readonly counts: Counts
}

async function translateOne(pair: Pair, found: Found, desk: Desk): Promise<void> {
  const { output, progress, counts } = desk
  const place = `${desk.file}:${found.number}`
  try {
    if (found.bytes === undefined) throw new GatewayError('TOO_LARGE')
    for (const [n, one] of translateRequest(pair, found.bytes).entries()) {
      if ('waybill' in one) {
        await output.write(one.waybill)
        counts.written += 1
      } else {
        counts.refused += 1
        progress.say(`${place}: order ${n + 1}: ${toldOf(one.error)}`)
      }
    }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    if (found.whole && (error.code === 'MALFORMED' || error.code === 'TOO_LARGE')) {
      throw new UsageError(`${nameOf(desk.file)} cannot be read: ${toldOf(error)}`)
    }
    counts.refused += 1
    progress.say(`${place}: ${toldOf(error)}`)
  }
  progress.done(counts.written + counts.refused, counts.refused)
}

function toldOf(error: GatewayError): string {
  const hint = hintOf(error)
  return hint === undefined ? error.message : `${error.message} (${hint})`
}

function summaryOf({ written, refused }: Counts): string {
  const waybills = `${written.toLocaleString('en')} waybill${written === 1 ? '' : 's'}`
  return refused === 0 ? waybills : `${waybills}, ${refused.toLocaleString('en')} refused`
}
