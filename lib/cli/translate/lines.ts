const NEWLINE = 0x0a
const RETURN = 0x0d

/** One line of a stream. `bytes` is absent where the line is longer than may be held. */
export interface Line {
  /** From 1. */
  readonly number: number
  /** Without its line end. */
  readonly bytes?: Uint8Array
}

/**
 * The lines of a stream, one at a time: no more than `maxBytes` of a line are ever held, the rest of a
 * longer one is read past. The last line needs no line end; a CR before it is no part of the line.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Line> {
  const held = holder(maxBytes)
  let number = 1
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      held.add(chunk.subarray(start, end))
      yield { number: number++, ...held.take() }
      start = end + 1
    }
    held.add(chunk.subarray(start))
  }
  if (!held.isEmpty()) yield { number, ...held.take() }
}

/** Gathers the parts of a line, and lets them go when they are too many. */
function holder(maxBytes: number) {
  let parts: Uint8Array[] = []
  let size = 0
  return {
    isEmpty: () => size === 0,
    add(part: Uint8Array): void {
      size += part.byteLength
      if (size > maxBytes + 1) parts = []
      else if (part.byteLength > 0) parts.push(part)
    },
    take(): Pick<Line, 'bytes'> {
      const whole = size > maxBytes + 1 ? undefined : withoutReturn(Buffer.concat(parts))
      parts = []
      size = 0
      return whole === undefined || whole.byteLength > maxBytes ? {} : { bytes: whole }
    },
  }
}

function withoutReturn(bytes: Buffer): Uint8Array {
  return bytes.at(-1) === RETURN ? bytes.subarray(0, -1) : bytes
}
